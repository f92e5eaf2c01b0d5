package import Features
import Glibc

/// What a day of a series should have been, from the days before it alone.
///
/// The expected value is the median of the same weekday in the trailing weeks, times how the last days compare with
/// their own weekdays' medians. Both are medians or bounded, so that an unusual day does not poison those after it. The
/// spread comes from the baseline's own past errors: a negative binomial for counts, a robust scale of the logarithm for
/// measures, both winsorised (leaving outliers out instead makes the spread too small and raises false alarms).
package struct SeasonalBaseline: Sendable, Equatable {
    /// Weeks of same weekdays that the median is taken over.
    package var weeks = 8
    /// Days whose level against their medians is followed.
    package var levelDays = 14
    /// Past errors that the spread is estimated from, in days.
    package var spreadDays = 180
    /// Values before a day that are needed to say anything of it.
    package var minimumHistory = 14
    /// Coverage of the band.
    package var level = 0.95

    /// The expected count is never below half a case in eight weeks of one weekday.
    private static let leastMean = 0.06

    package init() {}

    /// What the baseline says of one day.
    package struct Expectation: Sendable, Equatable {
        package var mean: Double
        package var kind: DailySeries.Kind
        /// Negative-binomial dispersion of a count; scale of log(1 + value) of a measure.
        package var spread: Double
        /// Degrees of freedom of a measure's scale.
        package var freedom: Double
        package var lower: Double
        package var upper: Double

        /// Two-sided tail probability of an observed value.
        package func pValue(_ observed: Double) -> Double {
            switch kind {
            case .count: TailProbability.twoSidedCount(observed, mean: mean, dispersion: spread)
            case .measure: TailProbability.twoSidedStudent(deviation(observed), freedom: freedom)
            }
        }

        /// Signed distance from expected in standard deviations.
        package func deviation(_ observed: Double) -> Double {
            switch kind {
            case .count: (observed - mean) / max(mean + spread * mean * mean, 1e-12).squareRoot()
            case .measure: (log1p(max(0, observed)) - log1p(mean)) / spread
            }
        }
    }

    /// The expectation for every day of the series, `nil` where too little came before it.
    package func expectations(_ series: DailySeries) -> [Expectation?] {
        var means: [Double?] = []
        means.reserveCapacity(series.values.count)
        var state = Errors(limit: spreadDays)
        var out: [Expectation?] = []
        out.reserveCapacity(series.values.count)
        for index in series.values.indices {
            let mean = mean(series, before: index, ahead: 0)
            means.append(mean)
            out.append(mean.map { expectation($0, series.kind, state, widening: 1) })
            if let mean, let value = series.values[index] { state.add(mean: mean, value: value, kind: series.kind) }
        }
        return out
    }

    /// Expectations for the days after the last one; empty where the series is too short.
    ///
    /// Bands widen with the distance: the variance grows by a twenty-eighth a day, about what the level drifts.
    package func forecast(_ series: DailySeries, days: Int) -> [Expectation] {
        var state = Errors(limit: spreadDays)
        for index in series.values.indices {
            if let mean = mean(series, before: index, ahead: 0), let value = series.values[index] {
                state.add(mean: mean, value: value, kind: series.kind)
            }
        }
        return (0..<max(0, days)).compactMap { ahead in
            mean(series, before: series.values.count, ahead: ahead).map {
                expectation($0, series.kind, state, widening: 1 + Double(ahead) / 28)
            }
        }
    }

    /// The expected value of day `before + ahead` from values before `before`.
    private func mean(_ series: DailySeries, before end: Int, ahead: Int) -> Double? {
        let first = max(0, end - 7 * (weeks + 2))
        var known = 0
        for index in first..<end where series.values[index] != nil { known += 1 }
        guard known >= minimumHistory, let base = weekdayMedian(series, of: end + ahead, before: end) else {
            return nil
        }

        // How the last days stand against the medians of their weekdays; bounded day by day, and shrunk to 1.
        var observed = 0.0
        var usual = 0.0
        for index in max(first, end - levelDays)..<end {
            guard let value = series.values[index], let median = weekdayMedian(series, of: index, before: end) else {
                continue
            }
            observed += min(max(value, median / 2), median * 2)
            usual += median
        }
        let prior = series.kind == .count ? 30.0 : usual / 4
        let level = usual > 0 ? min(max((observed + prior) / (usual + prior), 0.5), 2) : 1
        return base * level
    }

    private func weekdayMedian(_ series: DailySeries, of index: Int, before end: Int) -> Double? {
        var same: [Double] = []
        var position = index
        while position >= end { position -= 7 }
        let first = max(0, position - 7 * (weeks - 1))
        while position >= first {
            if let value = series.values[position] { same.append(value) }
            position -= 7
        }
        if same.count < 2 {
            same = series.values[max(0, end - 7 * weeks)..<end].compactMap { $0 }
        }
        guard let middle = median(&same) else { return nil }
        guard series.kind == .count, middle < 5 else { return middle }
        // The median of small counts is far below their mean (0 for one case every other day): a bounded mean instead.
        return same.reduce(0) { $0 + min($1, 3 * middle + 3) } / Double(same.count)
    }

    private func expectation(
        _ mean: Double, _ kind: DailySeries.Kind, _ errors: Errors, widening: Double
    ) -> Expectation {
        switch kind {
        case .count:
            // A median of zeros still leaves room for one case now and then.
            let mean = max(mean, SeasonalBaseline.leastMean)
            let spread = errors.dispersion * widening + (widening - 1) / max(mean, 1)
            return Expectation(
                mean: mean, kind: kind, spread: spread, freedom: .infinity,
                lower: TailProbability.quantileCount((1 - level) / 2, mean: mean, dispersion: spread),
                upper: TailProbability.quantileCount((1 + level) / 2, mean: mean, dispersion: spread))
        case .measure:
            let freedom = max(3, min(30, Double(errors.count) / 4))
            let scale = errors.scale * widening.squareRoot()
            let reach = TailProbability.quantileStudent(level: level, freedom: freedom) * scale
            return Expectation(
                mean: mean, kind: kind, spread: scale, freedom: freedom, lower: max(0, expm1(log1p(mean) - reach)),
                upper: expm1(min(log1p(mean) + reach, 700)))
        }
    }
}

