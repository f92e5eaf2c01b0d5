package import Runtime

/// Opening hours of a desk: weekly hours, exceptions by date, and the business time between two instants.
///
/// Hours are local wall-clock times, half-open, split at midnight; touching ones are one. An exception of a date goes
/// before the weekly hours of that date. A wall-clock time that a clock change skips is never open; one that it repeats
/// is open twice: an instant is open exactly when its local date and time are. Business time is therefore additive and
/// a day of 23 or 25 hours counts as such.
package struct BusinessCalendar: Sendable, Equatable {
    /// What differs on one date.
    package enum Exception: Sendable, Hashable {
        /// Closed the whole date.
        case off
        /// The weekly hours without these.
        case offDuring([OpeningHours])
        /// Open with the hours of its own weekday, or, where that has none, of the week's first open weekday from Monday.
        case on
        /// Open with the hours of a weekday, Monday = 1 … Sunday = 7.
        case onLike(weekday: Int)
        /// Open in exactly these hours.
        case onDuring([OpeningHours])

        /// Reads `off`, `off:12:00-18:00`, `on`, `on:fri`, `on:09:00-18:00` or plain `09:00-18:00`; else `nil`.
        package init?(_ text: String) {
            if text == "off" {
                self = .off
            } else if text == "on" {
                self = .on
            } else if text.hasPrefix("off:"), let hours = OpeningHours.parse(String(text.dropFirst(4))) {
                self = .offDuring(hours)
            } else if text.hasPrefix("on:"), let weekday = BusinessCalendar.weekday(String(text.dropFirst(3))) {
                self = .onLike(weekday: weekday)
            } else if let hours = OpeningHours.parse(text.hasPrefix("on:") ? String(text.dropFirst(3)) : text) {
                self = .onDuring(hours)
            } else {
                return nil
            }
        }
    }

    /// `mon` … `sun` (or the full English name, any case of ASCII letters) as 1 … 7.
    package static func weekday(_ name: String) -> Int? {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        let lower = name.lowercased()
        return names.firstIndex { $0 == lower || $0.prefix(3) == lower }.map { $0 + 1 }
    }

    package let zone: LocalZone
    /// Years that have at least one exception, or that the maker of the calendar vouched for.
    package let coveredYears: Set<Int>
    /// Open spans as instants in milliseconds, ascending, never touching, with the open time before each.
    private let starts: [Int64]
    private let ends: [Int64]
    private let before: [Int64]

    /// Days for which hours are laid out; spans outside count as closed.
    package static let range = CivilDate(year: 1970, month: 1, day: 1)...CivilDate(year: 2100, month: 12, day: 31)

    /// - Parameters:
    ///   - weekly: hours by weekday, Monday = 1 … Sunday = 7; other keys are ignored.
    ///   - coveredYears: years that need no exceptions to be complete (for a desk without holidays, say).
    package init(
        zone: LocalZone, weekly: [Int: [OpeningHours]], exceptions: [CivilDate: Exception] = [:],
        coveredYears: Set<Int> = []
    ) {
        self.zone = zone
        self.coveredYears = coveredYears.union(exceptions.keys.map { $0.components.year })
        let week = BusinessCalendar.split(weekly)
        let days = BusinessCalendar.days(exceptions, week: week)

        var starts: [Int64] = []
        var ends: [Int64] = []
        let spans = zone.offsetSpans
        let first = Int64(BusinessCalendar.range.lowerBound.daysSinceEpoch) * 86_400_000
        let last = Int64((BusinessCalendar.range.upperBound + 1).daysSinceEpoch) * 86_400_000
        for (index, span) in spans.enumerated() {
            let low = max(span.start, first - span.offset)
            let high = min(index + 1 < spans.count ? spans[index + 1].start : .max, last - span.offset)
            guard low < high else { continue }
            let firstDay = (low + span.offset).quotientAndRemainderFloored(dividingBy: 86_400_000).quotient
            let lastDay = (high - 1 + span.offset).quotientAndRemainderFloored(dividingBy: 86_400_000).quotient
            for day in firstDay...lastDay {
                let date = CivilDate(daysSinceEpoch: Int32(truncatingIfNeeded: day))
                for hours in days[date] ?? week[date.weekday - 1] {
                    let midnight = day * 86_400_000 - span.offset
                    let start = max(low, midnight + Int64(hours.lowerBound) * 60_000)
                    let end = min(high, midnight + Int64(hours.upperBound) * 60_000)
                    guard start < end else { continue }
                    if ends.last == start {
                        ends[ends.count - 1] = end
                    } else {
                        starts.append(start)
                        ends.append(end)
                    }
                }
            }
        }
        var before: [Int64] = []
        before.reserveCapacity(starts.count)
        var sum: Int64 = 0
        for index in starts.indices {
            before.append(sum)
            sum += ends[index] - starts[index]
        }
        self.starts = starts
        self.ends = ends
        self.before = before
    }

    /// The calendar that a configuration file describes in words; see `OpeningHours.parse` and `Exception.init(_:)`.
    package init(
        zone: LocalZone, weekly: [(weekday: Int, hours: String)], exceptions: [(date: String, hours: String)] = [],
        coveredYears: Set<Int> = []
    ) throws(BusinessCalendarError) {
        var week: [Int: [OpeningHours]] = [:]
        for (weekday, text) in weekly {
            guard (1...7).contains(weekday) else { throw .badWeekday(weekday) }
            guard let hours = OpeningHours.parse(text) else { throw .badHours(text) }
            week[weekday, default: []] += hours
        }
        var dates: [CivilDate: Exception] = [:]
        for (date, text) in exceptions {
            guard let day = CivilDate(date) else { throw .badDate(date) }
            guard let exception = Exception(text) else { throw .badException(date: date, text: text) }
            if let other = dates[day], other != exception { throw .contradiction(date: date) }
            dates[day] = exception
        }
        self.init(zone: zone, weekly: week, exceptions: dates, coveredYears: coveredYears)
    }

    /// Open around the clock in every zone.
    package static func always(zone: LocalZone) -> BusinessCalendar {
        BusinessCalendar(
            zone: zone, weekly: Dictionary(uniqueKeysWithValues: (1...7).map { ($0, [OpeningHours.wholeDay]) }))
    }

    /// Open milliseconds in [start, end); 0 where `end` is not after `start`. O(log of the number of open spans).
    package func milliseconds(from start: Timestamp, to end: Timestamp) -> Int64 {
        guard end > start else { return 0 }
        return openTime(before: end.milliseconds) - openTime(before: start.milliseconds)
    }

    package func isOpen(at instant: Timestamp) -> Bool {
        let index = position(instant.milliseconds)
        return index >= 0 && instant.milliseconds < ends[index]
    }

    /// The years of the days that the calendar has no exceptions for: holidays cannot be computed, so a reader is told.
    package func uncoveredYears(of days: ClosedRange<CivilDate>) -> [Int] {
        (days.lowerBound.components.year...days.upperBound.components.year).filter { !coveredYears.contains($0) }
    }

    private func openTime(before instant: Int64) -> Int64 {
        let index = position(instant)
        guard index >= 0 else { return 0 }
        return before[index] + min(instant, ends[index]) - starts[index]
    }

    /// The last open span that starts at or before an instant, −1 for none.
    private func position(_ instant: Int64) -> Int {
        var low = -1
        var high = starts.count
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if starts[middle] <= instant { low = middle } else { high = middle }
        }
        return low
    }

    /// Minutes of each weekday (index 0 = Monday), with what crosses midnight moved to the next day.
    private static func split(_ weekly: [Int: [OpeningHours]]) -> [[Range<Int>]] {
        var week = Array(repeating: [Range<Int>](), count: 7)
        for weekday in 1...7 {
            for hours in weekly[weekday] ?? [] {
                week[weekday - 1].append(hours.start..<min(hours.end, 1440))
                if hours.end > 1440 { week[weekday % 7].append(0..<(hours.end - 1440)) }
            }
        }
        return week.map(OpeningHours.merged)
    }

    private static func days(_ exceptions: [CivilDate: Exception], week: [[Range<Int>]]) -> [CivilDate: [Range<Int>]] {
        var days: [CivilDate: [Range<Int>]] = [:]
        var spill: [CivilDate: [Range<Int>]] = [:]
        var holes: [CivilDate: [Range<Int>]] = [:]
        func today(_ hours: [OpeningHours]) -> [Range<Int>] {
            OpeningHours.merged(hours.map { $0.start..<min($0.end, 1440) })
        }
        func tomorrow(_ hours: [OpeningHours]) -> [Range<Int>] {
            OpeningHours.merged(hours.filter { $0.end > 1440 }.map { 0..<($0.end - 1440) })
        }
        for (date, exception) in exceptions {
            let own = week[date.weekday - 1]
            switch exception {
            case .off: days[date] = []
            case .offDuring(let hours):
                days[date] = OpeningHours.subtracting(today(hours), from: own)
                holes[date + 1] = tomorrow(hours)
            case .on: days[date] = own.isEmpty ? week.first { !$0.isEmpty } ?? [] : own
            case .onLike(let weekday): days[date] = (1...7).contains(weekday) ? week[weekday - 1] : []
            case .onDuring(let hours):
                days[date] = today(hours)
                spill[date + 1] = tomorrow(hours)
            }
        }
        // What an exception says beyond its midnight yields to an exception of the next date itself.
        for (date, hours) in holes where exceptions[date] == nil && !hours.isEmpty {
            days[date] = OpeningHours.subtracting(hours, from: week[date.weekday - 1])
        }
        for (date, hours) in spill where exceptions[date] == nil && !hours.isEmpty {
            days[date] = OpeningHours.merged(week[date.weekday - 1] + hours)
        }
        return days
    }
}

/// Opening hours that cannot be understood.
package enum BusinessCalendarError: Error, Equatable, CustomStringConvertible {
    case badWeekday(Int)
    case badHours(String)
    case badDate(String)
    case badException(date: String, text: String)
    case contradiction(date: String)

    package var description: String {
        switch self {
        case .badWeekday(let number): "weekday \(number) is not 1 (Monday) to 7 (Sunday)"
        case .badHours(let text): "'\(text)' is not hours: write 09:00-18:00, several joined by commas"
        case .badDate(let text): "'\(text)' is not a date: write yyyy-MM-dd"
        case .badException(let date, let text):
            "'\(text)' on \(date) is not an exception: write off, on, on:fri, 09:00-18:00 or off:12:00-18:00"
        case .contradiction(let date): "\(date) has two different exceptions: keep one"
        }
    }
}
