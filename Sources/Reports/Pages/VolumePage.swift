import Aggregates
import Runtime

/// How much came in: by day, hour, weekday, channel and group.
enum VolumePage {
    static func build(_ c: PageContext) -> PageView {
        var view = PageView(c)
        let p = c.phrases
        let shared = SharedTables(context: c)
        let figures = KeyFigures(context: c)
        let metrics: [Metric] = [
            .casesCreated, .ticketsCreated, .conversationsOpened, .messages, .customerMessages, .agentMessages,
            .botMessages,
        ]
        let list = metrics.map { figures.count($0, .neither) }
        view["figures"] = figures.views(list)
        view.table("key_figures", figures.table(list, id: "volume_figures"))

        let trend = shared.trend(.casesCreated, id: "volume_cases_by_day")
        view.chart(
            "cases", trend.chart, title: p("cases_by_day"), note: p("note_band"), span: .full, table: trend.table)
        against(&view)
        channelsByDay(&view, shared)
        let hours = HourProfile(c)
        hourly(&view, hours)
        heatmap(&view, hours)
        calendar(&view, shared)
        messages(&view, shared)
        let channels = shared.breakdown(.channel, .casesCreated, id: "volume_by_channel", title: p("cases_by_channel"))
        view.chart(
            "channels", shared.bars(channels.rows, .channel), title: p("cases_by_channel"),
            note: p("note_tick", c.comparisonName), table: channels.table)
        let groups = shared.breakdown(.group, .casesCreated, id: "volume_by_group", title: p("cases_by_group"))
        view.chart(
            "groups", shared.bars(groups.rows, .group), title: p("cases_by_group"),
            note: p("note_tick", c.comparisonName), table: groups.table)
        StaffingSection(context: c).build(&view)
        view["definitions"] = c.definitions(metrics)
        return view
    }

    /// For more than one day: the days of the period over those of the period before.
    private static func against(_ view: inout PageView) {
        let c = view.context
        guard c.period.count > 1 else { return }
        let before = c.previous
        func values(_ period: ReportPeriod) -> [Double?] {
            guard let span = c.cube.span, c.cube.holds(.casesCreated) else { return [] }
            return c.cube.series(.casesCreated, period.days).map {
                span.contains($0.day) ? Double($0.measure.calendar.sum) : nil
            }
        }
        let days = (0..<c.period.count).map { c.period.days.lowerBound + $0 }
        func padded(_ values: [Double?]) -> [Double?] {
            days.indices.map { values.indices.contains($0) ? values[$0] : nil }
        }
        let now = padded(values(c.period))
        let old = padded(values(before))
        let title = c.phrases("against_title", c.previousName)
        view.chart(
            "against",
            LineChart(
                days: days,
                series: [
                    .init(title: c.phrases("this_period"), values: now),
                    .init(title: c.previousName, values: old, isDashed: true, color: 2),
                ], unit: .count), title: title, span: .full,
            table: ReportTable(
                id: "volume_against_previous", title: title,
                columns: [
                    .init("day", c.phrases("col_day"), isNumeric: false),
                    .init("cases_created", c.labels.metric(.casesCreated)), .init("previous", c.previousName),
                ],
                rows: days.indices.map { index -> [ReportTable.Cell] in
                    [.day(days[index]), .count(now[index].map { Int64($0) }), .count(old[index].map { Int64($0) })]
                }))
    }

    /// Cases of each channel as small lines on one scale, and as stacked bars.
    private static func channelsByDay(_ view: inout PageView, _ shared: SharedTables) {
        let c = view.context
        let series = c.dailyBy(.channel, .casesCreated, limit: 6)
        func name(_ one: (value: String?, isRest: Bool, counts: [Double?])) -> String {
            one.isRest ? c.phrases("rest") : c.labels.value(one.value, of: .channel)
        }
        let start = max(0, c.days.count - 42)
        let days = Array(c.days[start...])
        let rows = days.indices.flatMap { index in
            series.map { one -> [ReportTable.Cell] in
                [
                    .day(days[index]), .label(name(one), raw: one.isRest ? "(other)" : one.value),
                    .count(one.counts[start + index].map { Int64($0) }),
                ]
            }
        }
        view.chart(
            "channels_by_day",
            BarChart(
                categories: days.map { c.format.shortDay($0) },
                series: series.enumerated().map { index, one in
                    .init(title: name(one), values: Array(one.counts[start...]), fill: index + 1)
                }), title: c.phrases("channels_by_day"), span: .full,
            table: ReportTable(
                id: "volume_by_channel_and_day", title: c.phrases("channels_by_day"),
                columns: [
                    .init("day", c.phrases("col_day"), isNumeric: false),
                    .init("channel", c.labels.dimension(.channel), isNumeric: false),
                    .init("cases_created", c.labels.metric(.casesCreated)),
                ], rows: rows))
    }

