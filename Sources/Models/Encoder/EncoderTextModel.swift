internal import FoundationEssentials
internal import LinearAlgebra
package import Text

/// Which encoder a model was trained on, and how sentences became vectors.
package struct EncoderReference: Sendable, Hashable, Codable {
    /// The folder, as an absolute path.
    package var path: String
    /// SHA-256 of the weights' file.
    package var weightsSHA256: String
    /// SHA-256 of the vocabulary.
    package var vocabularySHA256: String
    package var layers: Int
    /// Numbers per token.
    package var width: Int
    /// The poolings whose vectors stand side by side, each of length one.
    package var views: [SentenceEncoder.View]

    enum CodingKeys: String, CodingKey {
        case path
        case weightsSHA256 = "weights_sha256"
        case vocabularySHA256 = "vocabulary_sha256"
        case layers, width, views
    }

    init(_ encoder: SentenceEncoder, views: [SentenceEncoder.View]) {
        path = URL(fileURLWithPath: encoder.folder).standardizedFileURL.path
        weightsSHA256 = encoder.weightsSHA256
        vocabularySHA256 = encoder.vocabularySHA256
        layers = encoder.configuration.layers
        width = encoder.configuration.width
        self.views = views
    }

    /// Reads the encoder from where it was; another one there, or none, is an error that says what to do.
    func open() throws(ModelError) -> SentenceEncoder {
        let remedy = "put the encoder with weights \(weightsSHA256.prefix(12)) there, or train again with --encoder DIR"
        guard FileManager.default.fileExists(atPath: "\(path)/\(SentenceEncoder.weightsFile)") else {
            throw .file(path: path, reason: "the encoder that this model was trained on is not here; \(remedy)")
        }
        let encoder = try SentenceEncoder(folder: path)
        guard encoder.weightsSHA256 == weightsSHA256, encoder.vocabularySHA256 == vocabularySHA256 else {
            throw .unsupported(
                path: path,
                reason:
                    "holds another encoder (weights \(encoder.weightsSHA256.prefix(12))) than this model was trained on; \(remedy)"
            )
        }
        return encoder
    }
}

/// What gives labels their scores from sentence vectors.
package enum EncoderHead: Sendable, Equatable {
    /// Logistic regression, for sets of any size.
    case linear(DenseHead)
    /// Kernel ridge classification, which is better where the rows are few enough for it.
    case kernel(KernelHead)

    package var labelCount: Int {
        switch self {
        case .linear(let head): head.labelCount
        case .kernel(let head): head.labelCount
        }
    }

    func scores(of rows: Matrix<Float>, workers: Int) -> [Float] {
        switch self {
        case .linear(let head): head.scores(of: rows)
        case .kernel(let head): head.scores(of: rows, workers: workers)
        }
    }
}

/// The vectors of a frozen encoder with a head that is learnt.
package struct EncoderTextModel: TextModel {
    package let reference: EncoderReference
    package let head: EncoderHead
    let encoder: SentenceEncoder
    /// The vectors of texts that this run has seen already.
    let cache: EmbeddingCache?

    package var algorithm: TextAlgorithm { .encoder }
    package var labelCount: Int { head.labelCount }

    package func scores(of texts: TextBatch, workers: Int) -> [Float] {
        head.scores(of: vectors(of: texts, workers: workers), workers: workers)
    }

    func vectors(of texts: TextBatch, workers: Int) -> Matrix<Float> {
        cache?.views(reference.views, of: texts, encoder, workers: workers)
            ?? encoder.views(reference.views, of: texts, isNormalized: true, workers: workers)
    }

    package func describe(on card: inout ModelCard) { card.encoder = reference }
}

