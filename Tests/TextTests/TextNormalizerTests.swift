import Testing

@testable import Text

@Suite("Text normaliser")
struct TextNormalizerTests {
    @Test(arguments: [
        ("", ""),
        ("   ", ""),
        ("  Hello,\t\n WORLD  ", "hello, world"),
        ("ＡＢＣ　ｄｅｆ！？", "abc def!?"),
        ("价格：￥１２", "价格:￥00"),
        ("你好，世界。", "你好,世界."),
        ("“引号”‘单’《书》【注】", "\"引号\"'单'(书)[注]"),
        ("ÀÉÎÕÜ Žluťoučký ŁÓDŹ", "àéîõü žluťoučký łódź"),
        ("ПРИВЕТ Ёж", "привет ёж"),
        ("ΑΒΓ ΈΏΆ Σίσυφος", "αβγ έώά σίσυφοσ"),
        ("İstanbul ſ", "istanbul s"),
        ("zero\u{200b}width\u{feff} \u{ad}soft", "zerowidth soft"),
        ("bell\u{7}", "bell"),
        ("non\u{a0}breaking\u{3000}ideographic", "non breaking ideographic"),
        ("sooooooo good!!!!!!", "sooo good!!!"),
        ("哈哈哈哈哈哈", "哈哈哈"),
        ("👍🏽👍🏿", "👍👍"),
        ("❤️", "❤"),
        ("1 22 333", "0 00 000"),
        ("order 12345678901", "order 0000000"),
        ("１３８１２３４５６７８", "0000000"),
        ("a—b…", "a-b."),
    ])
    func folds(text: String, expected: String) {
        #expect(TextNormalizer().normalized(text) == expected)
    }

    @Test(arguments: [
        ("13812345678", "138****5678"),
        ("13812345678", "<PHONE>"),
        ("13812345678", "*******5678"),
        ("call 13812345678 now", "call <PHONE> now"),
        ("6222021234567890123", "<BANK_CARD>"),
        ("11010519900307123X", "110***********123X"),
        ("E12345678", "E******78"),
        ("jane.doe@example.com", "<EMAIL>"),
        ("jane.doe@example.com", "j***@example.com"),
        ("mail jane@example.com.", "mail <EMAIL> ."),
        ("see https://example.com/a?b=1 please", "see <URL> please"),
        ("WWW.Example.com", "<URL>"),
        ("我的电话13812345678谢谢", "我的电话<PHONE>谢谢"),
    ])
    func rawAndMaskedMeet(raw: String, masked: String) {
        let normalizer = TextNormalizer()
        #expect(normalizer.normalized(raw) == normalizer.normalized(masked))
    }

    @Test(arguments: [
        ("4*5", "0*0"), ("5 * 4", "0 * 0"), ("a * b", "a * b"), ("**bold**", "**bold**"), ("@home", "@home"),
        ("x @ y", "x @ y"), ("<b>", "<b>"), ("<PHONE", "<phone"), ("<NAME>", "#"), ("how when", "how when"),
        ("http", "http"), ("oh https:/", "oh https:/"),
    ])
    func leavesOtherStarsAndBracketsAlone(text: String, expected: String) {
        #expect(TextNormalizer().normalized(text) == expected)
    }

    @Test(
        arguments: [
            [0xff, 0x61], [0x61, 0xc3], [0xe4, 0xbd], [0xed, 0xa0, 0x80, 0x62], [0xf8, 0x88, 0x80, 0x80], [0xc0, 0x80],
            [0xf4, 0x90, 0x80, 0x80], [0xe0, 0x80, 0x80], [0xf0, 0x80, 0x80, 0x80], [0x80], [0xf0, 0x9f, 0x98],
        ] as [[UInt8]])
    func invalidBytesBecomeSpaces(bytes: [UInt8]) {
        var buffer = NormalizedText()
        bytes.withUnsafeBufferPointer { TextNormalizer().normalize($0, into: &buffer) }
        let expected = bytes.filter { $0 < 0x80 }
        #expect(Array(buffer.string.utf8) == expected)
    }

    @Test func anyBytesGiveValidTextThatFitsAndStays() {
        var state: UInt64 = 99
        let alphabet: [UInt8] =
            Array("ab 12*@<>.HhtTpP:/wW\n".utf8) + [0xe4, 0xbd, 0xa0, 0xef, 0xbc, 0x90, 0xf0, 0x9f, 0xff, 0xc3, 0x89]
        var buffer = NormalizedText()
        for round in 0..<3000 {
            var bytes: [UInt8] = []
            for _ in 0..<(round % 40) {
                state = ByteHash.mix(state &+ 1)
                bytes.append(
                    state % 5 == 0
                        ? UInt8(truncatingIfNeeded: state >> 32) : alphabet[Int(state >> 40) % alphabet.count])
            }
            bytes.withUnsafeBufferPointer { TextNormalizer().normalize($0, into: &buffer) }
            let text = buffer.withBytes { String(validating: $0, as: UTF8.self) }
            #expect(text != nil, "seed 99, round \(round): \(bytes)")
            #expect(buffer.count <= bytes.count + 8)
        }
    }

    @Test(arguments: [
        "How do I locate my card?", "没有送水，太慢了！", "Ordered 3 items on 2026-01-02 — 请处理", "a@b.co 和 http://x.y",
    ])
    func twiceIsOnce(text: String) {
        let once = TextNormalizer().normalized(text)
        #expect(TextNormalizer().normalized(once) == once)
    }

    @Test func aVeryLongTextFits() {
        let text = String(repeating: "长文本 long text ", count: 10_000)
        let normalized = TextNormalizer().normalized(text)
        #expect(normalized.utf8.count == text.utf8.count - 1)
    }

    @Test func spansAreTakenToo() {
        var buffer = NormalizedText()
        let bytes = Array("ABC".utf8)
        TextNormalizer().normalize(bytes.span, into: &buffer)
        #expect(buffer.string == "abc")
    }
}
