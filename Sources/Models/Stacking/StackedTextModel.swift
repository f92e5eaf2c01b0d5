internal import LinearAlgebra
package import Text

/// An encoder's head joined with a linear model over n-grams: ln softmax(head) + weight · linear scores.
///
/// The one knows what words mean, the other which words were used (Wolpert, "Stacked generalization", 1992).
package struct StackedTextModel: TextModel {
    package let linear: LinearTextModel
    package let encoder: EncoderTextModel
    /// How much the linear scores weigh.
    package let weight: Float

    package var algorithm: TextAlgorithm { .stacked }
    package var labelCount: Int { linear.labelCount }

    init(linear: LinearTextModel, encoder: EncoderTextModel, weight: Float) {
        precondition(linear.labelCount == encoder.labelCount, "parts that know the same labels")
        self.linear = linear
        self.encoder = encoder
        self.weight = weight
    }

    package func scores(of texts: TextBatch, workers: Int) -> [Float] {
        var scores = encoder.scores(of: texts, workers: workers)
        LogSoftmax.apply(&scores, columns: labelCount)
        VectorKernels.add(linear.scores(of: texts, workers: workers), times: weight, to: &scores)
        return scores
    }

    package func describe(on card: inout ModelCard) {
        linear.describe(on: &card)
        encoder.describe(on: &card)
        card.stackingWeight = weight
    }
}

/// The settings of a stacked model.
///
/// The head's settings are those that do best, together with some weight of the linear scores, on rows that neither part
/// saw (folds of the training rows); the weight is the middle one of those about as good. Then both learn from all rows.
package struct StackedTextTraining: TextModelTraining {
    package var linear = LinearTextTraining()
    package var encoder: EncoderTextTraining
    /// The weights of which one is chosen.
    package var candidates: [Float] = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4]
    /// The weight where the rows are too few for a choice.
    package var defaultWeight: Float = 1.5

    package var algorithm: TextAlgorithm { .stacked }

    package init(_ encoder: SentenceEncoder) { self.encoder = EncoderTextTraining(encoder) }

    package func fit(
        _ texts: TextBatch, labels: [Int32], labelCount: Int, seed: UInt64, workers: Int
    ) throws(ModelError) -> any TextModel {
        let rows = encoder.cache.views(encoder.views, of: texts, encoder.encoder, workers: workers)
        let folds = FoldAssignment(texts, labels: labels, count: encoder.folds, seed: seed)
        let (candidate, weight) = try choose(texts, rows, labels, labelCount, folds, seed, workers)
        let fitted = try fitLinear(texts, labels, labelCount, seed, workers)
        return StackedTextModel(
            linear: fitted, encoder: encoder.model(rows, labels, labelCount, candidate, workers), weight: weight)
    }

    private func fitLinear(
        _ texts: TextBatch, _ labels: [Int32], _ labelCount: Int, _ seed: UInt64, _ workers: Int
    ) throws(ModelError) -> LinearTextModel {
        let model = linear.fit(texts, labels: labels, labelCount: labelCount, seed: seed, workers: workers)
        guard let model = model as? LinearTextModel else {
            throw .unsupported(path: "stacked", reason: "the part over n-grams is not linear")
        }
        return model
    }

    private func choose(
        _ texts: TextBatch, _ rows: Matrix<Float>, _ labels: [Int32], _ labelCount: Int, _ folds: FoldAssignment?,
        _ seed: UInt64, _ workers: Int
    ) throws(ModelError) -> (candidate: EncoderTextTraining.Candidate, weight: Float) {
        let first = encoder.candidates(rows: rows.rows)[0]
        guard let folds else { return (first, defaultWeight) }
        var decisions = [Float](repeating: 0, count: labels.count * labelCount)
        for (used, held) in folds.splits {
            let model = try fitLinear(
                texts.selecting(used), used.map { labels[$0] }, labelCount, seed, workers)
            let found = model.scores(of: texts.selecting(held), workers: workers)
            for (place, row) in held.enumerated() {
                decisions.replaceSubrange(
                    (row * labelCount)..<((row + 1) * labelCount),
                    with: found[(place * labelCount)..<((place + 1) * labelCount)])
            }
        }
        var best = (candidate: first, weight: defaultWeight, accuracy: -1.0)
        for part in encoder.heldOut(rows, labels, labelCount, folds, workers) {
            let accuracies = candidates.map { weight in
                var joined = part.scores
                VectorKernels.add(decisions, times: weight, to: &joined)
                return LogSoftmax.outcome(of: joined, labels, labelCount).accuracy
            }
            let (weight, accuracy) = StackedTextTraining.middle(of: candidates, accuracies, rows: labels.count)
            if accuracy > best.accuracy { best = (part.candidate, weight, accuracy) }
        }
        return (best.candidate, best.weight)
    }

    /// The middle one of the values around the best that are within a standard error of it, and the best's accuracy:
    /// values that cannot be told apart form a plateau, and its middle is furthest from where it falls off.
    static func middle(of values: [Float], _ accuracies: [Double], rows: Int) -> (value: Float, accuracy: Double) {
        guard let accuracy = accuracies.max(), let place = accuracies.firstIndex(of: accuracy) else { return (0, 0) }
        let error = (accuracy * (1 - accuracy) / Double(max(1, rows))).squareRoot()
        var (low, high) = (place, place)
        while low > 0 && accuracies[low - 1] >= accuracy - error { low -= 1 }
        while high + 1 < values.count && accuracies[high + 1] >= accuracy - error { high += 1 }
        return (values[(low + high) / 2], accuracy)
    }
}
