internal import Features
internal import LinearAlgebra
internal import Text

/// A linear text model that learnt from all rows, and what its like said of rows that they had not seen.
struct LinearSearch: Sendable {
    var model: LinearTextModel
    /// The settings that were chosen.
    var classifier: LinearClassifier
    /// For each split the scores of its held-out rows.
    var scores: [[Float]]
    /// Distinct features of the first split's held-out rows, and those among them that its training rows lack.
    var vocabulary = (features: 0, unknown: 0)
}

extension LinearTextTraining {
    /// Chooses the weight of the rows' losses on the first split, then trains on all rows.
    ///
    /// The candidates are tried in ascending order, each from where the one before came to, and further splits and the
    /// final training start from where the chosen one did; so the search costs little more than one training. The least mean log loss at its
    /// best temperature decides: it tells more from few rows than a count of right ones does.
    func search(
        _ texts: TextBatch, labels: [Int32], labelCount: Int, splits: [RowSplit], workers: Int
    ) -> LinearSearch {
        var chosen = classifier
        var scores: [[Float]] = []
        var start: DualVariables?
        var vocabulary = (features: 0, unknown: 0)
        for (place, split) in splits.enumerated() {
            let truth = split.held.map { labels[$0] }
            let held = texts.selecting(split.held)
            let used = split.used.map { labels[$0] }
            let (features, matrix) = scheme.fit(texts.selecting(split.used))
            if place == 0 { vocabulary = features.vocabulary(of: held) }
            let candidates =
                place == 0 && split.held.count >= 100 && classifier.candidates.count > 1
                ? classifier.candidates : [chosen.c]
            var variables = start?.selecting(split.used)
            var best = (loss: Double.infinity, scores: [Float](), c: chosen.c)
            for c in candidates {
                var candidate = classifier
                candidate.c = c
                let (model, reached) = candidate.fit(
                    matrix, labels: used, labelCount: labelCount, workers: workers, start: variables)
                variables = reached
                let found = LinearTextModel(features: features, classifier: model).scores(of: held, workers: workers)
                let loss = ConfidenceCalibration.fitted(scores: found, labelCount: labelCount, truth: truth).loss
                // Held-out rows are few: a candidate must be better by more than nothing.
                if loss < best.loss - 1e-4 {
                    best = (loss, found, c)
                    if place == 0 { start = reached?.spread(to: split.used, of: texts.count) }
                }
            }
            chosen.c = best.c
            scores.append(best.scores)
        }
        let (features, matrix) = scheme.fit(texts)
        let model = chosen.fit(matrix, labels: labels, labelCount: labelCount, workers: workers, start: start).model
        return LinearSearch(
            model: LinearTextModel(features: features, classifier: model), classifier: chosen, scores: scores,
            vocabulary: vocabulary)
    }
}

extension FittedHashedNGrams {
    /// The distinct features of texts, and those among them that have no column.
    func vocabulary(of texts: TextBatch) -> (features: Int, unknown: Int) {
        var scratch = VectorScratch()
        var found = (features: 0, unknown: 0)
        for row in 0..<texts.count {
            texts.withText(row) { vectorize($0, scratch: &scratch) }
            found.features += scratch.distinctCount
            found.unknown += scratch.distinctCount - scratch.count
        }
        return found
    }
}
