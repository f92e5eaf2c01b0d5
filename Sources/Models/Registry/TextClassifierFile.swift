internal import FoundationEssentials
internal import Runtime
internal import Text

/// The tensor file of a text classifier.
enum TextClassifierFile {
    static let format = "cs-analytics.text-classifier"
    static let formatVersion = "1"

    /// The bytes of the tensor file; the same model always gives the same bytes.
    static func encode(_ classifier: TextClassifier) -> [UInt8] {
        var file = SafetensorsFile()
        file.metadata = [
            "format": format, "format_version": formatVersion, "task": classifier.task,
            "algorithm": classifier.model.algorithm.rawValue, "normalizer": String(TextNormalizer.version),
            "labels": json(classifier.labels), "calibration": json(classifier.calibration),
        ]
        classifier.model.store(in: &file)
        return file.encoded()
    }

    /// SHA-256 of a tensor file's bytes.
    static func identity(of bytes: [UInt8]) -> String {
        var hasher = ContentHasher()
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.hexDigest()
    }

    /// Reads a tensor file's bytes; every number that could lead out of bounds later is checked here.
    static func decode(_ bytes: [UInt8], path: String) throws(ModelError) -> TextClassifier {
        let file = try SafetensorsFile(decoding: bytes, path: path)
        guard file.metadata["format"] == format else {
            throw .unsupported(path: path, reason: "not a text classifier of this program")
        }
        guard file.metadata["format_version"] == formatVersion,
            file.metadata["normalizer"] == String(TextNormalizer.version)
        else { throw .unsupported(path: path, reason: "made by another version of this program; train it again") }
        let labels: [String] = try value(file, "labels", path)
        let calibration: ConfidenceCalibration = try value(file, "calibration", path)
        guard labels.count >= 2, labels.count <= 65_535, Set(labels).count == labels.count else {
            throw .damaged(path: path, tensor: nil, reason: "\(labels.count) labels, or one of them twice")
        }
        guard calibration.isValid else {
            throw .damaged(
                path: path, tensor: nil, reason: "an impossible temperature, threshold or curve of confidence")
        }
        guard let algorithm = file.metadata["algorithm"].flatMap(TextAlgorithm.init(rawValue:)) else {
            throw .unsupported(
                path: path,
                reason:
                    "made with the algorithm \"\(file.metadata["algorithm"] ?? "")\", which this version of the program does not know"
            )
        }
        let reader = TensorReader(file: file, path: path)
        let model: any TextModel =
            switch algorithm {
            case .linear: try LinearTextModel(reading: reader, labelCount: labels.count)
            case .encoder: try EncoderTextModel(reading: reader, labelCount: labels.count)
            case .stacked: try StackedTextModel(reading: reader, labelCount: labels.count)
            case .recurrent: try RecurrentTextModel(reading: reader, labelCount: labels.count)
            }
        return TextClassifier(
            task: file.metadata["task"] ?? "", labels: labels, model: model, calibration: calibration)
    }

    static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Plain values of texts, numbers and truth values always encode.
        guard let data = try? encoder.encode(value) else { return "null" }
        return String(decoding: data, as: UTF8.self)
    }

    private static func value<Value: Decodable>(
        _ file: SafetensorsFile, _ key: String, _ path: String
    ) throws(ModelError) -> Value {
        try TensorReader(file: file, path: path).metadata(key)
    }
}
