import Aggregates
import Runtime
import Testing

@testable import Reports

struct LanguageTests {
    @Test func everyLanguageHasTheSameKeys() {
        let keys = ReportLocale.allCases.map { $0.table.keys.sorted() }
        for other in keys { #expect(other == keys[0]) }
        for locale in ReportLocale.allCases {
            for (key, text) in locale.table { #expect(!text.isEmpty, "\(key)") }
        }
    }

    @Test func placeholdersAgree() {
        func placeholders(_ text: String) -> Set<Int> {
            Set((0..<10).filter { text.contains("{\($0)}") })
        }
        for (key, text) in English.table {
            #expect(placeholders(text) == placeholders(SimplifiedChinese.table[key] ?? ""), "\(key)")
        }
    }

    @Test func templatesNameKnownStrings() {
        for (name, text) in TemplateSet.builtIn {
            for part in text.split(separator: "{{t.", omittingEmptySubsequences: false).dropFirst() {
                let key = String(part.prefix { $0 != "}" })
                #expect(English.table[key] != nil, "\(name): \(key)")
            }
        }
    }

    @Test func everyMetricAndDimensionHasATitle() {
        for metric in Metric.allCases { #expect(English.table["metric_\(metric.rawValue)"] != nil, "\(metric)") }
        for dimension in Dimension.allCases { #expect(English.table["dimension_\(dimension.rawValue)"] != nil) }
        for page in PageName.allCases { #expect(English.table["page_\(page.rawValue)"] != nil) }
    }

    @Test func fillsPlaceholders() {
        let phrases = Phrasebook(.en)
        #expect(phrases("alert_change", "+5%") == " (+5%)")
        #expect(phrases("no such key") == "⟦no such key⟧")
    }

    static let durations: [(Double?, String, String)] = [
        (nil, "—", "—"), (0, "0 s", "0 秒"), (3.44, "3.4 s", "3.4 秒"), (42, "42 s", "42 秒"),
        (59.6, "1 min", "1 分"), (134, "2 min 14 s", "2 分 14 秒"), (3599.7, "1 h", "1 小时"),
        (8040, "2 h 14 min", "2 小时 14 分"), (172_799, "2 d", "2 天"), (273_600, "3 d 4 h", "3 天 4 小时"),
        (-1, "—", "—"), (.nan, "—", "—"),
    ]

    @Test(arguments: LanguageTests.durations.indices)
    func durationsForPeople(_ index: Int) {
        let (seconds, english, chinese) = LanguageTests.durations[index]
        func plain(_ locale: ReportLocale) -> String {
            String(Formatter(locale: locale).duration(seconds: seconds).map { $0 == "\u{A0}" ? " " : $0 })
        }
        #expect(plain(.en) == english)
        #expect(plain(.zhHans) == chinese)
    }

    @Test func numbers() {
        let f = Formatter(locale: .en)
        #expect(f.count(1_234_567) == "1,234,567")
        #expect(f.count(-1234) == "−1,234")
        #expect(f.count(nil) == "—")
        #expect(f.decimal(0.005, digits: 2) == "0.01")
        #expect(f.decimal(-0.001, digits: 1) == "0.0")
        #expect(f.percent(0.1234) == "12.3%")
        #expect(f.percent(0.0001) == "<0.1%")
        #expect(f.percent(nil) == "—")
        #expect(f.change(0.5) == "+50%")
        #expect(f.change(-0.031) == "−3.1%")
        #expect(f.change(0) == "±0%")
        #expect(f.change(14.3) == "×15.3")
        #expect(f.points(0.021) == "+2.1 pp")
        #expect(Formatter(locale: .zhHans).points(-0.021) == "−2.1 个百分点")
    }

    @Test func dates() {
        let day = CivilDate(year: 2026, month: 11, day: 20)
        let en = Formatter(locale: .en)
        let zh = Formatter(locale: .zhHans)
        #expect(en.longDate(day) == "Friday 20 November 2026")
        #expect(zh.longDate(day) == "2026年11月20日 星期五")
        #expect(en.period(.week, (day - 4)...(day + 2)) == "Week 47 of 2026, 16 Nov – 22 Nov 2026")
        #expect(zh.period(.week, (day - 4)...(day + 2)) == "2026年第47周（2026年11月16日至11月22日）")
        #expect(en.period(.month, day...day) == "November 2026")
        #expect(en.range(CivilDate(year: 2025, month: 12, day: 30)...day) == "30 Dec 2025 – 20 Nov 2026")
        #expect(zh.period(.range, day...day) == "2026年11月20日")
        #expect(en.instant(Timestamp(seconds: 1_795_228_264)) == "2026-11-21 02:31 UTC")
    }

    @Test func namesOfLabels() {
        let labels = Labels(Phrasebook(.zhHans), agents: ["a1": "王芳"], definitions: [])
        #expect(labels.value("delivery_delay", of: .intent) == "催单/延误")
        #expect(labels.value("EMAIL", of: .channel) == "邮件")
        #expect(labels.value("a1", of: .agent) == "王芳")
        #expect(labels.value("a2", of: .agent) == "a2")
        #expect(labels.value(nil, of: .group) == "未说明")
        #expect(labels.value("unforeseen_label", of: .intent) == "unforeseen_label")
        #expect(IntentNames.table.count == 61)
    }
}
