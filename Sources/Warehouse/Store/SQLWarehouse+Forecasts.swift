import Aggregates
import Runtime

extension SQLWarehouse {
    /// Replaces the arrivals ahead of the last run.
    func replaceStaffing(_ staffing: [StaffingSeries]) throws {
        try connection.transaction {
            try connection.run("DELETE FROM staffing_hourly")
            try replaceMethods(grid: "hour", staffing.map(\.method))
            try connection.insert(into: "staffing_hourly", columns: ForecastTables.staffingHourly.columnNames) {
                writer in
                for (position, series) in staffing.enumerated() {
                    for hour in series.hours {
                        writer.beginRow()
                        writer.text(series.id.metric.rawValue)
                        writer.text(series.id.dimension?.rawValue)
                        writer.text(series.id.value)
                        writer.integer(Int64(position))
                        writer.integer(Int64(hour.day.daysSinceEpoch))
                        writer.integer(Int64(hour.hour))
                        writer.integer(Int64(hour.minutes))
                        writer.integer(Int64(hour.isOpen ? 1 : 0))
                        for value in [hour.expected, hour.lower80, hour.upper80, hour.lower95, hour.upper95] {
                            writer.real(value)
                        }
                        try writer.endRow()
                    }
                }
            }
        }
    }

    /// The arrivals ahead of the last run, in the order in which they were given.
    func staffing() throws -> [StaffingSeries] {
        let methods = try methods(grid: "hour")
        let reader = try connection.rows(
            """
            SELECT metric, dimension, value, position, day, hour, minutes, is_open, expected, lower_80, upper_80,
            lower_95, upper_95 FROM staffing_hourly ORDER BY position, day, hour
            """)
        var out: [StaffingSeries] = []
        var position: Int64?
        while try reader.next() {
            if position != reader.integer(3) {
                position = reader.integer(3)
                guard let method = methods[reader.integer(3)] else {
                    throw WarehouseError.damaged(
                        table: "forecast_method", detail: "no model of hourly series \(reader.integer(3))")
                }
                out.append(
                    StaffingSeries(id: try seriesID(reader, table: "staffing_hourly"), method: method, hours: []))
            }
            out[out.count - 1].hours.append(
                StaffingHour(
                    day: reader.day(4), hour: Int(reader.integer(5)), minutes: Int(reader.integer(6)),
                    isOpen: reader.integer(7) == 1, expected: reader.real(8), lower80: reader.real(9),
                    upper80: reader.real(10), lower95: reader.real(11), upper95: reader.real(12)))
        }
        return out
    }

    /// Replaces what continued the series of a grid, by their positions; within the caller's transaction.
    func replaceMethods(grid: String, _ methods: [ForecastMethod?]) throws {
        try connection.run("DELETE FROM forecast_method WHERE grid = $1", [.text(grid)])
        try connection.insert(into: "forecast_method", columns: ForecastTables.forecastMethod.columnNames) { writer in
            for (position, method) in methods.enumerated() {
                guard let method else { continue }
                writer.beginRow()
                writer.text(grid)
                writer.integer(Int64(position))
                writer.text(method.name)
                writer.integer(Int64(method.isFallback ? 1 : 0))
                try writer.endRow()
            }
        }
    }

    /// What continued the series of a grid, by position.
    func methods(grid: String) throws -> [Int64: ForecastMethod] {
        let reader = try connection.rows(
            "SELECT position, model, is_fallback FROM forecast_method WHERE grid = $1", [.text(grid)])
        var out: [Int64: ForecastMethod] = [:]
        while try reader.next() {
            out[reader.integer(0)] = ForecastMethod(name: reader.text(1), isFallback: reader.integer(2) == 1)
        }
        return out
    }
}
