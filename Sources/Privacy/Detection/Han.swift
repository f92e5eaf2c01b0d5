/// Sets of Han characters as bitmaps over U+4E00…U+9FFF.
struct HanSet: Sendable {
    private let words: [UInt64]

    init(_ members: String) {
        var words = [UInt64](repeating: 0, count: 0x5200 / 64 + 1)
        for scalar in members.unicodeScalars where scalar.value >= 0x4E00 && scalar.value <= 0x9FFF {
            let bit = Int(scalar.value - 0x4E00)
            words[bit >> 6] |= 1 << UInt64(bit & 63)
        }
        self.words = words
    }

    @inline(__always)
    func contains(_ scalar: UInt32) -> Bool {
        guard scalar >= 0x4E00, scalar <= 0x9FFF else { return false }
        let bit = Int(scalar - 0x4E00)
        return words[bit >> 6] >> UInt64(bit & 63) & 1 == 1
    }
}

/// The characters that the rules for names, plates and addresses ask for.
struct HanTables: Sendable {
    /// The hundred most frequent surnames and some more, simplified and traditional.
    let surnames = HanSet(
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
            + "張劉陳楊黃趙吳孫馬羅鄭許韓馮鄧蕭蔣葉蘇呂盧鍾譚陸範賈韋鄒閻龍陶賀顧龔邵萬錢嚴湯康易常施牛洪樊葛")
    /// Second characters of 欧阳, 司马, 上官, 诸葛, 东方, 皇甫, 尉迟, 公孙, 慕容, 司徒 are found from their first.
    let compoundFirst = HanSet("欧司上诸东皇尉公慕歐諸東")
    /// Characters that do not go on a given name after 我叫…: the sentence goes on.
    let afterName = HanSet("请請我在的电電手是住地想要帮幫你您给給有和与與跟也就都这這那来來从從到说說买買没沒不已刚剛订訂收下了吗嗎呢吧啊哦先女老经經客联聯身号號他她去办辦对對把被让讓还還因为為")
    let provinces = HanSet("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领")
    let plateEnds = HanSet("挂学警港澳")
    /// Units of administration that an address is read from.
    let districts = HanSet("省市区县州盟旗區縣镇乡鎮鄉")
    let streets = HanSet("路街巷道弄村里园苑庄城场厦园區区镇乡組组段胡同園莊場廈鎮鄉條条")
    /// Units that a house number is counted in.
    let units = HanSet("号弄栋幢座楼层室房户號棟樓層戶單单组")
    /// Characters before an address that belong to the sentence.
    let beforeAddress = HanSet("寄到送在住是至从從于於来來发發址为為给給往去请請将將我你您家了的把地收货貨件运運達达改成单單")
    /// Characters that end an address to the right: the sentence goes on.
    let afterAddress = HanSet("寄到送在是至从發发往请請将將把你您我的了收给給和或")
    /// First characters of the pairs that announce a name or a WeChat id.
    let pairFirsts = HanSet("先女小我姓名件货貨系絡繫卡微")

    static let shared = HanTables()
}
