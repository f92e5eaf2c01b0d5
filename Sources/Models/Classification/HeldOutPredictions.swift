/// What a model said of rows that it had not seen in training, by which models are compared.
///
/// Rows are known by the hash of their normalised text, so no text is kept.
package struct HeldOutPredictions: Sendable, Equatable {
    /// The hash of each row's normalised text.
    package var hashes: [UInt64]
    /// Whether each prediction was right.
    package var isRight: [Bool]
    /// The confidence of each prediction.
    package var confidences: [Float]

    package init(hashes: [UInt64], isRight: [Bool], confidences: [Float]) {
        precondition(hashes.count == isRight.count && hashes.count == confidences.count, "an outcome for every row")
        self.hashes = hashes
        self.isRight = isRight
        self.confidences = confidences
    }

    /// The outcomes of two models on the rows that both have held out.
    package static func shared(
        _ first: HeldOutPredictions, _ second: HeldOutPredictions
    ) -> (first: [Bool], second: [Bool]) {
        var outcomes: [UInt64: Bool] = [:]
        for (hash, isRight) in zip(first.hashes, first.isRight) where outcomes[hash] == nil { outcomes[hash] = isRight }
        var result: (first: [Bool], second: [Bool]) = ([], [])
        var seen: Set<UInt64> = []
        for (hash, isRight) in zip(second.hashes, second.isRight) where seen.insert(hash).inserted {
            if let other = outcomes[hash] {
                result.first.append(other)
                result.second.append(isRight)
            }
        }
        return result
    }
}
