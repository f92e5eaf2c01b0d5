/// Reading Unicode scalars out of UTF-8 bytes without making a `String`.
package enum Scalars {
    /// The scalar that starts at `index` of bytes that are known to be valid UTF-8, and its length in bytes.
    @inlinable
    package static func decodeValid(_ bytes: UnsafePointer<UInt8>, at index: Int) -> (scalar: UInt32, length: Int) {
        let lead = UInt32(bytes[index])
        if lead < 0x80 { return (lead, 1) }
        let second = UInt32(bytes[index + 1] & 0x3f)
        if lead < 0xe0 { return ((lead & 0x1f) << 6 | second, 2) }
        let third = UInt32(bytes[index + 2] & 0x3f)
        if lead < 0xf0 { return ((lead & 0x0f) << 12 | second << 6 | third, 3) }
        return ((lead & 0x07) << 18 | second << 12 | third << 6 | UInt32(bytes[index + 3] & 0x3f), 4)
    }

    /// The scalar that starts at `index` of any bytes, or `nil` where they are not well-formed UTF-8 (Unicode 16, table 3-7).
    @inlinable
    package static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (scalar: UInt32, length: Int)? {
        let lead = bytes[index]
        if lead < 0x80 { return (UInt32(lead), 1) }
        let left = bytes.count - index
        guard lead >= 0xc2, lead <= 0xf4, left >= 2 else { return nil }
        let second = bytes[index + 1]
        guard second & 0xc0 == 0x80 else { return nil }
        if lead < 0xe0 { return (UInt32(lead & 0x1f) << 6 | UInt32(second & 0x3f), 2) }
        guard left >= 3, bytes[index + 2] & 0xc0 == 0x80 else { return nil }
        let third = UInt32(bytes[index + 2] & 0x3f)
        if lead < 0xf0 {
            if (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) { return nil }
            return (UInt32(lead & 0x0f) << 12 | UInt32(second & 0x3f) << 6 | third, 3)
        }
        guard left >= 4, bytes[index + 3] & 0xc0 == 0x80 else { return nil }
        if (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f) { return nil }
        let fourth = UInt32(bytes[index + 3] & 0x3f)
        return (UInt32(lead & 0x07) << 18 | UInt32(second & 0x3f) << 12 | third << 6 | fourth, 4)
    }

    /// Writes a scalar as UTF-8 and gives its length in bytes.
    @inlinable
    package static func encode(_ scalar: UInt32, to out: UnsafeMutablePointer<UInt8>) -> Int {
        if scalar < 0x80 {
            out[0] = UInt8(truncatingIfNeeded: scalar)
            return 1
        }
        if scalar < 0x800 {
            out[0] = UInt8(truncatingIfNeeded: 0xc0 | scalar >> 6)
            out[1] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3f)
            return 2
        }
        if scalar < 0x10000 {
            out[0] = UInt8(truncatingIfNeeded: 0xe0 | scalar >> 12)
            out[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3f)
            out[2] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3f)
            return 3
        }
        out[0] = UInt8(truncatingIfNeeded: 0xf0 | scalar >> 18)
        out[1] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3f)
        out[2] = UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3f)
        out[3] = UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3f)
        return 4
    }
}
