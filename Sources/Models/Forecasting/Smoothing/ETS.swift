import Glibc

/// Exponential smoothing in state-space form with maximum-likelihood parameters and initial states.
///
/// Smoothing parameters stay in the usual region, 0 < β < α, 0 < γ < 1 − α, 0.8 ≤ φ ≤ 0.98, which lies within the
/// region of forecastability. Source: Hyndman, Koehler, Ord, Snyder, "Forecasting with Exponential Smoothing", 2008.
package struct ETS: Sendable {
    package let form: ETSForm
    /// Observations in a season; 1 for none.
    package let season: Int
    /// A smoothing parameter of the level near which to search; `nil` for several starts.
    package let startingAlpha: Double?

    package init(form: ETSForm, season: Int = 1, startingAlpha: Double? = nil) {
        self.form = form
        self.season = max(1, season)
        self.startingAlpha = startingAlpha.map { min(0.95, max(0.02, $0)) }
    }

    /// Fits to values in time order, `NaN` for missing; `nil` where the form asks for more values or positive ones.
    package func fit(_ values: [Double]) -> FittedETS? {
        ETSFitter(values: values, season: season)?.fit(form, startingAlpha: startingAlpha)
    }
}

/// The exponential smoothing model with the smallest AICc among the admissible forms.
///
/// Multiplicative forms are tried only where every value is positive. Source: Hyndman, Koehler, Snyder, Grose, "A state
/// space framework for automatic forecasting using exponential smoothing methods", 2002.
package struct AutoETS: Sendable {
    package let season: Int
    /// The forms to choose from; `nil` for all admissible ones.
    package let forms: [ETSForm]?

    package init(season: Int = 1, forms: [ETSForm]? = nil) {
        self.season = max(1, season)
        self.forms = forms
    }

    /// The best model; `nil` where there are too few values for any.
    package func fit(_ values: [Double]) -> FittedETS? {
        candidates(values).min { $0.aicc < $1.aicc }
    }

    /// All models that could be fitted.
    package func candidates(_ values: [Double]) -> [FittedETS] {
        guard let fitter = ETSFitter(values: values, season: season) else { return [] }
        let admissible = ETSForm.admissible(seasonal: season > 1 && season <= 24, positive: fitter.positive)
        let wanted = forms.map { forms in admissible.filter(forms.contains) } ?? admissible
        var found: [FittedETS] = []
        for form in wanted {
            if let model = fitter.fit(form) { found.append(model) }
        }
        return found
    }
}

/// Fits exponential smoothing models to one series, sharing memory and starting values between forms.
final class ETSFitter {
    private let values: [Double]
    private let season: Int
    private let scale: Double
    private let spread: Double
    private let filter: ETSFilter
    private var search: QuasiNewton
    private var additive: Start?
    private var multiplicative: Start?
    private var plain: Start
    /// Whether every observed value is above zero.
    let positive: Bool
    /// The least gain in −2 log-likelihood for which the search goes on.
    var tolerance = 1e-3
    var iterations = 100

    private struct Start {
        var level: Double
        var slope: Double
        var indices: [Double]
    }

    init?(values: [Double], season: Int) {
        var sum = 0.0
        var least = Double.infinity
        var observed = 0
        for value in values where !value.isNaN {
            sum += abs(value)
            least = min(least, value)
            observed += 1
        }
        guard observed >= 3, sum.isFinite else { return nil }
        self.values = values
        self.season = max(1, season)
        let scale = sum > 0 ? sum / Double(observed) : 1
        self.scale = scale
        let isPositive = least > 1e-6 * scale
        positive = isPositive
        let scaled = values.map { $0 / scale }
        filter = ETSFilter(values: scaled[...], season: season)
        search = QuasiNewton(capacity: 6 + max(1, season))
        var mean = 0.0
        for value in scaled where !value.isNaN { mean += value / Double(observed) }
        var squares = 0.0
        for value in scaled where !value.isNaN { squares += (value - mean) * (value - mean) }
        let deviation = max(1e-6, (squares / Double(observed)).squareRoot())
        spread = deviation
        func start(_ multiplicative: Bool?) -> Start? {
            var adjusted = scaled
            var indices: [Double] = []
            if let multiplicative {
                guard let found = SeasonalAdjustment.indices(scaled, season: season, multiplicative: multiplicative)
                else { return nil }
                indices = found
                for t in adjusted.indices {
                    let index = found[t % season]
                    adjusted[t] = multiplicative ? adjusted[t] / index : adjusted[t] - index
                }
            }
            let first = adjusted.prefix(max(10, 2 * season))
            var (level, slope) = SeasonalAdjustment.line(first)
            // A line that starts below zero would leave the domain of the multiplicative forms.
            if isPositive && !(level > 0.1 * deviation && level + slope > 0) {
                (level, slope) = (first.first { !$0.isNaN } ?? mean, 0)
            }
            return Start(level: level, slope: slope, indices: indices)
        }
        plain = start(nil) ?? Start(level: mean, slope: 0, indices: [])
        if season > 1 && observed >= 2 * season {
            additive = start(false)
            multiplicative = isPositive ? start(true) : nil
        }
    }

