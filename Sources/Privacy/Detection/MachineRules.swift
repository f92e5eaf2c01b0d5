/// Rules for mail addresses and for the addresses of machines.
enum MachineRules {
    /// Four numbers up to 255, with no fifth: a version string is no address.
    static func ipv4(_ text: ByteText, at start: Int) -> Int? {
        var index = start
        for part in 0..<4 {
            let end = text.digitsEnd(index, limit: 4)
            let length = end - index
            guard length >= 1, length <= 3 else { return nil }
            var value = 0
            for position in index..<end { value = value * 10 + text.digit(position) }
            guard value <= 255, length == 1 || text[index] != UInt8(ascii: "0") else { return nil }
            index = end
            if part < 3 {
                guard text[index] == UInt8(ascii: ".") else { return nil }
                index += 1
            }
        }
        let before = text[start - 1]
        guard before != UInt8(ascii: "."), before != UInt8(ascii: "-"), !text.continues(index) else { return nil }
        return OrderContext.precedes(text, start) ? nil : index
    }

    /// Groups of hexadecimal digits (RFC 4291): eight of them, or fewer with one `::`.
    ///
    /// Short forms need three groups or a first group of four digits, so that `a::b` in a program is no address.
    static func ipv6(_ text: ByteText, at start: Int) -> NumberRules.Found? {
        guard text[start - 1] != UInt8(ascii: ":") else { return nil }
        var index = start
        var groups = 0
        var firstLength = 0
        var hasGap = false
        var hasDigit = false
        while groups < 8 {
            var length = 0
            while length < 5 {
                let byte = text[index + length]
                let isDigit = byte &- 0x30 < 10
                guard isDigit || (byte | 0x20) &- 0x61 < 6 else { break }
                if isDigit { hasDigit = true }
                length += 1
            }
            if length == 0 { break }
            guard length <= 4 else { return nil }
            if groups == 0 { firstLength = length }
            groups += 1
            index += length
            guard text[index] == UInt8(ascii: ":") else { break }
            if text[index + 1] == UInt8(ascii: ":") {
                guard !hasGap else { return nil }
                hasGap = true
                index += 2
            } else {
                guard groups < 8, isHexadecimal(text[index + 1]) else { break }
                index += 1
            }
        }
        guard hasGap ? groups < 8 && (groups >= 3 || (groups == 2 && firstLength == 4)) : groups == 8, hasDigit,
            !text.isAlphanumeric(index), text[index] != UInt8(ascii: "*")
        else { return nil }
        return (.ipAddress, index)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6 }

    /// The mail address round the `@` at `at` (RFC 5321 lengths; ASCII local parts, labels of letters, digits, hyphens).
    static func email(_ text: ByteText, at: Int, from floor: Int) -> Range<Int>? {
        var start = at
        while start > floor, at - start <= 64, isLocal(text[start - 1]) { start -= 1 }
        guard at - start <= 64 else { return nil }
        while start < at, !ByteText.isAlphanumeric(text[start]), text[start] != UInt8(ascii: "_") { start += 1 }
        guard start < at, text[at - 1] != UInt8(ascii: "."), text[start - 1] != UInt8(ascii: "*") else { return nil }
        var index = at + 1
        var end = 0
        let stop = min(text.count, at + 254)
        var label = index
        while index <= stop {
            let byte = text[index]
            if ByteText.isAlphanumeric(byte) {
                index += 1
                continue
            }
            if byte == UInt8(ascii: "-"), index > label {
                index += 1
                continue
            }
            let length = index - label
            guard length >= 1, length <= 63, text[index - 1] != UInt8(ascii: "-") else { break }
            // The last label is letters, or `xn--` and more; a domain has two labels at least.
            if label > at + 1, length >= 2, isTop(text, label..<index) { end = index }
            guard byte == UInt8(ascii: ".") else { break }
            index += 1
            label = index
        }
        return end > 0 ? start..<end : nil
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        if ByteText.isAlphanumeric(byte) { return true }
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "%"),
            UInt8(ascii: "'"), UInt8(ascii: "&"):
            return true
        default: return false
        }
    }

    private static func isTop(_ text: ByteText, _ range: Range<Int>) -> Bool {
        if text.matches("xn--", at: range.lowerBound) { return true }
        for index in range where !ByteText.isLetter(text[index]) { return false }
        return true
    }
}
