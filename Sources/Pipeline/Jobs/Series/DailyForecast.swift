import Aggregates
import Features
import Models
import Runtime

/// Gives watched series the automatic forecast of their days ahead.
struct DailyForecast {
    let effects: DayEffects
    let horizon: Int
    /// The last day of the history.
    let last: CivilDate
    /// Whether the data end within the last day, so that its counts say nothing.
    let isLastPartial: Bool

    /// Replaces what the watch's baseline expects of the days ahead, in the order of the series, while the budget lasts.
    ///
    /// - Returns: how many series keep the baseline because the budget was spent.
    func replaceForecasts(of watched: inout [WatchedSeries], _ panel: inout ForecastPanel) -> Int {
        let outcomes = panel.forecast(watched.map(request))
        var late = 0
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .made(let ahead):
                watched[index].method = ForecastMethod(name: ahead.name)
                watched[index].forecast = points(ahead.forecast)
            case .overBudget:
                late += 1
                watched[index].method = ForecastMethod(name: DailyForecast.baseline, isFallback: true)
            case .nothingKnown:
                watched[index].method = ForecastMethod(name: DailyForecast.baseline)
            }
        }
        return late
    }

    /// The dynamic generalised linear model that watches the series.
    static let baseline = "DGLM[7]"

    private func request(_ series: WatchedSeries) -> ForecastPanel.Request {
        let start = series.points.first?.day ?? last + 1
        var values = series.points.map { $0.observed ?? .nan }
        // What stands at the end of a day is not less because later hours are not there.
        if isLastPartial && series.id.metric.kind != .stock && !values.isEmpty { values[values.count - 1] = .nan }
        // Missing days before the first value are no part of a series.
        let first = values.firstIndex { !$0.isNaN } ?? 0
        values.removeFirst(first)
        return ForecastPanel.Request(
            values: values,
            factors: effects.factors(series.id, from: start + first, count: values.count + horizon), seasons: [7],
            horizon: horizon)
    }

    private func points(_ forecast: Forecast) -> [SeriesPoint] {
        let limits = forecast.intervals.last
        return (0..<horizon).map { h in
            SeriesPoint(
                day: last + 1 + h, observed: nil, expected: forecast.mean[h], lower: limits?.lower[h],
                upper: limits?.upper[h])
        }
    }
}
