import Aggregates
import Features
import Runtime

/// Where an alert's change came from, by the segments of the cube.
final class AlertExplanation {
    private let watch: SeriesWatch
    private let cube: DailyCube
    private let builder: SeriesBuilder
    /// Parts of a metric by dimension, judged once.
    private var parts: [Metric: [Dimension: [SeriesWatch.Judged]]] = [:]

    /// Parts of a dimension that are looked at.
    private static let partLimit = 40

    init(_ watch: SeriesWatch, cube: DailyCube, builder: SeriesBuilder) {
        self.watch = watch
        self.cube = cube
        self.builder = builder
    }

    /// What moved most: the values of each dimension by their share of the total change, greatest first.
    ///
    /// Only for counts, and only parts that moved the way the whole did; dimensions that the series is cut by are left out.
    func contributions(to alert: Alert) -> [Alert.Contribution] {
        let change = alert.change
        guard alert.series.metric.kind == .count, alert.series.dimension == nil, change != 0 else { return [] }
        var out: [Alert.Contribution] = []
        for dimension in [Dimension.channel, .category, .intent] {
            let parts = judged(alert.series.metric, dimension)
            guard parts.count > 1 else { continue }
            for part in parts {
                let index = alert.day - part.series.start
                guard part.series.values.indices.contains(index) else { continue }
                let observed = part.series.values[index] ?? 0
                let expected = part.verdicts[index]?.expectation.mean ?? 0
                let share = (observed - expected) / change
                guard share > 0 else { continue }
                out.append(
                    Alert.Contribution(
                        dimension: dimension, value: part.series.id.value, observed: observed, expected: expected,
                        share: min(1, share)))
            }
        }
        out.sort { a, b in
            if a.share != b.share { return a.share > b.share }
            if a.dimension != b.dimension { return a.dimension.rawValue < b.dimension.rawValue }
            return (a.value ?? "").utf8.lexicographicallyPrecedes((b.value ?? "").utf8)
        }
        return Array(out.prefix(watch.contributionLimit))
    }

    /// The change of the cases that two series of one metric both hold: the day against its weekday in the four weeks before.
    func overlap(_ a: SeriesID, _ b: SeriesID, on day: CivilDate) -> Double? {
        guard a.metric == b.metric, a.metric.kind == .count, let first = a.dimension, let second = b.dimension,
            first != second, day - 28 >= builder.days.lowerBound
        else { return nil }
        let days = (day - 28)...day
        let measures = cube.series(
            a.metric, days,
            where: [DailyCube.Condition(first, a.value), DailyCube.Condition(second, b.value)])
        guard measures.count == 29 else { return nil }
        let usual = [0, 7, 14, 21].map { Double(measures[$0].measure.calendar.sum) }.sorted()
        return Double(measures[28].measure.calendar.sum) - (usual[1] + usual[2]) / 2
    }

    private func judged(_ metric: Metric, _ dimension: Dimension) -> [SeriesWatch.Judged] {
        if let known = parts[metric]?[dimension] { return known }
        let found = watch.judge(builder.series(metric, by: dimension, atMost: AlertExplanation.partLimit))
        parts[metric, default: [:]][dimension] = found
        return found
    }
}
