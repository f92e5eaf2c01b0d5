import Aggregates
import Foundation
import Runtime
import Testing

@testable import Reports

/// What is absent is a dash on the page and nothing in CSV, never a zero.
struct AbsenceTests {
    static let empty: ReportInput = {
        let day = CivilDate(year: 2026, month: 11, day: 20)
        return ReportInput(
            period: ReportPeriod(kind: .day, days: day...day), cube: DailyCube(cells: []), hourly: [], watched: [],
            alerts: [], definitions: [], models: [], quality: [],
            run: RunSummary(
                runID: "r", command: "report", version: "0", startedAt: Timestamp(seconds: 0), zone: "Asia/Shanghai",
                profile: "cn"), zone: "Asia/Shanghai", profile: "cn", schedule: nil, dataUntil: nil, agentNames: [:])
    }()

    @Test func nothingAtAll() throws {
        let rendered = try RenderedPages(AbsenceTests.empty, .en)
        #expect(rendered.text("index.html").contains("There are no data at all"))
        #expect(rendered.text("service.html").contains("no business schedule is configured"))
        let figures = rendered.text("csv/key_figures.csv").split(separator: "\n").dropFirst()
        for line in figures {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            #expect(fields.dropFirst(2).allSatisfy { $0.isEmpty }, "\(line)")
        }
        #expect(!rendered.text("metrics.prom").contains("cs_analytics_cases_created"))
    }

    @Test func noScheduleNoBusinessColumns() throws {
        let with = try RenderedPages(RenderedPages.day, .en)
        let without = try RenderedPages(SampleInput(days: 2, scale: 0.1, schedule: nil).make(), .en)
        #expect(with.text("csv/service_durations.csv").contains("business_median_seconds"))
        #expect(!without.text("csv/service_durations.csv").contains("business"))
        #expect(without.text("service.html").contains("All durations are calendar time"))
    }

    @Test func aSourceWithoutRatingsHasNoSatisfaction() throws {
        var input = SampleInput(days: 3, scale: 0.2).make()
        input.cube = DailyCube(
            cells: input.cube.cells.filter { ![.ratingsGood, .ratingsBad, .ratingsNeutral].contains($0.metric) })
        let rendered = try RenderedPages(input, .en)
        let line = try #require(
            rendered.text("csv/key_figures.csv").split(separator: "\n").first { $0.hasPrefix("csat,") })
        #expect(line.hasPrefix("csat,ratio,,,"))
        let context = PageContext(input, locale: .en)
        #expect(context.count(.ratingsGood, input.period.days) == nil)
        #expect(context.count(.removed, input.period.days) == nil)
        #expect(context.count(.casesCreated, input.period.days) != nil)
    }

    @Test func beforeTheDataBeganIsAbsent() throws {
        let input = SampleInput(days: 1, scale: 0.2).make()
        let context = PageContext(input, locale: .en)
        #expect(context.count(.casesCreated, input.period.previous.days) == nil)
        #expect(context.days.count == 1)
        let figure = KeyFigures(context: context).count(.casesCreated, .neither)
        #expect(figure.previous == nil && figure.value != nil)
    }

    @Test func dataThatEndEarlySaySo() throws {
        var input = RenderedPages.month
        input.dataUntil = CivilDate(year: 2026, month: 11, day: 20)
        #expect(try RenderedPages(input, .en).text("index.html").contains("The data end on 20 Nov 2026"))
    }
}

/// A period that is not over is measured against as many days of the one before.
struct UnfinishedPeriodTests {
    @Test func likeIsComparedWithLike() {
        let context = PageContext(RenderedPages.month, locale: .en)
        #expect(context.isCut)
        #expect(context.period.count == 20)
        #expect(
            context.previous.days == CivilDate(
                year: 2026, month: 10, day: 1)...CivilDate(year: 2026, month: 10, day: 20))
        #expect(context.previousName == "the same days of the month before")
        #expect(context.periodTitle == "November 2026")
        let backlog = KeyFigures(context: context).count(.backlog, .less)
        #expect(backlog.value != nil)
        #expect(!PageContext(RenderedPages.day, locale: .en).isCut)
    }
}
