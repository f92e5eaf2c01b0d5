/// Rules for what starts with a letter or a Han character: documents, plates, accounts.
enum CodeRules {
    /// Tries the rules at a letter that no letter, digit, `_` or `*` precedes; `runEnd` is the end of its alphanumerics.
    static func match(_ text: ByteText, at start: Int, runEnd: Int) -> NumberRules.Found? {
        let length = runEnd - start
        let first = text[start]
        if first | 0x20 == UInt8(ascii: "w"), text[runEnd] == UInt8(ascii: "_"), text.matches("wxid_", at: start) {
            var end = start + 5
            while end < start + 40, text.isAlphanumeric(end) || text[end] == UInt8(ascii: "-") { end += 1 }
            let isWhole = end - start >= 11 && end - start < 40
            return isWhole && text[end] != UInt8(ascii: "*") ? (.wechatID, end) : nil
        }
        if length == 18, CheckDigits.creditCode(text, at: start), !text.continues(runEnd) {
            return (.creditCode, runEnd)
        }
        if ByteText.isUpper(first) {
            if length == 9, !text.continues(runEnd), isPassport(text, at: start), !OrderContext.precedes(text, start) {
                return (.passport, runEnd)
            }
            if length == 10, !text.continues(runEnd), isTaiwan(text, at: start), !OrderContext.precedes(text, start) {
                return (.taiwanID, runEnd)
            }
            if length >= 7, length <= 9, let end = hongKong(text, at: start, runEnd: runEnd) {
                return (.hongKongID, end)
            }
            if let end = iban(text, at: start, runEnd: runEnd) { return (.iban, end) }
        }
        return length <= 4 ? MachineRules.ipv6(text, at: start) : nil
    }

    /// `E` + letter or digit + 7 digits (ordinary, since 2012), or `G D S P` + 8 digits.
    private static func isPassport(_ text: ByteText, at start: Int) -> Bool {
        switch text[start] {
        case UInt8(ascii: "E"):
            let second = text[start + 1]
            return (second &- 0x30 < 10 || ByteText.isUpper(second)) && text.digitsEnd(start + 2, limit: 7) == start + 9
        case UInt8(ascii: "G"), UInt8(ascii: "D"), UInt8(ascii: "S"), UInt8(ascii: "P"):
            return text.digitsEnd(start + 1, limit: 8) == start + 9
        default: return false
        }
    }

    private static func isTaiwan(_ text: ByteText, at start: Int) -> Bool {
        switch text[start + 1] {
        case UInt8(ascii: "1"), UInt8(ascii: "2"), UInt8(ascii: "8"), UInt8(ascii: "9"): break
        default: return false
        }
        return text.digitsEnd(start + 1, limit: 9) == start + 10 && CheckDigits.taiwan(text, at: start)
    }

    /// One or two letters, six digits and a check in parentheses; without them only after 身份证 or HKID.
    private static func hongKong(_ text: ByteText, at start: Int, runEnd: Int) -> Int? {
        let letters = ByteText.isUpper(text[start + 1]) ? 2 : 1
        let digitsEnd = start + letters + 6
        guard text.digitsEnd(start + letters, limit: 6) == digitsEnd else { return nil }
        let check = CheckDigits.hongKong(text, letters: letters, at: start)
        if runEnd == digitsEnd {
            guard text[runEnd] == UInt8(ascii: "("), text[runEnd + 1] == check, text[runEnd + 2] == UInt8(ascii: ")")
            else {
                return nil
            }
            return runEnd + 3
        }
        guard runEnd == digitsEnd + 1, text[digitsEnd] == check, !text.continues(runEnd) else { return nil }
        var index = start
        while text[index - 1] == 0x20 || text[index - 1] == UInt8(ascii: ":") { index -= 1 }
        if text.wide(index - 3) == 0xFF1A { index -= 3 }
        let isNamed =
            text.ends(with: "身份证", before: index) || text.ends(with: "身份證", before: index)
            || text.ends(with: "身份证号", before: index) || text.ends(with: "身份證號碼", before: index)
            || text.ends(with: "hkid", before: index)
        return isNamed ? runEnd : nil
    }

    /// Two letters, two digits and 11–30 more, together or in groups of four.
    private static func iban(_ text: ByteText, at start: Int, runEnd: Int) -> Int? {
        guard ByteText.isUpper(text[start + 1]), text.isDigit(start + 2), text.isDigit(start + 3) else { return nil }
        let wanted = ibanLength(text[start], text[start + 1])
        guard wanted > 0 else { return nil }
        var index = start
        var seen = 0
        while seen < wanted {
            let byte = text[index]
            if byte &- 0x30 < 10 || ByteText.isUpper(byte) {
                seen += 1
            } else if byte != 0x20 || seen % 4 != 0 {
                return nil
            }
            index += 1
        }
        return !text.continues(index) && CheckDigits.iban(text, start..<index) ? index : nil
    }

