import Glibc

/// The automatic forecast of one series.
package struct FittedAutoForecast: ForecastingModel {
    package let name: String
    /// What was tried and taken.
    package let choice: ForecastChoice
    package let profile: SeriesProfile
    package let fittedValues: [Double]

    private let members: [any ForecastingModel]
    private let weights: [Double]
    /// Beyond this a forecast is absurd: a hundred times the greatest value.
    private let greatest: Double
    private let fallback: FittedSeasonalNaive
    /// Width of the intervals by step.
    let scale: HorizonScale

    /// The forecast of a constant, or of a series too short for any model: its last value.
    init(short series: [Double], profile: SeriesProfile, offset: Int) {
        self.profile = profile
        let naive = FittedSeasonalNaive(values: series, season: 1)
        members = [naive]
        weights = [1]
        greatest = .infinity
        fallback = naive
        name = profile.isConstant ? "constant" : naive.name
        choice = ForecastChoice(
            members: [ForecastChoice.Member(name: name, error: .nan, weight: 1)], origins: 0, fits: 1)
        fittedValues = [Double](repeating: .nan, count: offset) + naive.fittedValues
        scale = HorizonScale(short: series, profile: profile)
    }

    init(
        series: [Double], profile: SeriesProfile, offset: Int, members candidates: CandidateMembers,
        trial: RollingOrigins, weights: [Double], season: Int
    ) {
        self.profile = profile
        let used = candidates.candidates.indices.filter { weights[$0] > 0 }
        members = used.map { candidates.candidates[$0].model }
        self.weights = used.map { weights[$0] }
        greatest = 100 * series.reduce(profile.unit) { $1.isNaN ? $0 : max($0, abs($1)) }
        fallback = FittedSeasonalNaive(values: series, season: series.count >= season ? season : 1)
        choice = ForecastChoice(
            members: candidates.candidates.indices.map {
                ForecastChoice.Member(
                    name: candidates.candidates[$0].model.name, error: trial.errors[$0], weight: weights[$0])
            }, origins: trial.cuts.count, fits: candidates.fits + trial.fits)
        let leading = used.sorted { (weights[$0], -$0) > (weights[$1], -$1) }
        name =
            leading.count == 1
            ? candidates.candidates[leading[0]].model.name
            : "mean(" + leading.map { candidates.candidates[$0].model.name }.joined(separator: ", ") + ")"
        var fitted = [Double](repeating: 0, count: series.count)
        for (model, weight) in zip(members, self.weights) {
            let values = model.fittedValues
            for t in fitted.indices { fitted[t] += weight * values[t] }
        }
        if profile.isNonNegative { for t in fitted.indices { fitted[t] = max(0, fitted[t]) } }
        let smoothing = candidates.candidates.lazy.compactMap { $0.model as? FittedETS }.first?.alpha
        scale = HorizonScale(
            series: series, fitted: fitted, errors: trial.combinedErrors(weights), alpha: smoothing ?? 0.1,
            season: season, unit: profile.unit, calibration: candidates.calibration)
        fittedValues = [Double](repeating: .nan, count: offset) + fitted
    }

    /// The expected next `horizon` values; never below zero where no value was.
    package func mean(horizon: Int) -> [Double] {
        var mean = [Double](repeating: 0, count: horizon)
        var total = 0.0
        for (model, weight) in zip(members, weights) {
            let path = model.forecast(horizon: horizon, levels: []).mean
            // A member that runs away has no say.
            guard path.allSatisfy({ abs($0) <= greatest }) else { continue }
            total += weight
            for h in 0..<horizon { mean[h] += weight * path[h] }
        }
        if total > 0 {
            for h in 0..<horizon { mean[h] /= total }
        } else {
            mean = fallback.mean(horizon: horizon)
        }
        if profile.isNonNegative { for h in 0..<horizon { mean[h] = max(0, mean[h]) } }
        return mean
    }

    package func forecast(horizon: Int, levels: [Double]) -> Forecast {
        let mean = mean(horizon: horizon)
        let deviations = scale.deviations(horizon: horizon)
        let intervals = levels.map { level -> PredictionInterval in
            if profile.isCount && mean.reduce(0, +) < 10 * Double(horizon) {
                // The width of a normal interval of this level, as the deviation of a skewed count.
                let share = scale.multiplier(level) / NormalQuantile.twoSided(level)
                let variances = deviations.map { $0 * share * $0 * share }
                return CountIntervals.around(mean, variances: variances, level: level)
            }
            let reach = scale.multiplier(level)
            var interval = PredictionInterval(level: level, lower: mean, upper: mean)
            for h in mean.indices {
                interval.lower[h] -= reach * deviations[h]
                interval.upper[h] += reach * deviations[h]
                if profile.isNonNegative { interval.lower[h] = max(0, interval.lower[h]) }
            }
            return interval
        }
        return Forecast(mean: mean, intervals: intervals)
    }
}