/// The baseline's past errors, newest kept.
private struct Errors {
    let limit: Int
    private var pairs: [(mean: Double, value: Double)] = []
    private var logs: [Double] = []
    /// Kept as long as no error was added.
    var count: Int { max(pairs.count, logs.count) }

    init(limit: Int) { self.limit = limit }

    mutating func add(mean: Double, value: Double, kind: DailySeries.Kind) {
        switch kind {
        case .count:
            pairs.append((mean, value))
            if pairs.count > limit { pairs.removeFirst() }
        case .measure:
            logs.append(log1p(max(0, value)) - log1p(mean))
            if logs.count > limit { logs.removeFirst() }
        }
    }

    /// Negative-binomial dispersion by moments, squared errors winsorised at their upper 1%, drawn to 0.05 by ten days.
    var dispersion: Double {
        let prior = 0.05
        let priorDays = 10.0
        guard !pairs.isEmpty else { return prior }
        var squares = pairs.map { pair in
            let mean = max(pair.mean, 0.05)
            return (pair.value - mean) * (pair.value - mean) / (mean + prior * mean * mean)
        }
        let bound = quantile(&squares, 0.99)
        var excess = 0.0
        var weight = 0.0
        for pair in pairs {
            let mean = max(pair.mean, 0.05)
            let unit = mean + prior * mean * mean
            let square = min((pair.value - mean) * (pair.value - mean), bound * unit)
            // Weighted by 1/mean², so that a peak season does not decide alone; small means tell little of it.
            let share = mean / (mean + 5)
            excess += share * (square - mean) / (mean * mean)
            weight += share
        }
        return max(0.0005, (excess + priorDays * prior * 0.2) / (weight + priorDays * 0.2))
    }

    /// The greater of the median-absolute-deviation scale and the winsorised standard deviation, never below 2%.
    var scale: Double {
        guard logs.count >= 5 else { return 0.5 }
        var magnitudes = logs.map(abs)
        let bound = quantile(&magnitudes, 0.98)
        let middle = 1.4826 * (median(&magnitudes) ?? 0)
        let square = logs.reduce(0) { $0 + min(abs($1), bound) * min(abs($1), bound) } / Double(logs.count)
        return max(0.02, middle, square.squareRoot())
    }
}

/// The median, the mean of the middle two for an even count; sorts its argument.
func median(_ values: inout [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    values.sort()
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
}

/// The value of rank ceil(q·n); sorts its argument, which must not be empty.
func quantile(_ values: inout [Double], _ q: Double) -> Double {
    values.sort()
    return values[min(values.count - 1, max(0, Int((q * Double(values.count)).rounded(.up)) - 1))]
}
