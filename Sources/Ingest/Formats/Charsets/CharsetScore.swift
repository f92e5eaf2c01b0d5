/// How much a decoded text looks like text: the mean of a score per character.
///
/// Frequent Han +1, Han punctuation +0.8, other Han +0.35, printable ASCII +0.5, kana +1 for Japanese sets (else +0.3),
/// Hangul +0.8 for Korean ones, Latin-1 letters +0.25, private use, controls and half-width kana −1, all else −0.2.
enum CharsetScore {
    static func mean(_ utf8: [UInt8], as charset: Charset) -> Double {
        let isJapanese = charset == .shiftJIS || charset == .eucJP || charset == .iso2022JP
        let isKorean = charset == .eucKR || charset == .iso2022KR
        var sum = 0.0
        var count = 0
        for scalar in String(decoding: utf8, as: UTF8.self).unicodeScalars {
            let value = scalar.value
            // ASCII is the same in every set and would only blur the difference.
            if value < 0x80 && value >= 0x20 || value == 0x0A || value == 0x0D || value == 0x09 { continue }
            count += 1
            switch value {
            case 0x3000...0x303F, 0xFF01...0xFF0F, 0xFF1A...0xFF20, 0x2014, 0x2018...0x201D, 0x2026, 0xB7: sum += 0.8
            case 0x3040...0x30FF: sum += isJapanese ? 1 : 0.3
            case 0x4E00...0x9FFF: sum += isCommon(value, charset) ? 1 : 0.35
            case 0xAC00...0xD7A3: sum += isKorean ? 0.8 : -0.2
            case 0xC0...0xFF, 0x152, 0x153, 0x160, 0x161, 0x17D, 0x17E: sum += 0.25
            case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: sum += 0.3
            case 0xE000...0xF8FF, 0...0x1F, 0x7F...0x9F, 0xFF61...0xFF9F, 0xFFFD: sum -= 1
            default: sum -= 0.2
            }
        }
        return count == 0 ? 0 : sum / Double(count)
    }

    /// Whether a Han character is among the most frequent ones of modern text in the set's script.
    private static func isCommon(_ value: UInt32, _ charset: Charset) -> Bool {
        let index = Int(value) - 0x4E00
        guard index >= 0, index < size else { return false }
        return charset == .big5 ? traditional[index] : simplified[index]
    }

    private static let size = 0x9FFF - 0x4E00
    private static let simplified = flags(shared + simple)
    private static let traditional = flags(shared + full)

    private static func flags(_ text: String) -> [Bool] {
        var found = [Bool](repeating: false, count: size)
        for scalar in text.unicodeScalars {
            let index = Int(scalar.value) - 0x4E00
            if index >= 0, index < size { found[index] = true }
        }
        return found
    }

    // Frequent characters of general text and of customer service, counted by hand from everyday language.
    private static let shared = """
        的一是在不了有和人中大上我以要他用生到作地出就分成可主年同工也能下子面而方多定行法所民得十三之等部度家力里如水化高自二理起小物加量都制使\
        本去把性好它合由其些然前外天政四日那社平形相全表各重新心反明看原又比或但第向道命此只意建月公系情者最立代想已通提直程五果料位入常文次品式\
        活特件求老基流路少山接知手角期根指九持放西被必先回任取南色光即保治北造百七海口世金志受六共改清己美再更白教安身真具每目至示完八名才科信空\
        元今土步石米始市何太快京住局引位到址收貨期修早午晚店家星件元用查否您好請可以什在有呢吧嗎沒到了嘛
        """
    private static let simple = """
        为个国这时来们会对发动说过种产经进学电现实两体机当从开还因间样与关线内数么质气变条没结解问无军很总题党员设管长头资边级图统见计别论运农区\
        强战则据处队给门规热领东导器济阶极联认权证采转单风带场车务万达积议报类离华确张马节话整况传广记需观织众儿际验连断难备约历称写亲选买卖货\
        钱订您请谢退款客服帐账户优惠券快递物流登录录密码购付费发票质换修坏错误验证联系电话号码地址评价慢吗呢吧啊点里
        """
    private static let full = """
        為個國這時來們會對發動說過種產經進學電現實兩體機當從開還因間樣與關線內數麼質氣變條沒結解問無軍很總題黨員設管長頭資邊級圖統見計別論運農區\
        強戰則據處隊給門規熱領東導器濟階極聯認權證採轉單風帶場車務萬達積議報類離華確張馬節話整況傳廣記需觀織眾兒際驗連斷難備約歷稱寫親選買賣貨\
        錢訂您請謝退款客服帳戶優惠券快遞物流登錄密碼購付費發票質換修壞錯誤驗證聯繫電話號碼地址評價慢嗎呢吧啊點裡
        """
}
