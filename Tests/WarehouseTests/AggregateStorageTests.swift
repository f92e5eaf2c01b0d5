import Aggregates
import Records
import Runtime
import Testing

@testable import Warehouse

@Suite("Aggregates")
struct AggregateStorageTests {
    private let day = CivilDate(year: 2026, month: 3, day: 1)

    private func cell(_ day: CivilDate, _ metric: Metric, _ segment: SegmentKey, _ values: [Int64]) -> DailyCell {
        var tally = Tally()
        for value in values {
            tally.count += 1
            tally.sum += value
            tally.sketch.insert(value)
        }
        return DailyCell(
            day: day, cuboid: segment.agent == nil ? .topic : .agent, metric: metric, segment: segment, calendar: tally,
            business: values.count > 1 ? Tally(count: 1, sum: -5) : Tally())
    }

    @Test("cells come back in order, and only the days named are replaced", arguments: StoreKind.installed)
    func cells(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let cells = [
            cell(day, .firstReply, SegmentKey(agent: "a"), [0, 0, 5, 60_000, 9_999_999_999]),
            cell(day, .firstReply, SegmentKey(), [1]),
            cell(day, .firstReply, SegmentKey(channel: ""), [2]),
            cell(day, .firstReply, SegmentKey(channel: "B", group: "g", category: "c", intent: "i"), [2]),
            cell(day, .firstReply, SegmentKey(channel: "a"), []),
            cell(day + 1, .backlog, SegmentKey(), [3, 4]),
        ]
        let hours = [
            HourlyCell(day: day, hour: 0, channel: nil, metric: .messages, count: 3),
            HourlyCell(day: day, hour: 0, channel: "chat", metric: .messages, count: 4),
            HourlyCell(day: day + 1, hour: 23, channel: nil, metric: .casesCreated, count: 1),
        ]
        try store.warehouse.replaceDays([day, day + 1, day], daily: cells.reversed(), hourly: hours.reversed())
        #expect(try store.warehouse.dailyCells(day...day + 1) == cells)
        #expect(try store.warehouse.hourlyCells(day...day + 1) == hours)
        try store.warehouse.replaceDays([day + 1], daily: [], hourly: [])
        #expect(try store.warehouse.dailyCells(day...day + 1) == Array(cells[..<5]))
        #expect(try store.warehouse.hourlyCells(day...day + 1) == Array(hours[..<2]))
        #expect(try store.warehouse.dailyCells(day + 5...day + 6).isEmpty)
        try store.warehouse.markAllDaysDirty(zone: .utc)
        #expect(try store.warehouse.dirtyDays() == [day])
    }

    @Test("bytes that no sketch writes are told as damage", arguments: StoreKind.installed)
    func damage(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.warehouse.replaceDays([day], daily: [cell(day, .firstReply, SegmentKey(), [1])], hourly: [])
        try store.warehouse.connection.run("UPDATE metric_daily SET sketch = $1", [.blob([0xFF])])
        #expect(throws: WarehouseError.self) { try store.warehouse.dailyCells(day...day) }
        try store.warehouse.replaceDays(
            [day], daily: [], hourly: [HourlyCell(day: day, hour: 1, channel: nil, metric: .messages, count: 1)])
        try store.warehouse.connection.run("UPDATE volume_hourly SET metric = 'x'")
        #expect(throws: WarehouseError.self) { try store.warehouse.hourlyCells(day...day) }
    }

    @Test("alerts and watched series come back", arguments: StoreKind.installed)
    func series(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let total = SeriesID(metric: .messages)
        let chat = SeriesID(metric: .messages, dimension: .channel, value: "chat")
        let unknown = SeriesID(metric: .messages, dimension: .channel, value: nil)
        let alerts = [chat, total, unknown].map { id in
            Alert(
                series: id, day: day, observed: 1.1, expected: 0.1 + 0.2, lower: -1e-300, upper: .nan, score: 3,
                pValue: 1e-12,
                contributions: [
                    .init(dimension: .intent, value: nil, observed: 1, expected: .infinity, share: 0.3),
                    .init(dimension: .agent, value: "\"x\"", observed: 1, expected: 2, share: 0.1),
                ], since: day - 3, until: id == chat ? day + 1 : nil, severity: .critical,
                leader: id == total ? nil : total)
        }
        func point(_ offset: Int, _ observed: Double?) -> SeriesPoint {
            SeriesPoint(day: day + offset, observed: observed, expected: 2.5, lower: nil, upper: 4)
        }
        let watched = [
            WatchedSeries(id: chat, points: [point(0, 1), point(1, nil)], forecast: [point(2, nil), point(3, nil)]),
            WatchedSeries(
                id: total, points: [point(0, 7)], forecast: [],
                method: ForecastMethod(name: "mean(ETS(A,N,A), 'x')", isFallback: true)),
        ]
        try store.warehouse.replaceAlerts(alerts, watched: watched)
        try store.warehouse.replaceAlerts(alerts, watched: watched)
        let found = try store.warehouse.alerts(day...day)
        #expect(found.map(\.series) == alerts.map(\.series))
        #expect(found[0].expected == alerts[0].expected && found[0].lower == -1e-300 && found[0].upper.isNaN)
        #expect(found[0].contributions == alerts[0].contributions)
        #expect(found.map(\.since) == alerts.map(\.since) && found.map(\.until) == alerts.map(\.until))
        #expect(found.map(\.severity) == alerts.map(\.severity) && found.map(\.leader) == alerts.map(\.leader))
        #expect(try store.warehouse.alerts(day + 1...day + 2).isEmpty)
        #expect(try store.warehouse.watchedSeries(day...day + 1) == watched)
        let first = try store.warehouse.watchedSeries(day...day)
        #expect(first[0].points == [point(0, 1)] && first[0].forecast.count == 2)
        for change in [
            "UPDATE alert SET severity = 'x'", "UPDATE alert SET severity = NULL, dimension = 'x'",
            "UPDATE alert SET dimension = NULL, contributions = '{'",
        ] {
            try store.warehouse.connection.run(change)
            #expect(throws: WarehouseError.self) { try store.warehouse.alerts(day...day) }
        }
    }

