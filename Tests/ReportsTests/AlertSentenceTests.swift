import Aggregates
import Runtime
import Testing

@testable import Reports

struct AlertSentenceTests {
    static let day = CivilDate(year: 2026, month: 11, day: 20)
    static let above = Alert(
        series: SeriesID(metric: .casesCreated, dimension: .channel, value: "email"), day: day, observed: 412,
        expected: 180, lower: 129, upper: 240, score: 7, pValue: 0.001,
        contributions: [.init(dimension: .intent, value: "delivery_delay", observed: 210, expected: 30, share: 0.64)])

    private func text(_ alert: Alert, _ locale: ReportLocale) -> String {
        let text = AlertSentence(context: PageContext(AbsenceTests.empty, locale: locale)).text(alert)
        return String(text.map { $0 == "\u{A0}" ? " " : $0 })
    }

    @Test func aboveInBothLanguages() {
        #expect(
            text(AlertSentenceTests.above, .en)
                == "Fri 20 Nov: Cases created, channel “Email” was 412 where 180 was expected (+129%), above the usual range of 129 to 240. Most of the difference: intent “Delivery delay” 64% (210 against 30)."
        )
        #expect(
            text(AlertSentenceTests.above, .zhHans)
                == "11月20日 周五：新增服务单（渠道：邮件） 为 412，预期 180（+129%），高于正常范围 129 至 240。差异主要来自：意图“催单/延误”占 64%（210，预期 30）。"
        )
    }

    @Test func belowADurationWithNothingExpected() {
        let below = Alert(
            series: SeriesID(metric: .firstReply), day: AlertSentenceTests.day, observed: 120, expected: 3600,
            lower: -5,
            upper: 7200, score: -4, pValue: 0.01)
        #expect(
            text(below, .en)
                == "Fri 20 Nov: First reply time was 2 min where 1 h was expected (−97%), below the usual range of 0 s to 2 h."
        )
        var none = AlertSentenceTests.above
        none.expected = 0
        #expect(!text(none, .en).contains("(" + "+"))
    }
}
