internal import Glibc

/// A named regressor: one value for each observation of the series, none missing.
package struct ARIMARegressor: Sendable, Equatable {
    package let name: String
    package var values: [Double]

    package init(name: String, values: [Double]) {
        self.name = name
        self.values = values
    }
}

/// How an ARIMA model's coefficients are estimated.
package enum ARIMAMethod: String, Sendable, CaseIterable {
    /// Exact maximum likelihood, started from the conditional-sum-of-squares estimate.
    case cssML = "css-ml"
    /// Exact maximum likelihood, started from white noise.
    case ml
    /// Conditional sum of squares: the first p + P·m differenced values are given, shocks before them are zero.
    case css
}

/// Why an ARIMA model cannot be fitted.
package enum ARIMAError: Error, Equatable, Sendable, CustomStringConvertible {
    /// An order is negative, the period is below 1, or a seasonal order has a period of 1.
    case order(String)
    /// The values left after differencing are too few for the number of coefficients.
    case tooFewObservations(found: Int, needed: Int)
    /// A value or regressor is infinite, or a regressor has a missing value; positions count from 0.
    case notFinite(column: String, position: Int)
    /// A regressor has not as many values as the series.
    case regressorLength(name: String, found: Int, expected: Int)
    /// The likelihood could not be evaluated anywhere.
    case noLikelihood(String)

    package var description: String {
        switch self {
        case .order(let model): "\(model): orders must be 0 or more, and a seasonal order needs a period of 2 or more"
        case .tooFewObservations(let found, let needed):
            "\(found) observations are left after differencing; the model needs \(needed); choose lower orders"
        case .notFinite(let column, let position):
            "\(column): the value at position \(position) is not a finite number; leave missing values empty"
        case .regressorLength(let name, let found, let expected):
            "regressor \(name): \(found) values for \(expected) observations"
        case .noLikelihood(let model): "\(model): the likelihood cannot be evaluated; choose lower orders"
        }
    }
}

/// A seasonal ARIMA model with regressors, before it is fitted.
///
/// φ(B)Φ(Bᵐ)(1 − B)ᵈ(1 − Bᵐ)ᴰ(y(t) − x(t)'β) = θ(B)Θ(Bᵐ)e(t), signs of θ as in Brockwell & Davis (and R): θ(B) = 1 + Σ θ(j)Bʲ.
package struct ARIMAConfiguration: Sendable, Equatable {
    /// The orders.
    package var order: ARIMAOrder
    /// A mean (`intercept`), estimated only when nothing is differenced, as differencing removes it.
    package var includesMean: Bool
    /// A linear trend (`drift`, per step); after one difference it is the mean of the differences.
    package var includesDrift: Bool
    /// How coefficients are estimated.
    package var method: ARIMAMethod
    /// Standard errors from the numerical Hessian of the log-likelihood; costs about 2k² evaluations for k coefficients.
    package var computesStandardErrors: Bool

    package init(
        order: ARIMAOrder, includesMean: Bool = true, includesDrift: Bool = false, method: ARIMAMethod = .cssML,
        computesStandardErrors: Bool = true
    ) {
        self.order = order
        self.includesMean = includesMean
        self.includesDrift = includesDrift
        self.method = method
        self.computesStandardErrors = computesStandardErrors
    }

    /// The fitted model for a series (`NaN` for missing values) and regressors of its length.
    ///
    /// A regressor that is constant zero after differencing, or that depends on those before it, gets the coefficient 0 and
    /// does not count as a parameter. Throws ``ARIMAError``.
    package func fit(_ values: [Double], regressors: [ARIMARegressor] = []) throws(ARIMAError) -> FittedARIMA {
        try validate(values, regressors)
        return try ARIMAFit(configuration: self, values: values, regressors: regressors).run()
    }

    /// Regressor columns with the mean and the trend before those of the caller, over `count` steps from `first` (0-based).
    func design(_ regressors: [ARIMARegressor], first: Int, count: Int) -> [ARIMARegressor] {
        var result: [ARIMARegressor] = []
        if includesMean, order.d + order.seasonalD == 0 {
            result.append(ARIMARegressor(name: "intercept", values: Array(repeating: 1, count: count)))
        }
        if includesDrift {
            result.append(ARIMARegressor(name: "drift", values: (0..<count).map { Double(first + $0 + 1) }))
        }
        return result + regressors
    }

    private func validate(_ values: [Double], _ regressors: [ARIMARegressor]) throws(ARIMAError) {
        let orders = [order.p, order.d, order.q, order.seasonalP, order.seasonalD, order.seasonalQ]
        guard orders.allSatisfy({ $0 >= 0 }), order.coefficientCount <= 60, order.period >= 1,
            !order.isSeasonal || order.period > 1
        else { throw .order(order.description) }
        if let position = values.firstIndex(where: \.isInfinite) {
            throw .notFinite(column: "series", position: position)
        }
        for regressor in regressors {
            guard regressor.values.count == values.count else {
                throw .regressorLength(
                    name: regressor.name, found: regressor.values.count, expected: values.count)
            }
            if let position = regressor.values.firstIndex(where: { !$0.isFinite }) {
                throw .notFinite(column: regressor.name, position: position)
            }
        }
    }
}
