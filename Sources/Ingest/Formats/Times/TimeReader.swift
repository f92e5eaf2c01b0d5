package import Records
package import Runtime

/// How a system writes its times. The unit of a number is fixed here per field and never guessed from the value.
package enum TimeForm: Sendable, Equatable {
    /// ISO 8601 and its everyday relatives: `2026-03-02T01:14:09.250Z`, `2026-03-02 01:14:09+08:00`, `2026/3/2 9:04`,
    /// a date alone (its first instant). Without an offset the time is naive and needs a zone.
    case iso
    /// Seconds since 1970 as a number or digits in text, fraction allowed; 0 is absent.
    case unixSeconds
    /// Milliseconds since 1970; 0 is absent.
    case unixMilliseconds
    /// A written pattern such as `dd/MM/yyyy HH:mm`.
    case pattern(TimePattern)
}

/// What became of a time's text.
package enum TimeReading: Sendable, Equatable {
    case time(Timestamp)
    /// Nothing written.
    case absent
    /// Not of the expected form.
    case malformed
    /// Before 1995 or more than two days ahead.
    case outOfRange
    /// No offset in the text and no zone known for the source.
    case withoutZone
}

/// Reads times from bytes with one zone for those that carry none.
///
/// Conversion from local time is cached by day: only days with a change of offset ask the zone's table.
package struct TimeReader: Sendable {
    package let zone: LocalZone?
    /// Earliest and latest milliseconds that are taken for real.
    package let range: ClosedRange<Int64>
    /// How many local times did not exist or existed twice in their zone; the earlier offset was taken.
    package private(set) var ambiguous = 0
    /// How many times had no offset and no zone to stand for it.
    package private(set) var withoutZone = 0
    private var cache: [DayOffset]

    private struct DayOffset {
        var day: Int64 = .min
        /// Milliseconds to subtract from local time; `.min` where the day has a change.
        var offset: Int64 = 0
    }

    /// 1995-01-01T00:00:00Z.
    package static let earliest: Int64 = 788_918_400_000

    package init(zone: LocalZone?, now: Timestamp) {
        self.zone = zone
        let latest = now.milliseconds.addingReportingOverflow(2 * 86_400_000)
        range = TimeReader.earliest...max(TimeReader.earliest, latest.overflow ? .max : latest.partialValue)
        cache = Array(repeating: DayOffset(), count: zone == nil ? 1 : 1024)
    }

    package mutating func read(_ bytes: UnsafeRawBufferPointer, as form: TimeForm) -> TimeReading {
        switch form {
        case .iso: return readISO(bytes)
        case .unixSeconds: return number(bytes, scale: 1000)
        case .unixMilliseconds: return number(bytes, scale: 1)
        case .pattern(let pattern):
            guard let found = pattern.parse(bytes) else {
                return bytes.allSatisfy({ $0 == 0x20 }) ? .absent : .malformed
            }
            return resolve(found)
        }
    }

    /// `read` for `TimeForm.iso`.
    mutating func readISO(_ bytes: UnsafeRawBufferPointer) -> TimeReading {
        guard let found = ISOTime.parse(bytes) else {
            return bytes.allSatisfy({ $0 == 0x20 }) ? .absent : .malformed
        }
        return resolve(found)
    }

    private func number(_ bytes: UnsafeRawBufferPointer, scale: Int64) -> TimeReading {
        if bytes.count == 0 { return .absent }
        if let whole = Numbers.integer(bytes) {
            if whole == 0 { return .absent }
            let (value, overflow) = whole.multipliedReportingOverflow(by: scale)
            return overflow ? .outOfRange : checked(value)
        }
        guard let real = Numbers.real(bytes) else {
            return bytes.allSatisfy({ $0 == 0x20 }) ? .absent : .malformed
        }
        let scaled = (real * Double(scale)).rounded(.down)
        guard abs(scaled) < 9e17 else { return .outOfRange }
        return scaled == 0 ? .absent : checked(Int64(scaled))
    }

    @inline(__always)
    private func checked(_ value: Int64) -> TimeReading {
        range.contains(value) ? .time(Timestamp(milliseconds: value)) : .outOfRange
    }

    @inline(__always)
    mutating func resolve(_ found: WrittenTime) -> TimeReading {
        if found.hasOffset { return checked(found.wall &- found.offset) }
        guard let zone else {
            withoutZone += 1
            return .withoutZone
        }
        let (day, _) = found.wall.quotientAndRemainderFloored(dividingBy: 86_400_000)
        let slot = Int(truncatingIfNeeded: day) & 1023
        if cache[slot].day != day { fill(slot, day, zone) }
        let offset = cache[slot].offset
        if offset != .min { return checked(found.wall &- offset) }
        let (instant, isAmbiguous) = zone.instant(local: found.wall)
        if isAmbiguous { ambiguous += 1 }
        return checked(instant.milliseconds)
    }

    private mutating func fill(_ slot: Int, _ day: Int64, _ zone: LocalZone) {
        let wall = day &* 86_400_000
        let before = zone.offset(at: Timestamp(milliseconds: wall &- 2 * 86_400_000))
        let after = zone.offset(at: Timestamp(milliseconds: wall &+ 3 * 86_400_000))
        let at = zone.offset(at: Timestamp(milliseconds: wall))
        cache[slot] = DayOffset(day: day, offset: before == after && at == before ? before : .min)
    }
}

/// A time as it stood in the text: wall-clock milliseconds since 1970 and the offset, where one was written.
struct WrittenTime: Equatable {
    var wall: Int64
    var hasOffset = false
    var offset: Int64 = 0
}
