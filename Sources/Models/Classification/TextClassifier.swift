package import Features
internal import LinearAlgebra
package import Records
package import Text

/// A trained classifier of texts: from raw UTF-8 to a label with a calibrated confidence.
///
/// A value that several threads may use at once, each with its own `TextClassifierScratch`.
package struct TextClassifier: Sendable {
    package let task: String
    /// The labels; predictions give indices into them.
    package let labels: [String]
    package let features: FittedHashedNGrams
    package let model: FittedLinearClassifier
    package let calibration: ConfidenceCalibration
    /// The index of the label that stands for texts out of scope.
    package let outOfScopeLabel: Int32?

    /// The label that training data use for texts out of scope.
    package static let outOfScope = "out_of_scope"

    package init(
        task: String, labels: [String], features: FittedHashedNGrams, model: FittedLinearClassifier,
        calibration: ConfidenceCalibration
    ) {
        precondition(labels.count == model.labelCount && features.columns == model.columns, "parts that fit together")
        self.task = task
        self.labels = labels
        self.features = features
        self.model = model
        self.calibration = calibration
        outOfScopeLabel = labels.firstIndex(of: TextClassifier.outOfScope).map(Int32.init)
    }

    /// The buffers for one worker.
    package func makeScratch() -> TextClassifierScratch { TextClassifierScratch(capacity: model.scoreCapacity) }

    /// The label of one text.
    package func predict(_ text: UnsafeBufferPointer<UInt8>, scratch: inout TextClassifierScratch) -> Prediction {
        score(text, &scratch)
        let count = labels.count
        let temperature = calibration.temperature
        let (best, confidence) = scratch.scores.withUnsafeBufferPointer { scores in
            var best = 0
            for label in 1..<count where scores[label] > scores[best] { best = label }
            let labelScores = UnsafeBufferPointer(rebasing: scores[..<count])
            return (
                best, VectorKernels.greatestProbability(labelScores, greatest: scores[best], temperature: temperature)
            )
        }
        return prediction(best, confidence)
    }

    private func prediction(_ best: Int, _ confidence: Float) -> Prediction {
        let isUnknown =
            calibration.threshold.map { confidence < $0 } ?? false || outOfScopeLabel.map { Int($0) == best } ?? false
        return Prediction(label: Int32(best), confidence: confidence, isUnknown: isUnknown)
    }

    /// The `count` likeliest labels of one text, best first; of equals the one with the lower index.
    package func top(
        _ count: Int, of text: UnsafeBufferPointer<UInt8>, scratch: inout TextClassifierScratch
    ) -> [LabelConfidence] {
        score(text, &scratch)
        var probabilities = [Float](scratch.scores[..<labels.count])
        VectorKernels.softmax(&probabilities, temperature: calibration.temperature)
        return probabilities.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
            .prefix(count).map { LabelConfidence(label: Int32($0.offset), confidence: $0.element) }
    }

    /// The label of one text with the `count` likeliest ones.
    package func predict(_ text: String, top count: Int) -> (prediction: Prediction, top: [LabelConfidence]) {
        var text = text
        var scratch = makeScratch()
        return text.withUTF8 { (predict($0, scratch: &scratch), top(count, of: $0, scratch: &scratch)) }
    }

    /// The labels of many texts, in their order, on at most `workers` threads.
    package func predict(_ texts: TextBatch, workers: Int = 1) -> [Prediction] {
        let chunks = ParallelLoop.chunks(of: texts.count, parts: (texts.count + 4095) / 4096)
        let parts = ParallelLoop.map(count: chunks.count, workers: workers) { part in
            var scratch = makeScratch()
            return chunks[part].map { index in texts.withText(index) { predict($0, scratch: &scratch) } }
        }
        return parts.flatMap { $0 }
    }

    /// The labels of the values of a column, in their order, on at most `workers` threads; `nil` where there is no value.
    package func predict(_ column: TextColumn, workers: Int = 1) -> [Prediction?] {
        let chunks = ParallelLoop.chunks(of: column.count, parts: (column.count + 4095) / 4096)
        let parts = ParallelLoop.map(count: chunks.count, workers: workers) { part in
            var scratch = makeScratch()
            return chunks[part].map { index in
                column.withBytes(index) { value in
                    value.map { predict($0.bindMemory(to: UInt8.self), scratch: &scratch) }
                }
            }
        }
        return parts.flatMap { $0 }
    }

    /// The labels of many texts, in their order.
    package func predict(_ texts: [String]) -> [Prediction] { predict(TextBatch(texts)) }

    /// The raw scores of one text, one a label.
    package func scores(of text: UnsafeBufferPointer<UInt8>, scratch: inout TextClassifierScratch) -> ArraySlice<Float>
    {
        score(text, &scratch)
        return scratch.scores[..<labels.count]
    }

    private func score(_ text: UnsafeBufferPointer<UInt8>, _ scratch: inout TextClassifierScratch) {
        features.vectorize(text, scratch: &scratch.vector)
        scratch.vector.withVector { indices, values in
            scratch.scores.withUnsafeMutableBufferPointer { model.score(indices: indices, values: values, into: $0) }
        }
    }

    /// Compares the classifier with labelled rows.
    package func evaluate(_ data: LabelledData, workers: Int = 1) -> EvaluationResult {
        EvaluationResult(
            predictions: predict(data.texts, workers: workers), truth: (0..<data.count).map { data.label($0) },
            labels: labels)
    }
}

/// The buffers that one worker needs to classify texts; made once, used for text after text.
package struct TextClassifierScratch: Sendable {
    var vector = VectorScratch()
    var scores: [Float]

    init(capacity: Int) { scores = [Float](repeating: 0, count: capacity) }
}
