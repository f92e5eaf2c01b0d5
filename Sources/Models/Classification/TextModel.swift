package import Text

/// The algorithms that a text classifier can be made with; a model folder says which.
package enum TextAlgorithm: String, Sendable, Codable, CaseIterable {
    /// Hashed n-grams and a linear classifier.
    case linear
    /// A bidirectional LSTM over characters or words.
    case recurrent
    /// The sentence embeddings of a transformer with a logistic head.
    case encoder
    /// The head's log-probabilities joined with the linear model's scores.
    case stacked
}

/// What gives every label a score for a text: the learnt part of a `TextClassifier`.
///
/// Scores are such that their softmax at some temperature is a probability. A model is a value that several threads may
/// use at once.
package protocol TextModel: Sendable {
    /// Which algorithm it is of; what the model file says.
    var algorithm: TextAlgorithm { get }
    /// The number of labels, at least two.
    var labelCount: Int { get }

    /// The scores of many texts: for each text one number a label, row by row.
    ///
    /// The same numbers for every number of workers.
    func scores(of texts: TextBatch, workers: Int) -> [Float]

    /// Adds the tensors and metadata from which the model can be read again.
    func store(in file: inout SafetensorsFile)

    /// Adds to a card what the model was made with.
    func describe(on card: inout ModelCard)
}

/// How a text model is learnt: settings of an algorithm as a value.
package protocol TextModelTraining: Sendable {
    /// Which algorithm the fitted model is of.
    var algorithm: TextAlgorithm { get }

    /// Learns from texts and their label indices, `0 ..< labelCount`.
    ///
    /// The same seed gives the same model for every number of workers.
    func fit(
        _ texts: TextBatch, labels: [Int32], labelCount: Int, seed: UInt64, workers: Int
    ) throws(ModelError) -> any TextModel

    /// Whether the training watches rows that it does not learn from, and ends by what it sees there.
    var endsOnValidation: Bool { get }

    /// Learns from texts as `fit` does, watching others.
    func fit(
        _ texts: TextBatch, labels: [Int32], validation: TextBatch, validationLabels: [Int32], labelCount: Int,
        seed: UInt64, workers: Int
    ) throws(ModelError) -> any TextModel
}

extension TextModelTraining {
    package var endsOnValidation: Bool { false }

    package func fit(
        _ texts: TextBatch, labels: [Int32], validation: TextBatch, validationLabels: [Int32], labelCount: Int,
        seed: UInt64, workers: Int
    ) throws(ModelError) -> any TextModel {
        try fit(texts, labels: labels, labelCount: labelCount, seed: seed, workers: workers)
    }
}
