/// How often a series must be differenced, by a test of stationarity.
package enum DifferencingTests {
    /// The 5% critical value of the KPSS statistic for a constant mean (Kwiatkowski et al. 1992, table 1).
    package static let kpssCriticalValue = 0.463

    /// The KPSS statistic of stationarity around a mean with ⌊3√n/13⌋ lags of the Bartlett window; 0 for a constant.
    package static func kpss(_ values: [Double]) -> Double {
        let n = values.count
        guard n > 1 else { return 0 }
        let mean = values.reduce(0, +) / Double(n)
        let residuals = values.map { $0 - mean }
        let lags = Int(3 * Double(n).squareRoot() / 13)
        var (sum, partial, variance) = (0.0, 0.0, 0.0)
        for residual in residuals {
            partial += residual
            sum += partial * partial
            variance += residual * residual
        }
        for lag in 1..<max(lags + 1, 1) {
            var covariance = 0.0
            for t in lag..<max(n, lag) { covariance += residuals[t] * residuals[t - lag] }
            variance += 2 * (1 - Double(lag) / Double(lags + 1)) * covariance
        }
        guard variance > 0 else { return 0 }
        return sum / (Double(n) * variance)
    }

    /// First differences that make a complete series stationary by the KPSS test at 5% (Hyndman & Khandakar 2008, §3.1).
    package static func firstDifferences(_ values: [Double], upTo greatest: Int = 2) -> Int {
        var current = values
        for count in 0..<max(greatest, 0) {
            if isConstant(current) || kpss(current) <= kpssCriticalValue { return count }
            current = zip(current.dropFirst(), current).map { $0 - $1 }
        }
        return greatest
    }

    /// Seasonal differences (0 or 1) of a complete series: 1 when the seasonal strength of its STL decomposition is above
    /// 0.64 (Wang, Smith & Hyndman 2006; the threshold is that of the R package forecast).
    package static func seasonalDifferences(_ values: [Double], period: Int) -> Int {
        guard period > 1, values.count > 2 * period, !isConstant(values) else { return 0 }
        return SeasonalStrength(values, period: period).value > 0.64 ? 1 : 0
    }

    /// Whether all values are equal to within rounding.
    package static func isConstant(_ values: [Double]) -> Bool {
        guard let first = values.first else { return true }
        let magnitude = values.reduce(0) { max($0, abs($1)) }
        return values.allSatisfy { abs($0 - first) <= 1e-13 * magnitude }
    }
}