/// The settings of a head on a frozen encoder.
///
/// Up to `KernelRidge.mostRows` rows the head is kernel ridge classification, for more it is logistic regression. Each
/// candidate setting is measured on folds of the training rows, and the best one learns from all rows.
package struct EncoderTextTraining: TextModelTraining {
    package let encoder: SentenceEncoder
    /// The poolings whose vectors stand side by side.
    package var views: [SentenceEncoder.View]
    /// The settings of which cross-validation on the training rows picks one; the first is for rows too few for that.
    package var candidates: [Candidate]? = nil
    package var folds = 4
    let cache = EmbeddingCache()

    package var algorithm: TextAlgorithm { .encoder }

    /// A kind of head with its settings.
    package enum Candidate: Sendable, Hashable {
        case linear(DenseLogistic)
        case kernel(KernelRidge)
    }

    /// Settings for an encoder: its own pooling with another one, over the last two layers.
    package init(_ encoder: SentenceEncoder) {
        self.encoder = encoder
        let own = encoder.configuration.pooling
        let second: EncoderConfiguration.Pooling = own == .mean ? .greatest : .mean
        views = (0..<min(2, encoder.configuration.layers)).flatMap { layer in
            [own, second].map { SentenceEncoder.View($0, layerFromEnd: layer) }
        }
    }

    /// The candidates for a number of rows.
    func candidates(rows: Int) -> [Candidate] {
        if let candidates, !candidates.isEmpty { return candidates }
        return rows <= KernelRidge.mostRows
            ? [.kernel(KernelRidge())] : [10.0, 3, 30].map { .linear(DenseLogistic(c: $0)) }
    }

    package func fit(
        _ texts: TextBatch, labels: [Int32], labelCount: Int, seed: UInt64, workers: Int
    ) -> any TextModel {
        let rows = cache.views(views, of: texts, encoder, workers: workers)
        let candidates = candidates(rows: rows.rows)
        var chosen = candidates[0]
        if candidates.count > 1, let folds = FoldAssignment(texts, labels: labels, count: folds, seed: seed) {
            let best = heldOut(rows, labels, labelCount, folds, workers)
                .max { ($0.accuracy, -$0.loss) < ($1.accuracy, -$1.loss) }
            chosen = best?.candidate ?? chosen
        }
        return model(rows, labels, labelCount, chosen, workers)
    }

    /// A model with given settings.
    func model(
        _ rows: Matrix<Float>, _ labels: [Int32], _ labelCount: Int, _ candidate: Candidate, _ workers: Int
    ) -> EncoderTextModel {
        EncoderTextModel(
            reference: EncoderReference(encoder, views: views),
            head: head(rows, labels, labelCount, candidate, workers), encoder: encoder, cache: cache)
    }

    private func head(
        _ rows: Matrix<Float>, _ labels: [Int32], _ labelCount: Int, _ candidate: Candidate, _ workers: Int
    ) -> EncoderHead {
        var linear = DenseLogistic()
        switch candidate {
        case .linear(let settings): linear = settings
        case .kernel(let settings):
            if let head = settings.fit(rows, labels: labels, labelCount: labelCount, workers: workers) {
                return .kernel(head)
            }
        }
        return .linear(linear.fit(rows, labels: labels, labelCount: labelCount, workers: workers))
    }

    /// What one candidate gives on rows that the head did not see.
    struct HeldOut: Sendable {
        var candidate: Candidate
        /// Logarithms of the probabilities of all rows, one a label.
        var scores: [Float]
        var accuracy: Double
        var loss: Double
    }

    /// The candidates' scores on held-out rows.
    func heldOut(
        _ rows: Matrix<Float>, _ labels: [Int32], _ labelCount: Int, _ folds: FoldAssignment, _ workers: Int
    ) -> [HeldOut] {
        candidates(rows: rows.rows).map { candidate in
            var prepared: KernelRidge.Prepared?
            if case .kernel(let settings) = candidate {
                prepared = KernelRidge.Prepared(rows, gamma: Float(settings.gamma), workers: workers)
            }
            var scores = [Float](repeating: 0, count: labels.count * labelCount)
            for (used, held) in folds.splits {
                var found: [Float]?
                if case .kernel(let settings) = candidate {
                    found = prepared?.heldOutScores(
                        used: used, held: held, labels, labelCount, Float(settings.lambda))
                }
                let given =
                    found
                    ?? head(rows.selecting(rows: used), used.map { labels[$0] }, labelCount, candidate, workers)
                    .scores(of: rows.selecting(rows: held), workers: workers)
                for (place, row) in held.enumerated() {
                    scores.replaceSubrange(
                        (row * labelCount)..<((row + 1) * labelCount),
                        with: given[(place * labelCount)..<((place + 1) * labelCount)])
                }
            }
            LogSoftmax.apply(&scores, columns: labelCount)
            let outcome = LogSoftmax.outcome(of: scores, labels, labelCount)
            return HeldOut(candidate: candidate, scores: scores, accuracy: outcome.accuracy, loss: outcome.loss)
        }
    }
}

/// The folds of rows for a choice of settings; near-duplicates are in one fold.
struct FoldAssignment: Sendable {
    let splits: [(used: [Int], held: [Int])]

    /// `nil` where there are too few rows for a choice that means anything.
    init?(_ texts: TextBatch, labels: [Int32], count: Int, seed: UInt64) {
        guard labels.count >= 10 * count else { return nil }
        let folds = DataSplit.stratifiedFolds(
            groupHashes: DataSplit.groupHashes(of: texts), labels: labels, count: count, seed: seed)
        splits = (0..<count).compactMap { fold in
            let held = folds.indices.filter { folds[$0] == fold }
            let used = folds.indices.filter { folds[$0] != fold }
            return held.isEmpty || used.isEmpty ? nil : (used, held)
        }
    }
}

/// Logarithms of probabilities, in place of scores.
enum LogSoftmax {
    /// Replaces each row of scores by the logarithms of its softmax.
    static func apply(_ scores: inout [Float], columns: Int) {
        var start = 0
        while start < scores.count {
            let range = start..<(start + columns)
            let greatest = scores[range].max() ?? 0
            var sum: Float = 0
            for index in range { sum += exponential(scores[index] - greatest) }
            let whole = greatest + logarithm(sum)
            for index in range { scores[index] -= whole }
            start += columns
        }
    }

    /// The share of rows whose truth scores best, and the mean negative score of the truth.
    static func outcome(
        of scores: [Float], _ labels: [Int32], _ columns: Int
    ) -> (accuracy: Double, loss: Double) {
        var right = 0
        var loss = 0.0
        for (row, label) in labels.enumerated() {
            let line = scores[(row * columns)..<((row + 1) * columns)]
            let own = line[row * columns + Int(label)]
            loss -= Double(own)
            if !line.contains(where: { $0 > own }) { right += 1 }
        }
        let count = Double(max(1, labels.count))
        return (Double(right) / count, loss / count)
    }
}
