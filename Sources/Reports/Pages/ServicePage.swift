import Aggregates
import Runtime

/// How quickly and how well cases were handled, on both clocks.
enum ServicePage {
    static let durations = DurationMetric.allCases.map(\.metric)

    static func build(_ c: PageContext) -> PageView {
        var view = PageView(c)
        let p = c.phrases
        let shared = SharedTables(context: c)
        let figures = KeyFigures(context: c)
        let list = [
            figures.duration(.firstReply), figures.duration(.fullResolution), figures.count(.solved, .more),
            figures.count(.reopened, .less), figures.count(.unreplied, .less), figures.satisfaction(),
        ]
        view["figures"] = figures.views(list)
        view.table("key_figures", figures.table(list, id: "service_figures"))
        view["clock_note"] =
            c.input.schedule.map { p("note_business", PlainLabel.clean($0)) } ?? p("note_no_schedule")
        view.table("durations", overview(c, shared))

        trend(&view, shared, .firstReply, key: "first_reply", id: "service_first_reply_by_day")
        trend(&view, shared, .fullResolution, key: "full_resolution", id: "service_full_resolution_by_day")
        for (metric, key) in [(Metric.firstReply, "first_reply"), (.fullResolution, "full_resolution")] {
            let distribution = shared.distribution(metric, id: "service_\(key)_distribution")
            view.chart(
                "\(key)_distribution", distribution.chart, title: p("distribution_of", c.labels.metric(metric)),
                note: p("note_distribution", c.format.count(c.duration(metric, c.period.days).calendar.count)),
                table: distribution.table)
        }
        view.table(
            "first_reply_by_channel",
            shared.durations(
                .firstReply, by: .channel, id: "service_first_reply_by_channel",
                title: p("by_channel", c.labels.metric(.firstReply))))
        view.table(
            "first_reply_by_group",
            shared.durations(
                .firstReply, by: .group, id: "service_first_reply_by_group",
                title: p("by_group", c.labels.metric(.firstReply))))
        view.table(
            "resolution_by_group",
            shared.durations(
                .fullResolution, by: .group, id: "service_full_resolution_by_group",
                title: p("by_group", c.labels.metric(.fullResolution))))
        backlog(&view, shared)
        touches(&view)
        ratings(&view)
        view["definitions"] = c.definitions(
            durations + [
                .replied, .unreplied, .solved, .reopened, .zeroTouch, .oneTouch, .twoTouch, .multiTouch, .backlog,
                .unrepliedBacklog, .ratingsGood, .ratingsBad,
            ])
        return view
    }

    /// Every duration on one table.
    private static func overview(_ c: PageContext, _ shared: SharedTables) -> ReportTable {
        ReportTable(
            id: "service_durations", title: c.phrases("all_durations"),
            columns: [.init("metric", c.phrases("col_metric"), isNumeric: false)] + shared.durationColumns,
            rows: durations.map { metric -> [ReportTable.Cell] in
                [.label(c.labels.metric(metric), raw: metric.rawValue)]
                    + shared.durationCells(c.duration(metric, c.period.days), c.duration(metric, c.comparison.days))
            }, note: c.phrases("note_sketch"))
    }

    /// Median, P90 and mean of a duration by day.
    static func trend(_ view: inout PageView, _ shared: SharedTables, _ metric: Metric, key: String, id: String) {
        let c = view.context
        let p = c.phrases
        let daily = c.cube.series(metric, c.history).map { DurationFigure($0.measure) }
        var series: [LineChart.Series] = [.init(title: p("median"), values: daily.map(\.calendar.median))]
        if c.hasBusiness {
            series.append(
                .init(title: p("business_median"), values: daily.map(\.business.median), isDashed: true, color: 3))
        }
        series.append(.init(title: p("mean"), values: daily.map(\.calendar.mean), isDashed: true, color: 2))
        var columns: [(key: String, title: String, values: [ReportTable.Cell])] = [
            ("n", p("col_n"), daily.map { .count($0.calendar.count) }),
            ("median_seconds", p("median"), daily.map { .seconds($0.calendar.median) }),
            ("mean_seconds", p("mean"), daily.map { .seconds($0.calendar.mean) }),
            ("p90_seconds", "P90", daily.map { .seconds($0.calendar.p90) }),
        ]
        if c.hasBusiness {
            columns.append(
                ("business_median_seconds", p("business_median"), daily.map { .seconds($0.business.median) }))
        }
        view.chart(
            key, LineChart(days: c.days, series: series, unit: .seconds, shaded: c.shaded),
            title: p("by_day", c.labels.metric(metric)),
            table: shared.daily(id: id, title: p("by_day", c.labels.metric(metric)), columns: columns))
    }

