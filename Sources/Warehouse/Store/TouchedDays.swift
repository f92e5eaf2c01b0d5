import Aggregates
import Records
import Runtime

extension ServiceCase {
    /// True for a case whose last state is unsolved; a conversation without states never is.
    var isUnsolved: Bool {
        if let last = states.last { return last.status.isUnsolved }
        return kind == .ticket && status?.isUnsolved == true
    }

    /// The last instant of anything that the case holds.
    var lastTouch: Timestamp {
        var last = max(openedAt, lastEventAt)
        for instant in [firstReplyAt, firstResolvedAt, lastResolvedAt, ratedAt, states.last?.at] {
            if let instant, instant > last { last = instant }
        }
        if let quarter = activity.last?.quarter { last = max(last, Timestamp(milliseconds: Int64(quarter) * 900_000)) }
        return last
    }

    /// Adds the local days whose aggregates the case has a part in.
    ///
    /// These are the days of its opening, last event, replies, resolutions, rating, status changes and messages; for a
    /// case with a backlog of its own (it has states, or is an unsolved ticket) all days from its opening to its last
    /// change, and up to `end` while it is unsolved.
    func insertTouchedDays(into days: inout Set<CivilDate>, zone: LocalZone, end: Timestamp) {
        let first = zone.day(of: openedAt)
        if isUnsolved || !states.isEmpty {
            let last = zone.day(of: isUnsolved ? max(lastTouch, end) : lastTouch)
            if first <= last { for offset in 0...(last - first) { days.insert(first + offset) } }
        }
        days.insert(first)
        for instant in [lastEventAt, firstReplyAt, firstResolvedAt, lastResolvedAt, ratedAt] {
            if let instant { days.insert(zone.day(of: instant)) }
        }
        for state in states { days.insert(zone.day(of: state.at)) }
        var previous: Int32?
        for entry in activity where entry.quarter != previous {
            previous = entry.quarter
            days.insert(zone.day(of: Timestamp(milliseconds: Int64(entry.quarter) * 900_000)))
        }
    }
}
