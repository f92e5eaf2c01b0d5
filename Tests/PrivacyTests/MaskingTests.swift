import Testing

@testable import Privacy

let testKey: PrivacyKey = {
    do { return try PrivacyKey(bytes: Array("0123456789abcdef0123456789abcdef".utf8)) } catch {
        preconditionFailure("\(error)")
    }
}()

@Suite struct MaskingTests {
    @Test(arguments: [
        ("电话13800135678谢谢", "电话138****5678谢谢"),
        ("+86 138 0013 5678", "+86 138****5678"),
        ("１３８００１３５６７８", "138****5678"),
        ("010-60682673", "010-****2673"),
        ("(415) 555-2671", "415-****2671"),
        ("+44 20 7946 0958", "+44****58"),
        ("510107200509289465", "510***********9465"),
        ("91110108MAFJ0RQP96", "9111************96"),
        ("6222020339075793838", "6222****3838"),
        ("发user0@mail.example.com。", "发u***@mail.example.com。"),
        ("8.35.55.103", "8.35.*.*"),
        ("2001:db8:85a3::8a2e:370:7334", "2001:db8:*:*"),
        ("E13291762", "E******62"),
        ("京A92626", "京A****6"),
        ("wxid_lh94ic9ndmpbpm", "wxid_****"),
        ("微信号：lina_2020", "微信号：l****"),
        ("A123456(3)", "A*******"),
        ("A123456789", "A******89"),
        ("123-45-6789", "***-**-6789"),
        ("GB82WEST12345698765432", "GB82********32"),
        ("寄到北京市朝阳区建国路177号3单元2831室，", "寄到北京市***，"),
        ("我叫张小伟，", "我叫张**，"),
        ("Dear Ms. Lee Wong,", "Dear Ms. L***,"),
        ("没有任何数据", "没有任何数据"),
    ])
    func masks(_ text: String, _ expected: String) {
        var masker = TextMasker(policy: .standard)
        #expect(masker.mask(text) == expected)
        #expect(masker.mask(expected) == expected)
    }

    @Test func actionsByKind() {
        var policy = PrivacyPolicy.standard
        policy[.mobile] = .replace
        policy[.email] = .pseudonym
        policy[.ipAddress] = .keep
        let pseudonymizer = Pseudonymizer(key: testKey)
        var masker = TextMasker(policy: policy, pseudonymizer: pseudonymizer)
        let text = "13800138000 a@b.com 8.8.8.8 车京A92626"
        #expect(masker.mask(text) == "<PHONE> \(pseudonymizer.pseudonym("a@b.com")) 8.8.8.8 车京A****6")
        var keyless = TextMasker(policy: policy)
        #expect(keyless.mask("a@b.com") == "<EMAIL>")
        var off = TextMasker(policy: .off)
        #expect(off.mask(text) == text)
        #expect(PrivacyPolicy.standard.needsKey && !PrivacyPolicy.off.needsKey)
    }

    @Test(arguments: PrivacyKind.allCases) func placeholdersAreNoMatch(_ kind: PrivacyKind) {
        #expect(found("我的\(kind.placeholder)和13800138000\(kind.placeholder)").count <= 1)
        #expect(PrivacyKind.allCases[kind.index] == kind)
    }

    /// The law: masking what is masked changes nothing, for texts made of pieces that like to stick together.
    @Test(arguments: [PrivacyAction.mask, .replace, .pseudonym]) func maskingTwiceChangesNothing(
        _ action: PrivacyAction
    ) {
        let pieces = [
            "13800138000", "138", "0013", "8000", " ", "-", "+86", "+", "(", ")", "(010)", "60682673", "010",
            "4470 1746 8145 3847",
            "6222020339075793838", "a", "b@c.com", "@", ".", "8.35.55.103", ":", "::", "2001:db8::1",
            "510107200509289465", "X",
            "E13291762", "京", "A92626", "wxid_", "lh94ic9nd", "微信", "号", "：", "A123456(3)", "123-45-6789", "DE89",
            "3704 0044 0532 0130 00",
            "路", "177", "号", "北京市", "室", "我叫", "张", "伟", "先生", "Mr. ", "John", "name is ", "\u{FF11}\u{FF13}",
            "\u{FF20}", "*", "_", "，", "元",
            "221 Baker Street", "\u{FFFD}", "<PHONE>", "p_abcdefghijklmnop",
        ]
        var random = SplitMix(seed: 42)
        var masker = TextMasker(policy: PrivacyPolicy(text: action), pseudonymizer: Pseudonymizer(key: testKey))
        for round in 0..<20_000 {
            var text = ""
            for _ in 0..<(1 + Int(random.next() % 9)) { text += pieces[Int(random.next() % UInt64(pieces.count))] }
            let once = masker.mask(text)
            #expect(masker.mask(once) == once, "seed 42, round \(round): \(text)")
        }
    }

    @Test func excerptsShowNoDataAndNoControls() {
        #expect(maskedExcerpt("tel\n13800138000\u{1B}[0m") == "tel\\n138****8000\\x1b[0m")
        #expect(
            maskedExcerpt(#"{"t":"call\n13800138000","u":"\u753513800138000"}"#)
                == #"{"t":"call\n138****8000","u":"电138****8000"}"#)
        let long = maskedExcerpt(String(repeating: "你", count: 5000))
        #expect(long.unicodeScalars.count == 200)
        #expect(long.hasSuffix("…"))
        let bytes: [UInt8] = [0x61, 0xFF, 0x62]
        #expect(bytes.withUnsafeBytes { maskedExcerpt($0) } == "a\u{FFFD}b")
        #expect(maskedExcerpt("") == "")
    }
}

/// A seeded source of numbers, so that a failing round can be had again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
