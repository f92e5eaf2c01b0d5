/// A file of named tensors in the safetensors format: header length (8 bytes, little-endian), JSON header, raw tensors.
package struct SafetensorsFile: Sendable, Equatable {
    /// The types of numbers that files here hold.
    package enum ElementType: String, Sendable, Codable {
        case float32 = "F32"
        case bfloat16 = "BF16"
        case float16 = "F16"
        case float64 = "F64"
        case int8 = "I8"
        case int16 = "I16"
        case int32 = "I32"
        case int64 = "I64"
        case uint8 = "U8"
        case uint16 = "U16"
        case uint32 = "U32"
        case uint64 = "U64"
        case boolean = "BOOL"

        /// Bytes of one number.
        package var size: Int {
            switch self {
            case .int8, .uint8, .boolean: 1
            case .bfloat16, .float16, .int16, .uint16: 2
            case .float32, .int32, .uint32: 4
            case .float64, .int64, .uint64: 8
            }
        }
    }

    /// One tensor: its type, its shape and its bytes in little-endian order.
    package struct Tensor: Sendable, Equatable {
        package var type: ElementType
        package var shape: [Int]
        package var bytes: [UInt8]

        /// A tensor of one dimension.
        package init<Number: FixedWidthInteger>(_ numbers: [Number], as type: ElementType) {
            precondition(MemoryLayout<Number>.size == type.size, "numbers of the type's size")
            self.type = type
            shape = [numbers.count]
            bytes = []
            bytes.reserveCapacity(numbers.count * type.size)
            for number in numbers { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }
        }

        /// A tensor of one dimension.
        package init(_ numbers: [Float]) { self.init(numbers.map(\.bitPattern), as: .float32) }

        init(type: ElementType, shape: [Int], bytes: [UInt8]) {
            self.type = type
            self.shape = shape
            self.bytes = bytes
        }
    }

    package var tensors: [String: Tensor]
    /// Texts that describe the file.
    package var metadata: [String: String]

    package init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The greatest header that is read, in bytes.
    package static let headerLimit = 100_000_000

    /// The bytes of the file; the same tensors and metadata always give the same bytes.
    package func encoded() -> [UInt8] {
        // Greater numbers first, so that every tensor is aligned to its numbers.
        let ordered = tensors.sorted { ($1.value.type.size, $0.key) < ($0.value.type.size, $1.key) }
        var parts: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for (name, tensor) in ordered {
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let end = offset + tensor.bytes.count
            parts.append(
                "\(quoted(name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
            )
            offset = end
        }
        var header = Array("{\(parts.joined(separator: ","))}".utf8)
        while header.count % 8 != 0 { header.append(0x20) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.count + offset)
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes += header
        for (_, tensor) in ordered { bytes += tensor.bytes }
        return bytes
    }

    private func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\u{0}"..<"\u{20}":
                let code = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    /// Reads a file's bytes; every offset and shape is checked against the bytes that are there.
    /// - Parameter path: what errors call the file.
    package init(decoding bytes: [UInt8], path: String) throws(ModelError) {
        let layout = try bytes.withUnsafeBytes { raw in
            Result { () throws(ModelError) in try SafetensorsLayout(reading: raw, path: path) }
        }.get()
        self.init(metadata: layout.metadata)
        for (name, place) in layout.places {
            tensors[name] = Tensor(type: place.type, shape: place.shape, bytes: Array(bytes[place.range]))
        }
    }
}

extension SafetensorsFile.Tensor {
    /// The numbers of a tensor whose type has the size of `Number`.
    func integers<Number: FixedWidthInteger>(_: Number.Type) -> [Number] {
        let size = MemoryLayout<Number>.size
        return bytes.withUnsafeBytes { raw in
            (0..<raw.count / size).map {
                Number(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * size, as: Number.self))
            }
        }
    }
}
