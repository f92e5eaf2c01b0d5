import Foundation
package import Runtime

/// An IANA time zone as a table of its offset changes, for fast conversion between instants and local time.
///
/// Offsets are looked up once for 1970 to 2100 and then found by binary search; no Foundation call is made per value.
package struct LocalZone: Sendable, Equatable {
    package let identifier: String
    /// Instants (milliseconds) from which the offset of the same index holds; the first is `Int64.min`.
    private let starts: [Int64]
    /// Milliseconds to add to UTC.
    private let offsets: [Int64]

    package static let utc = LocalZone(identifier: "UTC", starts: [.min], offsets: [0])

    private init(identifier: String, starts: [Int64], offsets: [Int64]) {
        self.identifier = identifier
        self.starts = starts
        self.offsets = offsets
    }

    /// The zone of an IANA name such as `Asia/Shanghai`; `nil` when the system does not know it.
    ///
    /// Fixed offsets (`+08:00`, `UTC+8`) are refused on purpose: they know no daylight-saving time.
    package init?(identifier: String) {
        if identifier == "UTC" || identifier == "Etc/UTC" || identifier == "Z" {
            self = LocalZone.utc
            return
        }
        guard identifier.contains("/"), let zone = TimeZone(identifier: identifier) else { return nil }
        var starts: [Int64] = [.min]
        let epoch = Date(timeIntervalSince1970: 0)
        var offsets = [Int64(zone.secondsFromGMT(for: epoch)) * 1000]
        var cursor = epoch
        let end = Date(timeIntervalSince1970: 4_102_444_800)
        while let next = zone.nextDaylightSavingTimeTransition(after: cursor), next > cursor, next < end {
            let offset = Int64(zone.secondsFromGMT(for: next)) * 1000
            if offset != offsets.last {
                starts.append(Int64(next.timeIntervalSince1970) * 1000)
                offsets.append(offset)
            }
            cursor = next
        }
        self.init(identifier: identifier, starts: starts, offsets: offsets)
    }

    /// The spans of constant offset in order: first instant (milliseconds), and what to add to UTC from there.
    ///
    /// The first span starts at `Int64.min`; each ends where the next starts, the last never.
    package var offsetSpans: [(start: Int64, offset: Int64)] { Array(zip(starts, offsets)).map { ($0.0, $0.1) } }

    /// Milliseconds to add to UTC at an instant.
    package func offset(at instant: Timestamp) -> Int64 { offsets[index(instant.milliseconds)] }

    private func index(_ milliseconds: Int64) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= milliseconds { low = middle } else { high = middle }
        }
        return low
    }

    /// Wall-clock milliseconds since 1970-01-01T00:00 local.
    package func local(_ instant: Timestamp) -> Int64 { instant.milliseconds + offset(at: instant) }

    package func day(of instant: Timestamp) -> CivilDate {
        CivilDate(
            daysSinceEpoch: Int32(
                truncatingIfNeeded: local(instant).quotientAndRemainderFloored(dividingBy: 86_400_000).quotient))
    }

    /// Local hour of the day, 0–23.
    package func hour(of instant: Timestamp) -> Int {
        Int(local(instant).quotientAndRemainderFloored(dividingBy: 86_400_000).remainder / 3_600_000)
    }

    /// The instant of a wall-clock time, with a note where that time does not exist or exists twice.
    ///
    /// In a gap and in an overlap the offset that held before the change is taken (the earlier offset).
    package func instant(local wall: Int64) -> (instant: Timestamp, isAmbiguous: Bool) {
        let guess = index(wall - offsets[index(wall)])
        let candidates = Set([max(0, guess - 1), guess, min(starts.count - 1, guess + 1)]).sorted()
        let matches = candidates.filter { index(wall - offsets[$0]) == $0 }
        if let first = matches.first {
            return (Timestamp(milliseconds: wall - offsets[first]), matches.count > 1)
        }
        // A gap: no offset maps back to itself; the one before the change is taken.
        let before = candidates.last { $0 + 1 < starts.count && wall - offsets[$0] >= starts[$0 + 1] } ?? guess
        return (Timestamp(milliseconds: wall - offsets[before]), true)
    }

    /// The first instant of a local day.
    package func start(of day: CivilDate) -> Timestamp {
        let wall = Int64(day.daysSinceEpoch) * 86_400_000
        let found = instant(local: wall).instant
        // Where midnight is skipped, the day starts at the change.
        let next = starts.first { $0 > found.milliseconds - 7_200_000 && $0 <= found.milliseconds }
        if let next, self.day(of: Timestamp(milliseconds: next)) == day,
            self.day(of: Timestamp(milliseconds: next - 1)) < day
        {
            return Timestamp(milliseconds: next)
        }
        return found
    }
}
