import Aggregates
import Features
import Runtime
import Testing

/// A Monday.
private let monday = CivilDate(year: 2026, month: 10, day: 5)

private func cell(
    _ offset: Int, _ metric: Metric, _ sum: Int64, channel: String? = nil, durations: [Int64] = []
) -> DailyCell {
    var tally = Tally(count: 1, sum: sum)
    for value in durations { tally.sketch.insert(value) }
    return DailyCell(
        day: monday + offset, cuboid: .topic, metric: metric, segment: SegmentKey(channel: channel), calendar: tally)
}

@Suite struct SeriesBuilderTests {
    @Test func zeroIsNotMissing() {
        let cube = DailyCube(cells: [
            cell(2, .casesCreated, 5), cell(3, .messages, 7), cell(4, .casesCreated, 2), cell(6, .messages, 1),
            cell(8, .casesCreated, 4), cell(5, .backlog, 3),
        ])
        let builder = SeriesBuilder(cube: cube, days: monday...(monday + 9))
        // Days 5 and 7 have no volume at all, days 0, 1 and 9 lie outside the data; day 3 and 6 are quiet for cases.
        #expect(builder.isMissing == [true, true, false, false, false, true, false, true, false, true])
        let cases = builder.series(SeriesID(metric: .casesCreated))
        #expect(
            cases.values == [nil, nil, 5, 0, 2, nil, 0, nil, 4, nil] && cases.start == monday && cases.kind == .count)
        #expect(
            cases[monday + 2] == 5 && cases[monday + 3] == 0 && cases[monday + 5] == nil && cases[monday - 1] == nil)
        #expect(cases.day(at: 3) == monday + 3)
        // Leading absence before a series' own first value is missing.
        #expect(builder.series(SeriesID(metric: .messages)).values == [nil, nil, nil, 7, 0, nil, 1, nil, 0, nil])
    }

    @Test func aDeskClosedOnSundaysHasZerosThere() {
        let cells = (0..<28).filter { $0 % 7 != 6 && $0 != 9 }.map { cell($0, .casesCreated, 5) }
        let builder = SeriesBuilder(cube: DailyCube(cells: cells), days: monday...(monday + 27))
        let values = builder.series(SeriesID(metric: .casesCreated)).values
        #expect(values[6] == 0 && values[13] == 0 && values[9] == nil && values[27] == nil)
    }

    @Test func durationsAreMediansInSecondsAndNeverZeroFilled() throws {
        let cube = DailyCube(cells: [
            cell(0, .firstReply, 0, durations: [1_000, 60_000, 3_600_000]), cell(0, .casesCreated, 1),
            cell(1, .casesCreated, 1),
        ])
        let series = SeriesBuilder(cube: cube, days: monday...(monday + 1)).series(SeriesID(metric: .firstReply))
        #expect(series.kind == .measure && series.values[1] == nil)
        #expect(abs(try #require(series.values[0]) - 60) < 0.6)
    }

    @Test func partsByDimension() {
        let cube = DailyCube(cells: [
            cell(0, .casesCreated, 5, channel: "b"), cell(0, .casesCreated, 5, channel: "a"), cell(1, .casesCreated, 9),
            cell(1, .casesCreated, 1, channel: "c"),
        ])
        let builder = SeriesBuilder(cube: cube, days: monday...(monday + 1))
        #expect(builder.series(.casesCreated, by: .channel, atMost: 3).map(\.id.value) == [nil, "a", "b"])
        #expect(
            builder.series(.casesCreated, by: .channel, atMost: 9).map(\.values) == [
                [nil, 9], [5, 0], [5, 0], [nil, 1],
            ])
        let names = builder.watched(perDimension: 2).map(\.id.name)
        #expect(names == ["cases_created", "cases_created/channel=", "cases_created/channel=a"])
        #expect(builder.series(SeriesID(metric: .casesCreated, dimension: .channel, value: "b")).values == [5, 0])
    }

    @Test func anEmptyCube() {
        let builder = SeriesBuilder(cube: DailyCube(cells: []), days: monday...(monday + 2))
        #expect(builder.isMissing == [true, true, true] && builder.watched().isEmpty)
    }

    @Test func hours() {
        let cells = [
            HourlyCell(day: monday, hour: 9, channel: "a", metric: .messages, count: 2),
            HourlyCell(day: monday + 1, hour: 0, channel: nil, metric: .messages, count: 3),
            HourlyCell(day: monday + 7, hour: 9, channel: "a", metric: .messages, count: 4),
            HourlyCell(day: monday, hour: 9, channel: "a", metric: .casesCreated, count: 50),
        ]
        let all = HourlySeries(cells: cells, metric: .messages, days: monday...(monday + 7))
        #expect(all.values.count == 192 && all.values[9] == 2 && all.values[24] == 3 && all.values.reduce(0, +) == 9)
        #expect(all.heatmap[0][9] == 6 && all.heatmap[1][0] == 3)
        let none = HourlySeries(cells: cells, metric: .messages, days: monday...(monday + 1), channel: .some(nil))
        #expect(none.values.reduce(0, +) == 3)
        let one = HourlySeries(cells: cells, metric: .messages, days: monday...(monday + 1), channel: "a")
        #expect(one.values.reduce(0, +) == 2)
    }
}
