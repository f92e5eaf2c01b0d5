package import Aggregates
package import Runtime

/// Counts by local hour on a gapless grid of 24 hours a day.
///
/// An hour that a clock change skips is a zero, one that it repeats holds both.
package struct HourlySeries: Sendable, Equatable {
    package let start: CivilDate
    /// 24 values a day.
    package let values: [Int64]

    /// - Parameter channel: `nil` for all channels together, else one channel or "does not say" (`.some(nil)`).
    package init(cells: [HourlyCell], metric: Metric, days: ClosedRange<CivilDate>, channel: String?? = nil) {
        var values = Array(repeating: Int64(0), count: 24 * (days.upperBound - days.lowerBound + 1))
        for cell in cells where cell.metric == metric && days.contains(cell.day) && (0..<24).contains(cell.hour) {
            if let channel, cell.channel != channel { continue }
            values[24 * (cell.day - days.lowerBound) + cell.hour] += cell.count
        }
        start = days.lowerBound
        self.values = values
    }

    /// Weekday (0 = Monday) × hour sums.
    package var heatmap: [[Int64]] {
        var out = Array(repeating: Array(repeating: Int64(0), count: 24), count: 7)
        for (index, value) in values.enumerated() { out[(start + index / 24).weekday - 1][index % 24] += value }
        return out
    }
}
