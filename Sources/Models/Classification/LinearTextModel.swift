package import Features
internal import LinearAlgebra
package import Text

/// Hashed n-grams with a linear classifier.
package struct LinearTextModel: TextModel {
    package let features: FittedHashedNGrams
    package let classifier: FittedLinearClassifier

    package var algorithm: TextAlgorithm { .linear }
    package var labelCount: Int { classifier.labelCount }

    package init(features: FittedHashedNGrams, classifier: FittedLinearClassifier) {
        precondition(features.columns == classifier.columns, "parts that fit together")
        self.features = features
        self.classifier = classifier
    }

    /// The scores of one text into `scores`, which has room for `classifier.scoreCapacity` numbers.
    package func score(
        _ text: UnsafeBufferPointer<UInt8>, vector: inout VectorScratch, into scores: UnsafeMutableBufferPointer<Float>
    ) {
        features.vectorize(text, scratch: &vector)
        vector.withVector { indices, values in classifier.score(indices: indices, values: values, into: scores) }
    }

    package func scores(of texts: TextBatch, workers: Int) -> [Float] {
        let chunks = ParallelLoop.chunks(of: texts.count, parts: (texts.count + 1023) / 1024)
        let parts = ParallelLoop.map(count: chunks.count, workers: workers) { part in
            var vector = VectorScratch()
            var row = [Float](repeating: 0, count: classifier.scoreCapacity)
            var out: [Float] = []
            out.reserveCapacity(chunks[part].count * labelCount)
            for index in chunks[part] {
                texts.withText(index) { text in
                    row.withUnsafeMutableBufferPointer { score(text, vector: &vector, into: $0) }
                }
                out += row[..<labelCount]
            }
            return out
        }
        return parts.flatMap { $0 }
    }

    package func describe(on card: inout ModelCard) { card.features = features.scheme }
}

/// The settings of a linear text model.
package struct LinearTextTraining: TextModelTraining {
    package var scheme = HashedNGrams()
    package var classifier = LinearClassifier()

    package var algorithm: TextAlgorithm { .linear }

    package init() {}

    package func fit(
        _ texts: TextBatch, labels: [Int32], labelCount: Int, seed: UInt64, workers: Int
    ) -> any TextModel {
        let (features, matrix) = scheme.fit(texts)
        var classifier = classifier
        classifier.seed = seed
        return LinearTextModel(
            features: features,
            classifier: classifier.fit(matrix, labels: labels, labelCount: labelCount, workers: workers))
    }
}
