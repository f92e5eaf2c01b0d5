internal import Features
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
    /// The learnt part; linear, recurrent, encoder or stacked.
    package let model: any TextModel
    package let calibration: ConfidenceCalibration
    /// The index of the label that stands for texts out of scope.
    package let outOfScopeLabel: Int32?
    /// The model where it is linear: such a one works text by text.
    package let linear: LinearTextModel?
    /// The labels that may be chosen; `nil` for all.
    private var allowed: [Bool]?

    /// The label that training data use for texts out of scope.
    package static let outOfScope = "out_of_scope"

    package init(task: String, labels: [String], model: any TextModel, calibration: ConfidenceCalibration) {
        precondition(labels.count == model.labelCount, "a score for every label")
        self.task = task
        self.labels = labels
        self.model = model
        linear = model as? LinearTextModel
        self.calibration = calibration
        outOfScopeLabel = labels.firstIndex(of: TextClassifier.outOfScope).map(Int32.init)
    }

    /// The buffers for one worker.
    package func makeScratch() -> TextClassifierScratch {
        TextClassifierScratch(capacity: (labels.count + 7) / 8 * 8)
    }

    /// The label of one text.
    package func predict(_ text: UnsafeBufferPointer<UInt8>, scratch: inout TextClassifierScratch) -> Prediction {
        score(text, &scratch)
        var result = scratch.scores.withUnsafeBufferPointer {
            prediction(UnsafeBufferPointer(rebasing: $0[..<labels.count]))
        }
        // A text without anything that training has seen is nothing to decide on.
        if linear != nil, scratch.vector.count == 0, calibration.abstains, allowed == nil { result.isUnknown = true }
        return result
    }

    /// The label of the text that `other` predicted last with this scratch; both look at n-grams in the same way.
    ///
    /// Several targets of one ticket so share one pass over its text.
    package func predictAgain(
        after other: TextClassifier, _ text: UnsafeBufferPointer<UInt8>, scratch: inout TextClassifierScratch
    ) -> Prediction {
        makeRoom(&scratch)
        guard let linear, let first = other.linear, first.features.scheme == linear.features.scheme else {
            return predict(text, scratch: &scratch)
        }
        linear.features.vectorizeAgain(scratch: &scratch.vector)
        scratch.vector.withVector { indices, values in
            scratch.scores.withUnsafeMutableBufferPointer {
                linear.classifier.score(indices: indices, values: values, into: $0)
            }
        }
        var result = scratch.scores.withUnsafeBufferPointer {
            prediction(UnsafeBufferPointer(rebasing: $0[..<labels.count]))
        }
        if scratch.vector.count == 0, calibration.abstains, allowed == nil { result.isUnknown = true }
        return result
    }

    private func prediction(_ scores: UnsafeBufferPointer<Float>) -> Prediction {
        guard let allowed else { return calibration.prediction(scores: scores, outOfScope: outOfScopeLabel) }
        var kept = [Float](scores)
        for label in kept.indices where !allowed[label] { kept[label] = -.greatestFiniteMagnitude }
        var free = calibration
        free.threshold = nil
        return kept.withUnsafeBufferPointer { free.prediction(scores: $0, outOfScope: nil) }
    }

    /// The same model, made to choose among some of its labels and never to abstain; `nil` where it lacks one of them.
    package func choosing(among names: [String]) -> TextClassifier? {
        let indices = names.compactMap(labels.firstIndex(of:))
        guard indices.count == names.count, !names.isEmpty else { return nil }
        var result = self
        result.allowed = labels.indices.map(indices.contains)
        return result
    }

    /// The `count` likeliest labels of one text, the chosen one first; of equals the one with the lower index.
    package func top(
        _ count: Int, of text: UnsafeBufferPointer<UInt8>, scratch: inout TextClassifierScratch
    ) -> [LabelConfidence] {
        score(text, &scratch)
        var scores = [Float](scratch.scores[..<labels.count])
        return ranked(&scores, count)
    }

    private func ranked(_ scores: inout [Float], _ count: Int) -> [LabelConfidence] {
        if let allowed {
            for label in scores.indices where !allowed[label] { scores[label] = -.greatestFiniteMagnitude }
        }
        return Array(calibration.ranking(scores, outOfScope: allowed == nil ? outOfScopeLabel : nil).prefix(count))
    }

    /// The label of one text with the `count` likeliest ones.
    package func predict(_ text: String, top count: Int) -> (prediction: Prediction, top: [LabelConfidence]) {
        var text = text
        var scratch = makeScratch()
        return text.withUTF8 { (predict($0, scratch: &scratch), top(count, of: $0, scratch: &scratch)) }
    }

    /// The labels of many texts, each with its `count` likeliest ones, in their order.
    package func predict(
        _ texts: TextBatch, top count: Int, workers: Int
    ) -> [(prediction: Prediction, top: [LabelConfidence])] {
        let scores = model.scores(of: texts, workers: workers)
        return (0..<texts.count).map { row in
            var line = Array(scores[(row * labels.count)..<((row + 1) * labels.count)])
            let prediction = line.withUnsafeBufferPointer { self.prediction($0) }
            return (prediction, ranked(&line, count))
        }
    }

    /// The labels of many texts, in their order, on at most `workers` threads.
    package func predict(_ texts: TextBatch, workers: Int = 1) -> [Prediction] {
        guard linear != nil else { return predictInBlocks(texts, workers) }
        let chunks = ParallelLoop.chunks(of: texts.count, parts: (texts.count + 4095) / 4096)
        let parts = ParallelLoop.map(count: chunks.count, workers: workers) { part in
            var scratch = makeScratch()
            return chunks[part].map { index in texts.withText(index) { predict($0, scratch: &scratch) } }
        }
        return parts.flatMap { $0 }
    }

    /// Models that work on many texts at once get them so, in blocks that keep the scores small.
    private func predictInBlocks(_ texts: TextBatch, _ workers: Int) -> [Prediction] {
        var out: [Prediction] = []
        out.reserveCapacity(texts.count)
        for block in ParallelLoop.chunks(of: texts.count, parts: (texts.count + 8191) / 8192) where !block.isEmpty {
            let scores = model.scores(of: texts.selecting(Array(block)), workers: workers)
            scores.withUnsafeBufferPointer { scores in
                for row in 0..<block.count {
                    let range = (row * labels.count)..<((row + 1) * labels.count)
                    out.append(prediction(UnsafeBufferPointer(rebasing: scores[range])))
                }
            }
        }
        return out
    }

    /// The labels of the values of a column, in their order, on at most `workers` threads; `nil` where there is no value.
    package func predict(_ column: TextColumn, workers: Int = 1) -> [Prediction?] {
        guard linear != nil else {
            var texts = TextBatch()
            var rows: [Int] = []
            for index in 0..<column.count {
                column.withBytes(index) { value in
                    guard let value else { return }
                    texts.append(value)
                    rows.append(index)
                }
            }
            var out = [Prediction?](repeating: nil, count: column.count)
            for (row, prediction) in zip(rows, predict(texts, workers: workers)) { out[row] = prediction }
            return out
        }
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

    /// Sees to it that buffers made by a classifier of fewer labels do.
    private func makeRoom(_ scratch: inout TextClassifierScratch) {
        let capacity = (labels.count + 7) / 8 * 8
        if scratch.scores.count < capacity { scratch.scores = [Float](repeating: 0, count: capacity) }
    }

    private func score(_ text: UnsafeBufferPointer<UInt8>, _ scratch: inout TextClassifierScratch) {
        makeRoom(&scratch)
        if let linear {
            scratch.scores.withUnsafeMutableBufferPointer { linear.score(text, vector: &scratch.vector, into: $0) }
            return
        }
        var batch = TextBatch()
        batch.append(text)
        for (label, score) in model.scores(of: batch, workers: 1).enumerated() { scratch.scores[label] = score }
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
