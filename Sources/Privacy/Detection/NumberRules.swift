/// Rules for what starts with a digit, `+` or `(`: cards, telephone numbers, addresses of machines.
///
/// Each rule looks at one start and a bounded stretch after it, so that a text costs time in proportion to its length.
enum NumberRules {
    /// A rule's answer: the kind and the end of the match.
    typealias Found = (kind: PrivacyKind, end: Int)

    /// Tries the rules at a digit that no letter, digit, `_` or `*` precedes; `runEnd` is the end of its alphanumerics.
    static func match(_ text: ByteText, at start: Int, runEnd: Int) -> Found? {
        let length = runEnd - start
        if length == 18 {
            if CheckDigits.residentID(text, at: start), !text.continues(runEnd) { return (.residentID, runEnd) }
            if CheckDigits.creditCode(text, at: start), !text.continues(runEnd) { return (.creditCode, runEnd) }
        }
        guard text.digitsEnd(start, limit: length) == runEnd else {
            return MachineRules.ipv6(text, at: start)
        }
        // A number that goes on from another by a point or a hyphen belongs to an amount, a version or an order.
        let before = text[start - 1]
        let goesOn = (before == UInt8(ascii: ".") || before == UInt8(ascii: "-")) && text.isAlphanumeric(start - 2)
        if !goesOn {
            if length >= 3, let end = card(text, at: start, runEnd: runEnd), !OrderContext.precedes(text, start) {
                return (.bankCard, end)
            }
            if let end = mobile(text, at: start, runEnd: runEnd), !OrderContext.precedes(text, start) {
                return (.mobile, end)
            }
            if length == 3 {
                if let end = socialSecurity(text, at: start) { return (.socialSecurity, end) }
                if let end = american(text, at: start) { return (.landline, end) }
            }
            if let end = landline(text, at: start) { return (.landline, end) }
            if length <= 3, let end = MachineRules.ipv4(text, at: start) { return (.ipAddress, end) }
        }
        return length <= 4 ? MachineRules.ipv6(text, at: start) : nil
    }

    /// 13–19 digits, together or in groups, of a card's prefix, that pass Luhn's check.
    private static func card(_ text: ByteText, at start: Int, runEnd: Int) -> Int? {
        var end = runEnd
        var digits = runEnd - start
        if digits == 4 {
            // 4-4-4-4 with up to three more, or 4-6-5.
            let separator = text[end]
            guard separator == 0x20 || separator == UInt8(ascii: "-") else { return nil }
            while digits < 19, text[end] == separator {
                let next = text.digitsEnd(end + 1, limit: 7)
                let group = next - end - 1
                guard group > 0, digits + group <= 19 else { break }
                let isFour = group == 4 || (digits == 16 && group <= 3)
                let isSixFive = (digits == 4 && group == 6) || (digits == 10 && group == 5)
                guard isFour || isSixFive else { break }
                if text.isAlphanumeric(next) { break }
                // Sixteen digits that pass are whole: what follows may be another number.
                if digits == 16, CheckDigits.luhn(text, start..<end) { break }
                digits += group
                end = next
            }
        }
        guard digits >= 13, digits <= 19, !text.continues(end), hasCardPrefix(text, at: start, digits: digits),
            CheckDigits.luhn(text, start..<end)
        else { return nil }
        return end
    }

    /// Prefixes by length: Visa, Mastercard, American Express, Diners, JCB, UnionPay and old cards of Chinese banks.
    private static func hasCardPrefix(_ text: ByteText, at start: Int, digits: Int) -> Bool {
        var prefix = 0
        var index = start
        var seen = 0
        while seen < 4 {
            if text.isDigit(index) {
                prefix = prefix * 10 + text.digit(index)
                seen += 1
            }
            index += 1
        }
        let two = prefix / 100
        switch digits {
        case 13: return two / 10 == 4
        case 14: return two == 36 || two == 38 || two == 39 || (3000...3059).contains(prefix)
        case 15: return two == 34 || two == 37
        case 16:
            return two / 10 == 4 || (51...55).contains(two) || (2221...2720).contains(prefix) || two == 35
                || two == 60 || two == 62 || two == 64 || two == 65 || two == 81
        case 17: return two == 62
        // Eighteen digits with a date in them are an identity number with a wrong check digit.
        case 18: return two == 62 && !CheckDigits.isDate(text, at: start + 6)
        default:
            switch prefix {
            case 4367, 4563, 4895, 4041, 4270, 4340, 9558, 9559, 6858: return true
            default: return two == 62 || two == 60
            }
        }
    }

