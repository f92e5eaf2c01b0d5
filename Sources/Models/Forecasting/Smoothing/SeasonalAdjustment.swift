import Glibc

/// The classical seasonal adjustment that the M-competitions use before a model without a season.
package enum SeasonalAdjustment {
    /// Whether the autocorrelation at the seasonal lag stands out (Bartlett's limit at 90%).
    ///
    /// Source: Assimakopoulos and Nikolopoulos, "The theta model", 2000; Fioruci et al. 2016, section 2.
    package static func isSeasonal(_ values: [Double], season m: Int) -> Bool {
        guard m > 1 && values.count >= 2 * m + 1 else { return false }
        var mean = 0.0
        var observed = 0
        for value in values where !value.isNaN {
            mean += value
            observed += 1
        }
        guard observed > m else { return false }
        mean /= Double(observed)
        var variance = 0.0
        for value in values where !value.isNaN { variance += (value - mean) * (value - mean) }
        guard variance > 1e-24 * (mean * mean + 1e-300) * Double(observed) else { return false }
        var squares = 0.0
        var last = 0.0
        for lag in 1...m {
            var sum = 0.0
            for t in lag..<values.count {
                let product = (values[t] - mean) * (values[t - lag] - mean)
                if !product.isNaN { sum += product }
            }
            last = sum / variance
            if lag < m { squares += last * last }
        }
        return abs(last) > 1.645 * ((1 + 2 * squares) / Double(observed)).squareRoot()
    }

    /// Seasonal indices, one for each position of the season counted from the first value: factors with mean 1, or
    /// differences with mean 0. `nil` where some position was never observed or a factor would not be positive.
    ///
    /// Ratios or differences to a centred moving average, averaged by position; with under three seasons the trend is
    /// a straight line instead.
    package static func indices(_ values: [Double], season m: Int, multiplicative: Bool) -> [Double]? {
        let n = values.count
        guard m > 1 && n >= m else { return nil }
        let trend = n >= 3 * m ? centredMovingAverage(values, season: m) : straightLine(values)
        var sums = [Double](repeating: 0, count: m)
        var counts = [Double](repeating: 0, count: m)
        for t in 0..<n {
            if multiplicative && !(trend[t] > 0) { continue }
            let part = multiplicative ? values[t] / trend[t] : values[t] - trend[t]
            guard part.isFinite else { continue }
            sums[t % m] += part
            counts[t % m] += 1
        }
        var mean = 0.0
        for i in 0..<m {
            guard counts[i] > 0 else { return nil }
            sums[i] /= counts[i]
            mean += sums[i] / Double(m)
        }
        for i in 0..<m {
            sums[i] = multiplicative ? sums[i] / mean : sums[i] - mean
            if multiplicative && !(sums[i] > 0.01) { return nil }
        }
        return sums
    }

    /// The moving average over one season, half weights at the ends when the season is even; `NaN` at both ends of the
    /// series. Missing values are left out of the average; one with half of its values missing is missing.
    static func centredMovingAverage(_ values: [Double], season m: Int) -> [Double] {
        let n = values.count
        var average = [Double](repeating: .nan, count: n)
        let half = m / 2
        let even = m.isMultiple(of: 2)
        guard n > 2 * half else { return average }
        for t in half..<n - half {
            var sum = 0.0
            var weights = 0.0
            for k in -half...half {
                let value = values[t + k]
                if value.isNaN { continue }
                let weight = even && (k == -half || k == half) ? 0.5 : 1
                sum += weight * value
                weights += weight
            }
            if weights >= 0.5 * Double(m) { average[t] = sum / weights }
        }
        return average
    }

    /// The least-squares line through the observed values.
    static func straightLine(_ values: [Double]) -> [Double] {
        let (level, slope) = line(values[...])
        return values.indices.map { level + slope * Double($0 + 1) }
    }

    /// Level at time 0 and slope of the least-squares line through values at times 1, 2, …
    static func line(_ values: ArraySlice<Double>) -> (level: Double, slope: Double) {
        var n = 0.0
        var time = 0.0
        var mean = 0.0
        for (i, value) in values.enumerated() where !value.isNaN {
            n += 1
            time += Double(i + 1)
            mean += value
        }
        guard n > 0 else { return (0, 0) }
        time /= n
        mean /= n
        var cross = 0.0
        var square = 0.0
        for (i, value) in values.enumerated() where !value.isNaN {
            cross += (Double(i + 1) - time) * (value - mean)
            square += (Double(i + 1) - time) * (Double(i + 1) - time)
        }
        let slope = square > 0 ? cross / square : 0
        return (mean - slope * time, slope)
    }
}
