import Glibc

/// Settings of interval widths for a kind of series, found on the training parts of monthly competition series and on
/// public hourly series so that nominal shares are met there.
struct IntervalCalibration: Sendable, Equatable {
    /// Growth of the error variance per step beyond that of the smoothing model, in one-step variances.
    let extraGrowth: Double
    /// Factors on the widths of 80% and of 95% intervals.
    let factor80: Double
    let factor95: Double

    /// Monthly, quarterly and other short series: parameters are uncertain and trends turn.
    static let short = IntervalCalibration(extraGrowth: 0.02, factor80: 1, factor95: 1.2)
    /// Series with several seasons.
    static let severalSeasons = IntervalCalibration(extraGrowth: 0.02, factor80: 1.1, factor95: 1.22)
    /// Years of daily values with one season.
    static let long = IntervalCalibration(extraGrowth: 0.002, factor80: 1, factor95: 1.05)
}

/// How far values lie from a forecast, by step ahead, learnt from the forecast's own errors.
///
/// One-step errors within the sample give a first deviation. It grows with the horizon as that of simple smoothing,
/// √(1 + (h − 1)α²), and somewhat more. The errors at rolling origins then correct the level of the curve: their root
/// mean square, in deviations of the curve, is drawn towards 1 by half of their number up to 40. The shape of the
/// error distribution is that of the errors within the sample, drawn towards the normal one in short series.
struct HorizonScale: Sendable {
    /// Deviation of one-step errors within the sample.
    let oneStep: Double
    /// Growth per step: α².
    let growth: Double
    /// Root of the mean squared ratio of the errors at the origins to the first curve; `NaN` without any.
    let ratio: Double
    /// Errors at the origins.
    let count: Int
    /// The 80% and 95% quantiles of the absolute one-step errors within the sample, in deviations.
    let tails: (Double, Double)
    /// Observed values.
    let observed: Double
    private let calibration: IntervalCalibration
    private let floor: Double
    /// Whether there is no model, so that the first deviation is all that is known.
    private let isGuess: Bool

    /// - Parameters:
    ///   - errors: forecast errors by rolling origin and step.
    ///   - alpha: smoothing parameter of the level.
    ///   - unit: the unit in which values were written down; no interval is narrower than its rounding error.
    init(
        series: [Double], fitted: [Double], errors: [[Double]], alpha: Double, season: Int, unit: Double,
        calibration: IntervalCalibration
    ) {
        var squares = 0.0
        var sizes: [Double] = []
        sizes.reserveCapacity(series.count)
        for t in min(series.count / 3, season)..<series.count {
            let error = series[t] - fitted[t]
            if error.isNaN { continue }
            squares += error * error
            sizes.append(abs(error))
        }
        let floor = unit / 12.0.squareRoot()
        let deviation = max(floor, sizes.isEmpty ? floor : (squares / Double(sizes.count)).squareRoot())
        let growth = min(1, alpha * alpha) + calibration.extraGrowth
        var sum = 0.0
        var count = 0
        for path in errors {
            for (h, error) in path.enumerated() where !error.isNaN {
                sum += error * error / (deviation * deviation * (1 + Double(h) * growth))
                count += 1
            }
        }
        sizes.sort()
        tails = (
            HorizonScale.tail(sizes, 0.8, deviation: deviation), HorizonScale.tail(sizes, 0.95, deviation: deviation)
        )
        oneStep = deviation
        self.growth = growth
        ratio = count > 0 ? (sum / Double(count)).squareRoot() : .nan
        self.count = count
        observed = Double(sizes.count)
        self.calibration = calibration
        self.floor = floor
        isGuess = false
    }

    /// The honest width of a constant, or of a series too short for any model.
    init(short series: [Double], profile: SeriesProfile) {
        let last = series.last { !$0.isNaN } ?? 0
        var spread = 0.0
        for value in series where !value.isNaN { spread = max(spread, abs(value - last)) }
        observed = Double(profile.observed)
        let isSteady = profile.isConstant && observed >= 5
        // A constant seen n times has moved less than a unit n times; three points say next to nothing.
        oneStep =
            isSteady
            ? profile.unit * max(0.5, (5 / observed).squareRoot()) : max(spread, max(abs(last) * 0.5, profile.unit))
        growth = isSteady ? 1 / observed : 1
        ratio = .nan
        count = 0
        tails = (NormalQuantile.twoSided(0.8), NormalQuantile.twoSided(0.95))
        calibration = .short
        floor = profile.unit / 12.0.squareRoot()
        isGuess = true
    }

    private static func tail(_ sizes: [Double], _ share: Double, deviation: Double) -> Double {
        guard let greatest = sizes.last, greatest > 0 else { return NormalQuantile.twoSided(share) }
        let place = share * Double(sizes.count - 1)
        let below = sizes[Int(place)]
        let above = sizes[min(sizes.count - 1, Int(place) + 1)]
        return (below + (above - below) * (place - place.rounded(.down))) / deviation
    }

    /// Deviations of the forecast errors by step.
    func deviations(horizon: Int) -> [Double] {
        let evidence = isGuess || ratio.isNaN ? 0 : 2 * min(1, Double(count) / 40)
        let correction = evidence > 0 ? ((1 + evidence * ratio * ratio) / (1 + evidence)).squareRoot() : 1
        return (0..<horizon).map { h in max(floor, oneStep * correction * (1 + Double(h) * growth).squareRoot()) }
    }

    /// Half the width of an interval of this level, in deviations.
    func multiplier(_ level: Double) -> Double {
        let z = NormalQuantile.twoSided(level)
        guard !isGuess else { return TailProbability.quantileStudent(level: level, freedom: max(2, observed - 1)) }
        let (z80, z95) = (NormalQuantile.twoSided(0.8), NormalQuantile.twoSided(0.95))
        let share = observed / (observed + 50)
        let shape80 = calibration.factor80 * (share * max(0.6 * z80, tails.0) / z80 + 1 - share)
        let shape95 = calibration.factor95 * (share * max(0.6 * z95, tails.1) / z95 + 1 - share)
        let place = min(2, max(-0.5, (z - z80) / (z95 - z80)))
        return z * (shape80 + (shape95 - shape80) * place)
    }
}
