import Glibc

/// Makes p-values of a model that is nearly right behave in the tail, from the p-values that it gave before.
///
/// If the model were right, −log p would be exponential with mean 1. Of the p-values below `threshold` seen so far, the
/// share among all and the mean excess of −log p give a tail `share · (p / threshold)^rate`: a generalised Pareto tail of
/// shape 0 on the logarithm. A rate under 1 (a model whose tails are too light) lifts small p-values; a rate above 1 is
/// not believed. Nights are weighed down by time, and a prior stands in for the first of them.
package struct TailCalibration: Sendable, Equatable {
    package let threshold: Double
    private var tests: Double
    private var exceedances: Double
    private var excess: Double

    /// Excess of −log p counted at most, so that true anomalies do not decide.
    private static let greatestExcess = 5.0
    /// Weight that a night keeps when the next one comes.
    private static let memory = 0.995

    /// - Parameters:
    ///   - share: expected share of p-values below the threshold, in multiples of the threshold.
    ///   - rate: expected decay of the tail.
    ///   - weight: tests that this expectation counts as.
    package init(threshold: Double = 0.02, share: Double = 1, rate: Double = 1, weight: Double = 2_000) {
        self.threshold = threshold
        tests = weight
        exceedances = weight * threshold * share
        excess = exceedances / rate
    }

    package var share: Double { exceedances / tests }
    package var rate: Double { min(1, exceedances / excess) }

    /// The calibrated p-value, monotone in `p`.
    package func calibrated(_ p: Double) -> Double {
        guard p < threshold else {
            // Linear between (threshold, share) and (1, 1).
            return min(1, share + (p - threshold) * (1 - share) / (1 - threshold))
        }
        return min(1, share * exp(rate * log(max(p, 1e-300) / threshold)))
    }

    /// Takes in a night's raw p-values.
    package mutating func add(_ pValues: some Sequence<Double>) {
        tests *= TailCalibration.memory
        exceedances *= TailCalibration.memory
        excess *= TailCalibration.memory
        for p in pValues {
            tests += 1
            if p < threshold {
                exceedances += 1
                excess += min(log(threshold / max(p, 1e-300)), TailCalibration.greatestExcess)
            }
        }
    }
}
