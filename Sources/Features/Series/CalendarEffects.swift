package import Runtime

/// What the days of a calendar do to each of many series: one multiplicative factor a series and set of days.
///
/// The factor of a set for one series is (Σ actual + w · pooled) / (Σ usual + w): actual values on the set's days against
/// what was usual, the median of the same weekday in the four weeks before without days of the calendar. `pooled` is
/// the same ratio over all series, so that a series that has seen few cases on such days takes the factor of the many,
/// and w (30 cases; a day's usual value for measures that are no counts) says how many are few. A set that no series
/// has seen has factor 1. A day in several sets has the product.
package struct CalendarEffects: Sendable, Equatable {
    package let calendar: EventCalendar
    /// By series, then by position in `calendar.sets`.
    package let factors: [[Double]]
    /// The factors of all series together, by position in `calendar.sets`; for a series that was not fitted.
    package let pooled: [Double]

    /// One series that begins on a day; a missing value is `NaN`.
    package struct History: Sendable {
        package var start: CivilDate
        package var values: [Double]
        /// Whole non-negative numbers.
        package var isCount: Bool

        package init(start: CivilDate, values: [Double], isCount: Bool = true) {
            self.start = start
            self.values = values
            self.isCount = isCount
        }
    }

    /// Cases that the pooled ratio weighs as much as.
    private static let poolingWeight = 30.0
    /// Between these a factor is believed.
    private static let believable = 0.02...50.0

    /// Learns the factors of all series from their whole histories.
    ///
    /// The order of the series does not matter to any of them. Time is linear in the number of days of the calendar.
    package static func fit(_ series: [History], calendar: EventCalendar) -> CalendarEffects {
        let sets = calendar.sets.count
        var factors = Array(repeating: Array(repeating: 1.0, count: sets), count: series.count)
        var pooledFactors = Array(repeating: 1.0, count: sets)
        let usual = series.map { usualValues($0, calendar: calendar) }
        for (index, set) in calendar.sets.enumerated() {
            var sums: [(actual: Double, usual: Double, weight: Double)] = []
            var pooledActual = 0.0
            var pooledUsual = 0.0
            for (position, history) in series.enumerated() {
                var sum = (actual: 0.0, usual: 0.0)
                var days = 0.0
                for day in set.days {
                    let offset = day - history.start
                    guard history.values.indices.contains(offset), history.values[offset].isFinite,
                        let base = usual[position][day]
                    else { continue }
                    // What sets before this one make of the day is not this one's doing.
                    let others = calendar.sets(on: day).reduce(1.0) { $1 < index ? $0 * factors[position][$1] : $0 }
                    sum.actual += max(0, history.values[offset])
                    sum.usual += base * others
                    days += 1
                }
                let weight = history.isCount ? poolingWeight : days > 0 ? sum.usual / days : 0
                sums.append((sum.actual, sum.usual, weight))
                // Each series counts in its own units: measures of different scales must not drown each other.
                let unit = history.isCount ? 1 : max(sum.usual, .leastNormalMagnitude)
                pooledActual += sum.actual / unit
                pooledUsual += sum.usual / unit
            }
            guard pooledUsual > 0 else { continue }
            let pooled = bounded(pooledActual / pooledUsual)
            pooledFactors[index] = pooled
            for (position, sum) in sums.enumerated() where sum.usual + sum.weight > 0 {
                factors[position][index] = bounded(
                    (sum.actual + sum.weight * pooled) / (sum.usual + sum.weight))
            }
        }
        return CalendarEffects(calendar: calendar, factors: factors, pooled: pooledFactors)
    }

    /// The factor of a day for a series by its position in the fit; the pooled one without a position; 1 on other days.
    package func factor(_ day: CivilDate, series: Int? = nil) -> Double {
        let sets = calendar.sets(on: day)
        guard !sets.isEmpty else { return 1 }
        let own = series.flatMap { factors.indices.contains($0) ? factors[$0] : nil } ?? pooled
        return sets.reduce(1) { $0 * own[$1] }
    }

    /// The factors of successive days.
    package func factors(from start: CivilDate, count: Int, series: Int? = nil) -> [Double] {
        (0..<max(0, count)).map { factor(start + $0, series: series) }
    }

    /// A history with the calendar taken out: every value divided by its day's factor.
    package func adjusted(_ history: History, series: Int? = nil) -> [Double] {
        history.values.enumerated().map { $1 / factor(history.start + $0, series: series) }
    }

    /// For each day of the calendar inside the history: the median of the same weekday in the nearest four weeks before
    /// it that are free of the calendar's days, looking back eight weeks at most.
    private static func usualValues(_ history: History, calendar: EventCalendar) -> [CivilDate: Double] {
        var out: [CivilDate: Double] = [:]
        for set in calendar.sets {
            for day in set.days where out[day] == nil {
                let offset = day - history.start
                guard history.values.indices.contains(offset) else { continue }
                var same: [Double] = []
                for week in 1...8 where same.count < 4 {
                    let earlier = offset - 7 * week
                    guard earlier >= 0, history.values[earlier].isFinite, !calendar.contains(history.start + earlier)
                    else { continue }
                    same.append(max(0, history.values[earlier]))
                }
                guard same.count >= 2 else { continue }
                same.sort()
                let middle = same.count / 2
                let median = same.count % 2 == 1 ? same[middle] : (same[middle - 1] + same[middle]) / 2
                // The median of small counts lies far below their mean.
                out[day] = history.isCount && median < 5 ? same.reduce(0, +) / Double(same.count) : median
            }
        }
        return out
    }

    private static func bounded(_ factor: Double) -> Double {
        min(max(factor, believable.lowerBound), believable.upperBound)
    }
}
