import Glibc

/// Repeats the last season; with a season of 1, the last value.
///
/// A missing value of the last season is taken from the season before it, and so on.
package struct SeasonalNaive: Sendable {
    /// Observations in a season; 1 for the plain naive forecast.
    package let season: Int

    package init(season: Int = 1) { self.season = max(1, season) }

    /// Fits to values in time order, `NaN` for missing; `nil` where nothing was observed.
    package func fit(_ values: [Double]) -> FittedSeasonalNaive? {
        guard values.contains(where: { !$0.isNaN }) else { return nil }
        return FittedSeasonalNaive(values: values, season: values.count >= season ? season : 1)
    }
}

/// The seasonal naive forecast of one series.
package struct FittedSeasonalNaive: ForecastingModel {
    package let season: Int
    package let fittedValues: [Double]
    /// Variance of the differences to one season before.
    package let variance: Double
    private let last: [Double]

    package var name: String { season > 1 ? "seasonal naive[\(season)]" : "naive" }

    init(values: [Double], season m: Int) {
        season = m
        let n = values.count
        var recent = [Double](repeating: .nan, count: m)
        var fitted = [Double](repeating: .nan, count: n)
        var squares = 0.0
        var count = 0.0
        var newest = Double.nan
        for t in 0..<n {
            let position = t % m
            fitted[t] = recent[position]
            let error = values[t] - recent[position]
            if !error.isNaN {
                squares += error * error
                count += 1
            }
            if !values[t].isNaN {
                recent[position] = values[t]
                newest = values[t]
            }
        }
        fittedValues = fitted
        variance = count > 0 ? squares / count : .nan
        last = (0..<m).map { h in
            let value = recent[(n + h) % m]
            return value.isNaN ? newest : value
        }
    }

    /// The expected next `horizon` values.
    package func mean(horizon: Int) -> [Double] { (0..<horizon).map { last[$0 % season] } }

    package func forecast(horizon: Int, levels: [Double]) -> Forecast {
        let mean = mean(horizon: horizon)
        // With no difference ever seen the width is unknown; as much as the value itself is honest.
        let width = variance.isNaN ? mean.reduce(0) { max($0, $1 * $1) } : variance
        let deviations = (0..<horizon).map { (width * Double($0 / season + 1)).squareRoot() }
        return Forecast(
            mean: mean, intervals: levels.map { GaussianIntervals.around(mean, deviations: deviations, level: $0) })
    }
}
