import Aggregates
import Runtime

/// Tables and charts that several pages show.
struct SharedTables {
    let context: PageContext
    private var p: Phrasebook { context.phrases }

    /// One row for each day of the history.
    func daily(id: String, title: String, columns: [(key: String, title: String, values: [ReportTable.Cell])])
        -> ReportTable
    {
        let named = columns.map { ReportTable.Column($0.key, $0.title) }
        return ReportTable(
            id: id, title: title, columns: [ReportTable.Column("day", p("col_day"), isNumeric: false)] + named,
            rows: context.days.indices.map { index -> [ReportTable.Cell] in
                [.day(context.days[index])] + columns.map { $0.values[index] }
            })
    }

    func counts(_ values: [Double?]) -> [ReportTable.Cell] { values.map { .count($0.map { Int64($0.rounded()) }) } }

    /// A count by the values of a dimension: number, share, the comparison and the change; greatest first.
    func breakdown(
        _ dimension: Dimension, _ metric: Metric, id: String, title: String, favour: ReportTable.Favour = .neither
    ) -> (table: ReportTable, rows: [(value: String?, now: Int64, before: Int64)]) {
        let now = context.cube.by(dimension, metric, context.period.days)
        let before = context.cube.by(dimension, metric, context.comparison.days)
        var merged: [String?: (now: Int64, before: Int64)] = [:]
        for one in now { merged[one.value, default: (0, 0)].now += one.measure.calendar.sum }
        for one in before { merged[one.value, default: (0, 0)].before += one.measure.calendar.sum }
        var rows: [(value: String?, now: Int64, before: Int64)] = []
        for (value, counts) in merged where counts.now != 0 || counts.before != 0 {
            rows.append((value, counts.now, counts.before))
        }
        rows.sort { a, b in a.now == b.now ? PageContext.precedes(a.value, b.value) : a.now > b.now }
        let total = rows.reduce(0) { $0 + $1.now }
        let hasBefore = context.covers(context.comparison.days)
        let table = ReportTable(
            id: id, title: title,
            columns: [
                .init(dimension.rawValue, context.labels.dimension(dimension), isNumeric: false),
                .init(metric.rawValue, context.labels.metric(metric)), .init("share", p("col_share")),
                .init("comparison", context.comparisonName), .init("change", p("col_change")),
            ],
            rows: rows.map { row -> [ReportTable.Cell] in
                [
                    context.cell(row.value, of: dimension), .count(row.now),
                    .share(total > 0 ? Double(row.now) / Double(total) : nil), .count(hasBefore ? row.before : nil),
                    .change(
                        hasBefore
                            ? Change(from: Double(row.before), to: Double(row.now), favour: favour)?.ratio : nil, favour
                    ),
                ]
            })
        return (table, rows)
    }

    /// The greatest rows of a breakdown as bars from the left.
    func bars(
        _ rows: [(value: String?, now: Int64, before: Int64)], _ dimension: Dimension, limit: Int = 12
    ) -> HorizontalBarChart {
        let total = rows.reduce(0) { $0 + $1.now }
        let hasBefore = context.covers(context.comparison.days)
        return HorizontalBarChart(
            rows: rows.prefix(limit).map { row in
                .init(
                    label: context.labels.value(row.value, of: dimension), value: Double(row.now),
                    previous: hasBefore ? Double(row.before) : nil,
                    note: total > 0 ? context.format.percent(Double(row.now) / Double(total), digits: 0) : "")
            }, previousTitle: hasBefore ? context.comparisonName : nil, valueTitle: p("this_period"))
    }

    /// A metric's line over the history with its band and the days ahead, and the table behind it.
    func trend(_ metric: Metric, id: String) -> (chart: LineChart, table: ReportTable) {
        let title = context.labels.metric(metric)
        if let watched = context.watched(metric), !watched.points.isEmpty {
            return watchedTrend(watched, id: id, title: title)
        }
        let values = context.daily(metric)
        return (
            LineChart(
                days: context.days, series: [.init(title: title, values: values)], unit: .count,
                shaded: context.shaded),
            daily(id: id, title: title, columns: [(metric.rawValue, title, counts(values))])
        )
    }

