extension Migration {
    /// Days, hours, watched series and alerts.
    static let aggregates = Migration(name: "0003-aggregates") { dialect in
        AggregateTables.all.flatMap { $0.statements(dialect) }
    }
}

enum AggregateTables {
    private typealias Column = TableDefinition.Column

    static let all: [TableDefinition] = [metricDaily, volumeHourly, watchedSeries, alert]

    private static let day = Column.integer("day", "Local day as days since 1970-01-01").required

    static let metricDaily = TableDefinition(
        name: "metric_daily", comment: "Metrics by local day and segment; rows add up to weeks and totals",
        columns: [
            day, Column.text("cuboid", "topic (agent left out) or agent (category and intent left out)").required,
            Column.text("metric", "Name of the metric").required, .text("channel", "Channel"),
            .text("group_name", "Group of agents"), .text("agent", "Agent"), .text("category", "Category"),
            .text("intent", "Intent"), Column.integer("n", "Number of values").required,
            Column.integer("sum", "Sum of values: milliseconds for durations, pieces for counts").required,
            Column.blob(
                "sketch",
                "Histogram of durations: LEB128 count of zeros, then LEB128 distance and count of logarithmic buckets (1.02)"
            ).required,
            Column.integer("business_n", "Number of values on the business clock").required,
            Column.integer("business_sum", "Sum on the business clock").required,
            Column.blob("business_sketch", "Histogram on the business clock").required,
        ], indexes: [["day"]])

    static let volumeHourly = TableDefinition(
        name: "volume_hourly", comment: "Pieces by local hour and channel",
        columns: [
            day, Column.integer("hour", "Local hour, 0 to 23").required, .text("channel", "Channel"),
            Column.text("metric", "Name of the metric").required, Column.integer("n", "Pieces").required,
        ], indexes: [["day"]])

    private static let series: [Column] = [
        Column.text("metric", "Name of the metric").required,
        .text("dimension", "Dimension that the series is cut by, NULL for the total"),
        .text("value", "Value of the dimension, NULL where the source does not say"), day,
    ]

    static let watchedSeries = TableDefinition(
        name: "watched_series", comment: "Watched series with their expected bands and forecasts",
        columns: series + [
            Column.integer("position", "Position of the series in the last run").required,
            Column.integer("is_forecast", "1 for days after the last observed one").required,
            .real("observed", "Observed value"), .real("expected", "Expected value"), .real("lower", "Lower bound"),
            .real("upper", "Upper bound"),
        ], indexes: [["day"]])

    static let alert = TableDefinition(
        name: "alert", comment: "Unusual days of watched series",
        columns: series + [
            Column.integer("position", "Position of the alert in the last run").required,
            .real("observed", "Observed value"), .real("expected", "Expected value"),
            .real("lower", "Lower bound"), .real("upper", "Upper bound"),
            .real("score", "Distance from expected in robust standard deviations"),
            .real("p_value", "Two-sided tail probability"),
            Column.text("contributions", "What moved most: dimension, value, observed, expected, share; JSON").required,
        ], indexes: [["day"]])
}
