package import Aggregates
package import Features
internal import FoundationEssentials
internal import Runtime
internal import Text

/// What is known of a model: what it learnt from, how, when, and how well it does.
package struct ModelCard: Sendable, Equatable, Codable {
    /// The version of the card's own form.
    package var schemaVersion = 1
    package var task: String
    package var algorithm: String
    /// The first twelve digits of `modelSHA256`.
    package var version: String
    /// SHA-256 of the tensor file: the identity of the model.
    package var modelSHA256: String
    /// When it was trained, ISO 8601 in UTC.
    package var trainedAt: String
    package var labels: [String]
    /// SHA-256 of the labelled rows.
    package var dataSHA256: String
    package var rows: Int
    /// Rows whose text stands under another label elsewhere.
    package var conflictingRows: Int
    package var seed: UInt64
    /// How texts become vectors, where the model looks at n-grams.
    package var features: HashedNGrams?
    /// The version of the text normalisation that the features were made with.
    package var normalizer: Int
    /// The settings of the linear classifier, where the model has one.
    package var classifier: LinearClassifier?
    /// The encoder whose vectors the model reads, where it reads any.
    package var encoder: EncoderReference?
    /// The sizes of the recurrent network, where the model is one.
    package var recurrent: RecurrentShape?
    /// How much the linear scores weigh against the encoder head's log-probabilities, where the model is stacked.
    package var stackingWeight: Float?
    package var calibration: ConfidenceCalibration
    /// How the held-out rows were chosen.
    package var heldOutProtocol: String
    package var heldOutRows: Int
    package var accuracy: Double
    package var macroF1: Double
    /// Expected calibration error.
    package var ece: Double
    /// How well texts out of scope are told; `nil` for models without such a label.
    package var outOfScope: OutOfScopeFigures?
    /// Figures of each label on the held-out rows.
    package var perLabel: [EvaluationResult.Label]
    /// What the held-out texts are like and what is said of them.
    package var profile: TextProfile?

    enum CodingKeys: String, CodingKey {
        case schemaVersion = "schema_version"
        case task
        case algorithm
        case version
        case modelSHA256 = "model_sha256"
        case trainedAt = "trained_at"
        case labels
        case dataSHA256 = "data_sha256"
        case rows
        case conflictingRows = "conflicting_rows"
        case seed
        case features
        case normalizer
        case classifier
        case encoder
        case recurrent
        case stackingWeight = "stacking_weight"
        case calibration
        case heldOutProtocol = "held_out_protocol"
        case heldOutRows = "held_out_rows"
        case accuracy
        case macroF1 = "macro_f1"
        case ece
        case outOfScope = "out_of_scope"
        case perLabel = "per_label"
        case profile
    }

    init(
        trainer: TextClassifierTrainer, algorithm chosen: LinearClassifier, data: LabelledData, conflicts: Int,
        protocolName: String,
        classifier: TextClassifier, evaluation: EvaluationResult
    ) {
        task = trainer.task
        algorithm = classifier.model.algorithm.rawValue
        let identity = TextClassifierFile.identity(of: TextClassifierFile.encode(classifier))
        version = String(identity.prefix(12))
        modelSHA256 = identity
        trainedAt = trainer.date.iso8601
        labels = data.labelNames
        dataSHA256 = data.sha256
        rows = data.count
        conflictingRows = conflicts
        seed = trainer.seed
        normalizer = TextNormalizer.version
        self.classifier = trainer.training == nil ? chosen : nil
        calibration = classifier.calibration
        heldOutProtocol = protocolName
        heldOutRows = evaluation.rows
        accuracy = evaluation.accuracy
        macroF1 = evaluation.macroF1
        ece = evaluation.calibration.ece
        outOfScope = evaluation.outOfScope
        perLabel = evaluation.perLabel
        classifier.model.describe(on: &self)
    }

    /// The card as the report shows it.
    package var summary: ModelSummary {
        ModelSummary(
            task: task, version: version, algorithm: algorithm, trainedAt: trainedAt, rows: rows, labels: labels.count,
            heldOutRows: heldOutRows, accuracy: accuracy, macroF1: macroF1, calibrationError: ece)
    }

    func encoded() throws(ModelError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(self)) + [0x0a]
        } catch {
            throw .unsupported(path: "card.json", reason: "cannot be encoded: \(error)")
        }
    }

    /// Reads a card file.
    package static func read(_ path: String) throws(ModelError) -> ModelCard {
        let bytes = try FileBytes.read(path)
        do {
            let card = try JSONDecoder().decode(ModelCard.self, from: Data(bytes))
            guard card.schemaVersion == 1 else {
                throw ModelError.unsupported(
                    path: path, reason: "a model card of version \(card.schemaVersion); known is 1")
            }
            return card
        } catch let error as ModelError {
            throw error
        } catch {
            throw ModelError.damaged(path: path, tensor: nil, reason: "the card is not valid: \(error)")
        }
    }
}
