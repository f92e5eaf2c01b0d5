internal import LinearAlgebra

/// How far a set of texts, and what a model says of them, lies from the training set.
///
/// The population stability index sums (p − q) ln (p / q) over classes; under 0.1 little has moved, over 0.25 much has
/// (the usual rule of credit scoring, Siddiqi 2006). The Jensen–Shannon divergence is in bits, 0 … 1.
package struct DriftReport: Sendable, Equatable, Codable {
    /// One thing that is compared.
    package struct Figure: Sendable, Equatable, Codable {
        /// `lengths`, `tokens`, `labels` or `confidence`.
        package var name: String
        /// Population stability index.
        package var stability: Double
        /// Jensen–Shannon divergence in bits.
        package var divergence: Double

        enum CodingKeys: String, CodingKey {
            case name
            case stability = "psi"
            case divergence = "jensen_shannon"
        }
    }

    package var task: String
    package var texts: Int
    package var figures: [Figure]
    /// Shares of features that the training has not seen: on its own held-out rows, and now.
    package var vocabularyBefore: Double?
    package var vocabularyNow: Double?
    package var confidenceBefore: Double?
    package var confidenceNow: Double?

    enum CodingKeys: String, CodingKey {
        case task, texts, figures
        case vocabularyBefore = "out_of_vocabulary_before"
        case vocabularyNow = "out_of_vocabulary_now"
        case confidenceBefore = "confidence_before"
        case confidenceNow = "confidence_now"
    }

    /// Above this index a thing counts as moved.
    package static let limit = 0.25
    /// Fewer texts than this say nothing.
    package static let fewestTexts = 200

    /// Compares what is seen now with what the training's held-out rows looked like.
    package init(task: String, before: TextProfile, now: TextProfile) {
        self.task = task
        texts = now.texts
        let labels = Set(before.labels.keys).union(now.labels.keys).sorted()
        let pairs: [(String, [Int], [Int])] = [
            ("lengths", before.lengths, now.lengths), ("tokens", before.tokens, now.tokens),
            ("labels", labels.map { before.labels[$0] ?? 0 }, labels.map { now.labels[$0] ?? 0 }),
            ("confidence", before.confidences, now.confidences),
        ]
        figures = pairs.map { name, before, now in
            Figure(
                name: name, stability: DriftReport.stabilityIndex(before, now),
                divergence: DriftReport.jensenShannon(before, now))
        }
        vocabularyBefore = before.outOfVocabularyShare
        vocabularyNow = now.outOfVocabularyShare
        confidenceBefore = before.meanConfidence
        confidenceNow = now.meanConfidence
    }

    /// The figures that have moved; none with too few texts to tell.
    package var moved: [Figure] {
        texts < DriftReport.fewestTexts ? [] : figures.filter { $0.stability > DriftReport.limit }
    }

    /// The population stability index of two counts over the same classes; half a text is added to every class.
    package static func stabilityIndex(_ before: [Int], _ now: [Int]) -> Double {
        precondition(before.count == now.count, "the same classes")
        let (p, q) = (shares(before), shares(now))
        return zip(p, q).reduce(0) { $0 + ($1.0 - $1.1) * logarithm($1.0 / $1.1) }
    }

    /// The Jensen–Shannon divergence in bits of two counts over the same classes; 0 where either is empty.
    package static func jensenShannon(_ before: [Int], _ now: [Int]) -> Double {
        precondition(before.count == now.count, "the same classes")
        let (a, b) = (before.reduce(0, +), now.reduce(0, +))
        guard a > 0, b > 0 else { return 0 }
        var total = 0.0
        for (left, right) in zip(before, now) {
            let (p, q) = (Double(left) / Double(a), Double(right) / Double(b))
            let middle = (p + q) / 2
            if p > 0 { total += p / 2 * logarithm(p / middle) }
            if q > 0 { total += q / 2 * logarithm(q / middle) }
        }
        return total / logarithm(2.0)
    }

    private static func shares(_ counts: [Int]) -> [Double] {
        let total = Double(counts.reduce(0, +)) + 0.5 * Double(counts.count)
        return counts.map { (Double($0) + 0.5) / total }
    }
}
