import Glibc

/// The smoothing recursion of an exponential smoothing model with its likelihood and the likelihood's gradient.
///
/// The gradient comes from running the recursion backwards (adjoint states), which costs about as much as two
/// likelihoods for any number of initial states. Missing values (`NaN`) leave the states as forecast.
///
/// With q = ℓ + φb the recursion is y = q ∘ s + e, ℓ' = q + αd, b' = φb + βd, s' = s + γ·(e or e/q), where d is e, or
/// e/s with a multiplicative season; it is the same for both kinds of error, which differ in the likelihood alone.
final class ETSFilter {
    let count: Int
    let season: Int
    /// Natural parameters of the last run.
    struct Parameters {
        var alpha = 0.0
        var beta = 0.0
        var gamma = 0.0
        var phi = 1.0
        var level = 0.0
        var slope = 0.0
    }

    private let values: UnsafeMutablePointer<Double>
    /// States before each observation; one more than observations.
    let levels: UnsafeMutablePointer<Double>
    let slopes: UnsafeMutablePointer<Double>
    /// Seasonal states: the one that observation t meets stands at t, the one that it leaves at t + season.
    let seasonals: UnsafeMutablePointer<Double>
    private let forecasts: UnsafeMutablePointer<Double>
    private let errors: UnsafeMutablePointer<Double>
    private let adjoint: UnsafeMutablePointer<Double>
    private(set) var observed = 0

    /// - Parameter season: observations in a season, at least 1.
    init(values source: ArraySlice<Double>, season m: Int) {
        count = source.count
        season = max(1, m)
        values = .allocate(capacity: max(1, count))
        levels = .allocate(capacity: count + 1)
        slopes = .allocate(capacity: count + 1)
        seasonals = .allocate(capacity: count + season)
        adjoint = .allocate(capacity: count + season)
        forecasts = .allocate(capacity: max(1, count))
        errors = .allocate(capacity: max(1, count))
        levels.initialize(repeating: 0, count: count + 1)
        slopes.initialize(repeating: 0, count: count + 1)
        seasonals.initialize(repeating: 0, count: count + season)
        adjoint.initialize(repeating: 0, count: count + season)
        forecasts.initialize(repeating: .nan, count: max(1, count))
        errors.initialize(repeating: 0, count: max(1, count))
        values.initialize(repeating: 0, count: max(1, count))
        for (i, value) in source.enumerated() {
            values[i] = value
            if !value.isNaN { observed += 1 }
        }
    }

    deinit {
        for pointer in [values, levels, slopes, seasonals, adjoint, forecasts, errors] { pointer.deallocate() }
    }

    /// One-step forecasts of the last run; `NaN` where the value is missing only in the data, never here.
    var fitted: [Double] { Array(UnsafeBufferPointer(start: forecasts, count: count)) }