    /// `1[3-9]` and nine digits, together or 3-4-4, after an optional 86.
    static func mobile(_ text: ByteText, at start: Int, runEnd: Int) -> Int? {
        var national = start
        if text[start] == UInt8(ascii: "8"), text[start + 1] == UInt8(ascii: "6"),
            runEnd - start == 2 || runEnd - start == 13
        {
            national = runEnd - start == 13 ? start + 2 : start + 3
            let separator = text[start + 2]
            if runEnd - start == 2, separator != 0x20, separator != UInt8(ascii: "-") { return nil }
        }
        return nationalMobile(text, at: national)
    }

    static func nationalMobile(_ text: ByteText, at start: Int) -> Int? {
        guard text[start] == UInt8(ascii: "1"), text[start + 1] >= UInt8(ascii: "3"), text.isDigit(start + 1) else {
            return nil
        }
        let first = text.digitsEnd(start, limit: 12)
        var end = first
        if first - start == 3 {
            let separator = text[first]
            guard separator == 0x20 || separator == UInt8(ascii: "-") else { return nil }
            let second = text.digitsEnd(first + 1, limit: 5)
            guard second - first == 5, text[second] == separator else { return nil }
            end = text.digitsEnd(second + 1, limit: 5)
            guard end - second == 5 else { return nil }
        } else if first - start != 11 {
            return nil
        }
        guard !text.continues(end), !isAmount(text, start, end) else { return nil }
        return end
    }

    /// Whether a currency sign stands before, or a unit of money after.
    private static func isAmount(_ text: ByteText, _ start: Int, _ end: Int) -> Bool {
        let after = text.wide(end)
        if after == 0x5143 || after == 0x5706 || after == 0x5757 { return true }  // 元 圆 块
        let before = text.wide(start - 3)
        return text[start - 1] == UInt8(ascii: "$") || before == 0xFFE5 || text.ends(with: "¥", before: start)
    }

    /// `0dd-dddddddd`, `0ddd-ddddddd(d)`, with a hyphen, a space or parentheses round the area code.
    private static func landline(_ text: ByteText, at start: Int) -> Int? {
        guard text[start] == UInt8(ascii: "0") else { return nil }
        let areaEnd = text.digitsEnd(start, limit: 5)
        guard let end = localNumber(text, area: start..<areaEnd, from: areaEnd + 1) else { return nil }
        let separator = text[areaEnd]
        guard separator == UInt8(ascii: "-") || separator == 0x20 else { return nil }
        return end
    }

    private static func localNumber(_ text: ByteText, area: Range<Int>, from start: Int) -> Int? {
        let second = text[area.lowerBound + 1]
        let isBig = second == UInt8(ascii: "1") || second == UInt8(ascii: "2")
        guard isBig ? area.count == 3 : area.count == 4 && second >= UInt8(ascii: "3") else { return nil }
        guard text[start] >= UInt8(ascii: "2") else { return nil }
        var end = text.digitsEnd(start, limit: 9)
        if end - start == 4 {
            let separator = text[end]
            guard separator == 0x20 || separator == UInt8(ascii: "-") else { return nil }
            let next = text.digitsEnd(end + 1, limit: 5)
            guard next - end == 5 else { return nil }
            end = next
        } else {
            guard end - start == 8 || (end - start == 7 && !isBig) else { return nil }
        }
        return text.continues(end) ? nil : end
    }

    /// `(010)60682673` and `(415) 555-2671`, from the parenthesis on.
    static func parenthesised(_ text: ByteText, at start: Int) -> Found? {
        let areaEnd = text.digitsEnd(start + 1, limit: 5)
        guard areaEnd - start >= 4, text[areaEnd] == UInt8(ascii: ")") else { return nil }
        let next = text[areaEnd + 1] == 0x20 || text[areaEnd + 1] == UInt8(ascii: "-") ? areaEnd + 2 : areaEnd + 1
        if text[start + 1] == UInt8(ascii: "0") {
            return localNumber(text, area: start + 1..<areaEnd, from: next).map { (.landline, $0) }
        }
        guard areaEnd - start == 4, text[start + 1] >= UInt8(ascii: "2"),
            let end = exchangeAndLine(text, at: next)
        else { return nil }
        return (.landline, end)
    }

    /// `ddd-ddd-dddd` of the North American plan.
    private static func american(_ text: ByteText, at start: Int) -> Int? {
        guard text[start] >= UInt8(ascii: "2"), text[start + 3] == UInt8(ascii: "-") else { return nil }
        return exchangeAndLine(text, at: start + 4)
    }

