package import Runtime

/// An input file of a run.
package struct InputSummary: Sendable, Equatable, Codable {
    package var path: String
    package var contentHash: String
    package var source: String
    package var adapter: String
    package var read: Int
    package var accepted: Int
    package var duplicates: Int
    package var rejected: Int
    /// Known from an earlier run and not read again.
    package var isKnown: Bool
    package init(
        path: String, contentHash: String, source: String, adapter: String, read: Int, accepted: Int, duplicates: Int,
        rejected: Int, isKnown: Bool
    ) {
        self.path = path
        self.contentHash = contentHash
        self.source = source
        self.adapter = adapter
        self.read = read
        self.accepted = accepted
        self.duplicates = duplicates
        self.rejected = rejected
        self.isKnown = isKnown
    }
}

/// What a run did: the content of `run.json` and of the run ledger.
package struct RunSummary: Sendable, Equatable, Codable {
    package var runID: String
    package var command: String
    package var version: String
    package var startedAt: Timestamp
    package var finishedAt: Timestamp?
    /// `running`, `ok`, `failed` or `interrupted`.
    package var outcome: String
    package var exitCode: Int32?
    package var zone: String
    package var profile: String
    package var inputs: [InputSummary] = []
    package var records: [String: Int] = [:]
    /// Wall seconds by stage.
    package var stageSeconds: [String: Double] = [:]
    package var models: [ModelSummary] = []
    package var warnings: [String] = []

    package init(
        runID: String, command: String, version: String, startedAt: Timestamp, zone: String, profile: String
    ) {
        self.runID = runID
        self.command = command
        self.version = version
        self.startedAt = startedAt
        self.outcome = "running"
        self.zone = zone
        self.profile = profile
    }
}

/// A model in use, with its held-out figures.
package struct ModelSummary: Sendable, Equatable, Codable {
    package var task: String
    package var version: String
    package var algorithm: String
    package var trainedAt: String
    package var rows: Int
    package var labels: Int
    package var heldOutRows: Int
    package var accuracy: Double
    package var macroF1: Double
    package var calibrationError: Double?
    /// How far the last scored texts lie from the training's; `nil` until enough were scored.
    package var drift: Drift?

    /// Population stability indices of what a model saw last against its training set.
    package struct Drift: Sendable, Equatable, Codable {
        package var texts: Int
        package var lengths: Double?
        package var tokens: Double?
        package var labels: Double?
        package var confidence: Double?
        /// Shares of features that the training has not seen: of its own held-out rows, and of the last texts.
        package var vocabularyBefore: Double?
        package var vocabularyNow: Double?

        package init(
            texts: Int, lengths: Double?, tokens: Double?, labels: Double?, confidence: Double?,
            vocabularyBefore: Double?, vocabularyNow: Double?
        ) {
            self.texts = texts
            self.lengths = lengths
            self.tokens = tokens
            self.labels = labels
            self.confidence = confidence
            self.vocabularyBefore = vocabularyBefore
            self.vocabularyNow = vocabularyNow
        }
    }

    package init(
        task: String, version: String, algorithm: String, trainedAt: String, rows: Int, labels: Int, heldOutRows: Int,
        accuracy: Double, macroF1: Double, calibrationError: Double?
    ) {
        self.task = task
        self.version = version
        self.algorithm = algorithm
        self.trainedAt = trainedAt
        self.rows = rows
        self.labels = labels
        self.heldOutRows = heldOutRows
        self.accuracy = accuracy
        self.macroF1 = macroF1
        self.calibrationError = calibrationError
    }
}

/// What the warehouse holds of a source, whatever runs brought it there.
package struct SourceQuality: Sendable, Equatable {
    package var source: String
    package var adapters: [String]
    /// Input items of all files loaded for the source.
    package var read: Int64
    package var rejected: Int64
    /// Records held now, by kind.
    package var records: [String: Int64]
    package var firstAt: Timestamp?
    package var lastAt: Timestamp?
    /// Rejects by reason.
    package var rejectReasons: [String: Int64]
    package init(source: String) {
        self.source = source
        adapters = []
        read = 0
        rejected = 0
        records = [:]
        rejectReasons = [:]
    }
}
