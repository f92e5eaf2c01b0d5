internal import FoundationEssentials

/// Tensors of one file with their types and sizes checked; errors name the tensor.
struct TensorReader {
    let file: SafetensorsFile
    let path: String

    /// A value that stands as JSON among the metadata.
    func metadata<Value: Decodable>(_ key: String) throws(ModelError) -> Value {
        guard let text = file.metadata[key], let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
        else { throw .damaged(path: path, tensor: nil, reason: "no valid \"\(key)\" among the metadata") }
        return value
    }

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