    /// The model of this form with the greatest likelihood that the search finds.
    func fit(_ form: ETSForm, startingAlpha: Double? = nil) -> FittedETS? {
        let parameters = form.parameterCount(season: season) + 1
        guard filter.observed >= parameters + 2, positive || !form.needsPositiveValues else { return nil }
        let start: Start
        switch form.season {
        case .none: start = plain
        case .additive:
            guard let additive else { return nil }
            start = additive
        case .multiplicative:
            guard let multiplicative else { return nil }
            start = multiplicative
        }
        var best: [Double] = []
        var bestValue = Double.infinity
        for alpha in startingAlpha.map({ [$0] }) ?? [0.15, 0.6] {
            var point = initialPoint(form, alpha: alpha, betaShare: 0.05, gammaShare: 0.05)
            let map = Map(form: form, season: season, spread: spread)
            let filter = filter
            let value = search.minimise(
                &point, count: point.count, tolerance: tolerance, iterations: iterations
            ) { x, gradient in
                map.value(x, gradient, filter, level: start.level, slope: start.slope, indices: start.indices)
            }
            if value < bestValue {
                bestValue = value
                best = point
            }
        }
        guard bestValue.isFinite, !best.isEmpty else { return nil }
        let map = Map(form: form, season: season, spread: spread)
        let p = best.withUnsafeBufferPointer { x -> ETSFilter.Parameters? in
            guard let base = x.baseAddress else { return nil }
            return map.parameters(base, filter, level: start.level, slope: start.slope, indices: start.indices)
        }
        guard let p else { return nil }
        var sum = 0.0
        let value = filter.run(form, p, sum: &sum)
        guard value.isFinite else { return nil }
        return FittedETS(
            form: form, season: season, scale: scale, values: values, filter: filter, parameters: p, deviance: value,
            squares: sum)
    }

    private func initialPoint(_ form: ETSForm, alpha: Double, betaShare: Double, gammaShare: Double) -> [Double] {
        func logit(_ x: Double) -> Double { log(x / (1 - x)) }
        var point = [logit(alpha)]
        if form.trend != .none { point.append(logit(betaShare)) }
        if form.season != .none { point.append(logit(gammaShare)) }
        if form.trend == .damped { point.append(logit(0.9)) }
        point.append(0)
        if form.trend != .none { point.append(0) }
        if form.season != .none { point.append(contentsOf: [Double](repeating: 0, count: season - 1)) }
        return point
    }
}

/// The map from unbounded search variables to the parameters of the recursion.
private struct Map {
    let form: ETSForm
    let season: Int
    let spread: Double

    private static let least = 1e-4

    private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// Units of the initial states: level, slope, seasonal.
    private var units: (Double, Double, Double) {
        (0.5 * spread, 0.05 * spread, 0.5 * (form.season == .multiplicative ? min(spread, 0.5) : spread))
    }

    func parameters(
        _ x: UnsafePointer<Double>, _ filter: ETSFilter, level: Double, slope: Double, indices: [Double]
    ) -> ETSFilter.Parameters {
        var p = ETSFilter.Parameters()
        var k = 0
        p.alpha = Map.least + (1 - 2 * Map.least) * sigmoid(x[0])
        k = 1
        if form.trend != .none {
            p.beta = Map.least + (p.alpha - Map.least) * sigmoid(x[k])
            k += 1
        }
        if form.season != .none {
            p.gamma = Map.least + (1 - p.alpha - Map.least) * sigmoid(x[k])
            k += 1
        }
        if form.trend == .damped {
            p.phi = 0.8 + 0.18 * sigmoid(x[k])
            k += 1
        }
        let (levelUnit, slopeUnit, seasonUnit) = units
        p.level = level + levelUnit * x[k]
        k += 1
        if form.trend != .none {
            p.slope = slope + slopeUnit * x[k]
            k += 1
        }
        if form.season != .none {
            var sum = 0.0
            for i in 0..<season - 1 {
                let s = indices[i] + seasonUnit * x[k + i]
                filter.seasonals[i] = s
                sum += s
            }
            filter.seasonals[season - 1] = (form.season == .multiplicative ? Double(season) : 0) - sum
        }
        return p
    }

    func value(
        _ x: UnsafePointer<Double>, _ gradient: UnsafeMutablePointer<Double>, _ filter: ETSFilter, level: Double,
        slope: Double, indices: [Double]
    ) -> Double {
        let p = parameters(x, filter, level: level, slope: slope, indices: indices)
        var sum = 0.0
        let value = filter.run(form, p, sum: &sum)
        guard value.isFinite else { return value }
        let g = filter.gradient(form, p, sum: sum)
        var k = 1
        let alphaSlope = derivative(x[0])
        var alphaTotal = g.alpha
        if form.trend != .none {
            gradient[k] = g.beta * (p.alpha - Map.least) * derivative(x[k])
            alphaTotal += g.beta * sigmoid(x[k])
            k += 1
        }
        if form.season != .none {
            gradient[k] = g.gamma * (1 - p.alpha - Map.least) * derivative(x[k])
            alphaTotal -= g.gamma * sigmoid(x[k])
            k += 1
        }
        if form.trend == .damped {
            gradient[k] = g.phi * 0.18 * derivative(x[k])
            k += 1
        }
        gradient[0] = alphaTotal * (1 - 2 * Map.least) * alphaSlope
        let (levelUnit, slopeUnit, seasonUnit) = units
        gradient[k] = g.level * levelUnit
        k += 1
        if form.trend != .none {
            gradient[k] = g.slope * slopeUnit
            k += 1
        }
        if form.season != .none {
            let last = filter.seasonGradient(season - 1)
            for i in 0..<season - 1 { gradient[k + i] = seasonUnit * (filter.seasonGradient(i) - last) }
        }
        return value
    }

    private func derivative(_ x: Double) -> Double {
        let s = sigmoid(x)
        return s * (1 - s)
    }
}
