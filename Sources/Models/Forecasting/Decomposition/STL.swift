/// Seasonal-trend decomposition by loess.
///
/// Source: Cleveland et al. 1990 (see ``Loess``). The settings' defaults are those of R's `stl`.
package struct STL: Sendable {
    /// The seasonal window.
    package enum Window: Sendable, Equatable {
        /// The same season throughout.
        case periodic
        /// A season that may change, smoothed over this odd number of seasons, at least 7.
        case seasons(Int)
    }

    /// Observations in a season, at least 2.
    package let season: Int
    package let window: Window
    /// Whether outliers are given less weight.
    package let robust: Bool
    /// Points in the trend's window, odd; `nil` for the default.
    package let trendWindow: Int?

    package init(season: Int, window: Window = .periodic, robust: Bool = false, trendWindow: Int? = nil) {
        self.season = season
        self.window = window
        self.robust = robust
        self.trendWindow = trendWindow
    }

    /// The parts of a series; `value = trend + seasonal + remainder`.
    package struct Components: Sendable, Equatable {
        package var seasonal: [Double]
        package var trend: [Double]
        package var remainder: [Double]
        /// Robustness weights, 1 throughout without robust fitting.
        package var weights: [Double]
    }

    /// Decomposes values without gaps; `nil` with fewer than two whole seasons and one value.
    package func decompose(_ values: [Double]) -> Components? {
        guard season >= 2 && values.count > 2 * season, values.allSatisfy({ $0.isFinite }) else { return nil }
        var run = STLRun(settings: self, count: values.count)
        return run.decompose(values)
    }

    /// The smallest odd number of at least `x`, rounded down to whole first.
    static func nextOdd(_ x: Double) -> Int {
        let whole = Int(x.rounded())
        return whole.isMultiple(of: 2) ? whole + 1 : whole
    }
}

/// The working memory of one decomposition.
private struct STLRun {
    private let n: Int
    private let season: Int
    private let periodic: Bool
    private let inner: Int
    private let outer: Int
    private let seasonalLoess: Loess
    private let trendLoess: Loess
    private let lowPassLoess: Loess
    private var cycle: [Double]
    private var cycleSmooth: [Double]
    private var cycleRobustness: [Double]
    private var extended: [Double]
    private var averageA: [Double]
    private var averageB: [Double]
    private var weights: [Double]
    private var work: [Double]

    init(settings: STL, count: Int) {
        n = count
        season = settings.season
        let window: Int
        switch settings.window {
        case .periodic:
            periodic = true
            window = 10 * count + 1
        case .seasons(let seasons):
            periodic = false
            window = max(3, seasons.isMultiple(of: 2) ? seasons + 1 : seasons)
        }
        inner = settings.robust ? 1 : 2
        outer = settings.robust ? 15 : 0
        func jump(_ window: Int) -> Int { (window + 9) / 10 }
        let trend =
            settings.trendWindow
            ?? STL.nextOdd((1.5 * Double(season) / (1 - 1.5 / Double(window))).rounded(.up))
        let lowPass = STL.nextOdd(Double(season))
        seasonalLoess = Loess(window: window, degree: periodic ? 0 : 0, jump: jump(window))
        trendLoess = Loess(window: max(3, trend), degree: 1, jump: jump(trend))
        lowPassLoess = Loess(window: max(3, lowPass), degree: 1, jump: jump(lowPass))
        let seasons = count / season + 3
        cycle = [Double](repeating: 0, count: seasons)
        cycleSmooth = cycle
        cycleRobustness = cycle
        extended = [Double](repeating: 0, count: count + 2 * season)
        averageA = extended
        averageB = extended
        work = [Double](repeating: 0, count: count)
        weights = [Double](repeating: 0, count: max(count, seasons) + 1)
    }

