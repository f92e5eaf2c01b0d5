/// Byte loops that the JSON reader shares.
enum JSONScan {
    /// The first offset from `start` that holds a quote, a backslash or a control character, or `end`.
    ///
    /// Eight bytes are looked at in one step; the test of a byte is exact up to the first hit, which is all that counts.
    @inline(__always)
    static func plainEnd(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let raw = UnsafeRawPointer(text)
        var at = start
        while at &+ 8 <= end {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let slash = word ^ (ones &* 0x5C)
            let hit =
                ((quote &- ones) & ~quote | (slash &- ones) & ~slash | (word &- ones &* 0x20) & ~word) & highs
            if hit != 0 { return at &+ hit.trailingZeroBitCount / 8 }
            at &+= 8
        }
        while at < end {
            let byte = text[at]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 { return at }
            at &+= 1
        }
        return end
    }

    /// The value of four hexadecimal digits at `at`, which the caller knows to be inside the text.
    static func hexadecimal(_ text: UnsafePointer<UInt8>, _ at: Int) -> UInt32? {
        var value: UInt32 = 0
        for offset in 0..<4 {
            let byte = text[at + offset]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - 48
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - 87
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - 55
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// A number from 0 to 255 that depends on the length and the ends of a key.
    @inline(__always)
    static func shortHash(_ bytes: UnsafeRawBufferPointer) -> Int {
        let count = bytes.count
        guard count > 0 else { return 0 }
        var hash = UInt32(truncatingIfNeeded: count) &* 0x9E37_79B1
        hash = (hash ^ UInt32(bytes[0])) &* 0x85EB_CA6B
        hash = (hash ^ UInt32(bytes[count / 2])) &* 0xC2B2_AE35
        hash = (hash ^ UInt32(bytes[count - 1])) &* 0x27D4_EB2F
        return Int(hash >> 24)
    }

    /// Appends the characters that the escaped text of a string stands for, as UTF-8.
    ///
    /// A lone surrogate and U+0000, which no store takes, become U+FFFD.
    static func unescape(_ text: UnsafeRawBufferPointer, into out: inout [UInt8]) {
        guard let base = text.baseAddress else { return }
        let bytes = base.assumingMemoryBound(to: UInt8.self)
        let end = text.count
        var at = 0
        while at < end {
            let stop = plainEnd(bytes, at, end)
            out.append(contentsOf: UnsafeBufferPointer(start: bytes + at, count: stop - at))
            guard stop + 1 < end else {
                if stop < end { out.append(bytes[stop]) }
                return
            }
            at = stop + 2
            switch bytes[stop + 1] {
            case UInt8(ascii: "b"): out.append(8)
            case UInt8(ascii: "f"): out.append(12)
            case UInt8(ascii: "n"): out.append(10)
            case UInt8(ascii: "r"): out.append(13)
            case UInt8(ascii: "t"): out.append(9)
            case UInt8(ascii: "u"):
                guard stop + 6 <= end, let unit = hexadecimal(bytes, stop + 2) else { continue }
                at = stop + 6
                var value = unit
                if unit & 0xF800 == 0xD800 {
                    value = 0xFFFD
                    if unit < 0xDC00, stop + 12 <= end, bytes[stop + 6] == UInt8(ascii: "\\"),
                        bytes[stop + 7] == UInt8(ascii: "u"), let low = hexadecimal(bytes, stop + 8),
                        low & 0xFC00 == 0xDC00
                    {
                        value = 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
                        at = stop + 12
                    }
                }
                append(scalar: value == 0 ? 0xFFFD : value, to: &out)
            default: out.append(bytes[stop + 1])
            }
        }
    }

    /// Appends the UTF-8 form of a code point that is not a surrogate.
    static func append(scalar value: UInt32, to out: inout [UInt8]) {
        switch value {
        case 0..<0x80: out.append(UInt8(truncatingIfNeeded: value))
        case 0x80..<0x800:
            out.append(0xC0 | UInt8(truncatingIfNeeded: value >> 6))
            out.append(0x80 | UInt8(truncatingIfNeeded: value & 0x3F))
        case 0x800..<0x10000:
            out.append(0xE0 | UInt8(truncatingIfNeeded: value >> 12))
            out.append(0x80 | UInt8(truncatingIfNeeded: value >> 6 & 0x3F))
            out.append(0x80 | UInt8(truncatingIfNeeded: value & 0x3F))
        default:
            out.append(0xF0 | UInt8(truncatingIfNeeded: value >> 18 & 0x07))
            out.append(0x80 | UInt8(truncatingIfNeeded: value >> 12 & 0x3F))
            out.append(0x80 | UInt8(truncatingIfNeeded: value >> 6 & 0x3F))
            out.append(0x80 | UInt8(truncatingIfNeeded: value & 0x3F))
        }
    }

    /// Appends a JSON string, quotes included.
    static func appendQuoted(_ bytes: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        let digits = StaticString("0123456789abcdef")
        out.append(UInt8(ascii: "\""))
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): out.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): out.append(contentsOf: "\\\\".utf8)
            case 0x0A: out.append(contentsOf: "\\n".utf8)
            case 0x0D: out.append(contentsOf: "\\r".utf8)
            case 0x09: out.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                out.append(contentsOf: "\\u00".utf8)
                out.append(digits.utf8Start[Int(byte >> 4)])
                out.append(digits.utf8Start[Int(byte & 15)])
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    static func appendQuoted(_ text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { appendQuoted(UnsafeRawBufferPointer($0), to: &out) }
    }
}
