/// What a classifier says of one text.
package struct Prediction: Sendable, Hashable {
    /// The index of the best label within the model's labels.
    package var label: Int32
    /// The calibrated probability that the best label is right, 0 ... 1.
    package var confidence: Float
    /// Whether the model abstains: the confidence is below its threshold, or the best label is out of scope.
    package var isUnknown: Bool

    package init(label: Int32, confidence: Float, isUnknown: Bool = false) {
        self.label = label
        self.confidence = confidence
        self.isUnknown = isUnknown
    }
}

/// A label with its probability.
package struct LabelConfidence: Sendable, Hashable {
    /// The index of the label within the model's labels.
    package var label: Int32
    /// The calibrated probability, 0 ... 1.
    package var confidence: Float
}
