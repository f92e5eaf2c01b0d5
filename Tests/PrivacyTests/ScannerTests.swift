import Testing

@testable import Privacy

/// Every found span as (kind, text).
func found(_ text: String) -> [String] {
    var scanner = PrivacyScanner()
    let bytes = Array(text.utf8)
    return scanner.scan(text).map { "\($0.kind.rawValue):\(String(decoding: bytes[$0.range], as: UTF8.self))" }
}

@Suite struct ScannerTests {
    @Test(arguments: [
        ("麻烦打我电话19178932879谢谢", "mobile:19178932879"),
        ("联系方式：+86 15017421809", "mobile:+86 15017421809"),
        ("手机 166 7929 0810", "mobile:166 7929 0810"),
        ("手机138-0245-8921。", "mobile:138-0245-8921"),
        ("86 13802458921", "mobile:86 13802458921"),
        ("8613802458921", "mobile:8613802458921"),
        ("电话１３８００１３８０００请回", "mobile:１３８００１３８０００"),
        ("座机010-60682673转801", "landline:010-60682673"),
        ("0571-8888666 或者", "landline:0571-8888666"),
        ("(021)60682673", "landline:(021)60682673"),
        ("call (415) 555-2671 now", "landline:(415) 555-2671"),
        ("call 415-555-2671 now", "landline:415-555-2671"),
        ("call +44 20 7946 0958 now", "phone:+44 20 7946 0958"),
        ("+1 (415) 555-2671", "phone:+1 (415) 555-2671"),
        ("+852 9123 4567", "phone:+852 9123 4567"),
        ("卡号6222020339075793838（工行）", "bank_card:6222020339075793838"),
        ("card 4470 1746 8145 3847 was", "bank_card:4470 1746 8145 3847"),
        ("card 4470-1746-8145-3847.", "bank_card:4470-1746-8145-3847"),
        ("amex 3782 822463 10005", "bank_card:3782 822463 10005"),
        ("发票请发user0@mail.example.com。", "email:user0@mail.example.com"),
        ("邮箱a.b+c@例子", nil),
        ("ＡＢ＠ｅｘａｍｐｌｅ．ｃｏｍ", "email:ＡＢ＠ｅｘａｍｐｌｅ．ｃｏｍ"),
        ("mail <first.last@sub.example.co.uk>, please", "email:first.last@sub.example.co.uk"),
        ("13800138000@qq.com", "email:13800138000@qq.com"),
        ("登录IP为8.35.55.103异常", "ip_address:8.35.55.103"),
        ("from 2001:db8:85a3::8a2e:370:7334 ok", "ip_address:2001:db8:85a3::8a2e:370:7334"),
        ("fe80:1:2:3:4:5:6:7", "ip_address:fe80:1:2:3:4:5:6:7"),
        ("身份证是510107200509289465，", "resident_id:510107200509289465"),
        ("51010719510721423x", "resident_id:51010719510721423x"),
        ("税号91110108MAFJ0RQP96开专票", "credit_code:91110108MAFJ0RQP96"),
        ("护照号E13291762", "passport:E13291762"),
        ("护照EA1234567。", "passport:EA1234567"),
        ("车牌京A92626被拖走", "plate:京A92626"),
        ("粤B·D12345停在", "plate:粤B·D12345"),
        ("浙A1234学", "plate:浙A1234学"),
        ("加微信wxid_lh94ic9ndmpbpm", "wechat_id:wxid_lh94ic9ndmpbpm"),
        ("我的微信号：lina_2020，加我", "wechat_id:lina_2020"),
        ("WeChat: lina_2020", "wechat_id:lina_2020"),
        ("HKID A123456(3)", "hk_id:A123456(3)"),
        ("身份證A1234563", "hk_id:A1234563"),
        ("身分證字號A123456789。", "tw_id:A123456789"),
        ("SSN 123-45-6789", "ssn:123-45-6789"),
        ("IBAN DE89 3704 0044 0532 0130 00.", "iban:DE89 3704 0044 0532 0130 00"),
        ("GB82WEST12345698765432", "iban:GB82WEST12345698765432"),
        ("寄到北京市朝阳区建国路177号3单元2831室，尽快", "address:北京市朝阳区建国路177号3单元2831室"),
        ("送到杭州市西湖区文三路90号东部软件园2号楼501室吧", "address:杭州市西湖区文三路90号东部软件园2号楼501室"),
        ("地址：建国路5号", "address:建国路5号"),
        ("ship to 221 Baker Street please", "address:221 Baker Street"),
        ("我叫张伟，", "name:张伟"),
        ("姓名：欧阳锋", "name:欧阳锋"),
        ("收件人李小明请尽快", "name:李小明"),
        ("请联系王建国先生", "name:王建国"),
        ("Dear Mr. John Smith, thanks", "name:John Smith"),
        ("my name is Mary Ann O'Neil.", "name:Mary Ann O'Neil"),
    ])
    func finds(_ text: String, _ expected: String?) {
        #expect(found(text) == (expected.map { [$0] } ?? []))
    }

