package import Runtime

/// Named sets of days on which customers behave otherwise: holidays, make-up workdays, shopping peaks and their wake.
package struct EventCalendar: Sendable, Equatable {
    /// What a set of days is.
    package enum Kind: String, Sendable, CaseIterable {
        /// A day off by law or notice.
        case holiday
        /// A weekend day that is worked in exchange for a day off (调休).
        case workday
        /// A shopping peak or another busy time.
        case peak
        /// Anything else, such as a release.
        case event
    }

    /// Days of one name; one effect is learnt for all of them.
    package struct DaySet: Sendable, Equatable {
        package let name: String
        package let kind: Kind
        /// Ascending, each once.
        package let days: [CivilDate]

        package init(name: String, kind: Kind, days: some Sequence<CivilDate>) {
            self.name = name
            self.kind = kind
            self.days = Set(days).sorted()
        }
    }

    /// The sets in the order of the file, each name once.
    package let sets: [DaySet]
    private let byDay: [CivilDate: [Int]]

    /// Sets of equal name become one, with the kind of the first.
    package init(_ sets: [DaySet]) {
        var order: [String] = []
        var merged: [String: DaySet] = [:]
        for set in sets {
            if let other = merged[set.name] {
                merged[set.name] = DaySet(name: set.name, kind: other.kind, days: other.days + set.days)
            } else {
                order.append(set.name)
                merged[set.name] = set
            }
        }
        self.sets = order.compactMap { merged[$0] }
        var byDay: [CivilDate: [Int]] = [:]
        for (index, set) in self.sets.enumerated() {
            for day in set.days { byDay[day, default: []].append(index) }
        }
        self.byDay = byDay
    }

    /// Without any day: every factor is 1.
    package static let empty = EventCalendar([])

    package var isEmpty: Bool { byDay.isEmpty }

    /// Positions in `sets` of those that hold a day, ascending.
    package func sets(on day: CivilDate) -> [Int] { byDay[day] ?? [] }

    /// Whether any set holds the day.
    package func contains(_ day: CivilDate) -> Bool { byDay[day] != nil }

    /// Both calendars in one; a name that both use becomes one set.
    package func merging(_ other: EventCalendar) -> EventCalendar { EventCalendar(sets + other.sets) }

    /// Reads a calendar from the bytes of a file: iCalendar where it begins with `BEGIN:VCALENDAR`, else CSV.
    ///
    /// - Parameter path: named in errors.
    package init(_ bytes: [UInt8], path: String) throws(EventCalendarError) {
        let text = String(
            decoding: bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
        let start = text.drop { $0.isWhitespace }
        if start.prefix(15).uppercased() == "BEGIN:VCALENDAR" {
            self.init(try InternetCalendar.sets(text, path: path))
        } else {
            self.init(try CalendarTable.sets(text, path: path))
        }
    }
}

/// Why a calendar file cannot be used.
package enum EventCalendarError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A line (from 1) that says something which cannot be followed.
    case line(path: String, line: Int, reason: String)
    /// The file is no calendar at all.
    case unreadable(path: String, reason: String)

    package var description: String {
        switch self {
        case .line(let path, let line, let reason): "\(path):\(line): \(reason)"
        case .unreadable(let path, let reason): "\(path): \(reason)"
        }
    }
}
