import Aggregates
import FoundationEssentials
import Runtime

extension SQLWarehouse {
    /// Replaces what the last run found.
    func replaceAlerts(_ alerts: [Alert], watched: [WatchedSeries]) throws {
        try connection.transaction {
            try connection.run("DELETE FROM alert")
            try connection.run("DELETE FROM watched_series")
            try replaceMethods(grid: "day", watched.map(\.method))
            let columns = AggregateTables.alert.columnNames + AlertLifeColumns.names
            try connection.insert(into: "alert", columns: columns) { writer in
                for (position, alert) in alerts.enumerated() {
                    writer.beginRow()
                    SQLWarehouse.write(alert.series, alert.day, to: writer)
                    writer.integer(Int64(position))
                    for value in [alert.observed, alert.expected, alert.lower, alert.upper, alert.score, alert.pValue] {
                        writer.real(Optional(value))
                    }
                    writer.text(try ContributionCoding.encode(alert.contributions))
                    writer.integer(Int64(alert.since.daysSinceEpoch))
                    writer.integer(alert.until.map { Int64($0.daysSinceEpoch) })
                    writer.text(alert.severity.rawValue)
                    writer.text(alert.leader?.metric.rawValue)
                    writer.text(alert.leader?.dimension?.rawValue)
                    writer.text(alert.leader?.value)
                    try writer.endRow()
                }
            }
            try connection.insert(into: "watched_series", columns: AggregateTables.watchedSeries.columnNames) {
                writer in
                for (position, series) in watched.enumerated() {
                    for (points, isForecast) in [(series.points, false), (series.forecast, true)] {
                        for point in points {
                            writer.beginRow()
                            SQLWarehouse.write(series.id, point.day, to: writer)
                            writer.integer(Int64(position))
                            writer.integer(Int64(isForecast ? 1 : 0))
                            writer.real(point.observed)
                            writer.real(point.expected)
                            writer.real(point.lower)
                            writer.real(point.upper)
                            try writer.endRow()
                        }
                    }
                }
            }
        }
    }

    private static func write(_ id: SeriesID, _ day: CivilDate, to writer: any RowWriter) {
        writer.text(id.metric.rawValue)
        writer.text(id.dimension?.rawValue)
        writer.text(id.value)
        writer.integer(Int64(day.daysSinceEpoch))
    }

    /// The series whose metric, dimension and value stand in three columns.
    func seriesID(_ row: any RowReader, table: String, from column: Int = 0) throws -> SeriesID {
        let dimension = row.optionalText(column + 1)
        guard let metric = Metric(rawValue: row.text(column)),
            dimension == nil || dimension.flatMap(Dimension.init(rawValue:)) != nil
        else { throw WarehouseError.damaged(table: table, detail: "series \(row.text(column))/\(dimension ?? "")") }
        return SeriesID(
            metric: metric, dimension: dimension.flatMap(Dimension.init(rawValue:)),
            value: row.optionalText(column + 2))
    }

    /// Alerts whose day lies in the range, in the order in which they were given.
    func alerts(_ days: ClosedRange<CivilDate>) throws -> [Alert] {
        let reader = try connection.rows(
            """
            SELECT metric, dimension, value, day, observed, expected, lower, upper, score, p_value, contributions,
                since_day, until_day, severity, leader_metric, leader_dimension, leader_value
            FROM alert WHERE day BETWEEN $1 AND $2 ORDER BY position
            """, SQLWarehouse.values(days))
        func number(_ column: Int) -> Double { reader.optionalReal(column) ?? .nan }
        var out: [Alert] = []
        while try reader.next() {
            let severity = reader.optionalText(13)
            guard severity == nil || severity.flatMap(Alert.Severity.init(rawValue:)) != nil else {
                throw WarehouseError.damaged(table: "alert", detail: "severity \(severity ?? "")")
            }
            out.append(
                Alert(
                    series: try seriesID(reader, table: "alert"), day: reader.day(3), observed: number(4),
                    expected: number(5),
                    lower: number(6), upper: number(7), score: number(8), pValue: number(9),
                    contributions: try ContributionCoding.decode(reader.text(10)),
                    since: reader.optionalInteger(11) == nil ? nil : reader.day(11),
                    until: reader.optionalInteger(12) == nil ? nil : reader.day(12),
                    severity: severity.flatMap(Alert.Severity.init(rawValue:)) ?? .minor,
                    leader: reader.optionalText(14) == nil ? nil : try seriesID(reader, table: "alert", from: 14)))
        }
        return out
    }

    /// Points of the days, and whole forecasts: they lie ahead of the days.
    func watchedSeries(_ days: ClosedRange<CivilDate>) throws -> [WatchedSeries] {
        let methods = try methods(grid: "day")
        let reader = try connection.rows(
            """
            SELECT metric, dimension, value, day, position, is_forecast, observed, expected, lower, upper
            FROM watched_series WHERE is_forecast = 1 OR day BETWEEN $1 AND $2 ORDER BY position, is_forecast, day
            """, SQLWarehouse.values(days))
        var out: [WatchedSeries] = []
        var position: Int64?
        while try reader.next() {
            if position != reader.integer(4) {
                position = reader.integer(4)
                out.append(
                    WatchedSeries(
                        id: try seriesID(reader, table: "watched_series"), points: [], forecast: [],
                        method: methods[reader.integer(4)]))
            }
            let point = SeriesPoint(
                day: reader.day(3), observed: reader.optionalReal(6), expected: reader.optionalReal(7),
                lower: reader.optionalReal(8), upper: reader.optionalReal(9))
            if reader.integer(5) == 1 {
                out[out.count - 1].forecast.append(point)
            } else {
                out[out.count - 1].points.append(point)
            }
        }
        return out
    }
}

/// Contributions of an alert as JSON, so that a BI tool can read them.
enum ContributionCoding {
    private struct Stored: Codable {
        var dimension: Dimension
        var value: String?
        var observed: Double
        var expected: Double
        var share: Double
    }

    static func encode(_ contributions: [Alert.Contribution]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let stored = contributions.map {
            Stored(
                dimension: $0.dimension, value: $0.value, observed: $0.observed, expected: $0.expected, share: $0.share)
        }
        return String(decoding: try encoder.encode(stored), as: UTF8.self)
    }

    static func decode(_ text: String) throws -> [Alert.Contribution] {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return try decoder.decode([Stored].self, from: Data(text.utf8)).map {
                Alert.Contribution(
                    dimension: $0.dimension, value: $0.value, observed: $0.observed, expected: $0.expected,
                    share: $0.share)
            }
        } catch let error as DecodingError {
            throw WarehouseError.damaged(table: "alert", detail: "\(error)")
        }
    }
}
