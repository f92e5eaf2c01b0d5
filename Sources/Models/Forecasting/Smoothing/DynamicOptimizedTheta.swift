import Glibc

/// The optimised theta method, dynamic or not, on a series adjusted for its season when a test finds one.
///
/// The forecast function is ℓ + (1 − 1/θ)·D, where D comes from a line that is fitted once (optimised theta) or anew at
/// each observation (dynamic). For a given α the squared error is quadratic in the initial level and in 1 − 1/θ, so
/// only α is searched. Source: Fioruci, Pellegrini, Louzada, Petropoulos, Koehler, "Models for optimising the theta
/// method and their relationship to state space models", International Journal of Forecasting 2016, equations 12–17.
package struct DynamicOptimizedTheta: Sendable {
    /// Observations in a season; 1 for none.
    package let season: Int
    /// Whether the line follows the data; without it this is the optimised theta model.
    package let dynamic: Bool

    package init(season: Int = 1, dynamic: Bool = true) {
        self.season = max(1, season)
        self.dynamic = dynamic
    }

    /// Fits to values in time order, `NaN` for missing; `nil` with fewer than five values.
    package func fit(_ values: [Double]) -> FittedTheta? {
        let filled = GapFilling.fill(values, season: season)
        guard filled.count >= 5, filled.allSatisfy({ $0.isFinite }) else { return nil }
        var indices: [Double] = []
        var multiplicative = false
        if season > 1 && filled.count >= 2 * season && SeasonalAdjustment.isSeasonal(filled, season: season) {
            let positive = filled.allSatisfy { $0 > 0 }
            if positive, let found = SeasonalAdjustment.indices(filled, season: season, multiplicative: true) {
                indices = found
                multiplicative = true
            } else if let found = SeasonalAdjustment.indices(filled, season: season, multiplicative: false) {
                indices = found
            }
        }
        var adjusted = filled
        if !indices.isEmpty {
            for t in adjusted.indices {
                let index = indices[t % season]
                adjusted[t] = multiplicative ? adjusted[t] / index : adjusted[t] - index
            }
        }
        return FittedTheta(adjusted: adjusted, indices: indices, multiplicative: multiplicative, dynamic: dynamic)
    }
}

/// A theta model fitted to one series.
package struct FittedTheta: ForecastingModel {
    package let name: String
    /// Smoothing parameter, 0.1 to 0.99.
    package let alpha: Double
    /// 1 − 1/θ: the share of the line, 0 to 1.
    package let lineShare: Double
    /// Variance of the one-step errors of the adjusted series.
    package let variance: Double
    package let fittedValues: [Double]

    private let level: Double
    private let line: ThetaLine
    private let indices: [Double]
    private let multiplicative: Bool

    init(adjusted y: [Double], indices: [Double], multiplicative: Bool, dynamic: Bool) {
        let n = y.count
        let search = ThetaSearch(values: y, dynamic: dynamic)
        let best = search.minimise()
        alpha = best.alpha
        lineShare = best.share
        self.indices = indices
        self.multiplicative = multiplicative
        name = "\(dynamic ? "DOT" : "OTM")" + (indices.isEmpty ? "" : "[\(indices.count)]")
        var level = best.level
        var line = ThetaLine(values: y, dynamic: dynamic)
        var fitted = [Double](repeating: .nan, count: n)
        var squares = 0.0
        for t in 1...n {
            let mu = level + best.share * line.term(t, alpha)
            if t > 2 || !dynamic {
                fitted[t - 1] = mu
                if t > 2 { squares += (y[t - 1] - mu) * (y[t - 1] - mu) }
            }
            level += alpha * (y[t - 1] - level)
            line.observe(y[t - 1], t)
        }
        variance = squares / Double(max(1, n - 3))
        self.level = level
        self.line = line
        if !indices.isEmpty {
            for t in fitted.indices {
                let index = indices[t % indices.count]
                fitted[t] = multiplicative ? fitted[t] * index : fitted[t] + index
            }
        }
        fittedValues = fitted
    }

    /// The expected next `horizon` values.
    package func mean(horizon: Int) -> [Double] {
        let n = fittedValues.count
        var level = level
        var line = line
        return (0..<horizon).map { h in
            let t = n + h + 1
            let mu = level + lineShare * line.term(t, alpha)
            level += alpha * (mu - level)
            line.observe(mu, t)
            guard !indices.isEmpty else { return mu }
            let index = indices[(n + h) % indices.count]
            return multiplicative ? mu * index : mu + index
        }
    }

    package func forecast(horizon: Int, levels: [Double]) -> Forecast {
        let mean = mean(horizon: horizon)
        let n = fittedValues.count
        let deviations = (0..<horizon).map { h in
            let factor = multiplicative && !indices.isEmpty ? indices[(n + h) % indices.count] : 1
            return factor * (variance * (1 + Double(h) * alpha * alpha)).squareRoot()
        }
        return Forecast(
            mean: mean, intervals: levels.map { GaussianIntervals.around(mean, deviations: deviations, level: $0) })
    }
}

