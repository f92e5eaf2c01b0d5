import Aggregates
import Runtime

/// What every page is built from: the input, the language, and figures with absence kept apart from zero.
struct PageContext {
    let input: ReportInput
    let phrases: Phrasebook
    let format: Formatter
    let labels: Labels
    let cube: DailyCube
    /// The days of the report that have data: a month that is not over ends with its last day of data.
    let period: ReportPeriod
    /// The period before, cut to as many days, so that half a month is never measured against a whole one.
    let previous: ReportPeriod
    /// The period that changes in tables are measured against: for a day the same weekday of the week before.
    let comparison: ReportPeriod
    /// Whether the report's period is longer than its data.
    let isCut: Bool
    /// Days that trends show: up to 90, ending with the period.
    let history: ClosedRange<CivilDate>
    let days: [CivilDate]

    init(_ input: ReportInput, locale: ReportLocale) {
        self.input = input
        phrases = Phrasebook(locale)
        format = Formatter(locale: locale)
        labels = Labels(phrases, agents: input.agentNames, definitions: input.definitions)
        cube = input.cube
        var period = input.period
        var previous = input.period.previous
        if let until = input.dataUntil, period.days.contains(until), until < period.days.upperBound {
            period.days = period.days.lowerBound...until
            let end = min(previous.days.lowerBound + (period.count - 1), previous.days.upperBound)
            previous.days = previous.days.lowerBound...end
        }
        self.period = period
        self.previous = previous
        isCut = period.days != input.period.days
        comparison = period.sameWeekday ?? previous
        let end = period.days.upperBound
        let start = min(
            period.days.lowerBound, max(end - 89, cube.span?.lowerBound ?? period.days.lowerBound))
        history = start...end
        days = (0...(end - start)).map { start + $0 }
    }

    /// Byte order of labels, "does not say" first.
    static func precedes(_ a: String?, _ b: String?) -> Bool {
        guard let b else { return false }
        guard let a else { return true }
        return a.utf8.lexicographicallyPrecedes(b.utf8)
    }

    var hasBusiness: Bool { input.schedule != nil }

    /// Where the period lies among `days`.
    var shaded: Range<Int> {
        max(0, period.days.lowerBound - history.lowerBound)..<(period.days.upperBound - history.lowerBound + 1)
    }

    /// Whether there are data on any of the days.
    func covers(_ days: ClosedRange<CivilDate>) -> Bool {
        guard let span = cube.span else { return false }
        return span.overlaps(days)
    }

    // MARK: Figures

    /// A count over days; `nil` where there are no data or no source knows the metric.
    func count(_ metric: Metric, _ days: ClosedRange<CivilDate>, where conditions: [DailyCube.Condition] = []) -> Int64?
    {
        guard covers(days), cube.holds(metric) else { return nil }
        return cube.total(metric, days, where: conditions).calendar.sum
    }

    /// A stock at the end of the last of the days.
    func stock(_ metric: Metric, _ days: ClosedRange<CivilDate>) -> Int64? {
        count(metric, days.upperBound...days.upperBound)
    }

    /// A duration over days on the calendar clock and the business clock.
    func duration(
        _ metric: Metric, _ days: ClosedRange<CivilDate>, where conditions: [DailyCube.Condition] = []
    ) -> DurationFigure {
        DurationFigure(cube.total(metric, days, where: conditions))
    }

    /// `part` of `part` and `rest`; `nil` where there is neither.
    func ratio(_ part: Int64?, _ rest: Int64?...) -> Double? {
        guard let part else { return nil }
        let whole = rest.reduce(part) { $0 + ($1 ?? 0) }
        return whole > 0 ? Double(part) / Double(whole) : nil
    }

    /// A count for each day of the history, absent where the data have not begun or have ended.
    func daily(_ metric: Metric, where conditions: [DailyCube.Condition] = []) -> [Double?] {
        guard let span = cube.span, cube.holds(metric) else { return days.map { _ in nil } }
        return cube.series(metric, history, where: conditions).map {
            span.contains($0.day) ? Double($0.measure.calendar.sum) : nil
        }
    }

