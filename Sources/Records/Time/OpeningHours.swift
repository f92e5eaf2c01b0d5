import Runtime

/// A half-open span of local wall-clock time within or from one day, in minutes from its midnight.
///
/// `start` is 0 to 1439, `end` is above `start` and at most one day later: `22:00-06:00` is 1320 to 1800.
package struct OpeningHours: Sendable, Hashable {
    package let start: Int
    package let end: Int

    /// `nil` where the span is empty, longer than a day or starts outside the day.
    package init?(start: Int, end: Int) {
        guard (0..<1440).contains(start), end > start, end <= start + 1440 else { return nil }
        self.start = start
        self.end = end
    }

    /// The whole day.
    package static let wholeDay = OpeningHours(from: 0, until: 1440)

    private init(from start: Int, until end: Int) {
        self.start = start
        self.end = end
    }

    /// Reads `09:00-18:00`, or several joined by commas; an end at or before its start lies on the next day.
    ///
    /// `00:00-24:00` is the whole day. `nil` for anything else, also for an empty text.
    package static func parse(_ text: String) -> [OpeningHours]? {
        var out: [OpeningHours] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let start = minutes(ends[0]), var end = minutes(ends[1]), start < 1440 else {
                return nil
            }
            if end <= start { end += 1440 }
            guard let hours = OpeningHours(start: start, end: end) else { return nil }
            out.append(hours)
        }
        return out.isEmpty ? nil : out
    }

    /// `H:MM` or `HH:MM`, 00:00 to 24:00, spaces around it allowed.
    private static func minutes(_ text: Substring) -> Int? {
        let bytes = Array(text.utf8.drop { $0 == 32 }.reversed().drop { $0 == 32 }.reversed())
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), (1...2).contains(colon), bytes.count == colon + 3,
            bytes.indices.allSatisfy({ $0 == colon || (48...57).contains(bytes[$0]) })
        else { return nil }
        let hour = bytes[..<colon].reduce(0) { $0 * 10 + Int($1) - 48 }
        let minute = bytes[(colon + 1)...].reduce(0) { $0 * 10 + Int($1) - 48 }
        guard minute < 60, hour < 24 || (hour == 24 && minute == 0) else { return nil }
        return hour * 60 + minute
    }

    /// The same time without overlaps: sorted, touching and overlapping spans made one.
    static func merged(_ hours: [Range<Int>]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        for next in hours.filter({ !$0.isEmpty }).sorted(by: {
            ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
        }) {
            if let last = out.last, next.lowerBound <= last.upperBound {
                out[out.count - 1] = last.lowerBound..<max(last.upperBound, next.upperBound)
            } else {
                out.append(next)
            }
        }
        return out
    }

    /// `hours` without `holes`, both merged.
    static func subtracting(_ holes: [Range<Int>], from hours: [Range<Int>]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        for span in hours {
            var start = span.lowerBound
            for hole in holes where hole.lowerBound < span.upperBound && hole.upperBound > start {
                if hole.lowerBound > start { out.append(start..<hole.lowerBound) }
                start = max(start, hole.upperBound)
            }
            if start < span.upperBound { out.append(start..<span.upperBound) }
        }
        return out
    }
}
