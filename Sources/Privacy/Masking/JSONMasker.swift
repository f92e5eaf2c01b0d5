/// Applies a policy inside JSON text: strings and numbers are treated, keys and structure stay, and what was valid JSON
/// is valid JSON afterwards.
struct JSONMasker {
    private var unescaped: [UInt8] = []
    private var treated: [UInt8] = []

    /// Treats every value; a number that holds personal data becomes a string. Values of keys that name a person
    /// (`first_name`, `姓名` …) go to `identity`.
    mutating func mask(
        _ json: UnsafeRawBufferPointer, masker: inout TextMasker, into out: inout [UInt8],
        identity: (UnsafeRawBufferPointer, inout [UInt8]) -> Void
    ) {
        var index = 0
        var key: Range<Int>?
        while index < json.count {
            let byte = json[index]
            if byte == UInt8(ascii: "\"") {
                let end = JSONMasker.stringEnd(json, index)
                var after = end
                while after < json.count, json[after] <= 0x20 { after += 1 }
                if after < json.count, json[after] == UInt8(ascii: ":") {
                    key = index + 1..<max(index + 1, end - 1)
                    out.append(contentsOf: UnsafeRawBufferPointer(rebasing: json[index..<end]))
                } else {
                    let isPerson =
                        key.map { JSONMasker.namesPerson(UnsafeRawBufferPointer(rebasing: json[$0])) } ?? false
                    string(json, index..<end, into: &out) { value, result in
                        if isPerson {
                            identity(value, &result)
                            return true
                        }
                        return masker.mask(value, into: &result)
                    }
                    key = nil
                }
                index = end
            } else if byte &- 0x30 < 10 || byte == UInt8(ascii: "-") {
                var end = index + 1
                while end < json.count, JSONMasker.isNumberByte(json[end]) { end += 1 }
                let token = UnsafeRawBufferPointer(rebasing: json[index..<end])
                treated.removeAll(keepingCapacity: true)
                if end - index >= 7, masker.mask(token, into: &treated) {
                    JSONMasker.quote(treated, into: &out)
                } else {
                    out.append(contentsOf: token)
                }
                key = nil
                index = end
            } else {
                out.append(byte)
                index += 1
            }
        }
    }

    /// Treats the values of `[{"kind":…,"value":…}]`: each goes to `identity` with its kind; kinds and keys stay.
    mutating func maskIdentities(
        _ json: UnsafeRawBufferPointer, into out: inout [UInt8],
        identity: (UnsafeRawBufferPointer, PrivacyKind?, inout [UInt8]) -> Void
    ) {
        var index = 0
        while index < json.count {
            let byte = json[index]
            if byte == UInt8(ascii: "{") {
                let end = JSONMasker.objectEnd(json, index)
                object(UnsafeRawBufferPointer(rebasing: json[index..<end]), into: &out, identity: identity)
                index = end
            } else if byte == UInt8(ascii: "\"") {
                let end = JSONMasker.stringEnd(json, index)
                string(json, index..<end, into: &out) { value, result in
                    identity(value, nil, &result)
                    return true
                }
                index = end
            } else {
                out.append(byte)
                index += 1
            }
        }
    }

    private mutating func object(
        _ json: UnsafeRawBufferPointer, into out: inout [UInt8],
        identity: (UnsafeRawBufferPointer, PrivacyKind?, inout [UInt8]) -> Void
    ) {
        // The kind may stand after the value, so it is looked for first.
        let hint = kindHint(json)
        var index = 0
        var isKind = false
        while index < json.count {
            let byte = json[index]
            if byte == UInt8(ascii: "\"") {
                let end = JSONMasker.stringEnd(json, index)
                var after = end
                while after < json.count, json[after] <= 0x20 { after += 1 }
                let raw = UnsafeRawBufferPointer(rebasing: json[index..<end])
                if after < json.count, json[after] == UInt8(ascii: ":") {
                    isKind = raw.elementsEqual("\"kind\"".utf8)
                    out.append(contentsOf: raw)
                } else if isKind {
                    out.append(contentsOf: raw)
                    isKind = false
                } else {
                    string(json, index..<end, into: &out) { value, result in
                        identity(value, hint, &result)
                        return true
                    }
                }
                index = end
            } else if byte &- 0x30 < 10 || byte == UInt8(ascii: "-") {
                var end = index + 1
                while end < json.count, JSONMasker.isNumberByte(json[end]) { end += 1 }
                treated.removeAll(keepingCapacity: true)
                identity(UnsafeRawBufferPointer(rebasing: json[index..<end]), hint, &treated)
                JSONMasker.quote(treated, into: &out)
                index = end
            } else {
                out.append(byte)
                index += 1
            }
        }
    }

    /// `.phone` or `.email` where the object's `kind` says so.
    private func kindHint(_ json: UnsafeRawBufferPointer) -> PrivacyKind? {
        var index = 0
        var isKind = false
        while index < json.count {
            guard json[index] == UInt8(ascii: "\"") else {
                index += 1
                continue
            }
            let end = JSONMasker.stringEnd(json, index)
            let raw = json[index..<end]
            if isKind {
                if raw.elementsEqual("\"phone\"".utf8) || raw.elementsEqual("\"mobile\"".utf8) { return .phone }
                return raw.elementsEqual("\"email\"".utf8) ? .email : nil
            }
            isKind = raw.elementsEqual("\"kind\"".utf8)
            index = end
        }
        return nil
    }

