import Testing

@testable import Text

@Suite("Simplified Chinese and emoji classes")
struct SimplifiedChineseTests {
    private let normalizer = TextNormalizer(simplifiesChinese: true, groupsEmoji: true)

    @Test(arguments: [
        ("請問訂單什麼時候發貨？", "请问订单什么时候发货?"),
        ("退貨運費誰來付", "退货运费谁来付"),
        ("發票開錯了，請重開", "发票开错了,请重开"),
        ("客服態度惡劣，非常生氣", "客服态度恶劣,非常生气"),
        ("帳號無法登錄，驗證碼收不到", "帐号无法登录,验证码收不到"),
        ("東西壞了幫我換一個", "东西坏了帮我换一个"),
        ("裡面後來乾淨", "里面后来干净"),
    ])
    func traditionalBecomesSimplified(traditional: String, simplified: String) {
        #expect(normalizer.normalized(traditional) == simplified)
        #expect(normalizer.normalized(simplified) == simplified)
    }

    @Test func simplifiedTextStaysAsItIs() {
        let text = "显著提高，乾坤，干净，后面，借着，著名，征求，台风，发现头发，面条"
        #expect(
            normalizer.normalized(text).filter { $0 != "," } == text.filter { $0 != "，" }.replacing("乾", with: "干"))
    }

    @Test func noFormLeadsToAnother() {
        #expect(SimplifiedChinese.count > 2_200)
        for scalar in UInt32(0x4e00)...0x9fff {
            let once = SimplifiedChinese.simplified(scalar)
            #expect(SimplifiedChinese.simplified(once) == once)
        }
        #expect(SimplifiedChinese.simplified(0x41) == 0x41)
    }

    @Test func itIsAnOption() {
        #expect(TextNormalizer().normalized("發貨😍") == "發貨😍")
        #expect(normalizer.normalized("發貨😍") == "发货❤")
    }

    @Test(arguments: [("👍🏻", "👍"), ("🤬", "😡"), ("😭", "😢"), ("🙄", "👎"), ("😂", "😀"), ("🥰", "❤"), ("🚗", "🚗")])
    func emojiStandForTheirClass(emoji: String, representative: String) {
        #expect(normalizer.normalized(emoji) == representative)
    }

    @Test func aRepresentativeIsOfItsOwnClass() {
        for item in EmojiClass.allCases { #expect(EmojiClass(item.rawValue) == item) }
    }
}
