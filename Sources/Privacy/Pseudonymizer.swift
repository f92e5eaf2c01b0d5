internal import Crypto
import FoundationEssentials

/// Keyed pseudonyms: `p_` and 16 characters of base 32 (80 bits of HMAC-SHA256), the same for one person in every source.
///
/// Values are normalised before they are hashed, so that `+86 138-0013-8000` and `13800138000`, `A@B.com` and `a@b.com`
/// are one person. Without the key a pseudonym tells nothing; with another key it is another pseudonym.
package struct Pseudonymizer: Sendable {
    private let key: SymmetricKey

    package init(key: PrivacyKey) { self.key = SymmetricKey(data: key.bytes) }

    /// The pseudonym of a value; a pseudonym stays what it is.
    package func pseudonym(_ value: String, hint: PrivacyKind? = nil) -> String {
        var value = value
        var out: [UInt8] = []
        value.withUTF8 { append(UnsafeRawBufferPointer($0), hint: hint, to: &out) }
        return String(decoding: out, as: UTF8.self)
    }

    /// Appends the pseudonym of the value; `hint` is what it was found to be, if that is known.
    package func append(_ value: UnsafeRawBufferPointer, hint: PrivacyKind? = nil, to out: inout [UInt8]) {
        if let start = value.baseAddress {
            let text = ByteText(base: start.assumingMemoryBound(to: UInt8.self), count: value.count)
            if Pseudonymizer.isPseudonym(text, 0..<value.count) {
                out.append(contentsOf: value)
                return
            }
        }
        let normalised = IdentityNormalizer.normalise(value, hint: hint)
        var hmac = HMAC<SHA256>(key: key)
        hmac.update(data: normalised)
        out.append(UInt8(ascii: "p"))
        out.append(UInt8(ascii: "_"))
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for byte in hmac.finalize().prefix(10) {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 5 {
                held -= 5
                let digit = UInt8(bits >> held & 31)
                out.append(digit < 26 ? UInt8(ascii: "a") + digit : UInt8(ascii: "2") + digit - 26)
            }
        }
    }

    /// Whether a text has the form of a pseudonym.
    package static func isPseudonym(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { buffer in
            guard let base = buffer.baseAddress else { return false }
            return isPseudonym(ByteText(base: base, count: buffer.count), 0..<buffer.count)
        }
    }

    static func isPseudonym(_ text: ByteText, _ range: Range<Int>) -> Bool {
        guard range.count == 18, text[range.lowerBound] == UInt8(ascii: "p"),
            text[range.lowerBound + 1] == UInt8(ascii: "_")
        else { return false }
        for index in range.dropFirst(2) {
            let byte = text[index]
            guard byte &- 0x61 < 26 || byte &- 0x32 < 6 else { return false }
        }
        return true
    }
}

/// One form for the spellings of an identity, led by a letter for its class.
enum IdentityNormalizer {
    /// `t` and digits for a telephone number (mainland numbers without 86), `m` and lower case for a mail address,
    /// `v` and the trimmed, case-folded text for all else.
    static func normalise(_ value: UnsafeRawBufferPointer, hint: PrivacyKind?) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(value.count)
        guard let start = value.baseAddress else { return [UInt8(ascii: "v")] }
        let source = ByteText(base: start.assumingMemoryBound(to: UInt8.self), count: value.count)
        var index = 0
        while index < source.count {
            if source[index] == 0xEF, FirstPass.isFolding(source.wide(index)) {
                text.append(UInt8(source.wide(index) - 0xFEE0))
                index += 3
            } else {
                text.append(source[index])
                index += 1
            }
        }
        while let last = text.last, last <= 0x20 { text.removeLast() }
        if let first = text.firstIndex(where: { $0 > 0x20 }), first > 0 { text.removeFirst(first) }

        let isPhoneKind = hint == .mobile || hint == .landline || hint == .phone
        if isPhoneKind || (hint == nil && looksLikePhone(text)) {
            var digits = text.filter { $0 &- 0x30 < 10 }
            if digits.starts(with: [0x30, 0x30]) { digits.removeFirst(2) }
            if digits.count == 13, digits.starts(with: [0x38, 0x36]) { digits.removeFirst(2) }
            if digits.count >= 7 { return [UInt8(ascii: "t")] + digits }
        }
        for index in text.indices where text[index] &- 0x41 < 26 { text[index] |= 0x20 }
        let tag = text.contains(UInt8(ascii: "@")) ? UInt8(ascii: "m") : UInt8(ascii: "v")
        return [tag] + text
    }

    /// Digits with signs of a telephone number between them, 11–15 in all, or any with a `+`.
    private static func looksLikePhone(_ text: [UInt8]) -> Bool {
        var digits = 0
        for byte in text {
            if byte &- 0x30 < 10 {
                digits += 1
            } else if byte != 0x20, byte != UInt8(ascii: "-"), byte != UInt8(ascii: "+"), byte != UInt8(ascii: "("),
                byte != UInt8(ascii: ")"), byte != UInt8(ascii: ".")
            {
                return false
            }
        }
        return (10...15).contains(digits) && (text.first == UInt8(ascii: "+") || digits >= 11)
    }
}
