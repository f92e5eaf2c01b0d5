package import Aggregates
package import Runtime

/// Cuts gapless daily series from a cube.
///
/// A day on which the whole cube holds no created case and no message is missing for every series, unless most days of
/// its weekday (three or more) are like that (a desk that is closed on Sundays has zeros there); so are the days before the first data
/// of a series. Every other day without a cell is a zero for a count, and missing for a duration.
package struct SeriesBuilder: Sendable {
    package let days: ClosedRange<CivilDate>
    private let cube: DailyCube
    /// By position in `days`.
    package let isMissing: [Bool]

    package init(cube: DailyCube, days: ClosedRange<CivilDate>) {
        self.cube = cube
        self.days = days
        let count = days.upperBound - days.lowerBound + 1
        var hasData = Array(repeating: false, count: count)
        for cell in cube.cells where cell.cuboid == .topic && days.contains(cell.day) {
            if cell.metric == .casesCreated || cell.metric == .messages { hasData[cell.day - days.lowerBound] = true }
        }
        guard let first = hasData.firstIndex(of: true), let last = hasData.lastIndex(of: true) else {
            isMissing = Array(repeating: true, count: count)
            return
        }
        var empty = Array(repeating: 0, count: 7)
        var all = Array(repeating: 0, count: 7)
        for index in first...last {
            let weekday = (days.lowerBound + index).weekday - 1
            all[weekday] += 1
            if !hasData[index] { empty[weekday] += 1 }
        }
        isMissing = (0..<count).map { index in
            if index < first || index > last { return true }
            let weekday = (days.lowerBound + index).weekday - 1
            let isRoutine = all[weekday] >= 3 && 2 * empty[weekday] > all[weekday]
            return !hasData[index] && !isRoutine
        }
    }

    /// A metric, cut by nothing or by a value of a dimension: sums for counts and stocks, medians in seconds for durations.
    package func series(_ id: SeriesID) -> DailySeries {
        let condition = id.dimension.map { DailyCube.Condition($0, id.value) }
        let measures = cube.series(id.metric, days, where: condition.map { [$0] } ?? [])
        return series(id, measures.map(\.measure.calendar))
    }

    /// The series of the values of a dimension with the greatest sums, greatest first, ties by the bytes of the value.
    package func series(_ metric: Metric, by dimension: Dimension, atMost limit: Int) -> [DailySeries] {
        var byValue: [String?: [Tally]] = [:]
        let count = days.upperBound - days.lowerBound + 1
        let cuboid = DailyCube.cuboid(for: [dimension])
        for cell in cube.cells where cell.metric == metric && cell.cuboid == cuboid && days.contains(cell.day) {
            byValue[cell.segment[dimension], default: Array(repeating: Tally(), count: count)][
                cell.day - days.lowerBound
            ]
            .merge(cell.calendar)
        }
        let ranked = byValue.map { (value: $0.key, tallies: $0.value, total: $0.value.reduce(0) { $0 + $1.sum }) }
            .sorted { a, b in
                if a.total != b.total { return a.total > b.total }
                guard let left = a.value else { return b.value != nil }
                guard let right = b.value else { return false }
                return left.utf8.lexicographicallyPrecedes(right.utf8)
            }
        return ranked.prefix(limit).map {
            series(SeriesID(metric: metric, dimension: dimension, value: $0.value), $0.tallies)
        }
    }

    private func series(_ id: SeriesID, _ tallies: [Tally]) -> DailySeries {
        let isDuration = id.metric.kind == .duration
        var hasBegun = false
        var values: [Double?] = []
        values.reserveCapacity(tallies.count)
        for (index, tally) in tallies.enumerated() {
            if !tally.isEmpty { hasBegun = true }
            if isMissing[index] || !hasBegun {
                values.append(nil)
            } else if isDuration {
                values.append(tally.sketch.quantile(0.5).map { $0 / 1000 })
            } else {
                values.append(Double(tally.sum))
            }
        }
        return DailySeries(id: id, kind: isDuration ? .measure : .count, start: days.lowerBound, values: values)
    }

    /// The series that a night looks at: total cases and messages, cases by channel, category and intent, messages of
    /// bad feeling, backlog, reopenings and the medians of first reply and full resolution. Empty ones are left out.
    package func watched(perDimension limit: Int = 12) -> [DailySeries] {
        let totals: [Metric] = [
            .casesCreated, .messages, .sentimentNegative, .reopened, .backlog, .firstReply, .fullResolution,
        ]
        var out = totals.map { series(SeriesID(metric: $0)) }
        for dimension in [Dimension.channel, .category, .intent] {
            let parts = series(.casesCreated, by: dimension, atMost: limit)
            // One part is the total again.
            if parts.count > 1 { out += parts }
        }
        return out.filter { $0.values.contains { $0 != nil } }
    }
}
