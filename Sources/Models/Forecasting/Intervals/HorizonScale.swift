import Glibc

/// How far values lie from a forecast, by step ahead, learnt from the forecast's own errors.
///
/// One-step errors within the sample give a first deviation; it grows with the horizon as that of simple smoothing,
/// √(1 + (h − 1)α²). The errors at rolling origins then correct the level of the curve, the more of them the more.
struct HorizonScale: Sendable {
    /// Deviation of one-step errors within the sample.
    let oneStep: Double
    /// Growth per step: α².
    let growth: Double
    /// Root of the mean squared ratio of the errors at the origins to the first curve; `NaN` without any.
    let ratio: Double
    /// Errors at the origins.
    let count: Int
    /// Degrees of freedom.
    let freedom: Double
    let floor: Double
    /// Half the width at every step, where there is no model.
    private let fixed: Double?

    init(series: [Double], fitted: [Double], errors: [[Double]], alpha: Double, season: Int, unit: Double) {
        var squares = 0.0
        var observed = 0.0
        let skip = min(series.count / 3, season)
        for t in skip..<series.count {
            let error = series[t] - fitted[t]
            if error.isNaN { continue }
            squares += error * error
            observed += 1
        }
        let floor = unit / 12.0.squareRoot()
        oneStep = max(floor, observed > 0 ? (squares / observed).squareRoot() : floor)
        growth = min(1, alpha * alpha)
        var sum = 0.0
        var count = 0
        for path in errors {
            for (h, error) in path.enumerated() where !error.isNaN {
                sum += error * error / (oneStep * oneStep * (1 + Double(h) * growth))
                count += 1
            }
        }
        ratio = count > 0 ? (sum / Double(count)).squareRoot() : .nan
        self.count = count
        freedom = max(3, observed)
        self.floor = floor
        fixed = nil
    }

    /// The honest width of a constant, or of a series too short for any model.
    init(short series: [Double], profile: SeriesProfile) {
        let observed = Double(profile.observed)
        let last = series.last { !$0.isNaN } ?? 0
        var spread = 0.0
        for value in series where !value.isNaN { spread = max(spread, abs(value - last)) }
        // A constant seen n times has moved less than a unit n times; three points say next to nothing.
        let doubt = profile.isConstant && observed >= 5 ? profile.unit : max(spread, max(abs(last) * 0.5, profile.unit))
        fixed = doubt * max(0.5, (5 / observed).squareRoot())
        oneStep = doubt
        growth = profile.isConstant && observed >= 5 ? 1 / observed : 1
        ratio = .nan
        count = 0
        freedom = max(3, observed)
        floor = profile.unit
    }

    /// Deviations of the forecast errors by step.
    func deviations(horizon: Int) -> [Double] {
        let base = fixed ?? oneStep
        let correction = ratio.isNaN || fixed != nil ? 1 : ratio
        return (0..<horizon).map { h in
            max(floor, base * correction * (1 + Double(h) * growth).squareRoot())
        }
    }

    /// Half the width of an interval of this level, in deviations.
    func multiplier(_ level: Double) -> Double {
        TailProbability.quantileStudent(level: level, freedom: freedom)
    }
}
