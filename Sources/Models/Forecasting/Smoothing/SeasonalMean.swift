/// The mean of each position of the season, drawn towards the mean of all; for counts too sparse to follow.
package struct SeasonalMean: Sendable {
    package let season: Int

    package init(season: Int) { self.season = max(1, season) }

    /// Fits to values in time order, `NaN` for missing; `nil` where nothing was observed.
    package func fit(_ values: [Double]) -> FittedSeasonalMean? {
        let observed = values.filter { !$0.isNaN }
        guard !observed.isEmpty else { return nil }
        let mean = observed.reduce(0, +) / Double(observed.count)
        var means = [Double](repeating: mean, count: season)
        guard season > 1, observed.count >= 3 * season else {
            return FittedSeasonalMean(values: values, means: means)
        }
        var counts = [Double](repeating: 0, count: season)
        var sums = counts
        var within = 0.0
        for (t, value) in values.enumerated() where !value.isNaN {
            sums[t % season] += value
            counts[t % season] += 1
        }
        for (t, value) in values.enumerated() where !value.isNaN {
            let difference = value - sums[t % season] / counts[t % season]
            within += difference * difference
        }
        within /= Double(max(1, observed.count - season))
        // The positions' variance beyond what chance alone gives them (James and Stein 1961).
        var between = 0.0
        for i in 0..<season where counts[i] > 0 {
            let difference = sums[i] / counts[i] - mean
            between += difference * difference / Double(season - 1)
        }
        let chance = within * Double(season) / Double(observed.count)
        let share = between > 0 ? max(0, 1 - chance / between) : 0
        for i in 0..<season where counts[i] > 0 { means[i] = mean + share * (sums[i] / counts[i] - mean) }
        return FittedSeasonalMean(values: values, means: means)
    }
}

/// Seasonal means of one series.
package struct FittedSeasonalMean: ForecastingModel {
    /// Expected values by position of the season, counted from the first value.
    package let means: [Double]
    package let fittedValues: [Double]
    let variance: Double

    package var name: String { means.count > 1 ? "seasonal mean[\(means.count)]" : "mean" }

    init(values: [Double], means: [Double]) {
        self.means = means
        fittedValues = values.indices.map { means[$0 % means.count] }
        var squares = 0.0
        var observed = 0.0
        for (t, value) in values.enumerated() where !value.isNaN {
            squares += (value - means[t % means.count]) * (value - means[t % means.count])
            observed += 1
        }
        variance = squares / max(1, observed - 1)
    }

    package func forecast(horizon: Int, levels: [Double]) -> Forecast {
        let mean = (0..<horizon).map { means[(fittedValues.count + $0) % means.count] }
        let deviations = [Double](repeating: variance.squareRoot(), count: horizon)
        return Forecast(
            mean: mean, intervals: levels.map { GaussianIntervals.around(mean, deviations: deviations, level: $0) })
    }
}
