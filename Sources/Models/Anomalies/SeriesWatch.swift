package import Aggregates
package import Features
package import Runtime

/// Watches series: expected value and band for every day, alerts of unusual days, and the days ahead.
package struct SeriesWatch: Sendable {
    package var baseline = SeasonalBaseline()
    /// Share of false calls aimed at among the alerts of one night.
    package var falseDiscoveryRate = 0.1
    /// No day above this p-value is called, so that a desk with a handful of series is not alarmed every tenth night.
    package var greatestPValue = 0.01
    package var forecastDays = 14
    /// Days of history that a watched series carries with it.
    package var shownDays = 120
    /// Parts named for an alert.
    package var contributionLimit = 5

    package init() {}

    /// A series with the baseline's word on each of its days.
    package struct Judged: Sendable {
        package var series: DailySeries
        package var expectations: [SeasonalBaseline.Expectation?]
    }

    package func judge(_ series: [DailySeries]) -> [Judged] {
        series.map { Judged(series: $0, expectations: baseline.expectations($0)) }
    }

    /// The alerts of some nights: Benjamini–Hochberg over all series of each day, in order of (day, p-value, series).
    package func alerts(_ judged: [Judged], days: some Sequence<CivilDate>) -> [Alert] {
        var out: [Alert] = []
        for day in Set(days).sorted() {
            var tests: [(item: Judged, expected: SeasonalBaseline.Expectation, observed: Double, p: Double)] = []
            for item in judged {
                let index = day - item.series.start
                guard item.series.values.indices.contains(index), let observed = item.series.values[index],
                    let expected = item.expectations[index]
                else { continue }
                tests.append((item, expected, observed, expected.pValue(observed)))
            }
            let called = FalseDiscovery.called(tests.map(\.p), q: falseDiscoveryRate)
            let alerts = tests.indices.filter { called[$0] && tests[$0].p <= greatestPValue }.map { index in
                let test = tests[index]
                return Alert(
                    series: test.item.series.id, day: day, observed: test.observed, expected: test.expected.mean,
                    lower: test.expected.lower, upper: test.expected.upper,
                    score: test.expected.deviation(test.observed), pValue: test.p)
            }
            out += alerts.sorted { $0.pValue != $1.pValue ? $0.pValue < $1.pValue : $0.series < $1.series }
        }
        return out
    }

    /// What moved most: the values of each dimension by their share of the total change, greatest first.
    ///
    /// Only for counts, and only parts that moved the way the whole did; dimensions that the series is cut by are left out.
    package func contributions(to alert: Alert, cube: DailyCube, history: ClosedRange<CivilDate>) -> [Alert
        .Contribution]
    {
        let change = alert.observed - alert.expected
        guard alert.series.metric.kind == .count, alert.series.dimension == nil, change != 0 else { return [] }
        let builder = SeriesBuilder(cube: cube, days: history)
        var out: [Alert.Contribution] = []
        for dimension in [Dimension.channel, .category, .intent] {
            let parts = builder.series(alert.series.metric, by: dimension, atMost: 40)
            guard parts.count > 1 else { continue }
            for part in parts {
                let index = alert.day - part.start
                guard part.values.indices.contains(index) else { continue }
                let observed = part.values[index] ?? 0
                let expected = baseline.expectations(part)[index]?.mean ?? 0
                let share = (observed - expected) / change
                guard share > 0 else { continue }
                out.append(
                    Alert.Contribution(
                        dimension: dimension, value: part.id.value, observed: observed, expected: expected,
                        share: min(1, share)))
            }
        }
        out.sort { a, b in
            if a.share != b.share { return a.share > b.share }
            if a.dimension != b.dimension { return a.dimension.rawValue < b.dimension.rawValue }
            return (a.value ?? "").utf8.lexicographicallyPrecedes((b.value ?? "").utf8)
        }
        return Array(out.prefix(contributionLimit))
    }

    /// The series with their bands over the last days and over the days ahead.
    package func watched(_ judged: [Judged]) -> [WatchedSeries] {
        judged.map { item in
            let first = max(0, item.series.values.count - shownDays)
            let points = (first..<item.series.values.count).map { index in
                let expected = item.expectations[index]
                return SeriesPoint(
                    day: item.series.day(at: index), observed: item.series.values[index], expected: expected?.mean,
                    lower: expected?.lower, upper: expected?.upper)
            }
            let ahead = baseline.forecast(item.series, days: forecastDays).enumerated().map { offset, expected in
                SeriesPoint(
                    day: item.series.day(at: item.series.values.count + offset), observed: nil, expected: expected.mean,
                    lower: expected.lower, upper: expected.upper)
            }
            return WatchedSeries(id: item.series.id, points: points, forecast: ahead)
        }
    }

    /// All of it in one call: watched series of a cube up to the last complete day, and the alerts of some nights.
    ///
    /// - Parameters:
    ///   - history: up to the last complete day; half a year or more makes the bands honest.
    ///   - nights: the days that may give alerts.
    package func run(
        cube: DailyCube, history: ClosedRange<CivilDate>, nights: some Sequence<CivilDate>
    ) -> (watched: [WatchedSeries], alerts: [Alert]) {
        let judged = judge(SeriesBuilder(cube: cube, days: history).watched())
        var alerts = alerts(judged, days: nights)
        for index in alerts.indices {
            alerts[index].contributions = contributions(to: alerts[index], cube: cube, history: history)
        }
        return (watched(judged), alerts)
    }
}