    /// Runs the recursion from the states set in `seasonals[0 ..< season]` and `p`.
    ///
    /// - Returns: −2 log-likelihood up to a constant, n·log Σe² + 2Σlog|f| with the last term for multiplicative
    ///   errors (relative errors then), or infinity where the model leaves its domain.
    func run(_ form: ETSForm, _ p: Parameters, sum: inout Double) -> Double {
        var level = p.level
        var slope = p.slope
        let kind = form.season
        let relative = form.error == .multiplicative
        var squares = 0.0
        var logs = 0.0
        var product = 1.0
        for t in 0..<count {
            levels[t] = level
            slopes[t] = slope
            let grown = p.phi * slope
            let q = level + grown
            let y = values[t]
            switch kind {
            case .none:
                forecasts[t] = q
                if y.isNaN {
                    level = q
                    slope = grown
                } else {
                    let e = y - q
                    errors[t] = e
                    level = q + p.alpha * e
                    slope = grown + p.beta * e
                }
            case .additive:
                let s = seasonals[t]
                forecasts[t] = q + s
                if y.isNaN {
                    level = q
                    slope = grown
                    seasonals[t + season] = s
                } else {
                    let e = y - q - s
                    errors[t] = e
                    level = q + p.alpha * e
                    slope = grown + p.beta * e
                    seasonals[t + season] = s + p.gamma * e
                }
            case .multiplicative:
                let s = seasonals[t]
                let f = q * s
                if !(q > 0 && s > 0) { return .infinity }
                forecasts[t] = f
                if y.isNaN {
                    level = q
                    slope = grown
                    seasonals[t + season] = s
                } else {
                    let e = y - f
                    errors[t] = e
                    level = q + p.alpha * e / s
                    slope = grown + p.beta * e / s
                    seasonals[t + season] = s + p.gamma * e / q
                }
            }
            if y.isNaN { continue }
            if relative {
                let f = forecasts[t]
                if !(f > 0) { return .infinity }
                let ratio = errors[t] / f
                squares += ratio * ratio
                product *= f
                if product > 1e100 || product < 1e-100 {
                    logs += log(product)
                    product = 1
                }
            } else {
                squares += errors[t] * errors[t]
            }
        }
        levels[count] = level
        slopes[count] = slope
        sum = squares
        let floor = 1e-30 * Double(observed)
        let value = Double(observed) * log(max(squares, floor))
        return relative ? value + 2 * (logs + log(product)) : value
    }

    /// The gradient of the last run with respect to the natural parameters; that of the initial seasonal states is in
    /// `seasonGradient(_:)`.
    func gradient(_ form: ETSForm, _ p: Parameters, sum: Double) -> Parameters {
        var g = Parameters()
        g.phi = 0
        var levelAdjoint = 0.0
        var slopeAdjoint = 0.0
        let kind = form.season
        let relative = form.error == .multiplicative
        let weight = 2 * Double(observed) / max(sum, 1e-30 * Double(observed))
        if kind != .none { for i in 0..<count + season { adjoint[i] = 0 } }
        for t in stride(from: count - 1, through: 0, by: -1) {
            let slope = slopes[t]
            let y = values[t]
            if y.isNaN {
                g.phi += slope * (slopeAdjoint + levelAdjoint)
                slopeAdjoint = p.phi * (slopeAdjoint + levelAdjoint)
                if kind != .none { adjoint[t] += adjoint[t + season] }
                continue
            }
            let e = errors[t]
            let f = forecasts[t]
            var direct: Double
            if relative {
                let inverse = 1 / f
                direct = inverse * (2 - weight * e * inverse * y * inverse)
            } else {
                direct = -weight * e
            }
            var qAdjoint = levelAdjoint
            let d = p.alpha * levelAdjoint + p.beta * slopeAdjoint
            switch kind {
            case .none:
                direct -= d
                g.alpha += e * levelAdjoint
                g.beta += e * slopeAdjoint
                qAdjoint += direct
            case .additive:
                let after = adjoint[t + season]
                direct -= d + p.gamma * after
                g.alpha += e * levelAdjoint
                g.beta += e * slopeAdjoint
                g.gamma += e * after
                qAdjoint += direct
                adjoint[t] += after + direct
            case .multiplicative:
                let after = adjoint[t + season]
                let s = seasonals[t]
                let q = levels[t] + p.phi * slope
                let overS = 1 / s
                let overQ = 1 / q
                direct -= d * overS + p.gamma * after * overQ
                let scaled = e * overS
                g.alpha += scaled * levelAdjoint
                g.beta += scaled * slopeAdjoint
                g.gamma += e * overQ * after
                qAdjoint += s * direct - p.gamma * e * after * overQ * overQ
                adjoint[t] += after - d * scaled * overS + q * direct
            }
            g.phi += slope * (slopeAdjoint + qAdjoint)
            slopeAdjoint = p.phi * (slopeAdjoint + qAdjoint)
            levelAdjoint = qAdjoint
        }
        g.level = levelAdjoint
        g.slope = slopeAdjoint
        return g
    }

    /// The gradient of the last run with respect to the initial seasonal state at `position`.
    func seasonGradient(_ position: Int) -> Double { adjoint[position] }
}
