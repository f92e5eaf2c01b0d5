import Aggregates
import Runtime

/// Unusual days in words and pictures, and every watched series.
enum AnomaliesPage {
    static func build(_ c: PageContext) -> PageView {
        var view = PageView(c)
        let p = c.phrases
        let shared = SharedTables(context: c)
        let sentence = AlertSentence(context: c)
        let alerts = c.input.alerts.sorted {
            $0.score.magnitude == $1.score.magnitude ? $0.series < $1.series : $0.score.magnitude > $1.score.magnitude
        }
        let list = AlertList(alerts)
        view["alerts"] = list.entries.map { entry -> [String: Any] in
            let alert = entry.alert
            return [
                "text": sentence.text(alert) + sentence.life(entry, on: c.period.days.upperBound),
                "severity": p("severity_\(alert.severity.rawValue)"), "title": c.labels.series(alert.series),
                "score": c.format.decimal(alert.score, digits: 1),
                "day": c.format.dayWithWeekday(alert.day),
            ]
        }
        view["has_alerts"] = !alerts.isEmpty
        view["none"] = p("no_alerts", "\(c.input.watched.count)")
        view.table("alert_table", table(c, alerts))

        // The series with alerts first, then the totals; every other one as a small multiple.
        let alerted = Set(alerts.map(\.series))
        var order = list.entries.map(\.alert.series) + alerts.map(\.series)
        order += c.input.watched.map(\.id).filter { !alerted.contains($0) && $0.dimension == nil }
        var seen = Set<SeriesID>()
        var charts: [[String: Any]] = []
        for id in order where seen.insert(id).inserted && charts.count < 6 {
            guard let watched = c.input.watched.first(where: { $0.id == id }) else { continue }
            let name = c.labels.series(id)
            let trend = shared.watchedTrend(watched, id: "anomalies_series_\(charts.count + 1)", title: name)
            view.keep(trend.table)
            charts.append(
                view.figure(
                    trend.chart, title: name,
                    note: charts.isEmpty ? p("note_band") : nil, span: .full, table: trend.table))
        }
        view["charts"] = charts
        view["has_charts"] = !charts.isEmpty
        others(&view)
        ForecastSection(context: c).build(&view)
        return view
    }

    private static func table(_ c: PageContext, _ alerts: [Alert]) -> ReportTable {
        let p = c.phrases
        return ReportTable(
            id: "anomalies_alerts", title: p("alerts_title"),
            columns: [
                .init("day", p("col_day"), isNumeric: false), .init("series", p("col_series"), isNumeric: false),
                .init("observed", p("observed")), .init("expected", p("expected")), .init("ratio", p("col_ratio")),
                .init("lower", p("lower")), .init("upper", p("upper")), .init("score", p("col_score")),
                .init("p_value", p("col_p_value")), .init("severity", p("col_severity"), isNumeric: false),
                .init("since", p("col_since"), isNumeric: false), .init("leader", p("col_leader"), isNumeric: false),
            ],
            rows: alerts.map { alert in
                func cell(_ value: Double) -> ReportTable.Cell {
                    alert.series.metric.kind == .duration ? .seconds(value) : .number(value, digits: 1)
                }
                return [
                    .day(alert.day), .label(c.labels.series(alert.series), raw: alert.series.name),
                    cell(alert.observed),
                    cell(alert.expected),
                    .number(alert.expected > 0 ? alert.observed / alert.expected : nil, digits: 2),
                    cell(alert.lower), cell(alert.upper), .number(alert.score, digits: 1),
                    .number(alert.pValue, digits: 4),
                    .label(p("severity_\(alert.severity.rawValue)"), raw: alert.severity.rawValue), .day(alert.since),
                    .label(alert.leader.map { c.labels.series($0) } ?? "", raw: alert.leader?.name ?? ""),
                ]
            })
    }

    private static func others(_ view: inout PageView) {
        let c = view.context
        let p = c.phrases
        let cut = c.input.watched.filter { $0.id.dimension != nil }.sorted { $0.id < $1.id }
        let panels = cut.prefix(20).map { watched in
            SmallMultiples.Panel(
                title: c.labels.value(watched.id.value, of: watched.id.dimension ?? .channel),
                values: watched.points.filter { c.history.contains($0.day) }.map(\.observed),
                note: c.labels.metric(watched.id.metric))
        }
        view.chart(
            "others", SmallMultiples(days: c.days, panels: Array(panels), sharesScale: false),
            title: p("watched_title"),
            note: p("note_watched", "\(c.input.watched.count)"), span: .full,
            table: ReportTable(
                id: "anomalies_watched", title: p("watched_title"),
                columns: [
                    .init("series", p("col_series"), isNumeric: false), .init("days", p("col_days")),
                    .init("last_observed", p("observed")), .init("last_expected", p("expected")),
                    .init("lower", p("lower")), .init("upper", p("upper")),
                ],
                rows: c.input.watched.sorted { $0.id < $1.id }.map { watched in
                    let points = watched.points.filter { $0.day <= c.period.days.upperBound }
                    let last = points.last
                    return [
                        .label(c.labels.series(watched.id), raw: watched.id.name), .count(Int64(points.count)),
                        .number(last?.observed, digits: 1), .number(last?.expected, digits: 1),
                        .number(last?.lower, digits: 1), .number(last?.upper, digits: 1),
                    ]
                }))
    }
}