    private static func exchangeAndLine(_ text: ByteText, at start: Int) -> Int? {
        guard text[start] >= UInt8(ascii: "2"), text.digitsEnd(start, limit: 4) == start + 3 else { return nil }
        let separator = text[start + 3]
        guard separator == UInt8(ascii: "-") || separator == 0x20 || separator == UInt8(ascii: ".") else { return nil }
        let end = text.digitsEnd(start + 4, limit: 5)
        return end - start == 8 && !text.continues(end) ? end : nil
    }

    /// `ddd-dd-dddd` outside the blocks that are never given out.
    private static func socialSecurity(_ text: ByteText, at start: Int) -> Int? {
        guard text[start + 3] == UInt8(ascii: "-"), text.digitsEnd(start + 4, limit: 3) == start + 6,
            text[start + 6] == UInt8(ascii: "-"), text.digitsEnd(start + 7, limit: 5) == start + 11,
            !text.continues(start + 11)
        else { return nil }
        let area = text.digit(start) * 100 + text.digit(start + 1) * 10 + text.digit(start + 2)
        guard area != 0, area != 666, area < 900 else { return nil }
        guard text.digit(start + 4) + text.digit(start + 5) > 0 else { return nil }
        return (7...10).contains { text.digit(start + $0) > 0 } ? start + 11 : nil
    }

    /// `+` and 9–15 digits with single separators: E.164; +86 with a mobile number is `.mobile`.
    static func international(_ text: ByteText, at start: Int) -> Found? {
        let first = start + 1
        guard text.isDigit(first), text[first] != UInt8(ascii: "0") else { return nil }
        if text[first] == UInt8(ascii: "8"), text[first + 1] == UInt8(ascii: "6") {
            var national = first + 2
            if text[national] == 0x20 || text[national] == UInt8(ascii: "-") { national += 1 }
            if let end = nationalMobile(text, at: national) { return (.mobile, end) }
        }
        var end = first
        var digits = 0
        var index = first
        while digits <= 15 {
            if text.isDigit(index) {
                digits += 1
                index += 1
                end = index
                continue
            }
            let byte = text[index]
            let isSeparator =
                byte == 0x20 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
            // At most two separators together, as in `+1 (415) 555`.
            guard isSeparator, index - end < 2 else { break }
            index += 1
        }
        guard digits >= 9, digits <= 15, !text.continues(end) else { return nil }
        if text[first] == UInt8(ascii: "1") {
            guard digits == 11 else { return nil }
        }
        return (.phone, end)
    }
}

extension ByteText {
    /// Whether a number that ends at `index` in fact goes on: an alphanumeric, a mask's star, `_`, or a decimal point.
    @inline(__always)
    func continues(_ index: Int) -> Bool {
        let byte = self[index]
        if ByteText.isAlphanumeric(byte) || byte == UInt8(ascii: "*") || byte == UInt8(ascii: "_") { return true }
        return byte == UInt8(ascii: ".") && isDigit(index + 1)
    }
}

/// Words before a number that make it the number of an order, a parcel or a payment.
enum OrderContext {
    static func precedes(_ text: ByteText, _ start: Int) -> Bool {
        var index = start
        // Over spaces, colons, `#` and 是 between the word and the number.
        var steps = 0
        while steps < 4 {
            let byte = text[index - 1]
            if byte == 0x20 || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "#") || byte == UInt8(ascii: ".") {
                index -= 1
            } else {
                let scalar = text.wide(index - 3)
                guard scalar == 0xFF1A || scalar == 0x662F || scalar == 0x4E3A || scalar == 0x70BA else { break }
                index -= 3
            }
            steps += 1
        }
        return text.ends(with: "单号", before: index) || text.ends(with: "訂單號", before: index)
            || text.ends(with: "单號", before: index) || text.ends(with: "订单", before: index)
            || text.ends(with: "流水", before: index) || text.ends(with: "流水号", before: index)
            || text.ends(with: "编号", before: index) || text.ends(with: "運單", before: index)
            || text.ends(with: "运单", before: index) || text.ends(with: "order", before: index)
            || text.ends(with: "order no", before: index) || text.ends(with: "order number", before: index)
            || text.ends(with: "order id", before: index) || text.ends(with: "tracking", before: index)
            || text.ends(with: "tracking number", before: index) || text.ends(with: "ticket", before: index)
            || text.ends(with: "invoice", before: index) || text.ends(with: "version", before: index)
            || text.ends(with: "版本", before: index) || text.ends(with: "版本号", before: index)
    }
}
