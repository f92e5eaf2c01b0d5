import LinearAlgebra

/// Continues many series within one budget of work.
///
/// Work is counted, not timed: fits of a model times values, so that results repeat on every machine. Series are taken in
/// their order, in waves of eight that are fitted side by side; a wave begins only while work is left. So the outcome
/// depends neither on the number of workers nor on their speed.
package struct ForecastPanel: Sendable {
    /// A series and what is asked of it.
    package struct Request: Sendable {
        /// In time order, `NaN` for missing.
        package var values: [Double]
        /// What a calendar makes of each value and of each step ahead; `nil` for nothing.
        package var factors: [Double]?
        /// Observations in each season.
        package var seasons: [Int]
        package var horizon: Int
        /// Rolling origins at most.
        package var budget: ForecastBudget

        package init(
            values: [Double], factors: [Double]? = nil, seasons: [Int], horizon: Int,
            budget: ForecastBudget = .standard
        ) {
            self.values = values
            self.factors = factors
            self.seasons = seasons
            self.horizon = horizon
            self.budget = budget
        }
    }

    /// The forecast of one series.
    package struct Ahead: Sendable, Equatable {
        /// The model as practitioners write it.
        package var name: String
        /// With one interval for each of ``levels``.
        package var forecast: Forecast
        /// Fits times values.
        package var work: Int
    }

    package enum Outcome: Sendable, Equatable {
        case made(Ahead)
        /// The budget was spent before its turn.
        case overBudget
        /// Fewer values than a choice of models needs, or none for a long time.
        case nothingKnown
    }

    /// Coverage of the intervals.
    package static let levels = [0.8, 0.95]
    /// Series in a wave.
    private static let wave = 8
    /// Missing values at the end beyond which a series is given up.
    private static let greatestGap = 28
    /// Values below which no model is chosen: four weeks of days.
    package static let leastObserved = 28
    /// Values an hour below which hours are too sparse to be followed one by one.
    package static let leastHourly = 5.0

    /// Fits times values that are left.
    package private(set) var left: Int
    private let workers: Int

    /// - Parameter budget: fits times values; none is made where it is 0.
    package init(budget: Int, workers: Int) {
        left = max(0, budget)
        self.workers = workers
    }

    /// The forecasts of series in their order, taking what they cost from the budget.
    package mutating func forecast(_ requests: [Request]) -> [Outcome] {
        var out: [Outcome] = []
        out.reserveCapacity(requests.count)
        while out.count < requests.count {
            guard left > 0 else {
                out += repeatElement(.overBudget, count: requests.count - out.count)
                break
            }
            let wave = Array(requests[out.count..<min(requests.count, out.count + ForecastPanel.wave)])
            let made = ParallelLoop.map(count: wave.count, workers: workers) { ForecastPanel.ahead(wave[$0]) }
            for outcome in made {
                if case .made(let ahead) = outcome { left -= ahead.work }
            }
            left = max(0, left)
            out += made
        }
        return out
    }

    /// The cheap treatment of an hourly series: what stands in when the budget is spent, and serves sparse hours.
    package static func hourOfWeek(_ request: Request) -> Ahead? {
        let values = adjusted(request)
        guard let model = HourOfWeekCounts().fit(values) else { return nil }
        let forecast = model.forecast(horizon: request.horizon, levels: levels)
        return Ahead(
            name: model.name, forecast: withCalendar(forecast, request),
            work: HourOfWeekCounts.strengths.count * HourOfWeekCounts.season)
    }

    private static func ahead(_ request: Request) -> Outcome {
        let profile = SeriesProfile(request.values)
        guard profile.observed > 0 else { return .nothingKnown }
        let isHourly = request.seasons.contains(HourOfWeekCounts.season)
        if isHourly && (profile.mean < leastHourly || profile.observed < 3 * HourOfWeekCounts.season) {
            return hourOfWeek(request).map(Outcome.made) ?? .nothingKnown
        }
        guard profile.observed >= leastObserved else { return .nothingKnown }
        let gap = request.values.count - 1 - (request.values.lastIndex { !$0.isNaN } ?? 0)
        guard gap <= greatestGap else { return .nothingKnown }
        // A model continues from the last value that was seen.
        let values = Array(adjusted(request).dropLast(gap))
        let forecaster = AutoForecaster(
            seasons: request.seasons, horizon: request.horizon + gap, budget: request.budget)
        guard let model = forecaster.fit(values, profile: profile) else { return .nothingKnown }
        var forecast = model.forecast(horizon: request.horizon + gap, levels: levels)
        forecast.mean.removeFirst(gap)
        for i in forecast.intervals.indices {
            forecast.intervals[i].lower.removeFirst(gap)
            forecast.intervals[i].upper.removeFirst(gap)
        }
        return .made(
            Ahead(
                name: model.name, forecast: HonestIntervals.mended(withCalendar(forecast, request), profile: profile),
                work: max(1, model.choice.fits) * values.count))
    }

    private static func adjusted(_ request: Request) -> [Double] {
        guard let factors = request.factors else { return request.values }
        return request.values.indices.map { request.values[$0] / factors[$0] }
    }

    /// The forecast with the calendar put in again.
    private static func withCalendar(_ forecast: Forecast, _ request: Request) -> Forecast {
        guard let factors = request.factors else { return forecast }
        var forecast = forecast
        for h in forecast.mean.indices {
            let factor = factors[request.values.count + h]
            forecast.mean[h] *= factor
            for i in forecast.intervals.indices {
                forecast.intervals[i].lower[h] *= factor
                forecast.intervals[i].upper[h] *= factor
            }
        }
        return forecast
    }
}
