import Aggregates
import Records
import Runtime

extension SQLWarehouse {
    /// Days whose cases have been pruned keep the aggregates that they have.
    static let prunedSetting = "pruned_before"

    /// Inside a transaction.
    func markDirty(_ days: Set<CivilDate>, zone: LocalZone) throws {
        var kept = days
        if let pruned = try setting(SQLWarehouse.prunedSetting).flatMap(Int64.init) {
            kept = kept.filter { zone.start(of: $0).milliseconds >= pruned }
        }
        guard !kept.isEmpty else { return }
        let known = Set(try dirtyDays())
        try connection.insert(into: "dirty_day", columns: ["day"]) { writer in
            for day in kept.subtracting(known).sorted() {
                writer.beginRow()
                writer.integer(Int64(day.daysSinceEpoch))
                try writer.endRow()
            }
        }
    }

    func dirtyDays() throws -> [CivilDate] {
        let reader = try connection.rows("SELECT day FROM dirty_day ORDER BY day")
        var out: [CivilDate] = []
        while try reader.next() { out.append(reader.day(0)) }
        return out
    }

    /// Every day from the first case to the last, and every day that has aggregates.
    func markAllDaysDirty(zone: LocalZone) throws {
        var days: Set<CivilDate> = []
        let reader = try connection.rows("SELECT min(opened_at), max(last_touch_at) FROM service_case")
        if try reader.next(), let first = reader.optionalTime(0), let last = reader.optionalTime(1) {
            let start = zone.day(of: first)
            let end = max(start, zone.day(of: last))
            for offset in 0...(end - start) { days.insert(start + offset) }
        }
        let stored = try connection.rows(
            "SELECT DISTINCT day FROM metric_daily UNION SELECT DISTINCT day FROM volume_hourly")
        while try stored.next() { days.insert(stored.day(0)) }
        try connection.transaction { try markDirty(days, zone: zone) }
    }

    func replaceDays(_ days: [CivilDate], daily: [DailyCell], hourly: [HourlyCell]) throws {
        try connection.transaction {
            for day in Set(days).sorted() {
                for table in ["metric_daily", "volume_hourly", "dirty_day"] {
                    try connection.run("DELETE FROM \(table) WHERE day = $1", [.integer(Int64(day.daysSinceEpoch))])
                }
            }
            try connection.insert(into: "metric_daily", columns: AggregateTables.metricDaily.columnNames) { writer in
                for cell in daily { try SQLWarehouse.write(cell, to: writer) }
            }
            try connection.insert(into: "volume_hourly", columns: AggregateTables.volumeHourly.columnNames) { writer in
                for cell in hourly {
                    writer.beginRow()
                    writer.integer(Int64(cell.day.daysSinceEpoch))
                    writer.integer(Int64(cell.hour))
                    writer.text(cell.channel)
                    writer.text(cell.metric.rawValue)
                    writer.integer(cell.count)
                    try writer.endRow()
                }
            }
            Milestone.pass("replace-days")
        }
    }

    private static func write(_ cell: DailyCell, to writer: any RowWriter) throws {
        writer.beginRow()
        writer.integer(Int64(cell.day.daysSinceEpoch))
        writer.text(cell.cuboid.rawValue)
        writer.text(cell.metric.rawValue)
        writer.text(cell.segment.channel)
        writer.text(cell.segment.group)
        writer.text(cell.segment.agent)
        writer.text(cell.segment.category)
        writer.text(cell.segment.intent)
        for tally in [cell.calendar, cell.business] {
            writer.integer(tally.count)
            writer.integer(tally.sum)
            writer.blob(tally.sketch.encoded())
        }
        try writer.endRow()
    }

    /// In order of day, cuboid, metric and segment.
    func dailyCells(_ days: ClosedRange<CivilDate>) throws -> [DailyCell] {
        let session = try snapshot()
        let segment = ["channel", "group_name", "agent", "category", "intent"].map { "\($0) NULLS FIRST" }
        let reader = try session.cursor(
            """
            SELECT \(quotedList(AggregateTables.metricDaily.columnNames)) FROM metric_daily
            WHERE day BETWEEN $1 AND $2 ORDER BY day, cuboid, metric, \(segment.joined(separator: ", "))
            """, SQLWarehouse.values(days))
        var out: [DailyCell] = []
        while try reader.next() {
            guard let cuboid = Cuboid(rawValue: reader.text(1)), let metric = Metric(rawValue: reader.text(2)),
                let calendar = reader.tally(8), let business = reader.tally(11)
            else {
                throw WarehouseError.damaged(
                    table: "metric_daily", detail: "a cell of \(reader.text(2)) on \(reader.day(0))")
            }
            out.append(
                DailyCell(
                    day: reader.day(0), cuboid: cuboid, metric: metric,
                    segment: SegmentKey(
                        channel: reader.optionalText(3), group: reader.optionalText(4), agent: reader.optionalText(5),
                        category: reader.optionalText(6), intent: reader.optionalText(7)),
                    calendar: calendar, business: business))
        }
        return out
    }

    /// In order of day, hour, channel and metric.
    func hourlyCells(_ days: ClosedRange<CivilDate>) throws -> [HourlyCell] {
        let session = try snapshot()
        let reader = try session.cursor(
            """
            SELECT day, hour, channel, metric, n FROM volume_hourly WHERE day BETWEEN $1 AND $2
            ORDER BY day, hour, channel NULLS FIRST, metric
            """, SQLWarehouse.values(days))
        var out: [HourlyCell] = []
        while try reader.next() {
            guard let metric = Metric(rawValue: reader.text(3)) else {
                throw WarehouseError.damaged(table: "volume_hourly", detail: "metric '\(reader.text(3))'")
            }
            out.append(
                HourlyCell(
                    day: reader.day(0), hour: Int(reader.integer(1)), channel: reader.optionalText(2), metric: metric,
                    count: reader.integer(4)))
        }
        return out
    }

    static func values(_ days: ClosedRange<CivilDate>) -> [SQLValue] {
        [.integer(Int64(days.lowerBound.daysSinceEpoch)), .integer(Int64(days.upperBound.daysSinceEpoch))]
    }
}

extension RowReader {
    func day(_ column: Int) -> CivilDate {
        CivilDate(daysSinceEpoch: Int32(truncatingIfNeeded: integer(column)))
    }

    /// Count, sum and sketch from three columns; `nil` for bytes that no sketch writes.
    fileprivate func tally(_ column: Int) -> Tally? {
        guard let sketch = withBytes(column + 2, { DurationSketch(encoded: $0) }) else { return nil }
        return Tally(count: integer(column), sum: integer(column + 1), sketch: sketch)
    }
}
