import Glibc

/// One past step of a series, as the evidence of several steps needs it.
struct RecentStep {
    /// The count, or the measure on the scale of its model.
    var value = 0.0
    /// Factor of a count, or summand of a measure, by profile and calendar.
    var shape = 0.0
    /// Level before the step.
    var level = 0.0
    var effectDeviation = 0.0
    /// Whether the step has a value.
    var isKnown = false
    /// Neither missing nor called.
    var isUsable = false
}

/// The level of one series under three speeds of drift, and its spread.
struct SeriesState {
    var family: SeriesFamily?
    /// Values until the model can start.
    var early: [(step: Int, value: Double)] = []
    private(set) var isReady = false
    /// Zeros before anything else.
    var zeros = 0
    /// Values that the model has seen.
    var known = 0
    /// Steps since a deviation began that still goes on, and the quiet ones at its end.
    private(set) var held = 0
    private var quiet = 0
    var spreadSum = 0.0
    var spreadWeight = 0.0
    /// Variance of a measure's first values around their mean, on the scale of the model; 1 for counts.
    private(set) var unit = 1.0
    private(set) var leastVariance = 0.0
    /// Smallest value that a positive measure is taken for.
    private var floor = 0.0
    private var greatestEarly = Double.infinity
    private var levels = SIMD4<Double>()
    private var variances = SIMD4<Double>()
    private var merits = SIMD4<Double>()
    private var drift = SIMD4<Double>()
    private var chosen = 0

    var level: Double { levels[chosen] }
    var variance: Double { variances[chosen] }
    var driftAStep: Double { drift[chosen] }
    /// Of the t distribution of a measure.
    var freedom: Double { max(4, min(30, Double(known) / 8)) }

    /// A count among the first ones; a single burst there is not the level.
    func bounded(_ value: Double) -> Double { min(max(value, 0), greatestEarly) }

    /// A measure on the scale of its model.
    func coordinate(_ value: Double) -> Double { family == .positive ? log(max(value, floor)) : value }
    /// A location back in the units of the series.
    func value(_ location: Double) -> Double { family == .positive ? exp(min(location, 700)) : location }

    /// Notes whether a step was called: a deviation has ended after as many quiet steps as an alert has.
    mutating func note(isCalled: Bool) {
        if isCalled {
            held += 1 + quiet
            quiet = 0
        } else if held > 0 {
            quiet += 1
            if quiet >= AlertEpisode.patience { (held, quiet) = (0, 0) }
        }
    }

    /// A step without a value.
    mutating func pass() {
        guard isReady else { return }
        variances += drift
    }

    mutating func start(_ values: [Double], drift: SIMD4<Double>, measureDrift: SIMD4<Double>) {
        let family = family ?? SeriesFamily.of(values)
        self.family = family
        isReady = true
        let count = Double(values.count)
        var sorted = values
        let middleOfValues = median(&sorted) ?? 0
        greatestEarly = 4 * middleOfValues + 5
        let mean = values.reduce(0) { $0 + (family == .count ? bounded($1) : $1) / count }
        switch family {
        case .count:
            levels = SIMD4(repeating: log(mean + 0.05))
            variances = SIMD4(repeating: min(0.5, 1 / (mean * count + 1) + 0.02))
            self.drift = drift
            return
        case .positive: floor = max(mean * 1e-6, .leastNormalMagnitude)
        case .real: break
        }
        let coordinates = values.map(coordinate)
        let middle = coordinates.reduce(0) { $0 + $1 / count }
        let square = coordinates.reduce(0) { $0 + ($1 - middle) * ($1 - middle) / count }
        // A constant still has a width: two per cent.
        let width = family == .positive ? 0.02 : 0.02 * max(abs(middle), .leastNormalMagnitude.squareRoot())
        leastVariance = width * width / 4
        unit = max(square, width * width)
        levels = SIMD4(repeating: middle)
        variances = SIMD4(repeating: unit)
        self.drift = measureDrift * unit
    }

    /// Takes the level of the last steps for the new normal, as a mean on the scale of the model.
    mutating func settle(at level: Double, variance: Double) {
        levels = SIMD4(repeating: level)
        variances = SIMD4(repeating: variance)
        (held, quiet) = (0, 0)
    }

    /// Moves the three levels by a count.
    mutating func moveCount(
        _ value: Double, mean: Double, rest: Double, dispersion: Double, isHeld: Bool, isLost: Bool,
        bound: Double, drift: SIMD4<Double>, lost: Double, memory: Double, advance: SIMD4<Double>
    ) {
        let base = level
        for filter in 0..<3 {
            var variance = variances[filter]
            if isLost { variance = max(variance, lost) }
            if !isHeld {
                let own = filter == chosen ? mean : max(mean * exp(levels[filter] - base), 1e-4)
                let total = 1 / own + dispersion + rest + variance
                let deviation = total.squareRoot()
                let error = (value - own) / own
                if known >= 28 {
                    let z = min(max(error / deviation, -3), 3)
                    merits[filter] = memory * merits[filter] - 0.5 * z * z - log(deviation * own)
                }
                let gain = variance / total
                let step = gain * min(max(error, -bound * deviation), bound * deviation)
                levels[filter] = min(max(levels[filter] + step, -9), 60)
                variance *= 1 - gain
            }
            variances[filter] = variance + drift[filter]
        }
        choose(advance)
    }

    /// Moves the three levels by the error of a measure.
    mutating func moveMeasure(
        _ error: Double, rest: Double, noise: Double, isHeld: Bool, isLost: Bool, bound: Double,
        drift: SIMD4<Double>, memory: Double, advance: SIMD4<Double>
    ) {
        let base = level
        for filter in 0..<3 {
            var variance = variances[filter]
            if isLost { variance = max(variance, unit) }
            if !isHeld {
                let total = noise + rest + variance
                let deviation = total.squareRoot()
                let own = error - (levels[filter] - base)
                if known >= 14 {
                    let z = min(max(own / deviation, -3), 3)
                    merits[filter] = memory * merits[filter] - 0.5 * z * z - log(deviation)
                }
                let gain = variance / total
                levels[filter] += gain * min(max(own, -bound * deviation), bound * deviation)
                variance *= 1 - gain
            }
            variances[filter] = variance + self.drift[filter]
        }
        choose(advance)
    }

    private mutating func choose(_ advance: SIMD4<Double>) {
        var best = 0
        for filter in 1..<3 where merits[filter] - advance[filter] > merits[best] - advance[best] { best = filter }
        chosen = best
    }
}
