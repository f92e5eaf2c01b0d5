/// Fast, stable, non-cryptographic 64-bit hashes of bytes; the same on every machine.
package enum ByteHash {
    @usableFromInline static let first: UInt64 = 0x9e37_79b9_7f4a_7c15
    @usableFromInline static let second: UInt64 = 0xd6e8_feb8_6659_fd93

    /// Scrambles 64 bits so that every input bit reaches every output bit.
    @inlinable
    package static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 32)) &* second
        z = (z ^ (z >> 32)) &* second
        return z ^ (z >> 32)
    }

    /// Folds a further value into a hash; the order counts.
    @inlinable
    package static func combine(_ hash: UInt64, _ value: UInt64) -> UInt64 {
        (((hash << 27) | (hash >> 37)) ^ value) &* first
    }

    /// The hash of `count` bytes.
    @inlinable
    package static func hash(_ bytes: UnsafePointer<UInt8>, count: Int, seed: UInt64 = 0) -> UInt64 {
        var hash = seed ^ (UInt64(truncatingIfNeeded: count) &* second)
        var index = 0
        let raw = UnsafeRawPointer(bytes)
        while index + 8 <= count {
            hash = combine(hash, UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            hash ^= hash >> 29
            index += 8
        }
        var tail: UInt64 = 0
        var shift: UInt64 = 0
        while index < count {
            tail |= UInt64(bytes[index]) << shift
            shift += 8
            index += 1
        }
        return mix(combine(hash, tail))
    }

    /// The hash of bytes.
    package static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64 = 0) -> UInt64 {
        guard let base = bytes.baseAddress else { return mix(seed) }
        return hash(base, count: bytes.count, seed: seed)
    }
}
