import Aggregates
import Runtime
import Testing

private let day = CivilDate(year: 2026, month: 11, day: 16)

private func cell(
    _ offset: Int, _ metric: Metric, _ sum: Int64, channel: String? = nil, agent: String? = nil, cuboid: Cuboid = .topic
) -> DailyCell {
    DailyCell(
        day: day + offset, cuboid: cuboid, metric: metric, segment: SegmentKey(channel: channel, agent: agent),
        calendar: Tally(count: 1, sum: sum))
}

@Suite struct DailyCubeTests {
    private let cube = DailyCube(cells: [
        cell(0, .messages, 3, channel: "mail"), cell(0, .messages, 4, channel: "chat"), cell(2, .messages, 5),
        cell(0, .agentMessages, 2, agent: "a", cuboid: .agent), cell(1, .agentMessages, 1, agent: "b", cuboid: .agent),
        cell(0, .agentMessages, 9, channel: "mail"),
    ])

    @Test func totals() {
        #expect(cube.total(.messages, day...(day + 2)).calendar.sum == 12)
        #expect(cube.total(.messages, day...day).calendar == Tally(count: 2, sum: 7))
        #expect(cube.total(.messages, day...(day + 9), where: [.init(.channel, nil)]).calendar.sum == 5)
        #expect(cube.total(.agentMessages, day...(day + 2), where: [.init(.agent, "b")]).calendar.sum == 1)
        #expect(cube.total(.backlog, day...day).calendar.isEmpty)
    }

    @Test func groupsAreInByteOrderWithNoneFirst() {
        #expect(cube.by(.channel, .messages, day...(day + 2)).map(\.value) == [nil, "chat", "mail"])
        #expect(cube.by(.agent, .agentMessages, day...(day + 2)).map(\.measure.calendar.sum) == [2, 1])
    }

    @Test func seriesHaveNoGaps() {
        let series = cube.series(.messages, (day - 1)...(day + 3))
        #expect(series.map(\.measure.calendar.sum) == [0, 7, 0, 5, 0])
        #expect(series.map(\.day) == (-1...3).map { day + $0 })
        #expect(cube.span == day...(day + 2))
        #expect(DailyCube(cells: []).span == nil)
    }

    @Test func segmentsAreOrdered() {
        let keys = [
            SegmentKey(), SegmentKey(intent: "x"), SegmentKey(channel: "a"), SegmentKey(channel: "a", group: "b"),
            SegmentKey(channel: "退款"),
        ]
        for (i, a) in keys.enumerated() {
            for (j, b) in keys.enumerated() { #expect((a < b) == (i < j)) }
        }
        #expect(SegmentKey(category: "c")[.category] == "c" && SegmentKey(agent: "c")[.group] == nil)
        #expect(DailyCube.cuboid(for: [.channel, .agent]) == .agent && DailyCube.cuboid(for: []) == .topic)
    }

    @Test func tallies() {
        var tally = Tally(count: 2, sum: 10)
        #expect(tally.mean == 5 && Tally().mean == nil && Tally().isEmpty && !tally.isEmpty)
        var other = Tally(count: 1, sum: 2)
        other.sketch.insert(2)
        tally.merge(other)
        #expect(tally.count == 3 && tally.sum == 12 && tally.sketch.count == 1)
    }
}

@Suite struct MetricTests {
    @Test func metricsHaveStablePlaces() {
        for (index, metric) in Metric.allCases.enumerated() { #expect(metric.index == index) }
        #expect(Set(Metric.allCases.map(\.rawValue)).count == Metric.allCases.count && Metric.allCases.count < 256)
        let durations = Metric.allCases.filter { $0.kind == .duration }
        #expect(durations == DurationMetric.allCases.map(\.metric))
        #expect(
            Metric.backlog.kind == .stock && Metric.unrepliedBacklog.kind == .stock && Metric.reopens.kind == .count)
    }

    @Test func caseSubscript() {
        var item = ServiceCase(
            source: "s", id: "1", kind: .ticket, conversationKey: "1", openedAt: Timestamp(seconds: 0),
            lastEventAt: Timestamp(seconds: 0))
        #expect(DurationMetric.allCases.allSatisfy { item[$0] == nil })
        item[.onHold] = ClockedDuration(calendar: 5, business: nil)
        #expect(item.durations[DurationMetric.onHold.rawValue]?.calendar == 5 && item[.agentWork] == nil)
    }
}

@Suite struct ReportPeriodTests {
    private func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    @Test func names() throws {
        let first = try date("2026-11-01")
        let last = try date("2026-11-30")
        let month = ReportPeriod(kind: .month, days: first...last)
        #expect(month.name == "2026-11" && month.count == 30 && month.sameWeekday == nil)
        #expect(month.previous.name == "2026-10" && month.previous.count == 31)
        #expect(month.previous.previous.name == "2026-09")
        let march = ReportPeriod(kind: .month, days: try date("2026-01-01")...(try date("2026-01-31")))
        #expect(march.previous.name == "2025-12")
        #expect(ReportPeriod(kind: .day, days: first...first).name == "2026-11-01")
        #expect(ReportPeriod(kind: .range, days: first...last).name == "2026-11-01_2026-11-30")
        let week = ReportPeriod(kind: .week, days: try date("2025-12-29")...(try date("2026-01-04")))
        #expect(week.name == "2026-W01" && week.previous.name == "2025-W52")
    }

    @Test func dayBefore() throws {
        let first = try date("2026-03-01")
        let day = ReportPeriod(kind: .day, days: first...first)
        #expect(day.previous.name == "2026-02-28" && day.sameWeekday?.name == "2026-02-22")
        let range = ReportPeriod(kind: .range, days: first...(first + 9))
        #expect(range.previous.count == 10 && range.previous.days.upperBound == first - 1)
    }

    @Test func seriesNames() {
        let total = SeriesID(metric: .messages)
        let cut = SeriesID(metric: .messages, dimension: .channel, value: "mail")
        let none = SeriesID(metric: .messages, dimension: .channel)
        #expect(total.name == "messages" && cut.name == "messages/channel=mail" && none.name == "messages/channel=")
        #expect(total < none && none < cut)
    }
}
