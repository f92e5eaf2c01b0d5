package import Aggregates
package import Runtime

/// Tells a last day that the data cover only in part from a quiet evening.
///
/// After the last thing of any kind, the day's remaining hours are silent. Where at least ``least`` new cases were to be
/// expected in them, by the mean of the same hours on the same weekday of the eight weeks before, silence is no chance
/// (e⁻⁷ for independent arrivals): the export was made before the day was over.
package enum PartialDay {
    /// Cases expected in the silent hours from which on the day counts as partial.
    package static let least = 7.0
    /// Same weekdays before, at least, that must have data.
    private static let leastWeeks = 3

    /// The first silent hour (1–23) of a day that is covered in part; `nil` for a whole day and for one that cannot be told.
    package static func silentFrom(_ cells: [HourlyCell], day: CivilDate) -> Int? {
        var last = -1
        var known = Set<CivilDate>()
        for cell in cells where cell.count > 0 {
            if cell.day == day { last = max(last, cell.hour) }
            if isComparable(cell.day, day) { known.insert(cell.day) }
        }
        guard last >= 0, last < 23, known.count >= leastWeeks else { return nil }
        var later = 0.0
        for cell in cells where cell.metric == .casesCreated && cell.hour > last && isComparable(cell.day, day) {
            later += Double(cell.count)
        }
        return later / Double(known.count) >= least ? last + 1 : nil
    }

    private static func isComparable(_ other: CivilDate, _ day: CivilDate) -> Bool {
        other < day && day - other <= 56 && (day - other) % 7 == 0
    }
}
