internal import FoundationEssentials

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
        func damaged(_ reason: String, _ tensor: String? = nil) -> ModelError {
            .damaged(path: path, tensor: tensor, reason: reason)
        }
        guard bytes.count >= 8 else { throw damaged("\(bytes.count) bytes are too few for a header") }
        let length = (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[$1]) }
        guard length <= UInt64(SafetensorsFile.headerLimit), length <= UInt64(bytes.count - 8) else {
            throw damaged("the header claims \(length) bytes; the file has \(bytes.count - 8) behind its length")
        }
        let body = 8 + Int(length)
        guard length > 0, bytes[8] == 0x7b else { throw damaged("the header is not a JSON object") }
        let header: [String: HeaderEntry]
        do {
            header = try JSONDecoder().decode([String: HeaderEntry].self, from: Data(bytes[8..<body]))
        } catch {
            throw damaged("the header is not valid JSON of this format")
        }
        self.init()
        var ranges: [(Range<Int>, String)] = []
        for (name, entry) in header.sorted(by: { $0.key < $1.key }) {
            if name == "__metadata__" {
                guard let pairs = entry.metadata else { throw damaged("the metadata are not texts") }
                metadata = pairs
                continue
            }
            guard let dtype = entry.dtype, let shape = entry.shape, let offsets = entry.offsets else {
                throw damaged("lacks dtype, shape or data_offsets", name)
            }
            guard let type = ElementType(rawValue: dtype) else { throw damaged("unknown type \(dtype)", name) }
            var size = type.size
            for extent in shape {
                let (product, overflow) = size.multipliedReportingOverflow(by: extent)
                guard extent >= 0, !overflow else { throw damaged("impossible shape \(shape)", name) }
                size = product
            }
            guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
                throw damaged("impossible offsets \(offsets)", name)
            }
            guard offsets[1] <= bytes.count - body else {
                throw damaged("ends at byte \(offsets[1]) of \(bytes.count - body): the file is cut off", name)
            }
            guard offsets[1] - offsets[0] == size else {
                throw damaged("has \(offsets[1] - offsets[0]) bytes; its shape needs \(size)", name)
            }
            ranges.append((offsets[0]..<offsets[1], name))
            tensors[name] = Tensor(
                type: type, shape: shape, bytes: Array(bytes[(body + offsets[0])..<(body + offsets[1])]))
        }
        var covered = 0
        for (range, name) in ranges.sorted(by: {
            ($0.0.lowerBound, $0.0.upperBound) < ($1.0.lowerBound, $1.0.upperBound)
        }) {
            guard range.lowerBound == covered else { throw damaged("overlaps another tensor or leaves a gap", name) }
            covered = range.upperBound
        }
        guard covered == bytes.count - body else { throw damaged("\(bytes.count - body - covered) bytes too many") }
    }

    private struct HeaderEntry: Decodable {
        var dtype: String?
        var shape: [Int]?
        var offsets: [Int]?
        var metadata: [String: String]?

        private enum CodingKeys: String, CodingKey {
            case dtype
            case shape
            case offsets = "data_offsets"
        }

        init(from decoder: any Decoder) throws {
            metadata = try? decoder.singleValueContainer().decode([String: String].self)
            guard let container = try? decoder.container(keyedBy: CodingKeys.self) else { return }
            dtype = try? container.decode(String.self, forKey: .dtype)
            shape = try? container.decode([Int].self, forKey: .shape)
            offsets = try? container.decode([Int].self, forKey: .offsets)
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
