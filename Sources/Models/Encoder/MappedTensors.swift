internal import Glibc
internal import LinearAlgebra
internal import Runtime

/// The tensors of a safetensors file that is mapped into memory, as single-precision numbers.
///
/// Tensors of that type are used where they lie, so several processes share them; half-precision ones are widened into
/// memory of their own.
final class MappedTensors: Sendable {
    private let path: String
    private let layout: SafetensorsLayout
    private nonisolated(unsafe) let mapping: UnsafeMutableRawPointer
    private let length: Int

    /// Maps a file and checks its header.
    init(_ path: String) throws(ModelError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .file(path: path, reason: errno == ENOENT ? "no such file" : String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .file(path: path, reason: "not a regular file")
        }
        length = Int(status.st_size)
        guard length > 0, let mapping = mmap(nil, length, PROT_READ, MAP_PRIVATE, descriptor, 0), mapping != MAP_FAILED
        else {
            throw .damaged(path: path, tensor: nil, reason: "\(length) bytes that cannot be mapped into memory")
        }
        do {
            layout = try SafetensorsLayout(reading: UnsafeRawBufferPointer(start: mapping, count: length), path: path)
        } catch {
            munmap(mapping, length)
            throw error
        }
        self.mapping = mapping
        self.path = path
    }

    deinit { munmap(mapping, length) }

    /// SHA-256 of the whole file.
    func sha256() -> String {
        var hasher = ContentHasher()
        hasher.update(UnsafeRawBufferPointer(start: mapping, count: length))
        return hasher.hexDigest()
    }

    /// Whether there is a tensor of this name.
    func contains(_ name: String) -> Bool { layout.places[name] != nil }

    /// The number of rows that a tensor has, `nil` where there is none.
    func rows(of name: String) -> Int? { layout.places[name]?.shape.first }

    /// A tensor of a certain shape; an error names it where it is missing, of another shape, or not finite.
    func weights(_ name: String, shape: [Int]) throws(ModelError) -> Weights {
        func damaged(_ reason: String) -> ModelError { .damaged(path: path, tensor: name, reason: reason) }
        guard let place = layout.places[name] else { throw damaged("is missing") }
        guard place.shape == shape else { throw damaged("has shape \(place.shape); expected \(shape)") }
        let count = shape.reduce(1, *)
        let raw = UnsafeRawPointer(mapping) + place.range.lowerBound
        let weights: Weights
        switch place.type {
        case .float32 where place.range.lowerBound % 4 == 0:
            weights = Weights(owner: self, base: raw.assumingMemoryBound(to: Float.self), count: count)
        case .float32:
            weights = Weights(count: count) { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        case .bfloat16:
            weights = Weights(count: count) {
                Float(bitPattern: UInt32(raw.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self)) << 16)
            }
        case .float16:
            weights = Weights(count: count) {
                MappedTensors.widened(raw.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self))
            }
        default: throw damaged("has type \(place.type.rawValue); expected F32, F16 or BF16")
        }
        guard Activations.areFinite(weights.base, count: count) else {
            throw damaged("holds a number that is not finite")
        }
        return weights
    }

    /// A half-precision number (IEEE 754 binary16) from its bits.
    static func widened(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10 & 0x1f)
        let fraction = UInt32(bits & 0x3ff)
        if exponent == 0 {
            let small = Float(fraction) * 0x1p-24
            return sign == 0 ? small : -small
        }
        let wide: UInt32 = exponent == 0x1f ? 0xff : exponent + 112
        return Float(bitPattern: sign | wide << 23 | fraction << 13)
    }

    /// The numbers of one tensor, in the mapped file or in memory of their own, alive as long as this is.
    final class Weights: Sendable {
        nonisolated(unsafe) let base: UnsafePointer<Float>
        let count: Int
        private let owner: MappedTensors?

        fileprivate init(owner: MappedTensors, base: UnsafePointer<Float>, count: Int) {
            self.owner = owner
            self.base = base
            self.count = count
        }

        fileprivate init(count: Int, _ number: (Int) -> Float) {
            let numbers = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
            for index in 0..<count { numbers[index] = number(index) }
            base = UnsafePointer(numbers)
            owner = nil
            self.count = count
        }

        deinit { if owner == nil { UnsafeMutablePointer(mutating: base).deallocate() } }
    }
}
