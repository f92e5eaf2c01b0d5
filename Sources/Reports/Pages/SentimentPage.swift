import Aggregates
import Runtime

/// How customers felt, by the model's reading of their messages.
enum SentimentPage {
    static let metrics: [Metric] = [.sentimentNegative, .sentimentNeutral, .sentimentPositive]
    /// Fewer scored messages than this give no rate.
    static let minimum: Int64 = 10

    static func build(_ c: PageContext) -> PageView {
        var view = PageView(c)
        let p = c.phrases
        let figures = KeyFigures(context: c)
        let list = [
            figures.negativeShare(), figures.count(.sentimentNegative, .less),
            figures.count(.sentimentNeutral, .neither),
            figures.count(.sentimentPositive, .more), figures.satisfaction(),
        ]
        view["figures"] = figures.views(list)
        view.table("key_figures", figures.table(list, id: "sentiment_figures"))
        byDay(&view)
        for (dimension, key) in [(Dimension.channel, "by_channel"), (.group, "by_group"), (.intent, "by_intent")] {
            split(&view, dimension, key: key, title: p("sentiment_\(key)"))
        }
        view["definitions"] = c.definitions(metrics)
        return view
    }

    private static func byDay(_ view: inout PageView) {
        let c = view.context
        let shared = SharedTables(context: c)
        let values = metrics.map { c.daily($0) }
        let share: [Double?] = c.days.indices.map { index in
            let parts = values.map { $0[index] ?? 0 }
            let whole = parts.reduce(0, +)
            return values[0][index] == nil || whole == 0 ? nil : parts[0] / whole
        }
        var columns = zip(metrics, values).map { metric, counts in
            (key: metric.rawValue, title: c.labels.metric(metric), values: shared.counts(counts))
        }
        columns.append(
            (
                key: "negative_share", title: c.phrases("negative_share"),
                values: share.map { ReportTable.Cell.ratio($0) }
            ))
        view.chart(
            "by_day",
            LineChart(
                days: c.days, series: [.init(title: c.phrases("negative_share"), values: share)], unit: .ratio,
                shaded: c.shaded), title: c.phrases("negative_by_day"), span: .full,
            table: shared.daily(
                id: "sentiment_by_day", title: c.phrases("negative_by_day"),
                columns: columns))
        let start = max(0, c.days.count - 42)
        view.chart(
            "stacked",
            BarChart(
                categories: c.days[start...].map { c.format.shortDay($0) },
                series: metrics.enumerated().map { index, metric in
                    .init(
                        title: c.labels.metric(metric), values: Array(values[index][start...]), fill: [2, 6, 3][index])
                }), title: c.phrases("feelings_by_day"), span: .full,
            table: ReportTable(
                id: "sentiment_counts_by_day", title: c.phrases("feelings_by_day"),
                columns: [ReportTable.Column("day", c.phrases("col_day"), isNumeric: false)]
                    + metrics.map { ReportTable.Column($0.rawValue, c.labels.metric($0)) },
                rows: c.days.indices[start...].map { index -> [ReportTable.Cell] in
                    [.day(c.days[index])] + values.map { ReportTable.Cell.count($0[index].map { Int64($0) }) }
                }))
    }

    /// The share of negative messages by a dimension, highest first among those with enough messages.
    private static func split(_ view: inout PageView, _ dimension: Dimension, key: String, title: String) {
        let c = view.context
        let by = metrics.map { metric in
            Dictionary(
                c.cube.by(dimension, metric, c.period.days).map { ($0.value, $0.measure.calendar.sum) },
                uniquingKeysWith: { first, _ in first })
        }
        var rows = CountsByValue.rows(by)
        func share(_ row: CountsByValue.Row) -> Double? {
            row.total >= minimum ? Double(row.counts[0]) / Double(row.total) : nil
        }
        rows.sort { a, b in
            let (left, right) = (share(a) ?? -1, share(b) ?? -1)
            if left != right { return left > right }
            return a.total == b.total ? PageContext.precedes(a.value, b.value) : a.total > b.total
        }
        view.chart(
            key,
            HorizontalBarChart(
                rows: rows.filter { share($0) != nil }.prefix(12).map { row in
                    HorizontalBarChart.Row(
                        label: c.labels.value(row.value, of: dimension), value: share(row),
                        note: "n \(c.format.count(row.total))")
                }, unit: .ratio), title: title, note: c.phrases("note_minimum", "\(minimum)"),
            table: ReportTable(
                id: "sentiment_\(key)", title: title,
                columns: CountsByValue.columns(dimension, metrics, c) + [
                    ReportTable.Column("messages_scored", c.phrases("messages_scored")),
                    ReportTable.Column("negative_share", c.phrases("negative_share")),
                ],
                rows: rows.map { row -> [ReportTable.Cell] in
                    CountsByValue.cells(row, dimension, c) + [.count(row.total), .ratio(share(row))]
                }))
    }
}