    /// Writes one string, its content passed through `treat`, which says whether it changed anything.
    private mutating func string(
        _ json: UnsafeRawBufferPointer, _ range: Range<Int>, into out: inout [UInt8],
        _ treat: (UnsafeRawBufferPointer, inout [UInt8]) -> Bool
    ) {
        let content = UnsafeRawBufferPointer(
            rebasing: json[range.lowerBound + 1..<max(range.lowerBound + 1, range.upperBound - 1)])
        treated.removeAll(keepingCapacity: true)
        let changed: Bool
        if content.contains(UInt8(ascii: "\\")) {
            unescaped.removeAll(keepingCapacity: true)
            JSONMasker.unescape(content, into: &unescaped)
            let plain = unescaped
            changed = plain.withUnsafeBytes { treat($0, &treated) }
        } else {
            changed = treat(content, &treated)
        }
        if changed {
            JSONMasker.quote(treated, into: &out)
        } else {
            out.append(contentsOf: UnsafeRawBufferPointer(rebasing: json[range]))
        }
    }

    // MARK: Pieces of JSON

    /// Behind the closing quote of the string at `start`, or the end of the text.
    static func stringEnd(_ json: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var index = start + 1
        while index < json.count {
            if json[index] == UInt8(ascii: "\\") {
                index += 2
            } else if json[index] == UInt8(ascii: "\"") {
                return index + 1
            } else {
                index += 1
            }
        }
        return json.count
    }

    private static func objectEnd(_ json: UnsafeRawBufferPointer, _ start: Int) -> Int {
        var index = start
        var depth = 0
        while index < json.count {
            switch json[index] {
            case UInt8(ascii: "\""):
                index = stringEnd(json, index)
                continue
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
            index += 1
        }
        return json.count
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            || byte | 0x20 == UInt8(ascii: "e")
    }

    private static func namesPerson(_ key: UnsafeRawBufferPointer) -> Bool {
        switch key.count {
        case 6: key.elementsEqual("姓名".utf8)
        case 8: key.elementsEqual("nickname".utf8) || key.elementsEqual("realname".utf8)
        case 9:
            key.elementsEqual("last_name".utf8) || key.elementsEqual("real_name".utf8)
                || key.elementsEqual("full_name".utf8) || key.elementsEqual("nick_name".utf8)
        case 10: key.elementsEqual("first_name".utf8)
        case 12:
            key.elementsEqual("contact_name".utf8) || key.elementsEqual("visitor_name".utf8)
                || key.elementsEqual("display_name".utf8)
        case 13: key.elementsEqual("customer_name".utf8)
        case 14: key.elementsEqual("requester_name".utf8)
        default: false
        }
    }

    /// Takes the escapes of a JSON string's content away; a lone surrogate becomes U+FFFD.
    static func unescape(_ content: UnsafeRawBufferPointer, into out: inout [UInt8]) {
        var index = 0
        while index < content.count {
            let byte = content[index]
            guard byte == UInt8(ascii: "\\"), index + 1 < content.count else {
                out.append(byte)
                index += 1
                continue
            }
            index += 2
            switch content[index - 1] {
            case UInt8(ascii: "n"): out.append(10)
            case UInt8(ascii: "r"): out.append(13)
            case UInt8(ascii: "t"): out.append(9)
            case UInt8(ascii: "b"): out.append(8)
            case UInt8(ascii: "f"): out.append(12)
            case UInt8(ascii: "u"):
                guard let first = hexadecimal(content, index) else {
                    out.append(UInt8(ascii: "u"))
                    continue
                }
                index += 4
                var scalar = first
                if first & 0xFC00 == 0xD800, index + 1 < content.count, content[index] == UInt8(ascii: "\\"),
                    content[index + 1] == UInt8(ascii: "u"), let second = hexadecimal(content, index + 2),
                    second & 0xFC00 == 0xDC00
                {
                    scalar = 0x10000 + (first & 0x3FF) << 10 + second & 0x3FF
                    index += 6
                }
                out.append(contentsOf: String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
            default: out.append(content[index - 1])
            }
        }
    }

    private static func hexadecimal(_ content: UnsafeRawBufferPointer, _ start: Int) -> UInt32? {
        guard start + 4 <= content.count else { return nil }
        var value: UInt32 = 0
        for index in start..<start + 4 {
            let digit: UInt8
            switch content[index] {
            case 0x30...0x39: digit = content[index] - 0x30
            case 0x61...0x66: digit = content[index] - 0x57
            case 0x41...0x46: digit = content[index] - 0x37
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    static func quote(_ text: [UInt8], into out: inout [UInt8]) {
        let digits: StaticString = "0123456789abcdef"
        out.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 10: out.append(contentsOf: "\\n".utf8)
            case 13: out.append(contentsOf: "\\r".utf8)
            case 9: out.append(contentsOf: "\\t".utf8)
            case 0..<32:
                out.append(contentsOf: "\\u00".utf8)
                out.append(digits.utf8Start[Int(byte >> 4)])
                out.append(digits.utf8Start[Int(byte & 15)])
            default: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }
}
