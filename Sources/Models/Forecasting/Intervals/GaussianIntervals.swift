/// Intervals under a normal distribution.
package enum GaussianIntervals {
    /// The central interval of probability `level` around `mean`.
    package static func around(_ mean: [Double], deviations: [Double], level: Double) -> PredictionInterval {
        let z = NormalQuantile.twoSided(level)
        var lower = mean
        var upper = mean
        for h in mean.indices {
            lower[h] -= z * deviations[h]
            upper[h] += z * deviations[h]
        }
        return PredictionInterval(level: level, lower: lower, upper: upper)
    }
}
