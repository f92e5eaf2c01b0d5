import Glibc

/// An exponential smoothing model fitted to one series.
package struct FittedETS: ForecastingModel {
    package let form: ETSForm
    /// Observations in a season; 1 for none.
    package let season: Int
    /// Smoothing parameters of level, trend and season; 0 where the form has none. `phi` is 1 without damping.
    package let alpha: Double, beta: Double, gamma: Double, phi: Double
    /// Initial states in the series' units; seasonal factors without a unit.
    package let initialLevel: Double, initialSlope: Double, initialSeasonals: [Double]
    /// Log-likelihood up to the constant that is the same for all forms: −½(n·log Σe² + 2Σlog|f|).
    package let logLikelihood: Double
    /// Corrected information criterion with the variance counted as a parameter.
    package let aicc: Double
    /// Variance of the errors, relative ones for a multiplicative error; degrees of freedom taken off.
    package let variance: Double
    package let fittedValues: [Double]

    private let levels: [Double]
    private let slopes: [Double]
    private let seasonals: [Double]

    package var name: String { form.name }

    /// The states after the last observation; the seasonal ones in the order in which the next values meet them.
    var finalStates: (level: Double, slope: Double, seasonals: [Double]) {
        (levels[count], slopes[count], form.season == .none ? [] : Array(seasonals[count...]))
    }

    /// Observations; missing ones included.
    package var count: Int { fittedValues.count }

    init(
        form: ETSForm, season: Int, scale: Double, values: [Double], filter: ETSFilter,
        parameters p: ETSFilter.Parameters, deviance: Double, squares: Double
    ) {
        self.form = form
        self.season = season
        alpha = p.alpha
        beta = p.beta
        gamma = p.gamma
        phi = p.phi
        initialLevel = p.level * scale
        initialSlope = p.slope * scale
        let n = Double(filter.observed)
        let parameterCount = Double(form.parameterCount(season: season))
        // Back to the series' units: errors grow by the scale, forecasts too.
        let shift = 2 * n * log(scale)
        logLikelihood = -0.5 * (deviance + shift)
        let k = parameterCount + 1
        aicc = deviance + shift + 2 * k + 2 * k * (k + 1) / max(1, n - k - 1)
        let relative = form.error == .multiplicative
        variance = squares / max(1, n - parameterCount) * (relative ? 1 : scale * scale)
        fittedValues = filter.fitted.map { $0 * scale }
        let stateCount = filter.count + 1
        levels = (0..<stateCount).map { filter.levels[$0] * scale }
        slopes = (0..<stateCount).map { filter.slopes[$0] * scale }
        let seasonScale = form.season == .additive ? scale : 1
        seasonals = form.season == .none ? [] : (0..<filter.count + season).map { filter.seasonals[$0] * seasonScale }
        initialSeasonals = Array(seasonals.prefix(season))
    }

    /// The `horizon` values forecast from the states before observation `origin` (0-based; `count` for the end).
    package func path(from origin: Int, horizon: Int, into out: inout [Double]) {
        let level = levels[origin]
        var slope = slopes[origin]
        var grown = level
        var position = origin
        let wrap = origin + season
        out.removeAll(keepingCapacity: true)
        for _ in 0..<horizon {
            slope *= phi
            grown += slope
            switch form.season {
            case .none: out.append(grown)
            case .additive: out.append(grown + seasonals[position])
            case .multiplicative: out.append(grown * seasonals[position])
            }
            position += 1
            if position == wrap { position = origin }
        }
    }

    /// The expected next `horizon` values.
    package func mean(horizon: Int) -> [Double] {
        var out: [Double] = []
        path(from: count, horizon: horizon, into: &out)
        return out
    }

    package func forecast(horizon: Int, levels: [Double]) -> Forecast {
        let mean = mean(horizon: horizon)
        let deviations = standardDeviations(mean: mean)
        return Forecast(
            mean: mean, intervals: levels.map { GaussianIntervals.around(mean, deviations: deviations, level: $0) })
    }

    /// Standard deviations of the forecast errors by step: Hyndman et al. 2008, table 6.1 (additive error), section
    /// 6.2 (multiplicative error), section 6.3 (multiplicative season).
    func standardDeviations(mean: [Double]) -> [Double] {
        let horizon = mean.count
        var impulse = [Double](repeating: 0, count: horizon)
        var power = 1.0
        var sum = 0.0
        let split = form.season == .multiplicative
        for j in 1..<max(2, horizon) where j < horizon {
            if form.trend != .none {
                power *= phi
                sum += power
            }
            impulse[j] = alpha + beta * sum
            if form.season == .additive && j.isMultiple(of: season) { impulse[j] += gamma }
        }
        if form.error == .additive {
            var total = 0.0
            return (0..<horizon).map { h in
                if h > 0 { total += impulse[h] * impulse[h] }
                return (variance * (1 + total)).squareRoot()
            }
        }
        // Relative errors: the second moment θ of the unseasonal part, or of the whole without a factor season.
        var second = [Double](repeating: 0, count: horizon)
        return (0..<horizon).map { h in
            let factor = split ? seasonals[count + h % season] : 1
            let centre = mean[h] / factor
            var theta = centre * centre
            for j in 1..<max(1, h + 1) { theta += variance * impulse[j] * impulse[j] * second[h - j] }
            second[h] = theta
            var spread = (1 + variance) * theta
            if split { spread *= pow(1 + gamma * gamma * variance, Double(h / season)) }
            return abs(factor) * max(0, spread - centre * centre).squareRoot()
        }
    }
}
