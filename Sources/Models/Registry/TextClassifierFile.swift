internal import Features
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
            "format": format, "format_version": formatVersion, "task": classifier.task, "algorithm": "linear",
            "normalizer": String(TextNormalizer.version), "labels": json(classifier.labels),
            "features": json(classifier.features.scheme), "calibration": json(classifier.calibration),
        ]
        let entries = classifier.model.entries
        file.tensors = [
            "features.bucket": .init(classifier.features.buckets, as: .uint32),
            "features.idf": .init(classifier.features.idf),
            "weights.bias": .init(classifier.model.bias),
            "weights.offset": .init(classifier.model.offsets, as: .int32),
            "weights.output": .init(entries.map { UInt16(truncatingIfNeeded: $0) }, as: .uint16),
            "weights.value": .init(entries.map { UInt16(truncatingIfNeeded: $0 >> 16) }, as: .bfloat16),
        ]
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
        let scheme: HashedNGrams = try value(file, "features", path)
        let calibration: ConfidenceCalibration = try value(file, "calibration", path)
        guard labels.count >= 2, labels.count <= 65_535, Set(labels).count == labels.count else {
            throw .damaged(path: path, tensor: nil, reason: "\(labels.count) labels, or one of them twice")
        }
        guard calibration.temperature > 0, calibration.temperature.isFinite else {
            throw .damaged(path: path, tensor: nil, reason: "a temperature that is not positive")
        }
        guard scheme.isValid else { throw .damaged(path: path, tensor: nil, reason: "an impossible feature scheme") }
        let reader = TensorReader(file: file, path: path)
        return try classifier(reader, file.metadata["task"] ?? "", labels, scheme, calibration)
    }

    private static func classifier(
        _ reader: TensorReader, _ task: String, _ labels: [String], _ scheme: HashedNGrams,
        _ calibration: ConfidenceCalibration
    ) throws(ModelError) -> TextClassifier {
        let buckets = try reader.integers("features.bucket", .uint32, UInt32.self)
        try reader.check("features.bucket", zip(buckets, buckets.dropFirst()).allSatisfy { $0 < $1 }, "not ascending")
        try reader.check("features.bucket", buckets.last ?? 0 < 1 << UInt32(scheme.bits), "beyond the last bucket")
        let idf = try reader.floats("features.idf", count: buckets.count)
        let outputs = labels.count == 2 ? 1 : labels.count
        let bias = try reader.floats("weights.bias", count: outputs)
        let offsets = try reader.integers("weights.offset", .int32, Int32.self, count: buckets.count + 1)
        let indices = try reader.integers("weights.output", .uint16, UInt16.self)
        try reader.check(
            "weights.offset",
            offsets.first == 0 && offsets.last.map(Int.init) == indices.count
                && zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }, "does not divide the weights")
        try reader.check("weights.output", indices.allSatisfy { Int($0) < outputs }, "names a label that is not there")
        let values = try reader.integers("weights.value", .bfloat16, UInt16.self, count: indices.count)
        try reader.check(
            "weights.value", values.allSatisfy { $0 & 0x7f80 != 0x7f80 }, "holds a weight that is not finite")
        let model = FittedLinearClassifier(
            labelCount: labels.count, bias: bias, offsets: offsets,
            entries: zip(indices, values).map { UInt32($1) << 16 | UInt32($0) })
        return TextClassifier(
            task: task, labels: labels, features: FittedHashedNGrams(scheme: scheme, buckets: buckets, idf: idf),
            model: model, calibration: calibration)
    }

    private static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Plain values of texts, numbers and truth values always encode.
        guard let data = try? encoder.encode(value) else { return "null" }
        return String(decoding: data, as: UTF8.self)
    }

    private static func value<Value: Decodable>(
        _ file: SafetensorsFile, _ key: String, _ path: String
    ) throws(ModelError) -> Value {
        guard let text = file.metadata[key], let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
        else { throw .damaged(path: path, tensor: nil, reason: "no valid \"\(key)\" among the metadata") }
        return value
    }
}

/// Tensors of one file with their types and sizes checked; errors name the tensor.
struct TensorReader {
    let file: SafetensorsFile
    let path: String

    func check(_ name: String, _ condition: Bool, _ reason: String) throws(ModelError) {
        if !condition { throw .damaged(path: path, tensor: name, reason: reason) }
    }

    func integers<Number: FixedWidthInteger>(
        _ name: String, _ type: SafetensorsFile.ElementType, _: Number.Type, count: Int? = nil
    ) throws(ModelError) -> [Number] {
        guard let tensor = file.tensors[name] else { throw .damaged(path: path, tensor: name, reason: "is missing") }
        try check(name, tensor.type == type, "has type \(tensor.type.rawValue); expected \(type.rawValue)")
        try check(name, tensor.shape.count == 1, "has \(tensor.shape.count) dimensions; expected one")
        if let count { try check(name, tensor.shape[0] == count, "has \(tensor.shape[0]) numbers; expected \(count)") }
        return tensor.integers(Number.self)
    }

    func floats(_ name: String, count: Int) throws(ModelError) -> [Float] {
        let numbers = try integers(name, .float32, UInt32.self, count: count).map { Float(bitPattern: $0) }
        try check(name, numbers.allSatisfy(\.isFinite), "holds a number that is not finite")
        return numbers
    }
}
