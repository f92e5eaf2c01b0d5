import Aggregates
import Runtime

/// A headline figure with its changes.
struct KeyFigure {
    enum Kind: String { case count, seconds, ratio }
    var id: String
    var title: String
    var kind: Kind
    var favour: ReportTable.Favour
    var value: Double?
    /// How many cases or answers the figure rests on; `nil` for counts.
    var n: Int64?
    var previous: Double?
    var sameWeekday: Double?
    var detail: String?
    var history: [Double?] = []
    var definition: Metric

    func cell(_ value: Double?) -> ReportTable.Cell {
        switch kind {
        case .count: .count(value.map { Int64($0.rounded()) })
        case .seconds: .seconds(value)
        case .ratio: .ratio(value)
        }
    }

    func change(from old: Double?) -> Change? {
        Change(from: old, to: value, favour: favour, isPoints: kind == .ratio)
    }
}

/// Builds headline figures of a period.
struct KeyFigures {
    let context: PageContext

    private var now: ClosedRange<CivilDate> { context.period.days }
    private var before: ClosedRange<CivilDate> { context.previous.days }
    private var weekday: ClosedRange<CivilDate>? { context.period.sameWeekday?.days }

    func count(_ metric: Metric, _ favour: ReportTable.Favour) -> KeyFigure {
        let stock = metric.kind == .stock
        func value(_ days: ClosedRange<CivilDate>) -> Double? {
            (stock ? context.stock(metric, days) : context.count(metric, days)).map(Double.init)
        }
        return KeyFigure(
            id: metric.rawValue, title: context.labels.metric(metric), kind: .count, favour: favour, value: value(now),
            previous: value(before), sameWeekday: weekday.flatMap(value), history: context.daily(metric),
            definition: metric)
    }

    func duration(_ metric: Metric) -> KeyFigure {
        let figure = context.duration(metric, now)
        let f = context.format
        var detail: [String] = []
        if figure.calendar.count > 0 {
            detail.append("\(context.phrases("mean")) \(f.duration(seconds: figure.calendar.mean))")
            detail.append("P90 \(f.duration(seconds: figure.calendar.p90))")
            if figure.business.count > 0 {
                detail.append("\(context.phrases("business_median")) \(f.duration(seconds: figure.business.median))")
            }
        }
        return KeyFigure(
            id: metric.rawValue, title: context.labels.metric(metric), kind: .seconds, favour: .less,
            value: figure.calendar.median, n: figure.calendar.count,
            previous: context.duration(metric, before).calendar.median,
            sameWeekday: weekday.flatMap { context.duration(metric, $0).calendar.median },
            detail: detail.isEmpty ? nil : detail.joined(separator: " · "),
            history: context.cube.series(metric, context.history).map { DurationFigure($0.measure).calendar.median },
            definition: metric)
    }

    /// Good ÷ (good + bad) ratings.
    func satisfaction() -> KeyFigure {
        func value(_ days: ClosedRange<CivilDate>) -> Double? {
            context.ratio(context.count(.ratingsGood, days) ?? 0, context.count(.ratingsBad, days))
        }
        let n = [Metric.ratingsGood, .ratingsNeutral, .ratingsBad].compactMap { context.count($0, now) }.reduce(0, +)
        return KeyFigure(
            id: "csat", title: context.phrases("csat"), kind: .ratio, favour: .more, value: value(now), n: n,
            previous: value(before), sameWeekday: weekday.flatMap(value),
            history: ratios(context.daily(.ratingsGood), [context.daily(.ratingsBad)]), definition: .ratingsGood)
    }

    /// Negative ÷ all scored customer messages.
    func negativeShare() -> KeyFigure {
        func value(_ days: ClosedRange<CivilDate>) -> Double? {
            context.ratio(
                context.count(.sentimentNegative, days), context.count(.sentimentNeutral, days),
                context.count(.sentimentPositive, days))
        }
        let n = [Metric.sentimentNegative, .sentimentNeutral, .sentimentPositive].compactMap { context.count($0, now) }
            .reduce(0, +)
        return KeyFigure(
            id: "negative_share", title: context.phrases("negative_share"), kind: .ratio, favour: .less,
            value: value(now), n: n, previous: value(before), sameWeekday: weekday.flatMap(value),
            history: ratios(
                context.daily(.sentimentNegative),
                [context.daily(.sentimentNeutral), context.daily(.sentimentPositive)]),
            definition: .sentimentNegative)
    }

