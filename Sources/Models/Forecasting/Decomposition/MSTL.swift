/// Decomposition of a series with several seasons, by STL for one season after the other.
///
/// Source: Bandara, Hyndman, Bergmeir, "MSTL: a seasonal-trend decomposition algorithm for time series with multiple
/// seasonal patterns", 2021; windows and number of rounds as in R's `forecast::mstl`.
package struct MSTL: Sendable {
    /// Observations in each season, ascending; those of more than half of the series are left out.
    package let seasons: [Int]
    /// The seasonal window for each season; `nil` for 11, 15, 19, … seasons.
    package let windows: [STL.Window]?
    package let robust: Bool

    package init(seasons: [Int], windows: [STL.Window]? = nil, robust: Bool = false) {
        self.seasons = Array(Set(seasons.filter { $0 > 1 })).sorted()
        self.windows = windows
        self.robust = robust
    }

    /// The parts of a series; the value is the sum of trend, seasonals and remainder.
    package struct Components: Sendable, Equatable {
        /// The seasons that the series is long enough for.
        package var seasons: [Int]
        /// One seasonal part for each of ``seasons``.
        package var seasonals: [[Double]]
        package var trend: [Double]
        package var remainder: [Double]

        /// The values without their seasonal parts.
        package var adjusted: [Double] { zip(trend, remainder).map { $0 + $1 } }

        /// The seasonal parts of the `horizon` values after the end: the last season of each, repeated.
        package func seasonalPath(horizon: Int) -> [Double] {
            var path = [Double](repeating: 0, count: horizon)
            for (season, part) in zip(seasons, seasonals) {
                let start = part.count - season
                for h in 0..<horizon { path[h] += part[start + h % season] }
            }
            return path
        }
    }

    /// Decomposes values, gaps (`NaN`) filled by interpolation; `nil` where no season fits or nothing was observed.
    package func decompose(_ values: [Double]) -> Components? {
        let fitting = seasons.filter { 2 * $0 < values.count }
        guard let first = fitting.first else { return nil }
        let filled = GapFilling.fill(values, season: first)
        guard filled.allSatisfy({ $0.isFinite }) else { return nil }
        var parts = fitting.map { _ in [Double](repeating: 0, count: values.count) }
        var rest = filled
        var trend = filled
        for _ in 0..<(fitting.count > 1 ? 2 : 1) {
            for (i, season) in fitting.enumerated() {
                for t in rest.indices { rest[t] += parts[i][t] }
                let window = windows.map { $0[min(i, $0.count - 1)] } ?? .seasons(11 + 4 * i)
                guard let found = STL(season: season, window: window, robust: robust).decompose(rest) else {
                    return nil
                }
                parts[i] = found.seasonal
                trend = found.trend
                for t in rest.indices { rest[t] -= found.seasonal[t] }
            }
        }
        let remainder = zip(rest, trend).map { $0 - $1 }
        return Components(seasons: fitting, seasonals: parts, trend: trend, remainder: remainder)
    }
}
