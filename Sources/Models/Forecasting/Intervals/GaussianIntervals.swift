import Glibc

/// Intervals under a normal distribution.
package enum GaussianIntervals {
    /// The z with P(Z ≤ z) = `probability` for a standard normal Z, 0 < probability < 1; relative error below 1e-12.
    ///
    /// Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.2.23, then Halley steps on the exact tail.
    package static func quantile(_ probability: Double) -> Double {
        guard probability > 0 && probability < 1 else { return probability >= 1 ? .infinity : -.infinity }
        let tail = min(probability, 1 - probability)
        let t = (-2 * log(tail)).squareRoot()
        var z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
        for _ in 0..<4 {
            let error = 0.5 * erfc(z / 2.0.squareRoot()) - tail
            let density = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
            guard density > 0 else { break }
            let step = error / density
            z += step / (1 - 0.5 * z * step)
        }
        return probability < 0.5 ? -z : z
    }

    /// The central interval of probability `level` around `mean`.
    package static func around(_ mean: [Double], deviations: [Double], level: Double) -> PredictionInterval {
        let z = quantile(0.5 + 0.5 * level)
        var lower = mean
        var upper = mean
        for h in mean.indices {
            lower[h] -= z * deviations[h]
            upper[h] += z * deviations[h]
        }
        return PredictionInterval(level: level, lower: lower, upper: upper)
    }
}
