/// Whether bytes are UTF-8 that every store takes, and the mending of those that are not.
enum UTF8Check {
    /// Valid UTF-8 without NUL.
    static func isClean(_ bytes: UnsafeRawBufferPointer) -> Bool { isValid(bytes) && !bytes.contains(0) }

    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool { firstInvalid(bytes) == nil }

    /// Offset of the first byte that is not part of valid UTF-8 (RFC 3629); `nil` where all is valid.
    static func firstInvalid(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let text = base.assumingMemoryBound(to: UInt8.self)
        let end = bytes.count
        var at = 0
        while at < end {
            while at &+ 8 <= end {
                let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                let high = word & 0x8080_8080_8080_8080
                if high == 0 {
                    at &+= 8
                } else {
                    at &+= high.trailingZeroBitCount >> 3
                    break
                }
            }
            guard at < end else { return nil }
            let lead = text[at]
            if lead < 0x80 {
                at &+= 1
                continue
            }
            // Runs of Han characters: three bytes with a lead that has no exceptions.
            if lead &- 0xE1 < 0x0C {
                while at &+ 4 <= end {
                    let word = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt32.self))
                    guard word & 0xC0_C0F0 == 0x80_80E0, UInt8(truncatingIfNeeded: word) &- 0xE1 < 0x0C else { break }
                    at &+= 3
                }
                guard at < end, text[at] >= 0x80 else { continue }
            }
            let length = sequenceLength(text, at, end)
            if length == 0 { return at }
            at &+= length
        }
        return nil
    }

    /// Bytes of the well-formed sequence at `at`, 0 where there is none.
    @inline(__always)
    static func sequenceLength(_ text: UnsafePointer<UInt8>, _ at: Int, _ end: Int) -> Int {
        let lead = text[at]
        switch lead {
        case 0..<0x80: return 1
        case 0xC2...0xDF:
            return at &+ 1 < end && text[at &+ 1] & 0xC0 == 0x80 ? 2 : 0
        case 0xE0...0xEF:
            guard at &+ 2 < end, text[at &+ 2] & 0xC0 == 0x80 else { return 0 }
            let second = text[at &+ 1]
            if lead == 0xE0 { return second &- 0xA0 < 0x20 ? 3 : 0 }
            if lead == 0xED { return second &- 0x80 < 0x20 ? 3 : 0 }
            return second & 0xC0 == 0x80 ? 3 : 0
        case 0xF0...0xF4:
            guard at &+ 3 < end, text[at &+ 2] & 0xC0 == 0x80, text[at &+ 3] & 0xC0 == 0x80 else { return 0 }
            let second = text[at &+ 1]
            if lead == 0xF0 { return second &- 0x90 < 0x30 ? 4 : 0 }
            if lead == 0xF4 { return second &- 0x80 < 0x10 ? 4 : 0 }
            return second & 0xC0 == 0x80 ? 4 : 0
        default: return 0
        }
    }

    /// The same text with U+FFFD for what is not UTF-8 (one for each maximal part, as WHATWG has it) and for NUL.
    static func repaired(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 16)
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            JSONScan.append(scalar: scalar.value == 0 ? 0xFFFD : scalar.value, to: &out)
        }
        return out
    }
}