    /// Lengths by the SWIFT registry for the countries of the SEPA scheme and some more.
    private static func ibanLength(_ first: UInt8, _ second: UInt8) -> Int {
        switch UInt16(first) << 8 | UInt16(second) {
        case 0x4E4F: 15  // NO
        case 0x4245: 16  // BE
        case 0x444B, 0x4649, 0x4E4C: 18  // DK FI NL
        case 0x4D4B, 0x5349: 19  // MK SI
        case 0x4154, 0x4241, 0x4545, 0x4C54, 0x4C55: 20  // AT BA EE LT LU
        case 0x4348, 0x4852, 0x4C49, 0x4C56: 21  // CH HR LI LV
        case 0x4247, 0x4445, 0x4742, 0x4745, 0x4945, 0x4D45, 0x5253: 22  // BG DE GB GE IE ME RS
        case 0x4145, 0x4749: 23  // AE GI
        case 0x4144, 0x435A, 0x4553, 0x4D44, 0x524F, 0x5341, 0x5345, 0x534B: 24  // AD CZ ES MD RO SA SE SK
        case 0x5054: 25  // PT
        case 0x4953, 0x5452: 26  // IS TR
        case 0x4652, 0x4752, 0x4954, 0x4D43, 0x534D: 27  // FR GR IT MC SM
        case 0x414C, 0x4359, 0x4855, 0x504C: 28  // AL CY HU PL
        case 0x4D54: 31  // MT
        default: 0
        }
    }

    /// A province's character, a letter and five or six more, the last of them perhaps 挂 学 警 港 澳.
    static func plate(_ text: ByteText, at start: Int, _ tables: HanTables) -> Int? {
        let office = text[start + 3]
        guard isPlateByte(office), ByteText.isUpper(office) else { return nil }
        var index = start + 4
        if text[index] == 0x20 || text[index] == UInt8(ascii: "-") {
            index += 1
        } else if text[index] == 0xC2, text[index + 1] == 0xB7 {
            index += 2
        } else if text.wide(index) == 0x2022 || text.wide(index) == 0x30FB {
            index += 3
        }
        var length = 0
        var digits = 0
        while length < 7, isPlateByte(text[index]) {
            if text.isDigit(index) { digits += 1 }
            length += 1
            index += 1
        }
        if length == 4, tables.plateEnds.contains(text.wide(index)) {
            length += 1
            index += 3
        }
        return (length == 5 || length == 6) && digits >= 2 && !text.continues(index) ? index : nil
    }

    private static func isPlateByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (ByteText.isUpper(byte) && byte != UInt8(ascii: "I") && byte != UInt8(ascii: "O"))
    }

    /// What stands after 微信号 or WeChat: a letter and 5–19 of letters, digits, `-`, `_`, at least one not a letter.
    static func wechat(_ text: ByteText, after wordEnd: Int) -> Range<Int>? {
        var index = wordEnd
        if text.wide(index) == 0x53F7 || text.wide(index) == 0x865F { index += 3 }  // 号 號
        if text.matches(" id", at: index) || text.matches("id", at: index) { index += text[index] == 0x20 ? 3 : 2 }
        var steps = 0
        while steps < 3 {
            let byte = text[index]
            if byte == 0x20 || byte == UInt8(ascii: ":") {
                index += 1
            } else if text.wide(index) == 0xFF1A || text.wide(index) == 0x662F {
                index += 3
            } else {
                break
            }
            steps += 1
        }
        guard ByteText.isLetter(text[index]) else { return nil }
        var end = index
        var hasOther = false
        while end - index <= 20,
            text.isAlphanumeric(end) || text[end] == UInt8(ascii: "_") || text[end] == UInt8(ascii: "-")
        {
            if !ByteText.isLetter(text[end]) { hasOther = true }
            end += 1
        }
        guard hasOther, (6...20).contains(end - index), text[end] != UInt8(ascii: "*"), text[end] != UInt8(ascii: "@"),
            !(text[end] == UInt8(ascii: ".") && text.isAlphanumeric(end + 1)),
            !Pseudonymizer.isPseudonym(text, index..<end)
        else { return nil }
        return index..<end
    }
}