/// The line of the theta method: level A and slope B, fixed or followed recursively.
private struct ThetaLine {
    private var intercept: Double
    private var slope: Double
    private var mean = 0.0
    private let dynamic: Bool

    init(values: [Double], dynamic: Bool) {
        self.dynamic = dynamic
        if dynamic {
            intercept = 0
            slope = 0
        } else {
            (intercept, slope) = SeasonalAdjustment.line(values[...])
        }
    }

    /// (1 − α)^(t−1)·A + (1 − (1 − α)^t)/α·B
    func term(_ t: Int, _ alpha: Double) -> Double {
        let power = t > 700 ? 0 : pow(1 - alpha, Double(t - 1))
        return term(power: power, alpha)
    }

    func term(power: Double, _ alpha: Double) -> Double {
        power * intercept + (1 - power * (1 - alpha)) / alpha * slope
    }

    mutating func observe(_ y: Double, _ t: Int) {
        guard dynamic else { return }
        let time = Double(t)
        let before = mean
        mean += (y - mean) / time
        slope = t == 1 ? 0 : ((time - 2) * slope + 6 * (y - before) / time) / (time + 1)
        intercept = mean - slope * (time + 1) / 2
    }
}

/// The search for α, with initial level and share of the line by least squares.
private struct ThetaSearch {
    struct Solution {
        var alpha: Double
        var share: Double
        var level: Double
        var squares: Double
    }

    let values: [Double]
    /// Intercepts and slopes of the line before each observation.
    private var intercepts: [Double]
    private var slopes: [Double]

    init(values: [Double], dynamic: Bool) {
        self.values = values
        var line = ThetaLine(values: values, dynamic: dynamic)
        intercepts = []
        slopes = []
        for t in 1...values.count {
            intercepts.append(line.term(power: 1, 1))
            slopes.append(line.term(power: 0, 1))
            line.observe(values[t - 1], t)
        }
        // power 1 at α 1 gives A + B·1, power 0 gives B.
        for t in intercepts.indices { intercepts[t] -= slopes[t] }
    }

    func minimise() -> Solution {
        let low = 0.1
        let high = 0.99
        let steps = 14
        var best = solve(low)
        var bestStep = 0
        for i in 1...steps {
            let found = solve(low + (high - low) * Double(i) / Double(steps))
            if found.squares < best.squares {
                best = found
                bestStep = i
            }
        }
        let golden = 0.618_033_988_749_894_8
        var a = low + (high - low) * Double(max(0, bestStep - 1)) / Double(steps)
        var b = low + (high - low) * Double(min(steps, bestStep + 1)) / Double(steps)
        var left = solve(b - golden * (b - a))
        var right = solve(a + golden * (b - a))
        for _ in 0..<18 {
            if left.squares < right.squares {
                b = right.alpha
                right = left
                left = solve(b - golden * (b - a))
            } else {
                a = left.alpha
                left = right
                right = solve(a + golden * (b - a))
            }
        }
        for found in [left, right] where found.squares < best.squares { best = found }
        return best
    }

    /// Least squares for the initial level and the share of the line, from the third observation on.
    private func solve(_ alpha: Double) -> Solution {
        var base = 0.0
        var power = 1.0
        let keep = 1 - alpha
        var xx = 0.0
        var xd = 0.0
        var dd = 0.0
        var xr = 0.0
        var dr = 0.0
        var rr = 0.0
        let overAlpha = 1 / alpha
        for t in values.indices {
            let y = values[t]
            if t >= 2 {
                let d = power * intercepts[t] + (1 - power * keep) * overAlpha * slopes[t]
                let r = y - base
                xx += power * power
                xd += power * d
                dd += d * d
                xr += power * r
                dr += d * r
                rr += r * r
            }
            base += alpha * (y - base)
            power *= keep
        }
        func level(_ share: Double) -> Double { xx > 1e-12 ? (xr - share * xd) / xx : values[0] }
        let determinant = xx * dd - xd * xd
        var share = 0.0
        if xx > 1e-12 && determinant > 1e-12 * xx * dd {
            share = (xx * dr - xd * xr) / determinant
        } else if dd > 0 {
            share = dr / dd
        }
        share = min(1, max(0, share))
        let start = level(share)
        let squares =
            rr - 2 * start * xr - 2 * share * dr + start * start * xx + 2 * start * share * xd + share * share * dd
        return Solution(alpha: alpha, share: share, level: start, squares: max(0, squares))
    }
}
