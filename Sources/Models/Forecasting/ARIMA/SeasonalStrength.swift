/// The share of the detrended variance that the season explains, by STL with a seasonal window of 11.
///
/// STL after Cleveland, Cleveland, McRae & Terpenning (1990), not robust, two inner rounds, with the windows and jumps that
/// `forecast::mstl` passes for one season. It serves the choice of D only; a decomposition to be shown has its own type.
struct SeasonalStrength {
    /// max(0, 1 − Var(remainder) / Var(remainder + season)).
    let value: Double

    init(_ series: [Double], period: Int) {
        let seasonalWindow = 11
        var trendWindow = Int((1.5 * Double(period) / (1 - 1.5 / Double(seasonalWindow))).rounded(.up))
        if trendWindow % 2 == 0 { trendWindow += 1 }
        let lowPassWindow = period % 2 == 0 ? period + 1 : period
        let n = series.count
        var trend = [Double](repeating: 0, count: n)
        var season = trend
        for _ in 0..<2 {
            let cycle = Self.smoothedCycles(zip(series, trend).map { $0 - $1 }, period: period, window: seasonalWindow)
            let averaged = Self.movingAverage(
                Self.movingAverage(Self.movingAverage(cycle, period), period), 3)
            let low = Self.loess(averaged, window: lowPassWindow, degree: 1)
            for t in 0..<n { season[t] = cycle[period + t] - low[t] }
            trend = Self.loess(zip(series, season).map { $0 - $1 }, window: trendWindow, degree: 1)
        }
        let detrended = zip(series, trend).map { $0 - $1 }
        let remainder = zip(detrended, season).map { $0 - $1 }
        let whole = Self.variance(detrended)
        value = whole > 0 ? max(0, min(1, 1 - Self.variance(remainder) / whole)) : 0
    }

    private static func variance(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }

    private static func movingAverage(_ values: [Double], _ length: Int) -> [Double] {
        guard values.count >= length else { return [] }
        var sum = values[0..<length].reduce(0, +)
        var result = [sum / Double(length)]
        for t in length..<max(values.count, length) {
            sum += values[t] - values[t - length]
            result.append(sum / Double(length))
        }
        return result
    }

    /// Each position of the season smoothed by itself and extended by one season at both ends.
    private static func smoothedCycles(_ values: [Double], period: Int, window: Int) -> [Double] {
        var result = [Double](repeating: 0, count: values.count + 2 * period)
        for position in 0..<period {
            let cycle = stride(from: position, to: values.count, by: period).map { values[$0] }
            let count = cycle.count
            let inner = loess(cycle, window: window, degree: 0)
            let before = local(cycle, window, 0, at: 0, from: 1, to: min(window, count)) ?? inner[0]
            let after =
                local(cycle, window, 0, at: count + 1, from: max(1, count - window + 1), to: count) ?? inner[count - 1]
            for (index, value) in ([before] + inner + [after]).enumerated() {
                result[index * period + position] = value
            }
        }
        return result
    }

    /// Local regression at every (window/10)-th position, in between linear.
    private static func loess(_ y: [Double], window: Int, degree: Int) -> [Double] {
        let n = y.count
        guard n > 1 else { return y }
        let jump = min((window + 9) / 10, n - 1)
        let half = (window + 1) / 2
        var result = y
        func fit(_ i: Int) {
            var (left, right) = (1, n)
            if window < n {
                if i < half {
                    (left, right) = (1, window)
                } else if i >= n - half + 1 {
                    (left, right) = (n - window + 1, n)
                } else {
                    (left, right) = (i - half + 1, window + i - half)
                }
            }
            result[i - 1] = local(y, window, degree, at: i, from: left, to: right) ?? y[i - 1]
        }
        var last = 1
        fit(1)
        while last < n {
            let next = last + jump <= n ? last + jump : n
            fit(next)
            let slope = (result[next - 1] - result[last - 1]) / Double(next - last)
            for i in (last + 1)..<max(next, last + 1) { result[i - 1] = result[last - 1] + slope * Double(i - last) }
            last = next
        }
        return result
    }

    /// The tricube-weighted fit at position `x` (from 1) to the values of positions `left` to `right`.
    private static func local(
        _ y: [Double], _ window: Int, _ degree: Int, at x: Int, from left: Int, to right: Int
    ) -> Double? {
        let n = y.count
        var width = Double(max(x - left, right - x))
        if window > n { width += Double((window - n) / 2) }
        var weights = [Double](repeating: 0, count: right - left + 1)
        var total = 0.0
        for j in left...right {
            let distance = Double(abs(j - x))
            guard distance <= 0.999 * width else { continue }
            if distance <= 0.001 * width {
                weights[j - left] = 1
            } else {
                let ratio = distance / width
                let cube = 1 - ratio * ratio * ratio
                weights[j - left] = cube * cube * cube
            }
            total += weights[j - left]
        }
        guard total > 0 else { return nil }
        for index in weights.indices { weights[index] /= total }
        if width > 0, degree > 0 {
            var centre = 0.0
            for j in left...right { centre += weights[j - left] * Double(j) }
            var spread = 0.0
            for j in left...right { spread += weights[j - left] * (Double(j) - centre) * (Double(j) - centre) }
            if spread.squareRoot() > 0.001 * Double(n - 1) {
                let slope = (Double(x) - centre) / spread
                for j in left...right { weights[j - left] *= slope * (Double(j) - centre) + 1 }
            }
        }
        var sum = 0.0
        for j in left...right { sum += weights[j - left] * y[j - 1] }
        return sum
    }
}
