package import Aggregates
package import Records
package import Runtime

/// Both clocks of a span: calendar always, business where a schedule applies.
package struct CaseClock: Sendable {
    package var schedule: BusinessCalendar?
    package init(schedule: BusinessCalendar?) { self.schedule = schedule }

    package var zero: ClockedDuration { ClockedDuration(calendar: 0, business: schedule == nil ? nil : 0) }

    /// The span from `start` to `end`, which must not be earlier.
    package func duration(from start: Timestamp, to end: Timestamp) -> ClockedDuration {
        ClockedDuration(calendar: end - start, business: schedule?.milliseconds(from: start, to: end))
    }

    /// `nil` where the second instant is missing or before the first.
    package func span(from start: Timestamp, to end: Timestamp?) -> ClockedDuration? {
        guard let end, end >= start else { return nil }
        return duration(from: start, to: end)
    }
}
