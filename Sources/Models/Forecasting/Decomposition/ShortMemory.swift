/// The choice of a low-order ARIMA model without a season.
enum ShortMemory {
    /// The orders (p, q) that are tried.
    static let orders = [(0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2)]

    /// The model with the smallest AICc by conditional sum of squares; `nil` with too few values.
    ///
    /// - Parameter order: the only order to fit, where it is known.
    static func fit(_ values: [Double], order: ARIMAOrder? = nil) -> FittedARIMA? {
        if let order { return fit(values, order) }
        let d = differences(values)
        var best: FittedARIMA?
        for (p, q) in orders {
            guard let model = fit(values, ARIMAOrder(p, d, q)) else { continue }
            if let current = best, !(model.aicc < current.aicc) { continue }
            best = model
        }
        return best
    }

    private static func fit(_ values: [Double], _ order: ARIMAOrder) -> FittedARIMA? {
        let configuration = ARIMAConfiguration(
            order: order, includesMean: order.d == 0, method: .css, computesStandardErrors: false)
        return try? configuration.fit(values)
    }

    /// 1 where the test of Kwiatkowski, Phillips, Schmidt and Shin (1992) rejects a stationary level at 5%, else 0.
    static func differences(_ values: [Double]) -> Int {
        let n = values.count
        guard n >= 10 else { return 0 }
        var mean = 0.0
        for value in values { mean += value / Double(n) }
        let lags = Int(3 * Double(n).squareRoot() / 13)
        var partial = 0.0
        var squares = 0.0
        var variance = 0.0
        for value in values {
            partial += value - mean
            squares += partial * partial
            variance += (value - mean) * (value - mean)
        }
        for lag in 1..<max(2, lags + 1) where lag <= lags {
            var covariance = 0.0
            for t in lag..<n { covariance += (values[t] - mean) * (values[t - lag] - mean) }
            variance += 2 * (1 - Double(lag) / Double(lags + 1)) * covariance
        }
        guard variance > 0 else { return 0 }
        return squares / (Double(n) * variance) > 0.463 ? 1 : 0
    }
}
