import Models
import Text

/// The predictions of texts that a model was given together, to be found again by their bytes.
struct PreparedPredictions: Sendable {
    private var rows: [[UInt8]: Int] = [:]
    private var texts = TextBatch()
    private var predictions: [Prediction] = []

    /// Adds a text to those that are predicted next; one that is there already is not added again.
    mutating func add(_ text: String) {
        let bytes = Array(text.utf8)
        guard rows.updateValue(rows[bytes] ?? texts.count, forKey: bytes) == nil else { return }
        texts.append(bytes)
    }

    /// Predicts the texts, once all are added.
    mutating func predict(with classifier: TextClassifier) { predictions = classifier.predict(texts, workers: 1) }

    /// What was predicted of a text, `nil` where it was not among them.
    subscript(_ text: UnsafeBufferPointer<UInt8>) -> Prediction? {
        guard !predictions.isEmpty, let row = rows[Array(text)] else { return nil }
        return predictions[row]
    }
}