    mutating func decompose(_ y: [Double]) -> STL.Components {
        var trend = [Double](repeating: 0, count: n)
        var seasonal = trend
        var robustness = [Double](repeating: 1, count: n)
        var useRobustness = false
        var pass = 0
        while true {
            for _ in 0..<inner { sweep(y, &trend, &seasonal, robustness, useRobustness) }
            pass += 1
            if pass > outer { break }
            for i in 0..<n { work[i] = abs(y[i] - trend[i] - seasonal[i]) }
            STLRun.bisquare(work, into: &robustness)
            useRobustness = true
        }
        if periodic {
            for position in 0..<season {
                var sum = 0.0
                var count = 0.0
                for t in stride(from: position, to: n, by: season) {
                    sum += seasonal[t]
                    count += 1
                }
                for t in stride(from: position, to: n, by: season) { seasonal[t] = sum / count }
            }
        }
        var remainder = y
        for i in 0..<n { remainder[i] = y[i] - seasonal[i] - trend[i] }
        return STL.Components(seasonal: seasonal, trend: trend, remainder: remainder, weights: robustness)
    }

    /// One pass of the inner loop: season from the detrended values, then trend from the deseasonalised ones.
    private mutating func sweep(
        _ y: [Double], _ trend: inout [Double], _ seasonal: inout [Double], _ robustness: [Double], _ use: Bool
    ) {
        for i in 0..<n { work[i] = y[i] - trend[i] }
        smoothCycles(robustness, use)
        // Low-pass: moving averages of lengths season, season, 3, then loess.
        STLRun.movingAverage(extended, n + 2 * season, season, &averageA)
        STLRun.movingAverage(averageA, n + season + 1, season, &averageB)
        STLRun.movingAverage(averageB, n + 2, 3, &averageA)
        lowPassLoess.smooth(averageA, n, robustness: nil, into: &averageB, weights: &weights)
        for i in 0..<n {
            seasonal[i] = extended[season + i] - averageB[i]
            work[i] = y[i] - seasonal[i]
        }
        if use {
            trendLoess.smooth(work, n, robustness: robustness, into: &trend, weights: &weights)
        } else {
            trendLoess.smooth(work, n, robustness: nil, into: &trend, weights: &weights)
        }
    }

    /// Smooths the values of each position of the season on their own, one season further at both ends.
    private mutating func smoothCycles(_ robustness: [Double], _ use: Bool) {
        let loess = seasonalLoess
        for position in 0..<season {
            let k = (n - position - 1) / season + 1
            for i in 0..<k {
                cycle[i] = work[i * season + position]
                if use { cycleRobustness[i] = robustness[i * season + position] }
            }
            cycle.withUnsafeBufferPointer { cycle in
                cycleRobustness.withUnsafeBufferPointer { cycleRobustness in
                    cycleSmooth.withUnsafeMutableBufferPointer { smooth in
                        weights.withUnsafeMutableBufferPointer { weights in
                            guard let y = cycle.baseAddress, let out = smooth.baseAddress,
                                let weights = weights.baseAddress
                            else { return }
                            let robust = use ? cycleRobustness.baseAddress : nil
                            loess.smooth(y, k, robustness: robust, into: out + 1, weights: weights)
                            let right = min(loess.window, k)
                            out[0] = loess.estimate(y, k, at: 0, 1, right, robust, weights) ?? out[1]
                            let left = max(1, k - loess.window + 1)
                            out[k + 1] = loess.estimate(y, k, at: Double(k + 1), left, k, robust, weights) ?? out[k]
                        }
                    }
                }
            }
            for i in 0..<k + 2 { extended[i * season + position] = cycleSmooth[i] }
        }
    }

    private static func movingAverage(_ x: [Double], _ n: Int, _ length: Int, _ out: inout [Double]) {
        var sum = 0.0
        let inverse = Double(length)
        for i in 0..<length { sum += x[i] }
        out[0] = sum / inverse
        for i in 1..<max(1, n - length + 1) {
            sum += x[i + length - 1] - x[i - 1]
            out[i] = sum / inverse
        }
    }

    /// Bisquare weights with six times the median absolute residual as limit.
    private static func bisquare(_ residuals: [Double], into weights: inout [Double]) {
        let n = residuals.count
        let limit = 3 * MiddleOrderStatistics.sum(residuals)
        let far = 0.999 * limit
        let near = 0.001 * limit
        for i in 0..<n {
            let r = residuals[i]
            if r <= near {
                weights[i] = 1
            } else if r <= far {
                let ratio = r / limit
                weights[i] = (1 - ratio * ratio) * (1 - ratio * ratio)
            } else {
                weights[i] = 0
            }
        }
    }
}
