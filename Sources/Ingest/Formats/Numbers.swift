import Glibc

/// Numbers and flags from bytes.
enum Numbers {
    /// A whole decimal number with an optional sign and blanks around it; `nil` for anything else or beyond 64 bits.
    static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        var start = 0
        var end = bytes.count
        while start < end, bytes[start] == 0x20 { start += 1 }
        while end > start, bytes[end - 1] == 0x20 { end -= 1 }
        guard start < end else { return nil }
        let isNegative = bytes[start] == UInt8(ascii: "-")
        if isNegative || bytes[start] == UInt8(ascii: "+") { start += 1 }
        guard start < end, end - start <= 19 else { return nil }
        var value: Int64 = 0
        for index in start..<end {
            let digit = bytes[index] &- 48
            guard digit <= 9 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.subtractingReportingOverflow(Int64(digit))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        // Counted downwards, so that the smallest number fits.
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// A decimal number with an optional fraction and exponent; `nil` for anything else, infinities included.
    static func real(_ bytes: UnsafeRawBufferPointer) -> Double? {
        guard bytes.count > 0, bytes.count <= 64 else { return nil }
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"), 0x20:
                continue
            default: return nil
            }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let value = Double(text.filter { $0 != " " }), value.isFinite else { return nil }
        return value
    }

    /// `true`/`false`, `yes`/`no`, `y`/`n`, `1`/`0`, 是/否, in any letter case.
    static func flag(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        guard bytes.count > 0, bytes.count <= 5 else { return nil }
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "true", "yes", "y", "1", "t", "是": return true
        case "false", "no", "n", "0", "f", "否": return false
        default: return nil
        }
    }
}
