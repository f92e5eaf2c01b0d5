internal import LinearAlgebra
package import Text

/// Which unlabelled texts are most worth a label: those that the model is least sure of, and no two alike.
///
/// A text's worth is its uncertainty, one less the margin between its two likeliest labels. Texts are taken greedily: each
/// one's worth is lowered by its greatest likeness (the share of character trigrams that two texts have in common) to those taken
/// before, as in maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998).
package struct LabellingCandidates: Sendable {
    /// One text that is worth a label.
    package struct Candidate: Sendable, Equatable {
        /// The row within the texts that were given.
        package var row: Int
        /// The best label so far.
        package var label: Int32
        package var confidence: Float
        /// One less the margin between the two likeliest labels, 0 ... 1.
        package var uncertainty: Float
    }

    /// How much likeness to texts already taken counts against a text.
    package var diversity: Float = 0.5
    /// Only this many of the least certain texts are compared with one another.
    package var poolSize = 2_000

    package init() {}

    /// The `count` texts most worth a label, best first; equal texts count once, empty ones not at all.
    package func choose(_ count: Int, from texts: TextBatch, with classifier: TextClassifier) -> [Candidate] {
        let normalizer = TextNormalizer()
        var buffer = NormalizedText()
        var seen: Set<UInt64> = []
        var pool: [(candidate: Candidate, place: Int)] = []
        var trigrams = TrigramSets()
        var scratch = classifier.makeScratch()
        for row in 0..<texts.count {
            texts.withText(row) { normalizer.normalize($0, into: &buffer) }
            guard buffer.count > 0, seen.insert(TextSignature.identity(buffer)).inserted else { continue }
            let top = texts.withText(row) { classifier.top(2, of: $0, scratch: &scratch) }
            let margin = top.count > 1 ? abs(top[0].confidence - top[1].confidence) : 1
            pool.append(
                (
                    Candidate(
                        row: row, label: top[0].label, confidence: top[0].confidence,
                        uncertainty: min(1, max(0, 1 - margin))), trigrams.count
                ))
            trigrams.append(buffer)
        }
        pool.sort { ($0.candidate.uncertainty, $1.candidate.row) > ($1.candidate.uncertainty, $0.candidate.row) }
        pool = Array(pool.prefix(max(poolSize, count)))
        var likeness = [Float](repeating: 0, count: pool.count)
        var isTaken = [Bool](repeating: false, count: pool.count)
        var out: [Candidate] = []
        while out.count < count {
            var best: Int?
            for index in pool.indices where !isTaken[index] {
                func worth(_ index: Int) -> Float { pool[index].candidate.uncertainty - diversity * likeness[index] }
                if best.map({ worth(index) > worth($0) }) ?? true { best = index }
            }
            guard let best else { break }
            isTaken[best] = true
            out.append(pool[best].candidate)
            for index in pool.indices where !isTaken[index] {
                likeness[index] = max(likeness[index], Float(trigrams.similarity(pool[index].place, pool[best].place)))
            }
        }
        return out
    }
}
