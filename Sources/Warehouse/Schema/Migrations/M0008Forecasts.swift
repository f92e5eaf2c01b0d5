extension Migration {
    /// Arrivals by hour ahead, and which model continued which series.
    static let forecasts = Migration(name: "0008-forecasts") { dialect in
        let day =
            switch dialect {
            case .postgres: "DATE '1970-01-01' + day::integer AS day"
            case .sqlite: "date(day * 86400, 'unixepoch') AS day"
            }
        return ForecastTables.all.flatMap { $0.statements(dialect) } + [
            """
            CREATE VIEW v_staffing AS SELECT \(day), hour, minutes, is_open, metric, dimension, value, expected,
            lower_80, upper_80, lower_95, upper_95 FROM staffing_hourly
            """,
            TableDefinition.comment(
                on: "VIEW", table: "v_staffing", column: nil,
                "Arrivals expected by hour; dimension NULL is the total, not to be added to its channels", dialect),
        ] + grants(dialect)
    }

    private static func grants(_ dialect: SQLDialect) -> [String] {
        guard dialect == .postgres else { return [] }
        let tables = ForecastTables.all.map(\.name).joined(separator: ", ")
        return [
            granting("cs_analytics_reader", ["GRANT SELECT ON \(tables), v_staffing TO cs_analytics_reader"]),
            granting(
                "cs_analytics_writer",
                ["GRANT SELECT, INSERT, UPDATE, DELETE ON \(tables), v_staffing TO cs_analytics_writer"]),
            granting(
                "cs_analytics_owner",
                ["GRANT ALL ON \(tables), v_staffing TO cs_analytics_owner WITH GRANT OPTION"]),
        ]
    }
}

enum ForecastTables {
    private typealias Column = TableDefinition.Column

    static let all: [TableDefinition] = [forecastMethod, staffingHourly]

    static let forecastMethod = TableDefinition(
        name: "forecast_method", comment: "What continued each series in the last run",
        columns: [
            .text("grid", "day for watched series, hour for staffing"),
            .integer("position", "Position of the series in the last run"),
            Column.text("model", "Model as practitioners write it").required,
            Column.integer("is_fallback", "1 where the budget was spent and a simple forecast stands in").required,
        ], key: ["grid", "position"], isKeyOnly: true)

    static let staffingHourly = TableDefinition(
        name: "staffing_hourly", comment: "Arrivals expected in the local hours of the next two weeks",
        columns: [
            Column.text("metric", "cases_created or customer_messages").required,
            .text("dimension", "channel, NULL for the total"),
            .text("value", "Channel, NULL where the source does not say"),
            .integer("position", "Position of the series in the last run"),
            .integer("day", "Local day as days since 1970-01-01"),
            .integer("hour", "Local hour, 0 to 23; an hour that a clock change skips is not there"),
            Column.integer("minutes", "Length of the hour: 60, 120 where a clock change repeats it").required,
            Column.integer("is_open", "1 where the business calendar is open at any time of the hour").required,
            Column.real("expected", "Expected arrivals").required,
            Column.real("lower_80", "Lower limit of 80%").required,
            Column.real("upper_80", "Upper limit of 80%").required,
            Column.real("lower_95", "Lower limit of 95%").required,
            Column.real("upper_95", "Upper limit of 95%").required,
        ], key: ["position", "day", "hour"])
}
