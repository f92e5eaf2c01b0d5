/// Intervals of whole counts, never below zero.
package enum CountIntervals {
    /// Equal-tailed limits under negative binomial distributions with these means and variances; under normal ones,
    /// rounded to whole counts, where a variance is below its mean.
    package static func around(_ mean: [Double], variances: [Double], level: Double) -> PredictionInterval {
        var lower = mean
        var upper = mean
        for h in mean.indices {
            let centre = max(mean[h], 1e-3)
            if variances[h] < centre {
                let reach = NormalQuantile.twoSided(level) * variances[h].squareRoot()
                lower[h] = max(0, (mean[h] - reach - 0.5).rounded(.up))
                upper[h] = max(0, (mean[h] + reach + 0.5).rounded(.down))
                continue
            }
            let dispersion = max(0, variances[h] - centre) / (centre * centre)
            lower[h] = TailProbability.quantileCount(0.5 - 0.5 * level, mean: centre, dispersion: dispersion)
            upper[h] = TailProbability.quantileCount(0.5 + 0.5 * level, mean: centre, dispersion: dispersion)
        }
        return PredictionInterval(level: level, lower: lower, upper: upper)
    }
}