    private static func backlog(_ view: inout PageView, _ shared: SharedTables) {
        let c = view.context
        let p = c.phrases
        let metrics: [Metric] = [.backlog, .unrepliedBacklog, .casesCreated, .solved, .reopened]
        let values = metrics.map { c.daily($0) }
        view.chart(
            "backlog",
            LineChart(
                days: c.days,
                series: [
                    .init(title: c.labels.metric(.backlog), values: values[0]),
                    .init(title: c.labels.metric(.unrepliedBacklog), values: values[1], isDashed: true, color: 2),
                ], unit: .count, shaded: c.shaded), title: p("backlog_by_day"), note: p("note_backlog"),
            table: shared.daily(
                id: "service_backlog_by_day", title: p("backlog_by_day"),
                columns: zip(metrics, values).map { ($0.rawValue, c.labels.metric($0), shared.counts($1)) }))
    }

    private static func touches(_ view: inout PageView) {
        let c = view.context
        let metrics: [Metric] = [.zeroTouch, .oneTouch, .twoTouch, .multiTouch]
        let now = metrics.map { c.count($0, c.period.days) }
        let before = metrics.map { c.count($0, c.comparison.days) }
        let total = now.compactMap { $0 }.reduce(0, +)
        let title = c.phrases("touches_title")
        view.chart(
            "touches",
            HorizontalBarChart(
                rows: metrics.indices.map { index in
                    .init(
                        label: c.labels.metric(metrics[index]), value: now[index].map(Double.init),
                        previous: before[index].map(Double.init),
                        note: total > 0
                            ? c.format.percent(now[index].map { Double($0) / Double(total) }, digits: 0) : "")
                }, previousTitle: c.comparisonName, valueTitle: c.phrases("this_period")), title: title,
            note: c.phrases("note_touches"),
            table: ReportTable(
                id: "service_touches", title: title,
                columns: [
                    .init("metric", c.phrases("col_metric"), isNumeric: false), .init("count", c.phrases("col_n")),
                    .init("share", c.phrases("col_share")), .init("comparison", c.comparisonName),
                ],
                rows: metrics.indices.map { index -> [ReportTable.Cell] in
                    [
                        .label(c.labels.metric(metrics[index]), raw: metrics[index].rawValue), .count(now[index]),
                        .share(total > 0 ? now[index].map { Double($0) / Double(total) } : nil), .count(before[index]),
                    ]
                }))
    }

    /// Ratings by channel; a rate always with the number of answers.
    private static func ratings(_ view: inout PageView) {
        let c = view.context
        let p = c.phrases
        let metrics: [Metric] = [.ratingsGood, .ratingsNeutral, .ratingsBad]
        let by = metrics.map { metric in
            Dictionary(
                c.cube.by(.channel, metric, c.period.days).map { ($0.value, $0.measure.calendar.sum) },
                uniquingKeysWith: { first, _ in first })
        }
        let rows = CountsByValue.rows(by)
        view.chart(
            "ratings",
            BarChart(
                categories: rows.map { c.labels.value($0.value, of: .channel) },
                series: metrics.enumerated().map { index, metric in
                    .init(
                        title: c.labels.metric(metric), values: rows.map { Double($0.counts[index]) },
                        fill: [3, 6, 2][index])
                }, isSequence: false), title: p("ratings_title"), note: p("note_csat"),
            table: ReportTable(
                id: "service_ratings_by_channel", title: p("ratings_title"),
                columns: CountsByValue.columns(.channel, metrics, c) + [ReportTable.Column("csat", p("csat"))],
                rows: rows.map { row -> [ReportTable.Cell] in
                    CountsByValue.cells(row, .channel, c) + [.ratio(c.ratio(row.counts[0], row.counts[2]))]
                }))
    }
}
