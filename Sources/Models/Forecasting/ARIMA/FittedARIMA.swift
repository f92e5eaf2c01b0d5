internal import Glibc

/// An ARIMA model fitted to one series.
package struct FittedARIMA: ForecastingModel {
    /// An estimated coefficient.
    package struct Coefficient: Sendable, Equatable {
        /// `ar1`, `ma1`, `sar1`, `sma1`, `intercept`, `drift` or the regressor's name.
        package let name: String
        package let value: Double
        /// `NaN` when it was not computed or cannot be.
        package let standardError: Double
    }

    /// What was fitted, and how.
    package let configuration: ARIMAConfiguration
    /// All coefficients: ar, ma, sar, sma, then intercept, drift and regressors.
    package let coefficients: [Coefficient]
    /// Innovation variance with n* − k degrees of freedom, k coefficients (as `forecast::Arima`): intervals use it.
    package let sigma2: Double
    /// Innovation variance of maximum likelihood, with divisor n*.
    package let maximumLikelihoodSigma2: Double
    /// Log-likelihood; that of the conditional sum of squares under `.css`. Infinite for a perfect fit.
    package let logLikelihood: Double
    /// n*: observed values less d + D·m.
    package let observations: Int
    /// Number of estimated parameters, the innovation variance included.
    package let parameterCount: Int
    /// One-step forecasts, those of missing values too; `NaN` for the first d + D·m values.
    package let fittedValues: [Double]
    /// Innovations divided by the square root of their variance in units of σ² (R's residuals); `NaN` as in
    /// `fittedValues` and for missing values.
    package let residuals: [Double]
    /// Whether the series follows the model without any error; intervals then have the width of its rounding unit.
    package let isPerfect: Bool
    /// Position in the optimiser's space, a start for neighbouring models.
    let parameters: [Double]

    private let regression: [Double]
    private let terminal: ARIMATerminalState
    private let count: Int
    private let innovationDeviation: Double

    /// Akaike's criterion, −2 log L + 2k.
    package var aic: Double { -2 * logLikelihood + 2 * Double(parameterCount) }

    /// AIC corrected for small samples with n* observations; infinite when n* − k − 1 is not positive.
    package var aicc: Double {
        let (n, k) = (Double(observations), Double(parameterCount))
        guard n - k - 1 > 0 else { return .infinity }
        return aic + 2 * k * (n / (n - k - 1) - 1)
    }

    /// Schwarz's criterion.
    package var bic: Double { -2 * logLikelihood + Double(parameterCount) * log(Double(observations)) }

    /// The orders.
    package var order: ARIMAOrder { configuration.order }

    /// `ARIMA(2,0,0) with non-zero mean`, as R prints it.
    package var name: String {
        let names = coefficients.map(\.name)
        if names.contains("drift") { return "\(order) with drift" }
        if names.contains("intercept") { return "\(order) with non-zero mean" }
        return order.description
    }

    /// The value of a coefficient, or `nil` when the model has none of that name.
    package func coefficient(_ name: String) -> Double? { coefficients.first { $0.name == name }?.value }

    init(fit: ARIMAFit, outcome: ARIMAFit.Outcome, filter: ARIMAObjective) {
        let design = fit.design
        configuration = fit.configuration
        parameters = outcome.parameters
        var named: [Coefficient] = []
        for (index, name) in fit.order.coefficientNames.enumerated() {
            named.append(
                Coefficient(name: name, value: outcome.coefficients[index], standardError: outcome.errors[index]))
        }
        for (index, regressor) in design.enumerated() {
            let shift = regressor.name == "intercept" && index == 0 ? outcome.offset : 0
            named.append(
                Coefficient(
                    name: regressor.name, value: outcome.regression[index] + shift,
                    standardError: outcome.errors[outcome.coefficients.count + index]))
        }
        coefficients = named
        regression = outcome.regression
        count = fit.values.count
        let estimated = outcome.coefficients.count + outcome.value.rank
        parameterCount = estimated + 1
        observations = outcome.usable
        let magnitude = fit.values.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
        let n = Double(outcome.usable)
        let square = outcome.scale * outcome.scale
        let deviation = (outcome.value.sumOfSquares * square / n).squareRoot()
        isPerfect = outcome.isDegenerate || deviation <= 1e-10 * magnitude
        maximumLikelihoodSigma2 =
            isPerfect ? 0 : outcome.reported.sumOfSquares * square / Double(outcome.reported.observations)
        let freedom = max(1, n - Double(estimated))
        sigma2 = isPerfect ? 0 : outcome.sumOfSquaredResiduals * square / freedom
        innovationDeviation = isPerfect ? RoundingUnit.of(fit.values) / 12.0.squareRoot() : sigma2.squareRoot()
        logLikelihood =
            isPerfect
            ? .infinity : -0.5 * n * (2 * outcome.reported.objective + 1 + log(2 * Double.pi)) - n * log(outcome.scale)
        let path = ARIMAPath(fit: fit, outcome: outcome, filter: filter)
        fittedValues = path.fittedValues
        residuals = path.residuals
        terminal = path.terminal
    }

    /// The next values; regressors other than mean and trend are taken as zero there.
    package func forecast(horizon: Int, levels: [Double]) -> Forecast {
        forecast(horizon: horizon, levels: levels, regressors: [])
    }

    /// The next values given the regressors' values there; a regressor that is not given is taken as zero.
    ///
    /// Variances are σ²·Σψ², plus that of the state while the filter has not become steady; the uncertainty of coefficients
    /// is left out, as usual. With fewer than 10 degrees of freedom Student's quantile replaces the normal one.
    package func forecast(horizon: Int, levels: [Double], regressors: [ARIMARegressor]) -> Forecast {
        let horizon = max(0, horizon)
        var (mean, variances) = terminal.project(horizon)
        for (index, column) in design(regressors, horizon).enumerated() where regression[index] != 0 {
            for h in 0..<horizon { mean[h] += regression[index] * column[h] }
        }
        for h in 0..<horizon { variances[h] = max(0, variances[h]).squareRoot() * innovationDeviation }
        let freedom = observations - parameterCount + 1
        let intervals = levels.map { level in
            let reach: Double
            if freedom >= 10 {
                reach = NormalQuantile.twoSided(level)
            } else {
                reach =
                    freedom < 1 ? .infinity : TailProbability.quantileStudent(level: level, freedom: Double(freedom))
            }
            return PredictionInterval(
                level: level, lower: mean.indices.map { mean[$0] - reach * variances[$0] },
                upper: mean.indices.map { mean[$0] + reach * variances[$0] })
        }
        return Forecast(mean: mean, intervals: intervals)
    }

    private func design(_ regressors: [ARIMARegressor], _ horizon: Int) -> [[Double]] {
        coefficients.dropFirst(order.coefficientCount).enumerated().map { index, coefficient in
            if let given = regressors.first(where: { $0.name == coefficient.name }) {
                return (0..<horizon).map { $0 < given.values.count ? given.values[$0] : 0 }
            }
            if coefficient.name == "intercept" { return Array(repeating: 1, count: horizon) }
            if coefficient.name == "drift" { return (0..<horizon).map { Double(count + $0 + 1) } }
            return Array(repeating: 0, count: horizon)
        }
    }
}
