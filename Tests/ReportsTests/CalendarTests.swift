import Foundation
import Runtime
import Testing

@testable import Reports

struct CalendarTests {
    static let entries: [CalendarEntry] =
        (0..<12).map { offset in
            let day = CivilDate(year: 2026, month: 11, day: 20) - offset
            return CalendarEntry(
                period: .day(day), folder: "days/\(day)", casesCreated: 180 + Int64(offset), firstReplyMedian: 3000,
                backlog: 140, satisfaction: 0.86, alerts: offset == 0 ? 3 : 0)
        } + [
            CalendarEntry(period: .week(CivilDate(year: 2026, month: 11, day: 9)), folder: "weeks/2026-W46"),
            CalendarEntry(
                period: .month(CivilDate(year: 2026, month: 10, day: 1)), folder: "months/2026-10", casesCreated: 5600),
        ]

    @Test(arguments: ReportLocale.allCases)
    func newestFirst(_ locale: ReportLocale) throws {
        let renderer = ReportRenderer(locale: locale, templates: try TemplateSet())
        let html = String(
            decoding: renderer.renderCalendar(
                CalendarTests.entries.reversed(), zone: "Asia/Shanghai", profile: "zendesk"),
            as: UTF8.self)
        let first = try #require(html.range(of: "days/2026-11-20/index.html"))
        let second = try #require(html.range(of: "days/2026-11-19/index.html"))
        #expect(first.lowerBound < second.lowerBound)
        #expect(html.contains("weeks/2026-W46/index.html"))
        #expect(html.contains("months/2026-10/index.html"))
        #expect(html.contains("latest/index.html"))
        #expect(html.contains("5,600"))
        #expect(html.contains("—"))
        #expect(!html.contains("⟦"))
    }

    @Test func nothingYet() throws {
        let renderer = ReportRenderer(locale: .en, templates: try TemplateSet())
        let html = String(decoding: renderer.renderCalendar([], zone: "UTC", profile: "zendesk"), as: UTF8.self)
        #expect(html.contains("There is no report yet."))
        #expect(!html.contains("<table"))
    }
}
