import FoundationEssentials

/// An instant in milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Timestamp: Hashable, Comparable, Sendable, Codable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }
    package init(seconds: Int64) { self.milliseconds = seconds * 1000 }

    package static func now() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }

    package static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
    /// The span from `b` to `a` in milliseconds.
    package static func - (a: Timestamp, b: Timestamp) -> Int64 { a.milliseconds - b.milliseconds }
    package static func + (a: Timestamp, milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: a.milliseconds + milliseconds)
    }

    /// ISO 8601 in UTC: `2026-03-02T01:14:09Z`, with `.250` before the `Z` only where there are milliseconds.
    package var iso8601: String {
        let (days, inDay) = milliseconds.quotientAndRemainderFloored(dividingBy: 86_400_000)
        let date = CivilDate(daysSinceEpoch: Int32(truncatingIfNeeded: days))
        let seconds = inDay / 1000
        let millis = inDay % 1000
        let time =
            "\(twoDigits(seconds / 3600)):\(twoDigits(seconds / 60 % 60)):\(twoDigits(seconds % 60))"
        return millis == 0 ? "\(date)T\(time)Z" : "\(date)T\(time).\(threeDigits(millis))Z"
    }
}

extension Int64 {
    /// Quotient rounded towards minus infinity and the remainder that is never negative (for a positive divisor).
    package func quotientAndRemainderFloored(dividingBy divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
func threeDigits(_ value: Int64) -> String { value < 10 ? "00\(value)" : value < 100 ? "0\(value)" : "\(value)" }
