import Glibc

/// How the values of a watched series come about.
package enum SeriesFamily: Sendable, Equatable {
    /// Whole non-negative numbers: negative binomial around a mean on the logarithm.
    case count
    /// Positive measures such as a median duration: Student's t on the logarithm.
    case positive
    /// Any real numbers: Student's t.
    case real

    /// The family of some first values: whole non-negative numbers are counts; missing ones (`NaN`) say nothing.
    package static func of(_ values: some Sequence<Double>) -> SeriesFamily {
        var isWhole = true
        var isPositive = true
        for value in values where value.isFinite {
            if value < 0 || value != value.rounded() { isWhole = false }
            if value <= 0 { isPositive = false }
            if value < 0 { return .real }
        }
        return isWhole ? .count : isPositive ? .positive : .real
    }
}

/// What is expected of one day of a series, from what came before it.
package struct SeriesExpectation: Sendable, Equatable {
    /// Expected value in the series' own units.
    package var mean: Double
    package var family: SeriesFamily
    /// Negative-binomial dispersion of a count, standard deviation of a real, that of the logarithm of a positive.
    package var spread: Double
    /// Degrees of freedom of the t distribution; infinite for counts.
    package var freedom: Double

    /// Two-sided tail probability of an observed value under the model as it stands, uncalibrated.
    package func pValue(_ observed: Double) -> Double {
        switch family {
        case .count: min(1, 2 * TailProbability.midTail(observed, mean: mean, dispersion: spread))
        case .positive, .real: TailProbability.twoSidedStudent(deviation(observed), freedom: freedom)
        }
    }

    /// Signed distance from expected in standard deviations.
    package func deviation(_ observed: Double) -> Double {
        switch family {
        case .count: (observed - mean) / max(mean + spread * mean * mean, 1e-12).squareRoot()
        case .positive: (log(max(observed, mean * 1e-6)) - log(mean)) / spread
        case .real: (observed - mean) / spread
        }
    }

    /// Limits that hold the value with this probability; never below zero for counts and positives.
    package func band(_ level: Double = 0.95) -> (lower: Double, upper: Double) {
        switch family {
        case .count:
            return (
                TailProbability.quantileCount((1 - level) / 2, mean: mean, dispersion: spread),
                TailProbability.quantileCount((1 + level) / 2, mean: mean, dispersion: spread)
            )
        case .positive:
            let reach = exp(min(TailProbability.quantileStudent(level: level, freedom: freedom) * spread, 300))
            return (mean / reach, mean * reach)
        case .real:
            let reach = TailProbability.quantileStudent(level: level, freedom: freedom) * spread
            return (mean - reach, mean + reach)
        }
    }
}
