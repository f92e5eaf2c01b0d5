package import Aggregates
package import Features
package import Runtime

/// Watches the series of a cube: expected value and band for every day, alerts of unusual days, and the days ahead.
package struct SeriesWatch: Sendable {
    package var warning = EarlyWarning()
    /// Holidays and peaks that explain unusual days.
    package var calendar = EventCalendar.empty
    /// Coverage of the band.
    package var level = 0.95
    package var forecastDays = 14
    /// Days of history that a watched series carries with it.
    package var shownDays = 120
    /// Parts named for an alert.
    package var contributionLimit = 5
    /// What a series is worth beside its volume; for the severity of its alerts.
    package var weight: @Sendable (SeriesID) -> Double = { _ in 1 }

    package init() {}

    /// A series with what was said of each of its days.
    package struct Judged: Sendable {
        package var series: DailySeries
        package var verdicts: [EarlyWarning.Verdict?]
        package var ahead: [SeriesExpectation]
        package var episodes: [AlertEpisode]
        package var episodeOfDay: [Int?]
    }

    /// Judges series together.
    package func judge(_ series: [DailySeries]) -> [Judged] {
        var warning = warning
        warning.period = 7
        warning.horizon = forecastDays
        let input = series.map { item in
            EarlyWarning.Series(
                start: Int(item.start.daysSinceEpoch), values: item.values.map { $0 ?? .nan },
                family: item.kind == .count ? .count : .positive)
        }
        return zip(series, warning.judge(input, calendar: calendar)).map { item, judged in
            let (episodes, ofDay) = AlertEpisode.episodes(
                judged.verdicts.enumerated().map { index, verdict in
                    (
                        verdict?.isAnomaly ?? false, (item.values[index] ?? 0) >= (verdict?.expectation.mean ?? 0),
                        item.values[index] != nil
                    )
                })
            return Judged(
                series: item, verdicts: judged.verdicts, ahead: judged.ahead, episodes: episodes, episodeOfDay: ofDay)
        }
    }

    /// The alerts of some nights in order of (day, p-value, series), without groups and explanations.
    package func alerts(_ judged: [Judged], days: some Sequence<CivilDate>) -> [Alert] {
        var out: [Alert] = []
        for day in Set(days).sorted() {
            var alerts: [Alert] = []
            var totals: [Metric: Double] = [:]
            for item in judged {
                let index = day - item.series.start
                guard item.verdicts.indices.contains(index), let verdict = item.verdicts[index] else { continue }
                if item.series.id.dimension == nil { totals[item.series.id.metric] = verdict.expectation.mean }
                guard verdict.isAnomaly, let observed = item.series.values[index] else { continue }
                let band = verdict.expectation.band(level)
                var alert = Alert(
                    series: item.series.id, day: day, observed: observed, expected: verdict.expectation.mean,
                    lower: band.lower, upper: band.upper, score: verdict.score, pValue: verdict.pValue ?? 1)
                if let episode = item.episodeOfDay[index].map({ item.episodes[$0] }) {
                    alert.since = item.series.day(at: episode.first)
                    if episode.state == .over { alert.until = item.series.day(at: episode.last) }
                }
                alerts.append(alert)
            }
            for index in alerts.indices {
                alerts[index].severity = alerts[index].severity(
                    total: totals[alerts[index].series.metric], weight: weight(alerts[index].series))
            }
            out += alerts.sorted { $0.pValue != $1.pValue ? $0.pValue < $1.pValue : $0.series < $1.series }
        }
        return out
    }

    /// The series with their bands over the last days and over the days ahead.
    package func watched(_ judged: [Judged]) -> [WatchedSeries] {
        judged.map { item in
            let first = max(0, item.series.values.count - shownDays)
            let points = (first..<item.series.values.count).map { index in
                let expectation = item.verdicts[index]?.expectation
                let band = expectation?.band(level)
                return SeriesPoint(
                    day: item.series.day(at: index), observed: item.series.values[index], expected: expectation?.mean,
                    lower: band?.lower, upper: band?.upper)
            }
            let ahead = item.ahead.enumerated().map { offset, expectation in
                let band = expectation.band(level)
                return SeriesPoint(
                    day: item.series.day(at: item.series.values.count + offset), observed: nil,
                    expected: expectation.mean, lower: band.lower, upper: band.upper)
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
        let builder = SeriesBuilder(cube: cube, days: history)
        let judged = judge(builder.watched())
        let explanation = AlertExplanation(self, cube: cube, builder: builder)
        var alerts: [Alert] = []
        for night in Set(nights).sorted() {
            let found = self.alerts(judged, days: [night])
            alerts += AlertGroups().grouped(found) { explanation.overlap($0, $1, on: night) }
        }
        for index in alerts.indices { alerts[index].contributions = explanation.contributions(to: alerts[index]) }
        return (watched(judged), alerts)
    }
}
