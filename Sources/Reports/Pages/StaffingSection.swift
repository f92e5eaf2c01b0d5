import Aggregates
import Runtime

/// Arrivals by hour of the next two weeks: when people are needed.
struct StaffingSection {
    let context: PageContext
    private var p: Phrasebook { context.phrases }

    /// The series, where they begin on the day after the report: the forecast of another night says nothing here.
    private var series: [StaffingSeries] {
        let next = context.period.days.upperBound + 1
        let all = context.input.staffing
        return all.first?.hours.first?.day == next ? all : []
    }

    func build(_ view: inout PageView) {
        let series = series
        view.keep(hours(series))
        let totals = series.filter { $0.id.dimension == nil }
        view["has_staffing"] = !totals.isEmpty
        view["staffing_note"] = p("note_staffing")
        view["staffing_csv"] = "csv/staffing.csv"
        if series.contains(where: \.method.isFallback) { view["staffing_fallback"] = p("note_fallback") }
        var heats: [[String: Any]] = []
        for total in totals {
            let table = heatTable(total)
            view.keep(table.table)
            heats.append(
                view.figure(
                    WeekdayHourHeatmap(values: table.values), title: table.table.title,
                    note: p(
                        "note_staffing_heat", context.format.range(span(total)), PlainLabel.clean(context.input.zone),
                        PlainLabel.clean(total.method.name)), span: .full, table: table.table))
        }
        view["staffing_heats"] = heats
        view.table("staffing_days", days(totals))
    }

    private func span(_ series: StaffingSeries) -> ClosedRange<CivilDate> {
        let first = series.hours.first?.day ?? context.period.days.upperBound
        return first...max(first, series.hours.last?.day ?? first)
    }

    /// Mean arrivals in the hours of a week.
    private func heatTable(_ series: StaffingSeries) -> (values: [[Double?]], table: ReportTable) {
        var sums = [[Double]](repeating: [Double](repeating: 0, count: 24), count: 7)
        var counts = sums
        for hour in series.hours where (0..<24).contains(hour.hour) {
            sums[hour.day.weekday - 1][hour.hour] += hour.expected
            counts[hour.day.weekday - 1][hour.hour] += 1
        }
        let values = (0..<7).map { weekday in
            (0..<24).map { counts[weekday][$0] > 0 ? sums[weekday][$0] / counts[weekday][$0] : nil }
        }
        let title = p("staffing_heat_title", context.labels.metric(series.id.metric))
        let table = ReportTable(
            id: "staffing_\(series.id.metric.rawValue)_by_weekday_and_hour", title: title,
            columns: [ReportTable.Column("weekday", p("col_weekday"), isNumeric: false)]
                + (0..<24).map { ReportTable.Column("hour_\($0 < 10 ? "0" : "")\($0)", context.format.hour($0)) },
            rows: (0..<7).map { weekday -> [ReportTable.Cell] in
                [.label(context.format.weekday(weekday + 1), raw: "\(weekday + 1)")]
                    + values[weekday].map { ReportTable.Cell.number($0, digits: 1) }
            })
        return (values, table)
    }

    /// A line for each day ahead: arrivals, and the busiest hour.
    private func days(_ totals: [StaffingSeries]) -> ReportTable {
        var columns: [ReportTable.Column] = [.init("day", p("col_day"), isNumeric: false)]
        for total in totals {
            columns.append(.init("expected_\(total.id.metric.rawValue)", context.labels.metric(total.id.metric)))
        }
        columns += [
            .init("busiest_hour", p("col_busiest_hour"), isNumeric: false), .init("busiest_expected", p("expected")),
            .init("busiest_lower_95", p("lower")), .init("busiest_upper_95", p("upper")),
            .init("open_hours", p("col_open_hours")),
        ]
        let days = Set(totals.flatMap { $0.hours.map(\.day) }).sorted()
        return ReportTable(
            id: "staffing_days", title: p("staffing_days_title", "\(days.count)"), columns: columns,
            rows: days.map { day -> [ReportTable.Cell] in
                var cells: [ReportTable.Cell] = [.day(day)]
                for total in totals {
                    let hours = total.hours.filter { $0.day == day }
                    cells.append(.number(hours.reduce(0) { $0 + $1.expected }, digits: 0))
                }
                let hours = totals.first?.hours.filter { $0.day == day } ?? []
                let busiest = hours.max { $0.expected < $1.expected }
                let open = hours.reduce(0) { $0 + ($1.isOpen ? $1.minutes : 0) }
                return cells + [
                    .label(
                        busiest.map { context.format.hour($0.hour) } ?? Formatter.absent,
                        raw: busiest.map { "\($0.hour)" }
                    ), .number(busiest?.expected, digits: 1), .number(busiest?.lower95, digits: 1),
                    .number(busiest?.upper95, digits: 1), .number(Double(open) / 60, digits: 1),
                ]
            })
    }

    /// Every hour of every series, for machines.
    private func hours(_ series: [StaffingSeries]) -> ReportTable {
        let columns = [
            "metric", "dimension", "channel", "day", "hour", "minutes", "is_open", "expected", "lower_80", "upper_80",
            "lower_95", "upper_95", "model", "is_simple",
        ]
        var rows: [[ReportTable.Cell]] = []
        rows.reserveCapacity(series.reduce(0) { $0 + $1.hours.count })
        for one in series {
            let metric = ReportTable.Cell.label(one.id.metric.rawValue, raw: one.id.metric.rawValue)
            let dimension = ReportTable.Cell.label("", raw: one.id.dimension?.rawValue ?? "total")
            let channel = ReportTable.Cell.label("", raw: one.id.value)
            let model = ReportTable.Cell.label("", raw: one.method.name)
            for hour in one.hours {
                rows.append([
                    metric, dimension, channel, .day(hour.day), .count(Int64(hour.hour)), .count(Int64(hour.minutes)),
                    .count(hour.isOpen ? 1 : 0), .number(hour.expected, digits: 1), .number(hour.lower80, digits: 1),
                    .number(hour.upper80, digits: 1), .number(hour.lower95, digits: 1),
                    .number(hour.upper95, digits: 1), model, .count(one.method.isFallback ? 1 : 0),
                ])
            }
        }
        return ReportTable(
            id: "staffing", title: p("staffing_title"), columns: columns.map { ReportTable.Column($0, $0) }, rows: rows)
    }
}
