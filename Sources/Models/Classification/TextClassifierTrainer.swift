package import Features
internal import LinearAlgebra
package import Runtime
internal import Text

/// Trains a text classifier for a task and measures it on rows that the training did not see.
///
/// With a validation file, the model learns from all training rows and is measured on that file. Without one, the
/// figures come from models that did not see the rows they are measured on (five stratified folds up to
/// `foldsUpTo` rows, five tenths up to four times as many, else one tenth, chosen by the hash of the text), and the model
/// that is kept then learns from all rows with the same settings. An algorithm
/// that ends its training by what it sees on held-out rows (`training`) is trained once, without a tenth of them.
/// Near-duplicates are never on both sides. The linear
/// model's one free setting, the weight of the rows' losses, is the one whose held-out loss is least.
package struct TextClassifierTrainer: Sendable {
    package var task: String
    package var scheme = HashedNGrams()
    package var algorithm = LinearClassifier()
    /// Another kind of model to train; `nil` for a linear one with `scheme` and `algorithm`.
    package var training: (any TextModelTraining)?
    package var reader = LabelledDataReader()
    /// The share of held-out texts in scope that may fall below the threshold; 0 for a model that never abstains.
    package var falseAlarmRate: Double
    package var foldsUpTo = 1_500
    package var seed: UInt64
    package var workers: Int
    /// The date on the model card.
    package var date: Timestamp

    package init(task: String, seed: UInt64 = 42, workers: Int = 1, date: Timestamp) {
        self.task = task
        self.seed = seed
        self.workers = workers
        self.date = date
        falseAlarmRate = task == "sentiment" ? 0 : 0.05
    }

    /// Whether the first line of every text is a subject, a field of its own.
    package var hasSubject: Bool {
        get { scheme.hasSubject }
        set { scheme.hasSubject = newValue }
    }

    /// Reads the files and trains.
    package func train(files: [String], validFile: String? = nil) throws(ModelError) -> TrainedTextClassifier {
        let data = try reader.read(files)
        guard let validFile else { return try train(data) }
        return try train(data, valid: reader.read([validFile]))
    }

    /// Trains on labelled rows.
    package func train(_ data: LabelledData, valid: LabelledData? = nil) throws(ModelError) -> TrainedTextClassifier {
        if data.count == 0 { throw .noRows(task) }
        guard data.labelNames.count >= 2 else { throw .tooFewLabels(task: task, labels: data.labelNames) }
        let hashes = identities(of: data.texts)
        let heldOut: HeldOutScores
        let final: any TextModel
        var chosen = algorithm
        var vocabulary = (features: 0, unknown: 0)
        if let valid {
            final = try fit(data, rows: nil)
            heldOut = score(final, valid, rows: Array(0..<valid.count), labels: data.labelNames)
        } else if let watched = try fitWatching(data) {
            (final, heldOut) = watched
        } else {
            (final, heldOut, chosen, vocabulary) = try fitted(data)
        }
        let calibration = heldOut.calibration(labels: data.labelNames, falseAlarmRate: falseAlarmRate)
        let classifier = TextClassifier(
            task: task, labels: data.labelNames, model: final, calibration: calibration)
        // Rows whose truth curve and threshold have seen would flatter them: both come from the other half.
        let predictions = heldOut.crossCalibrated(
            calibration, labels: data.labelNames, falseAlarmRate: falseAlarmRate)
        let source = valid ?? data
        let sourceHashes = valid.map { identities(of: $0.texts) } ?? hashes
        let truth = heldOut.rows.map { source.label($0) }
        let evaluation = EvaluationResult(predictions: predictions, truth: truth, labels: data.labelNames)
        let outcome = HeldOutPredictions(
            hashes: heldOut.rows.map { sourceHashes[$0] },
            isRight: zip(predictions, truth).map { data.labelNames[Int($0.label)] == $1 },
            confidences: predictions.map(\.confidence))
        var card = ModelCard(
            trainer: self, algorithm: chosen, data: data, conflicts: conflicts(hashes, data.labels),
            protocolName: heldOut.protocolName,
            classifier: classifier, evaluation: evaluation)
        card.profile = profile(of: source.texts, rows: heldOut.rows, predictions, data.labelNames, vocabulary)
        return TrainedTextClassifier(classifier: classifier, card: card, evaluation: evaluation, heldOut: outcome)
    }

    /// Trains on all folds but one, as `train` does with calibration and threshold, and measures on that one, for each.
    ///
    /// Folds are stratified, with near-duplicates in one fold.
    package func crossValidate(_ data: LabelledData, folds: Int) throws(ModelError) -> [EvaluationResult] {
        guard data.labelNames.count >= 2 else { throw .tooFewLabels(task: task, labels: data.labelNames) }
        let assigned = DataSplit.stratifiedFolds(
            groupHashes: DataSplit.groupHashes(of: data.texts), labels: data.labels, count: folds, seed: seed)
        var results: [EvaluationResult] = []
        for fold in 0..<folds {
            let held = assigned.indices.filter { assigned[$0] == fold }
            let used = assigned.indices.filter { assigned[$0] != fold }
            guard !held.isEmpty, !used.isEmpty else { continue }
            let classifier = try train(data.selecting(used)).classifier
            results.append(classifier.evaluate(data.selecting(held), workers: workers))
        }
        return results
    }

    private func fit(_ data: LabelledData, rows: [Int]?) throws(ModelError) -> any TextModel {
        let texts = rows.map { data.texts.selecting($0) } ?? data.texts
        let labels = rows.map { $0.map { data.labels[$0] } } ?? data.labels
        return try chosenTraining.fit(
            texts, labels: labels, labelCount: data.labelNames.count, seed: seed, workers: workers)
    }

    /// The one training of an algorithm that ends by what it sees on the rows held out; `nil` for others, and where the
    /// rows are few enough for folds.
    private func fitWatching(_ data: LabelledData) throws(ModelError) -> (any TextModel, HeldOutScores)? {
        guard let training, training.endsOnValidation, data.count > foldsUpTo else { return nil }
        let parts = DataSplit.parts(groupHashes: DataSplit.groupHashes(of: data.texts), valid: 0.1, test: 0)
        let held = parts.indices.filter { parts[$0] == .valid }
        let used = parts.indices.filter { parts[$0] == .train }
        guard !held.isEmpty && !used.isEmpty else { return nil }
        let model = try training.fit(
            data.texts.selecting(used), labels: used.map { data.labels[$0] },
            validation: data.texts.selecting(held), validationLabels: held.map { data.labels[$0] },
            labelCount: data.labelNames.count, seed: seed, workers: workers)
        var scores = score(model, data, rows: held, labels: data.labelNames)
        scores.protocolName = "a tenth of the rows, by the hash of the text, which also ended the training"
        return (model, scores)
    }

    private var chosenTraining: any TextModelTraining { training ?? linearTraining }

    private var linearTraining: LinearTextTraining {
        var linear = LinearTextTraining()
        linear.scheme = scheme
        linear.classifier = algorithm
        linear.classifier.seed = seed
        return linear
    }

    /// The model that learns from all rows, and what models said of rows that they had not seen.
    private func fitted(_ data: LabelledData) throws(ModelError) -> (
        any TextModel, HeldOutScores, LinearClassifier, (features: Int, unknown: Int)
    ) {
        let (name, splits) = splits(data)
        var heldOut = HeldOutScores(protocolName: name)
        guard training == nil else {
            for split in splits {
                heldOut += score(try fit(data, rows: split.used), data, rows: split.held, labels: data.labelNames)
            }
            return (try fit(data, rows: nil), heldOut, algorithm, (0, 0))
        }
        let search = linearTraining.search(
            data.texts, labels: data.labels, labelCount: data.labelNames.count, splits: splits, workers: workers)
        for (split, scores) in zip(splits, search.scores) {
            heldOut += HeldOutScores(
                protocolName: name, rows: split.held, scores: scores, truth: split.held.map { data.labels[$0] })
        }
        return (search.model, heldOut, search.classifier, search.vocabulary)
    }

    /// Which rows are held out: five stratified folds of few rows, five of the tenths of more, one tenth of many.
    private func splits(_ data: LabelledData) -> (name: String, splits: [RowSplit]) {
        let groups = DataSplit.groupHashes(of: data.texts)
        if data.count > foldsUpTo {
            let tenths = DataSplit.tenths(groupHashes: groups)
            // Other algorithms take longer for each training.
            let used = training != nil || data.count > 4 * foldsUpTo ? 1 : 5
            let splits = (0..<used).map { RowSplit(tenths, held: $0) }.filter { !$0.held.isEmpty && !$0.used.isEmpty }
            if !splits.isEmpty {
                return (
                    "\(used == 1 ? "a tenth" : "five of the tenths, one by one,") of the rows, by the hash of the text",
                    splits
                )
            }
        }
        let folds = DataSplit.stratifiedFolds(groupHashes: groups, labels: data.labels, count: 5, seed: seed)
        let splits = (0..<5).map { RowSplit(folds, held: $0) }.filter { !$0.held.isEmpty && !$0.used.isEmpty }
        return ("five folds, stratified by label", splits)
    }

    private func score(
        _ model: any TextModel, _ data: LabelledData, rows: [Int], labels: [String]
    ) -> HeldOutScores {
        let known = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Int32($0)) })
        return HeldOutScores(
            protocolName: "the validation file", rows: rows,
            scores: model.scores(of: data.texts.selecting(rows), workers: workers),
            truth: rows.map { known[data.label($0)] ?? -1 })
    }

    /// What the held-out texts are like and what is said of them, by which a night's texts are compared.
    private func profile(
        of texts: TextBatch, rows: [Int], _ predictions: [Prediction], _ labels: [String],
        _ vocabulary: (features: Int, unknown: Int)
    ) -> TextProfile {
        var profile = TextProfile()
        var scratch = ProfileScratch()
        for (row, prediction) in zip(rows, predictions) {
            profile.add(prediction, label: labels[Int(prediction.label)])
            texts.withText(row) { scratch.add($0, to: &profile) }
        }
        profile.features = vocabulary.features
        profile.unknownFeatures = vocabulary.unknown
        return profile
    }

    private func identities(of texts: TextBatch) -> [UInt64] {
        let normalizer = TextNormalizer()
        var buffer = NormalizedText()
        return (0..<texts.count).map { index in
            texts.withText(index) { normalizer.normalize($0, into: &buffer) }
            return TextSignature.identity(buffer)
        }
    }

    /// The number of rows whose text stands under another label elsewhere.
    private func conflicts(_ hashes: [UInt64], _ labels: [Int32]) -> Int {
        var seen: [UInt64: Int32] = [:]
        return zip(hashes, labels).count { hash, label in
            if let other = seen[hash] { return other != label }
            seen[hash] = label
            return false
        }
    }
}

/// A trained classifier with what was measured of it.
package struct TrainedTextClassifier: Sendable {
    package let classifier: TextClassifier
    package let card: ModelCard
    /// Figures on the held-out rows.
    package let evaluation: EvaluationResult
    package let heldOut: HeldOutPredictions
}
