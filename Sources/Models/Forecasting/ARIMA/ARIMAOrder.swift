/// The orders of a seasonal ARIMA model, (p,d,q)(P,D,Q)m in the notation of Box and Jenkins.
package struct ARIMAOrder: Sendable, Hashable, CustomStringConvertible {
    /// Autoregressive order, p.
    package var p: Int
    /// Number of first differences, d.
    package var d: Int
    /// Moving-average order, q.
    package var q: Int
    /// Seasonal autoregressive order, P.
    package var seasonalP: Int
    /// Number of seasonal differences, D.
    package var seasonalD: Int
    /// Seasonal moving-average order, Q.
    package var seasonalQ: Int
    /// Observations in a season, m; 1 for none.
    package var period: Int

    package init(
        _ p: Int, _ d: Int, _ q: Int, seasonal: (p: Int, d: Int, q: Int) = (0, 0, 0), period: Int = 1
    ) {
        self.p = p
        self.d = d
        self.q = q
        self.seasonalP = seasonal.p
        self.seasonalD = seasonal.d
        self.seasonalQ = seasonal.q
        self.period = period
    }

    /// Whether any of P, D and Q is above zero.
    package var isSeasonal: Bool { seasonalP + seasonalD + seasonalQ > 0 }

    /// Observations that differencing consumes, d + D·m.
    package var differencingSpan: Int { d + seasonalD * period }

    /// Number of ARMA coefficients, p + q + P + Q.
    package var coefficientCount: Int { p + q + seasonalP + seasonalQ }

    /// Highest lag of the expanded autoregressive polynomial, p + P·m.
    package var autoregressiveSpan: Int { p + seasonalP * period }

    /// Highest lag of the expanded moving-average polynomial, q + Q·m.
    package var movingAverageSpan: Int { q + seasonalQ * period }

    /// The names of the ARMA coefficients in the order in which they are kept: ar, ma, sar, sma.
    package var coefficientNames: [String] {
        let blocks = [("ar", p), ("ma", q), ("sar", seasonalP), ("sma", seasonalQ)]
        return blocks.flatMap { name, count in (0..<count).map { "\(name)\($0 + 1)" } }
    }

    /// `ARIMA(0,1,1)(0,1,1)[12]`, or `ARIMA(0,1,1)` without a seasonal part.
    package var description: String {
        let plain = "ARIMA(\(p),\(d),\(q))"
        return isSeasonal ? plain + "(\(seasonalP),\(seasonalD),\(seasonalQ))[\(period)]" : plain
    }

    /// The coefficients δ of the differencing operator written as y(t) = w(t) + Σ δ(j)·y(t − j).
    var differencingCoefficients: [Double] {
        var polynomial = [1.0]
        func multiply(lag: Int) {
            var product = polynomial + Array(repeating: 0, count: lag)
            for (index, value) in polynomial.enumerated() { product[index + lag] -= value }
            polynomial = product
        }
        for _ in 0..<d { multiply(lag: 1) }
        for _ in 0..<seasonalD { multiply(lag: period) }
        return polynomial.dropFirst().map { -$0 }
    }

    /// The series after d first and D seasonal differences; `NaN` wherever a value that it needs is missing.
    func differenced(_ values: [Double]) -> [Double] {
        var result = values
        func difference(lag: Int) {
            guard result.count > lag else {
                result = []
                return
            }
            result = (lag..<result.count).map { result[$0] - result[$0 - lag] }
        }
        for _ in 0..<seasonalD { difference(lag: period) }
        for _ in 0..<d { difference(lag: 1) }
        return result
    }
}