    @Test(arguments: [
        "身份证号110105195605130681校验位错误", "110105199902301234", "订单号 DD1002340482 已发货", "快递单号SF1923032589535",
        "流水 6222027666193451459", "税号91110108MAMM2XU6HY", "版本 1.2.3.4.5 和 10.1 不是地址", "版本 1.2.3.4",
        "金额13800138.00元，共计1380013800分", "13800138000元", "￥13800138000", "13800138000.50", "订单号：13800138000",
        "order number 4470174681453847", "单号 6222020339075793838", "138001380001", "x13800138000", "a1b2c3 13800138",
        "1772421249000", "20260302123456789", "std::vector a::b 12:30:45", "aa:bb:cc:dd:ee:ff",
        "550e8400-e29b-41d4-a716-446655440000",
        "999-12-3456", "000-12-3456", "123-00-6789", "A123456788", "A123456(4)", "DE89 3704 0044 0532 0130 01",
        "E1329176", "EAB123456",
        "坐地铁2号线到", "5月6号之前", "在超市3号", "第3号柜台", "这是第2单元", "王先生您好", "请问小姐姐", "我叫你不要发",
        "256.1.1.1", "01.02.03.04", "@", "a@", "@b.com", "a@b", "加微信支付", "微信facebook", "name is great", "Mr. X",
        "p_abcdefghijklmnop",
        "", " ", "你好，请问什么时候发货？",
    ])
    func leaves(_ text: String) { #expect(found(text) == []) }

    @Test func severalInOrder() {
        #expect(
            found("我叫张伟，电话13800138000，邮箱zw@example.com或13900139000/13700137000，车京A92626") == [
                "name:张伟", "mobile:13800138000", "email:zw@example.com", "mobile:13900139000", "mobile:13700137000",
                "plate:京A92626",
            ])
    }

    @Test func malformedBytesAreNoTrap() {
        var scanner = PrivacyScanner()
        for text: [UInt8] in [
            [0xE4], [0xE4, 0xB8], [0xEF, 0xBC], [0xFF, 0x31, 0x33], [0xE5, 0x85, 0x88, 0xE7],
            Array("京".utf8.prefix(2)) + [0x41],
            Array("13800138000".utf8) + [0xE5, 0x85], [0x40, 0x40, 0xF0, 0x9F],
        ] {
            _ = text.withUnsafeBytes { scanner.scan($0) }
            for match in scanner.matches { #expect(match.range.upperBound <= text.count) }
        }
    }

    /// A rule that looks far at every start would take minutes here; the bound is generous to a busy machine.
    @Test(arguments: [
        "1", "1.", "a.", "@", "a@", "1:", "1 ", "4470 ", "号", "1号", "路1号", "+1 ", "(010)", "先生", "京A", "DE89 ", "wxid_",
        "\u{FF11}",
    ])
    func longHostileTexts(_ piece: String) {
        let text = String(repeating: piece, count: 100_000 / piece.unicodeScalars.count)
        let start = ContinuousClock.now
        _ = found(text)
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
