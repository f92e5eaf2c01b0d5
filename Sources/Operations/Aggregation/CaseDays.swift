package import Aggregates
package import Records
package import Runtime

/// Which local days the numbers of a case are counted on: what to recompute when the case changes.
package enum CaseDays {
    /// Days on which the case counts something other than a stock.
    package static func events(of item: ServiceCase, zone: LocalZone) -> Set<CivilDate> {
        var days: Set<CivilDate> = [zone.day(of: item.openedAt), zone.day(of: item.lastEventAt)]
        for at in [item.firstReplyAt, item.ratedAt] { if let at { days.insert(zone.day(of: at)) } }
        for state in item.states { days.insert(zone.day(of: state.at)) }
        for entry in item.activity { days.insert(zone.day(of: entry.start)) }
        return days
    }

    /// Days at whose end the case stands in a stock, as closed ranges in order; one without an end runs to `last`.
    package static func stock(of item: ServiceCase, zone: LocalZone, last: CivilDate) -> [ClosedRange<CivilDate>] {
        var out: [ClosedRange<CivilDate>] = []
        for span in OpenSpans.of(item.states) {
            let first = zone.day(of: span.start)
            let end = span.end.map { zone.day(of: $0) - 1 } ?? last
            if first <= end { out.append(first...end) }
        }
        return out
    }
}

extension ServiceCase.Activity {
    /// The first instant of the quarter hour.
    package var start: Timestamp { Timestamp(milliseconds: Int64(quarter) * 900_000) }
}

/// Spans in which a case is unsolved.
enum OpenSpans {
    static func of(_ states: [ServiceCase.StateChange]) -> [(start: Timestamp, end: Timestamp?)] {
        var out: [(start: Timestamp, end: Timestamp?)] = []
        var open: Timestamp?
        for state in states {
            if state.status.isUnsolved {
                if open == nil { open = state.at }
            } else if let start = open {
                out.append((start, state.at))
                open = nil
            }
        }
        if let open { out.append((open, nil)) }
        return out
    }
}
