/// The masked form of each kind: enough stays to tell two values apart in a conversation, not enough to use one.
///
/// No mask can be taken for personal data again: a star never stands inside or beside a match.
enum Masks {
    static func append(_ kind: PrivacyKind, _ value: ByteText, to out: inout [UInt8]) {
        switch kind {
        case .mobile:
            let national = value.count - nationalLength(value)
            copy(value, 0..<national, to: &out)
            appendDigits(value, from: national, first: 3, last: 4, to: &out)
        case .landline:
            appendDigits(value, from: 0, first: areaDigits(value), last: 4, separator: UInt8(ascii: "-"), to: &out)
        case .phone:
            out.append(UInt8(ascii: "+"))
            appendDigits(value, from: 0, first: 2, last: 2, to: &out)
        case .residentID: keep(value, first: 3, last: 4, stars: 11, to: &out)
        case .creditCode: keep(value, first: 4, last: 2, stars: 12, to: &out)
        case .bankCard: appendDigits(value, from: 0, first: 4, last: 4, to: &out)
        case .email: mail(value, to: &out)
        case .ipAddress: address(value, to: &out)
        case .passport, .taiwanID: keep(value, first: 1, last: 2, stars: 6, to: &out)
        case .plate: keep(value, first: 4, last: 1, stars: 4, to: &out)
        case .wechatID:
            if value.matches("wxid_", at: 0) {
                keep(value, first: 5, last: 0, stars: 4, to: &out)
            } else {
                keep(value, first: 1, last: 0, stars: 4, to: &out)
            }
        case .hongKongID: keep(value, first: 1, last: 0, stars: 7, to: &out)
        case .socialSecurity:
            stars(3, to: &out)
            out.append(UInt8(ascii: "-"))
            stars(2, to: &out)
            out.append(UInt8(ascii: "-"))
            copy(value, value.count - 4..<value.count, to: &out)
        case .iban: keep(value, first: 4, last: 2, stars: 8, to: &out)
        case .address: place(value, to: &out)
        case .name: name(value, to: &out)
        }
    }

    private static func copy(_ value: ByteText, _ range: Range<Int>, to out: inout [UInt8]) {
        for index in range { out.append(value[index]) }
    }

    private static func stars(_ count: Int, to out: inout [UInt8]) {
        for _ in 0..<count { out.append(UInt8(ascii: "*")) }
    }

    private static func keep(_ value: ByteText, first: Int, last: Int, stars count: Int, to out: inout [UInt8]) {
        copy(value, 0..<min(first, value.count), to: &out)
        stars(count, to: &out)
        copy(value, max(first, value.count - last)..<value.count, to: &out)
    }

    /// The first and last digits from `start` on, four stars between; other characters go.
    private static func appendDigits(
        _ value: ByteText, from start: Int, first: Int, last: Int, separator: UInt8? = nil, to out: inout [UInt8]
    ) {
        var total = 0
        for index in start..<value.count where value.isDigit(index) { total += 1 }
        var seen = 0
        for index in start..<value.count where value.isDigit(index) {
            if seen < first || seen >= total - last { out.append(value[index]) }
            seen += 1
            if seen == first {
                if let separator { out.append(separator) }
                stars(4, to: &out)
            }
        }
    }

    /// The length of the last eleven digits of a mobile number, separators included.
    private static func nationalLength(_ value: ByteText) -> Int {
        var digits = 0
        var index = value.count
        while index > 0, digits < 11 {
            index -= 1
            if value.isDigit(index) { digits += 1 }
        }
        return value.count - index
    }

    private static func areaDigits(_ value: ByteText) -> Int {
        var first = 0
        while first < value.count, !value.isDigit(first) { first += 1 }
        return value.digitsEnd(first, limit: 4) - first
    }

    private static func mail(_ value: ByteText, to out: inout [UInt8]) {
        var at = 0
        while at < value.count, value[at] != UInt8(ascii: "@") { at += 1 }
        out.append(value[0])
        stars(3, to: &out)
        copy(value, at..<value.count, to: &out)
    }

    private static func address(_ value: ByteText, to out: inout [UInt8]) {
        var separators = 0
        var index = 0
        while index < value.count {
            let byte = value[index]
            if byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") { separators += 1 }
            out.append(byte)
            index += 1
            if separators == 2 { break }
        }
        out.append(UInt8(ascii: "*"))
        out.append(value[index - 1] == UInt8(ascii: ".") ? UInt8(ascii: ".") : UInt8(ascii: ":"))
        out.append(UInt8(ascii: "*"))
    }

    /// Province and city stay.
    private static func place(_ value: ByteText, to out: inout [UInt8]) {
        var kept = 0
        var index = 0
        while index < min(value.count, 24) {
            let scalar = value.wide(index)
            if scalar == 0x7701 || scalar == 0x5E02 { kept = index + 3 }  // 省 市
            index += scalar == 0 ? 1 : 3
        }
        copy(value, 0..<kept, to: &out)
        stars(3, to: &out)
    }

    private static func name(_ value: ByteText, to out: inout [UInt8]) {
        if value.wide(0) != 0 {
            copy(value, 0..<3, to: &out)
            stars(max(1, value.count / 3 - 1), to: &out)
        } else {
            out.append(value[0])
            stars(3, to: &out)
        }
    }
}