    /// Counts for each day of the history by the values of a dimension, greatest total first, the rest under `nil`.
    func dailyBy(_ dimension: Dimension, _ metric: Metric, limit: Int) -> [(
        value: String?, isRest: Bool, counts: [Double?]
    )] {
        guard let span = cube.span else { return [] }
        var totals = cube.by(dimension, metric, history).map { (value: $0.value, total: $0.measure.calendar.sum) }
        totals = totals.filter { $0.total > 0 }
        totals.sort { $0.total == $1.total ? ($0.value ?? "") < ($1.value ?? "") : $0.total > $1.total }
        let isCut = totals.count > limit
        let shown = isCut ? Array(totals.prefix(limit - 1)) : totals
        var out: [(value: String?, isRest: Bool, counts: [Double?])] = shown.map { one in
            (one.value, false, daily(metric, where: [DailyCube.Condition(dimension, one.value)]))
        }
        if isCut {
            let all = daily(metric)
            let rest: [Double?] = days.indices.map { index in
                guard span.contains(days[index]), let whole = all[index] else { return nil }
                return max(0, whole - out.reduce(0) { $0 + ($1.counts[index] ?? 0) })
            }
            out.append((nil, true, rest))
        }
        return out
    }

    /// The watched series of a metric, where there is one.
    func watched(_ metric: Metric) -> WatchedSeries? {
        input.watched.first { $0.id == SeriesID(metric: metric) }
    }

    // MARK: Words

    /// `Thu 19 Nov` for a day, else `the week before` …
    var previousName: String { name(previous) }
    /// Title of the column that changes are measured against.
    var comparisonName: String { name(comparison) }

    private func name(_ other: ReportPeriod) -> String {
        other.kind == .day
            ? format.dayWithWeekday(other.days.lowerBound)
            : phrases("\(isCut ? "same_days" : "previous")_\(other.kind.rawValue)")
    }

    var periodTitle: String { format.period(PageContext.kind(period.kind), input.period.days) }

    static func kind(_ kind: ReportPeriod.Kind) -> Formatter.PeriodKind {
        switch kind {
        case .day: .day
        case .week: .week
        case .month: .month
        case .range: .range
        }
    }

    /// A value of a dimension as a table cell.
    func cell(_ value: String?, of dimension: Dimension) -> ReportTable.Cell {
        .label(labels.value(value, of: dimension), raw: value)
    }

    /// The definition of a metric as templates show it.
    func definition(_ metric: Metric) -> [String: Any]? {
        guard let one = labels.definitions[metric] else { return nil }
        return [
            "title": labels.metric(metric), "text": PlainLabel.clean(phrases.locale.text(one.definition), limit: 2000),
            "attribution": phrases.optional("attribution_\(one.attribution.replacing(" ", with: "_"))")
                ?? PlainLabel.clean(one.attribution),
            "profile": PlainLabel.clean(one.profile), "source": PlainLabel.clean(one.source), "name": metric.rawValue,
        ]
    }

    func definitions(_ metrics: [Metric]) -> [[String: Any]] { metrics.compactMap(definition) }
}

extension String {
    /// Every occurrence of one byte replaced by another.
    fileprivate func replacing(_ old: Character, with new: Character) -> String {
        String(map { $0 == old ? new : $0 })
    }
}

/// Number, mean and quantiles of a duration, in seconds, on two clocks.
struct DurationFigure {
    struct Clock {
        let count: Int64
        let mean: Double?
        let median: Double?
        let p90: Double?

        init(_ tally: Tally) {
            count = tally.count
            mean = tally.mean.map { $0 / 1000 }
            median = tally.sketch.quantile(0.5).map { $0 / 1000 }
            p90 = tally.sketch.quantile(0.9).map { $0 / 1000 }
        }
    }
    let tally: Tally
    let calendar: Clock
    let business: Clock

    init(_ measure: DailyCube.Measure) {
        tally = measure.calendar
        calendar = Clock(measure.calendar)
        business = Clock(measure.business)
    }
}