    /// A watched series with expected value, band, forecast and unusual days.
    func watchedTrend(_ watched: WatchedSeries, id: String, title: String) -> (chart: LineChart, table: ReportTable) {
        let points = watched.points.filter { context.history.contains($0.day) }
        let ahead = watched.forecast.filter { $0.day > context.history.upperBound }
        let all = points + ahead
        let days = all.map(\.day)
        let alerts = Set(context.input.alerts.filter { $0.series == watched.id }.map(\.day))
        let outside = days.indices.filter { index in
            alerts.contains(days[index]) || isOutside(all[index])
        }
        let isDuration = watched.id.metric.kind == .duration
        var chart = LineChart(
            days: days,
            series: [
                .init(title: title, values: all.map(\.observed)),
                .init(title: p("expected"), values: all.map(\.expected), isDashed: true, color: 2),
            ],
            band: .init(
                title: p("usual_range"), lower: all.map { $0.lower.map { max(0, $0) } }, upper: all.map(\.upper)),
            unit: isDuration ? .seconds : .count, aheadFrom: ahead.isEmpty ? nil : points.count, marks: outside,
            markTitle: p("unusual_day"))
        if let first = days.firstIndex(where: { context.period.days.contains($0) }),
            let last = days.lastIndex(where: { context.period.days.contains($0) })
        {
            chart.shaded = first..<(last + 1)
        }
        func cell(_ value: Double?) -> ReportTable.Cell { isDuration ? .seconds(value) : .number(value, digits: 1) }
        let table = ReportTable(
            id: id, title: title,
            columns: [
                .init("day", p("col_day"), isNumeric: false), .init("observed", p("observed")),
                .init("expected", p("expected")), .init("lower", p("lower")), .init("upper", p("upper")),
            ],
            rows: all.map { [.day($0.day), cell($0.observed), cell($0.expected), cell($0.lower), cell($0.upper)] })
        return (chart, table)
    }

    private func isOutside(_ point: SeriesPoint) -> Bool {
        guard let observed = point.observed, let lower = point.lower, let upper = point.upper else { return false }
        return observed < lower || observed > upper
    }

    /// The classes of a duration over the period with median and mean.
    func distribution(_ metric: Metric, id: String) -> (chart: BarChart, table: ReportTable) {
        let title = context.labels.metric(metric)
        let distribution = DistributionChart(context.cube.total(metric, context.period.days).calendar)
        let total = distribution.tally.count
        return (
            distribution.chart(title: title, context.format, p),
            ReportTable(
                id: id, title: p("distribution_of", title),
                columns: [
                    .init("class", p("col_class"), isNumeric: false), .init("from_seconds", p("col_from")),
                    .init("to_seconds", p("col_to")), .init("count", p("col_n")), .init("share", p("col_share")),
                ],
                rows: distribution.classes.map { one -> [ReportTable.Cell] in
                    [
                        .label(distribution.label(one, context.format), raw: DistributionChart.name(one)),
                        .seconds(one.lower), .seconds(one.upper), .count(one.count),
                        .share(total > 0 ? Double(one.count) / Double(total) : nil),
                    ]
                })
        )
    }

    /// A duration by the values of a dimension: n, median, mean and P90 on both clocks, with the change of the median.
    func durations(_ metric: Metric, by dimension: Dimension, id: String, title: String) -> ReportTable {
        let now = context.cube.by(dimension, metric, context.period.days)
        let before = Dictionary(
            context.cube.by(dimension, metric, context.comparison.days).map { ($0.value, DurationFigure($0.measure)) },
            uniquingKeysWith: { first, _ in first })
        var rows: [(value: String?, figure: DurationFigure)] = []
        for one in now where one.measure.calendar.count > 0 { rows.append((one.value, DurationFigure(one.measure))) }
        rows.sort { a, b in
            let (left, right) = (a.figure.calendar.count, b.figure.calendar.count)
            return left == right ? PageContext.precedes(a.value, b.value) : left > right
        }
        return ReportTable(
            id: id, title: title,
            columns: [ReportTable.Column(dimension.rawValue, context.labels.dimension(dimension), isNumeric: false)]
                + durationColumns,
            rows: rows.map { row -> [ReportTable.Cell] in
                [context.cell(row.value, of: dimension)] + durationCells(row.figure, before[row.value])
            })
    }

    var durationColumns: [ReportTable.Column] {
        var out: [ReportTable.Column] = [
            .init("n", p("col_n")), .init("median_seconds", p("median")), .init("mean_seconds", p("mean")),
            .init("p90_seconds", "P90"),
        ]
        if context.hasBusiness {
            out += [
                .init("business_n", p("business_n")), .init("business_median_seconds", p("business_median")),
                .init("business_mean_seconds", p("business_mean")),
            ]
        }
        return out + [
            .init("comparison_median_seconds", "\(p("median")), \(context.comparisonName)"),
            .init("median_change", p("col_change")),
        ]
    }

    func durationCells(_ now: DurationFigure, _ before: DurationFigure?) -> [ReportTable.Cell] {
        var out: [ReportTable.Cell] = [
            .count(now.calendar.count), .seconds(now.calendar.median), .seconds(now.calendar.mean),
            .seconds(now.calendar.p90),
        ]
        if context.hasBusiness {
            out += [.count(now.business.count), .seconds(now.business.median), .seconds(now.business.mean)]
        }
        return out + [
            .seconds(before?.calendar.median),
            .change(
                Change(from: before?.calendar.median, to: now.calendar.median, favour: .less)?.ratio, .less),
        ]
    }
}
