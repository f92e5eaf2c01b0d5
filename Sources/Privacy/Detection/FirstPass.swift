/// What a quick look over a text says about the matches that it can hold.
struct FirstPass: OptionSet {
    let rawValue: UInt8

    static let digit = FirstPass(rawValue: 1)
    static let at = FirstPass(rawValue: 2)
    /// Full-width ASCII letters, digits or the signs that stand inside numbers and mail addresses.
    static let fullWidth = FirstPass(rawValue: 4)
    /// A title or a phrase that can announce a name or a WeChat id.
    static let word = FirstPass(rawValue: 8)

    /// Looks at every byte once. An empty answer means that no rule can match.
    static func look(_ text: ByteText, _ pairFirsts: HanSet) -> FirstPass {
        var found: FirstPass = []
        let base = text.base
        let count = text.count
        var index = 0
        while index < count {
            let byte = base[index]
            if byte < 0x80 {
                if byte < 0x41 {
                    if byte == 0x40 {
                        found.insert(.at)
                    } else if byte &- 0x30 < 10 {
                        found.insert(.digit)
                    }
                } else {
                    switch byte {
                    case UInt8(ascii: "M"), UInt8(ascii: "D"), UInt8(ascii: "N"), UInt8(ascii: "n"), UInt8(ascii: "w"),
                        UInt8(ascii: "W"):
                        if !found.contains(.word), isWord(text, index) { found.insert(.word) }
                    default: break
                    }
                }
                index += 1
            } else if byte & 0xF0 == 0xE0 {
                let scalar = text.wide(index)
                if byte == 0xEF {
                    if isFolding(scalar) { found.insert(.fullWidth) }
                } else if pairFirsts.contains(scalar), isPair(scalar, text.wide(index + 3)) {
                    found.insert(.word)
                }
                index += 3
            } else {
                index += 1
            }
        }
        return found
    }

    /// Whether a full-width form can be part of a match: letters, digits and `@ + - . _`.
    static func isFolding(_ scalar: UInt32) -> Bool {
        guard scalar >= 0xFF01, scalar <= 0xFF5E else { return false }
        let ascii = UInt8(scalar - 0xFEE0)
        return ByteText.isAlphanumeric(ascii) || ascii == UInt8(ascii: "@") || ascii == UInt8(ascii: "+")
            || ascii == UInt8(ascii: "-") || ascii == UInt8(ascii: ".") || ascii == UInt8(ascii: "_")
    }

    private static func isWord(_ text: ByteText, _ index: Int) -> Bool {
        switch text[index] | 0x20 {
        case UInt8(ascii: "m"):
            text.matches("mr", at: index) || text.matches("ms", at: index) || text.matches("miss", at: index)
        case UInt8(ascii: "d"): text.matches("dr", at: index)
        case UInt8(ascii: "n"): text.matches("name", at: index)
        default: text.matches("wxid_", at: index) || text.matches("wechat", at: index)
        }
    }

    private static func isPair(_ first: UInt32, _ second: UInt32) -> Bool {
        switch (first, second) {
        case (0x5148, 0x751F), (0x5973, 0x58EB), (0x5C0F, 0x59D0),  // 先生 女士 小姐
            (0x6211, 0x53EB), (0x59D3, 0x540D), (0x540D, 0x5B57), (0x540D, 0x53EB),  // 我叫 姓名 名字 名叫
            (0x4EF6, 0x4EBA), (0x8D27, 0x4EBA), (0x8CA8, 0x4EBA), (0x7CFB, 0x4EBA),  // 件人 货人 貨人 系人
            (0x7D61, 0x4EBA), (0x7E6B, 0x4EBA), (0x5361, 0x4EBA),  // 絡人 繫人 卡人
            (0x5FAE, 0x4FE1):  // 微信
            true
        default: false
        }
    }
}
