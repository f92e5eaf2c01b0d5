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
        // Normalising, cutting and hashing is done once; each training weighs the features of its rows anew.
        let counted = scheme.count(texts)
        for (place, split) in splits.enumerated() {
            let truth = split.held.map { labels[$0] }
            let used = split.used.map { labels[$0] }
            let (features, matrix) = scheme.fit(counted, rows: split.used)
            let held = features.matrix(of: counted, rows: split.held)
            if place == 0 {
                vocabulary.features = split.held.reduce(0) { $0 + counted.range(of: $1).count }
                vocabulary.unknown = vocabulary.features - held.count
            }
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
                let found = model.scores(of: held, workers: workers)
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
        let (features, matrix) = scheme.fit(counted, rows: Array(0..<texts.count))
        let model = chosen.fit(matrix, labels: labels, labelCount: labelCount, workers: workers, start: start).model
        return LinearSearch(
            model: LinearTextModel(features: features, classifier: model), classifier: chosen, scores: scores,
            vocabulary: vocabulary)
    }
}

extension FittedLinearClassifier {
    /// The scores of the rows of a matrix, one a label, row by row.
    func scores(of matrix: SparseMatrix, workers: Int) -> [Float] {
        let chunks = ParallelLoop.chunks(of: matrix.rows, parts: (matrix.rows + 1023) / 1024)
        let parts = ParallelLoop.map(count: chunks.count, workers: workers) { part in
            var row = [Float](repeating: 0, count: scoreCapacity)
            var out: [Float] = []
            out.reserveCapacity(chunks[part].count * labelCount)
            matrix.indices.withUnsafeBufferPointer { indices in
                matrix.values.withUnsafeBufferPointer { values in
                    for index in chunks[part] {
                        let range = matrix.offsets[index]..<matrix.offsets[index + 1]
                        row.withUnsafeMutableBufferPointer {
                            score(
                                indices: UnsafeBufferPointer(rebasing: indices[range]),
                                values: UnsafeBufferPointer(rebasing: values[range]), into: $0)
                        }
                        out += row[..<labelCount]
                    }
                }
            }
            return out
        }
        return parts.flatMap { $0 }
    }
}
