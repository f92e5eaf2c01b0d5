internal import FoundationEssentials

/// Where the tensors of a safetensors file lie, without copying them.
struct SafetensorsLayout: Sendable {
    /// One tensor's type, shape and bytes within the file.
    struct Place: Sendable {
        var type: SafetensorsFile.ElementType
        var shape: [Int]
        var range: Range<Int>
    }

    private(set) var places: [String: Place] = [:]
    private(set) var metadata: [String: String] = [:]

    /// Reads the header; every offset and shape is checked against the bytes that are there.
    /// - Parameter path: what errors call the file.
    init(reading bytes: UnsafeRawBufferPointer, path: String) throws(ModelError) {
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
        for (name, entry) in header.sorted(by: { $0.key < $1.key }) {
            if name == "__metadata__" {
                guard let pairs = entry.metadata else { throw damaged("the metadata are not texts") }
                metadata = pairs
                continue
            }
            guard let dtype = entry.dtype, let shape = entry.shape, let offsets = entry.offsets else {
                throw damaged("lacks dtype, shape or data_offsets", name)
            }
            guard let type = SafetensorsFile.ElementType(rawValue: dtype) else {
                throw damaged("unknown type \(dtype)", name)
            }
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
            places[name] = Place(type: type, shape: shape, range: (body + offsets[0])..<(body + offsets[1]))
        }
        var covered = body
        let ordered = places.sorted {
            ($0.value.range.lowerBound, $0.value.range.upperBound)
                < ($1.value.range.lowerBound, $1.value.range.upperBound)
        }
        for (name, place) in ordered {
            guard place.range.lowerBound == covered else {
                throw damaged("overlaps another tensor or leaves a gap", name)
            }
            covered = place.range.upperBound
        }
        guard covered == bytes.count else { throw damaged("\(bytes.count - covered) bytes too many") }
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