    private static func hourly(_ view: inout PageView, _ hours: HourProfile) {
        let c = view.context
        let p = c.phrases
        let title = p(c.period.kind == .day ? "hours_of_day" : "hours_mean", c.labels.metric(hours.metric))
        view.chart(
            "hours",
            BarChart(
                categories: (0..<24).map { c.format.hour($0) },
                series: [.init(title: p("this_period"), values: hours.period, fill: 1)],
                reference: hours.usual.contains { $0 != nil } ? (p("usual_hours"), hours.usual) : nil), title: title,
            note: p("note_hours", c.input.zone), span: .full,
            table: ReportTable(
                id: "volume_by_hour", title: title,
                columns: [
                    .init("hour", p("col_hour"), isNumeric: false), .init("mean_count", p("this_period")),
                    .init("usual_mean_count", p("usual_hours")),
                ],
                rows: (0..<24).map {
                    [
                        .label(c.format.hour($0), raw: "\($0)"), .number(hours.period[$0], digits: 1),
                        .number(hours.usual[$0], digits: 1),
                    ]
                }))
    }

    private static func heatmap(_ view: inout PageView, _ hours: HourProfile) {
        let c = view.context
        let p = c.phrases
        let title = p("heatmap_title", c.labels.metric(hours.metric))
        view.chart(
            "heatmap", WeekdayHourHeatmap(values: hours.weekdays), title: title,
            note: p("note_heatmap", c.format.range(c.history), c.input.zone), span: .full,
            table: ReportTable(
                id: "volume_by_weekday_and_hour", title: title,
                columns: [ReportTable.Column("weekday", p("col_weekday"), isNumeric: false)]
                    + (0..<24).map { ReportTable.Column("hour_\($0 < 10 ? "0" : "")\($0)", c.format.hour($0)) },
                rows: (0..<7).map { weekday -> [ReportTable.Cell] in
                    [.label(c.format.weekday(weekday + 1), raw: "\(weekday + 1)")]
                        + hours.weekdays[weekday].map { ReportTable.Cell.number($0, digits: 1) }
                }))
    }

    private static func calendar(_ view: inout PageView, _ shared: SharedTables) {
        let c = view.context
        let values = c.daily(.casesCreated)
        let marked = Set(c.input.alerts.filter { $0.series.metric == .casesCreated }.map(\.day))
        view.chart(
            "calendar", CalendarHeatmap(days: zip(c.days, values).map { ($0, $1) }, marked: marked),
            title: c.phrases("calendar_title"), note: c.phrases("note_calendar"),
            table: shared.daily(
                id: "volume_calendar", title: c.phrases("calendar_title"),
                columns: [("cases_created", c.labels.metric(.casesCreated), shared.counts(values))]))
    }

    private static func messages(_ view: inout PageView, _ shared: SharedTables) {
        let c = view.context
        let metrics: [Metric] = [.customerMessages, .agentMessages, .botMessages]
        let series = metrics.map { c.daily($0) }
        view.chart(
            "messages",
            LineChart(
                days: c.days,
                series: zip(metrics, series).enumerated().map { index, one in
                    .init(title: c.labels.metric(one.0), values: one.1, isDashed: index > 0, color: index + 1)
                }, unit: .count, shaded: c.shaded), title: c.phrases("messages_by_day"),
            table: shared.daily(
                id: "volume_messages_by_day", title: c.phrases("messages_by_day"),
                columns: zip(metrics, series).map { ($0.rawValue, c.labels.metric($0), shared.counts($1)) }))
    }
}

/// Means by hour: of the period, of the same weekdays before it, and of every weekday.
struct HourProfile {
    /// `casesCreated`, or messages where no case has an hour.
    let metric: Metric
    /// Mean of a day of the period.
    let period: [Double?]
    /// Mean of the same weekdays in the history before the period; absent where there are none.
    let usual: [Double?]
    /// Seven weekdays from Monday by 24 hours.
    let weekdays: [[Double?]]

    init(_ c: PageContext) {
        let metrics: [Metric] = [.casesCreated, .customerMessages, .messages]
        let metric = metrics.first { metric in c.input.hourly.contains { $0.metric == metric } } ?? .casesCreated
        self.metric = metric
        var grid = [[Double]](repeating: [Double](repeating: 0, count: 24), count: c.days.count)
        var first: CivilDate?
        var last: CivilDate?
        for cell in c.input.hourly where cell.metric == metric && (0..<24).contains(cell.hour) {
            first = min(first ?? cell.day, cell.day)
            last = max(last ?? cell.day, cell.day)
            if c.history.contains(cell.day) { grid[cell.day - c.history.lowerBound][cell.hour] += Double(cell.count) }
        }
        func mean(_ indices: [Int]) -> [Double?] {
            guard !indices.isEmpty else { return [Double?](repeating: nil, count: 24) }
            return (0..<24).map { hour in indices.reduce(0) { $0 + grid[$1][hour] } / Double(indices.count) }
        }
        let known = c.days.indices.filter { index in
            guard let first, let last else { return false }
            return first <= c.days[index] && c.days[index] <= last
        }
        let inPeriod = known.filter { c.period.days.contains(c.days[$0]) }
        period = mean(inPeriod)
        let kinds = Set(inPeriod.map { c.days[$0].weekday })
        usual = mean(known.filter { c.days[$0] < c.period.days.lowerBound && kinds.contains(c.days[$0].weekday) })
        weekdays = (1...7).map { weekday in mean(known.filter { c.days[$0].weekday == weekday }) }
    }
}
