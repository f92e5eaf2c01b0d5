package import Aggregates
import FoundationEssentials
import Ingest
import Privacy
package import Records
import Runtime
import Warehouse

/// Reads exports into the warehouse, one transaction per file; or, as a dry run, does all but write.
package enum IngestJob {
    package struct Request: Sendable {
        package var paths: [String]
        package var reading = ReadingOptions()
        package var isDryRun = false
        /// Only for dry runs: leaves masking out, for measuring the reader.
        package var isPrivacyOff = false
        /// Where to write the rejects as CSV.
        package var rejectsFile: String?
        package init(paths: [String]) { self.paths = paths }
    }

    package struct Outcome: Encodable, Sendable {
        package var files: [InputSummary] = []
        package var records: [String: Int] = [:]
        package var read = 0
        package var accepted = 0
        package var duplicates = 0
        package var rejected = 0
        package var warnings: [String] = []
        package var seconds = 0.0
        /// The states of Singer taps, to be written back now that all before them is stored.
        package var states: [String] = []
        /// The first rejects, for `rejects.csv`.
        package var rejects: [Reject] = []

        enum CodingKeys: String, CodingKey {
            case files, records, read, accepted, duplicates, rejected, warnings, seconds, states
        }

        package init() {}

        /// Whether at least one file could be used or was known already.
        package var hasUsableInput: Bool { files.contains { $0.isKnown || $0.accepted + $0.duplicates > 0 } }
    }

    /// How many rejects are kept for `rejects.csv`; all of them are in the warehouse.
    static let keptRejects = 10_000

    /// Reads into the warehouse of a run.
    package static func run(_ scope: RunScope, _ request: Request) throws -> Outcome {
        let session = scope.session
        var configuration = try request.reading.configuration(session)
        // Who is an agent is often told once, in another file, on another night.
        configuration.agents += try scope.warehouse.agents().filter { $0.role == .agent }.map(\.id)
        let fingerprint = try request.reading.fingerprint(session, configuration, paths: request.paths)
        let filter = try MaskingFilter(session, isRehearsal: false)
        let reader = ExportReader(configuration)
        let began = session.context.clock()
        var outcome = Outcome()
        var known: Set<String> = []
        let plan = try reader.plan(request.paths, now: session.context.clock()) { hash in
            let isKnown = try scope.warehouse.setting("file:\(hash)") == fingerprint
            if isKnown { known.insert(hash) }
            return isKnown
        }
        for hash in known.sorted() {
            outcome.files.append(
                InputSummary(
                    path: hash, contentHash: hash, source: "", adapter: "", read: 0, accepted: 0, duplicates: 0,
                    rejected: 0, isKnown: true))
        }
        session.context.progress.begin(stage: "ingest", total: nil)
        var unfinished: Set<String> = []
        for file in plan {
            try session.context.cancellation.check()
            if !file.isReadable { unfinished.insert(file.contentHash) }
            try load(file, scope, reader, filter, fingerprint, &outcome)
            if let state = file.singerState { outcome.states.append(state) }
        }
        // A file of which every part was read is known from now on; one with a refused part is looked at again.
        for hash in Set(plan.map(\.contentHash)).subtracting(unfinished).sorted() {
            try scope.warehouse.setSetting("file:\(hash)", to: fingerprint)
        }
        outcome.seconds = Double(session.context.clock() - began) / 1000
        if let path = request.rejectsFile { try RejectsFile.write(outcome.rejects, to: path) }
        return outcome
    }

    private static func load(
        _ file: PlannedFile, _ scope: RunScope, _ reader: ExportReader, _ filter: MaskingFilter, _ fingerprint: String,
        _ outcome: inout Outcome
    ) throws {
        let session = scope.session
        let adapter = "\(file.adapter ?? "none")@\(fingerprint)\(file.entry.isEmpty ? "" : "!\(file.entry)")"
        var input = InputSummary(
            path: file.displayName, contentHash: file.contentHash, source: file.source, adapter: file.adapter ?? "",
            read: 0, accepted: 0, duplicates: 0, rejected: 0, isKnown: false)
        if let refusal = file.refusal {
            var batch = RecordBatch()
            batch.rejects = [refusal]
            filter.apply(to: &batch)
            input.read = 1
            input.rejected = 1
            outcome.warnings.append(file.error?.description ?? "\(file.displayName): \(refusal.detail)")
            outcome.add(input, batch.rejects)
            return
        }
        if let loaded = try scope.warehouse.loadedFile(contentHash: file.contentHash, adapter: adapter) {
            input.isKnown = true
            input.source = loaded.source
            outcome.add(input, [])
            return
        }
        let load = try scope.warehouse.beginLoad()
        var rejects: [Reject] = []
        do {
            let summary = try reader.read(
                file, workers: session.context.workers, context: session.context, filter: filter
            ) {
                batch in
                let result = try load.append(batch)
                if !batch.rejects.isEmpty { try load.append(rejects: batch.rejects) }
                input.read += batch.itemCount
                input.accepted += result.accepted
                input.rejected += batch.rejects.count
                // An item that a mapping passes over on purpose brings nothing new either.
                input.duplicates += batch.itemCount - batch.rejects.count - result.accepted
                for (kind, count) in result.records { outcome.records[kind.plural, default: 0] += count }
                if rejects.count < keptRejects { rejects += batch.rejects.prefix(keptRejects - rejects.count) }
                session.context.progress.advance(by: batch.itemCount)
                Milestone.pass("ingest-batch")
            }
            for (warning, count) in summary.warnings.sorted(by: { $0.key < $1.key }) {
                outcome.warnings.append("\(file.displayName): \(warning)\(count > 1 ? " (\(count) times)" : "")")
            }
            try load.commit(
                LoadedFile(
                    contentHash: file.contentHash, adapter: adapter, path: file.displayName, source: file.source,
                    bytes: Int64(file.byteCount), read: input.read, accepted: input.accepted,
                    duplicates: input.duplicates, rejected: input.rejected, runID: session.context.runID,
                    loadedAt: session.context.clock()))
        } catch {
            load.rollback()
            throw error
        }
        Milestone.pass("ingest-file")
        outcome.add(input, rejects)
    }

    /// Everything but writing: no warehouse is opened.
    package static func rehearse(_ session: Session, _ request: Request) throws -> Outcome {
        let reader = ExportReader(try request.reading.configuration(session))
        let filter: any RecordFilter =
            request.isPrivacyOff ? ExcerptFilter() : try MaskingFilter(session, isRehearsal: true)
        let began = session.context.clock()
        var outcome = Outcome()
        var seen = Deduplicator()
        session.context.progress.begin(stage: "ingest (dry run)", total: nil)
        for file in try reader.plan(request.paths, now: session.context.clock()) {
            var input = InputSummary(
                path: file.displayName, contentHash: file.contentHash, source: file.source, adapter: file.adapter ?? "",
                read: 0, accepted: 0, duplicates: 0, rejected: 0, isKnown: false)
            var rejects: [Reject] = []
            if let refusal = file.refusal {
                outcome.warnings.append(file.error?.description ?? "\(file.displayName): \(refusal.detail)")
            }
            let summary = try reader.read(
                file, workers: session.context.workers, context: session.context, filter: filter
            ) {
                batch in
                let accepted = seen.add(batch)
                input.read += batch.itemCount
                input.rejected += batch.rejects.count
                input.accepted += accepted
                input.duplicates += batch.itemCount - batch.rejects.count - accepted
                if rejects.count < keptRejects { rejects += batch.rejects.prefix(keptRejects - rejects.count) }
                session.context.progress.advance(by: batch.itemCount)
            }
            for (kind, count) in summary.records { outcome.records[kind.plural, default: 0] += count }
            if file.isReadable {
                for (warning, count) in summary.warnings.sorted(by: { $0.key < $1.key }) {
                    outcome.warnings.append("\(file.displayName): \(warning)\(count > 1 ? " (\(count) times)" : "")")
                }
            }
            outcome.add(input, rejects)
        }
        session.context.progress.end()
        outcome.seconds = Double(session.context.clock() - began) / 1000
        if let path = request.rejectsFile { try RejectsFile.write(outcome.rejects, to: path) }
        return outcome
    }
}

extension IngestJob.Outcome {
    fileprivate mutating func add(_ input: InputSummary, _ more: [Reject]) {
        files.append(input)
        read += input.read
        accepted += input.accepted
        duplicates += input.duplicates
        rejected += input.rejected
        let room = IngestJob.keptRejects - rejects.count
        if room > 0 { rejects += more.prefix(room) }
    }
}

extension RecordKind {
    /// The kind's name for many of it: `conversations`, `events` for ticket events.
    package var plural: String {
        switch self {
        case .ticketEvent: "events"
        case .behavior: "behaviors"
        default: rawValue + "s"
        }
    }
}