    @Test("arrivals by hour come back with their models", arguments: StoreKind.installed)
    func staffing(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        #expect(try store.warehouse.staffing().isEmpty)
        func hour(_ offset: Int, _ hour: Int, _ minutes: Int = 60) -> StaffingHour {
            StaffingHour(
                day: day + offset, hour: hour, minutes: minutes, isOpen: hour > 8, expected: 0.1 + 0.2, lower80: 0,
                upper80: 1, lower95: 0, upper95: 2.5)
        }
        let staffing = [
            StaffingSeries(
                id: SeriesID(metric: .customerMessages), method: ForecastMethod(name: "MSTL[24,168]"),
                hours: [hour(0, 0), hour(0, 23, 120), hour(1, 9)]),
            StaffingSeries(
                id: SeriesID(metric: .casesCreated, dimension: .channel, value: nil),
                method: ForecastMethod(name: "hours", isFallback: true), hours: [hour(0, 1)]),
            StaffingSeries(
                id: SeriesID(metric: .casesCreated, dimension: .channel, value: "微信"),
                method: ForecastMethod(name: "hours"), hours: [hour(0, 1)]),
        ]
        // The models of watched series are others, at the same positions.
        try store.warehouse.replaceAlerts(
            [],
            watched: [
                WatchedSeries(
                    id: SeriesID(metric: .messages), points: [], forecast: [], method: ForecastMethod(name: "day"))
            ])
        for _ in 1...2 {
            try store.warehouse.replaceStaffing(staffing)
            #expect(try store.warehouse.staffing() == staffing)
        }
        let reader = try store.warehouse.connection.rows(
            "SELECT CAST(day AS text), hour, minutes, is_open FROM v_staffing WHERE dimension IS NULL ORDER BY day, hour"
        )
        #expect(try reader.next() && reader.text(0) == "2026-03-01" && reader.integer(3) == 0)
        #expect(try reader.next() && reader.integer(1) == 23 && reader.integer(2) == 120 && reader.integer(3) == 1)
        try store.warehouse.connection.run("DELETE FROM forecast_method WHERE grid = 'hour'")
        #expect(throws: WarehouseError.self) { try store.warehouse.staffing() }
        try store.warehouse.replaceStaffing([])
        #expect(try store.warehouse.staffing().isEmpty)
    }

    @Test("views speak of days, times and seconds", arguments: StoreKind.installed)
    func views(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.warehouse.replaceDays(
            [day], daily: [cell(day, .firstReply, SegmentKey(), [1500]), cell(day, .replies, SegmentKey(), [3])],
            hourly: [])
        let connection = store.warehouse.connection
        let sql = "SELECT CAST(day AS text), CAST(total AS double precision) FROM v_metric_daily ORDER BY metric"
        let reader = try connection.rows(sql)
        #expect(try reader.next() && reader.text(0) == "2026-03-01" && reader.real(1) == 1.5)
        #expect(try reader.next() && reader.real(1) == 3)
        var item = ServiceCase(
            source: "desk", id: "a", kind: .conversation, conversationKey: "a", openedAt: Timestamp(seconds: 0),
            lastEventAt: Timestamp(seconds: 60))
        item[.caseDuration] = ClockedDuration(calendar: 60_500, business: nil)
        try store.warehouse.replaceCases(
            [AssembledConversation(source: "desk", key: "a", cases: [item], scores: [])], zone: .utc)
        let view = try connection.rows(
            "SELECT CAST(opened_at AS text), CAST(case_duration_seconds AS double precision) FROM v_case")
        #expect(try view.next() && view.text(0).hasPrefix("1970-01-01") && view.real(1) == 60.5)
        #expect(try connection.integer("SELECT count(*) FROM v_volume_hourly") == 0)
    }
}
