import Aggregates
import Runtime

/// What watched series are expected to do in the days after the report, and on which days there were alerts.
struct ForecastSection {
    let context: PageContext
    private var p: Phrasebook { context.phrases }

    /// Series whose forecast begins on the day after the report: the forecast of another night says nothing here.
    private var series: [WatchedSeries] {
        let next = context.period.days.upperBound + 1
        return context.input.watched.filter { $0.forecast.first?.day == next }
            .sorted { ($0.id.dimension == nil ? 0 : 1, $0.id) < ($1.id.dimension == nil ? 0 : 1, $1.id) }
    }

    func build(_ view: inout PageView) {
        alertCalendar(&view)
        let series = series
        view.table("forecast_models", models(series))
        view.table("forecast", days(series))
        view["has_forecast"] = !series.isEmpty
        view["forecast_note"] = series.isEmpty ? p("note_forecast_elsewhere") : p("note_forecast")
        if series.contains(where: { $0.method?.isFallback == true }) { view["fallback_note"] = p("note_fallback") }
    }

    private func alertCalendar(_ view: inout PageView) {
        let counts = context.input.alertsByDay
        let days = context.days.map { (day: $0, value: counts[$0].map(Double.init)) }
        let table = SharedTables(context: context).daily(
            id: "anomalies_calendar", title: p("alert_calendar_title"),
            columns: [("alerts", p("col_alerts"), days.map { ReportTable.Cell.count($0.value.map { Int64($0) }) })])
        let chart = CalendarHeatmap(days: days.map { ($0.day, $0.value) })
        guard !chart.isEmpty else {
            view.keep(table)
            return
        }
        view.chart(
            "alert_calendar", chart, title: p("alert_calendar_title"), note: p("note_alert_calendar"), table: table)
    }

    /// A line for each series: its model, the next day, and means of a week and of all days.
    private func models(_ series: [WatchedSeries]) -> ReportTable {
        ReportTable(
            id: "anomalies_forecast_models", title: p("forecast_models_title"),
            columns: [
                .init("series", p("col_series"), isNumeric: false), .init("next_day", p("col_next_day")),
                .init("lower_95", p("lower")), .init("upper_95", p("upper")), .init("mean_7_days", p("col_mean_week")),
                .init("mean_all_days", p("col_mean_ahead")), .init("model", p("col_model"), isNumeric: false),
                .init("is_simple", p("col_simple"), isNumeric: false),
            ],
            rows: series.map { one in
                let next = one.forecast.first
                let isSimple = one.method?.isFallback == true
                return [
                    .label(context.labels.series(one.id), raw: one.id.name), cell(one, next?.expected),
                    cell(one, next?.lower), cell(one, next?.upper), cell(one, mean(one.forecast.prefix(7))),
                    cell(one, mean(one.forecast[...])),
                    .label(one.method.map { PlainLabel.clean($0.name) } ?? p("not_stated"), raw: one.method?.name),
                    .label(isSimple ? p("yes") : p("no"), raw: isSimple ? "1" : "0"),
                ]
            })
    }

    /// Every series day by day.
    private func days(_ series: [WatchedSeries]) -> ReportTable {
        ReportTable(
            id: "anomalies_forecast", title: p("forecast_title"),
            columns: [
                .init("series", p("col_series"), isNumeric: false), .init("day", p("col_day"), isNumeric: false),
                .init("expected", p("expected")), .init("lower_95", p("lower")), .init("upper_95", p("upper")),
                .init("model", p("col_model"), isNumeric: false),
            ],
            rows: series.flatMap { one in
                let model = ReportTable.Cell.label(
                    one.method.map { PlainLabel.clean($0.name, limit: 40) } ?? p("not_stated"), raw: one.method?.name)
                return one.forecast.map { point in
                    [
                        .label(context.labels.series(one.id), raw: one.id.name), .day(point.day),
                        cell(one, point.expected), cell(one, point.lower), cell(one, point.upper), model,
                    ]
                }
            })
    }

    private func mean(_ points: ArraySlice<SeriesPoint>) -> Double? {
        let values = points.compactMap(\.expected)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private func cell(_ series: WatchedSeries, _ value: Double?) -> ReportTable.Cell {
        series.id.metric.kind == .duration ? .seconds(value) : .number(value, digits: 1)
    }
}