    private func ratios(_ part: [Double?], _ rest: [[Double?]]) -> [Double?] {
        part.indices.map { index in
            guard let one = part[index] else { return nil }
            let whole = rest.reduce(one) { $0 + ($1[index] ?? 0) }
            return whole > 0 ? one / whole : nil
        }
    }

    /// The figures of the overview and of `metrics.prom`.
    func headline() -> [KeyFigure] {
        [
            count(.casesCreated, .neither), count(.solved, .more), count(.backlog, .less), duration(.firstReply),
            duration(.fullResolution), satisfaction(), negativeShare(), count(.unrepliedBacklog, .less),
        ]
    }

    // MARK: Views

    func views(_ figures: [KeyFigure]) -> [[String: Any]] { figures.map(view) }

    private func view(_ figure: KeyFigure) -> [String: Any] {
        let f = context.format
        let p = context.phrases
        var out: [String: Any] = [
            "id": figure.id, "title": figure.title,
            "value": figure.value == nil ? Formatter.absent : figure.cell(figure.value).text(f),
            "is_absent": figure.value == nil,
        ]
        if figure.kind == .seconds { out["qualifier"] = p("median") }
        if let n = figure.n, figure.value != nil { out["n"] = f.count(n) }
        if let detail = figure.detail { out["detail"] = detail }
        var changes: [[String: Any]] = []
        for (old, name) in [(figure.previous, context.previousName), (figure.sameWeekday, context.comparisonName)] {
            guard let change = figure.change(from: old) else { continue }
            changes.append([
                "html": change.html(f), "against": name, "old": figure.cell(old).text(f),
            ])
        }
        out["changes"] = changes
        out["has_changes"] = !changes.isEmpty
        let spark = Array(figure.history.suffix(42))
        let present = spark.compactMap { $0 }
        if let low = present.min(), let high = present.max(), present.count > 1 {
            out["spark"] = Sparkline(values: spark).markup(
                title: p("spark_title", figure.title, "\(spark.count)"),
                description: p("spark_desc", figure.cell(low).text(f), figure.cell(high).text(f)))
        }
        if let definition = context.definition(figure.definition) { out["definition"] = definition }
        return out
    }

    private func change(_ figure: KeyFigure, _ old: Double?) -> ReportTable.Cell {
        let ratio = figure.change(from: old)?.ratio
        return figure.kind == .ratio ? .points(ratio, figure.favour) : .change(ratio, figure.favour)
    }

    func table(_ figures: [KeyFigure], id: String) -> ReportTable {
        let p = context.phrases
        var columns = [
            ReportTable.Column("figure", p("col_figure"), isNumeric: false),
            ReportTable.Column("unit", p("col_unit"), isNumeric: false),
            ReportTable.Column("value", p("col_value")), ReportTable.Column("n", p("col_n")),
            ReportTable.Column("previous", context.previousName),
            ReportTable.Column("previous_change", p("col_change")),
        ]
        if context.period.sameWeekday != nil {
            columns.append(ReportTable.Column("same_weekday", context.comparisonName))
            columns.append(ReportTable.Column("same_weekday_change", p("col_change")))
        }
        let rows = figures.map { figure -> [ReportTable.Cell] in
            var row: [ReportTable.Cell] = [
                .label(figure.title, raw: figure.id),
                .label(p("unit_\(figure.kind.rawValue)"), raw: figure.kind.rawValue), figure.cell(figure.value),
                .count(figure.value == nil ? nil : figure.n), figure.cell(figure.previous),
                change(figure, figure.previous),
            ]
            if context.period.sameWeekday != nil {
                row.append(figure.cell(figure.sameWeekday))
                row.append(change(figure, figure.sameWeekday))
            }
            return row
        }
        return ReportTable(id: id, title: p("key_figures"), columns: columns, rows: rows)
    }
}
