package import Aggregates
import Records
import Runtime

/// Times in states, added piece by piece from creation to the last solving; absent while a case is not solved.
///
/// Agent work = new + open; on hold = hold; requester wait = new + open + hold; agent wait = pending; solve time = all.
package struct StateTimes: Sendable, Equatable {
    package var agentWork: ClockedDuration
    package var agentWait: ClockedDuration
    package var onHold: ClockedDuration
    package var requesterWait: ClockedDuration
    package var solveTime: ClockedDuration

    /// `nil` while the case is not solved or its states are unknown.
    package static func find(_ states: [ServiceCase.StateChange], clock: CaseClock) -> StateTimes? {
        guard let last = states.last, last.status.isSolved else { return nil }
        var work = clock.zero
        var wait = clock.zero
        var hold = clock.zero
        for (index, state) in states.enumerated().dropLast() {
            let span = clock.duration(from: state.at, to: states[index + 1].at)
            switch state.status {
            case .new, .open: work.add(span)
            case .pending: wait.add(span)
            case .hold: hold.add(span)
            case .solved, .closed, .deleted: break
            }
        }
        var requester = work
        requester.add(hold)
        var all = requester
        all.add(wait)
        return StateTimes(agentWork: work, agentWait: wait, onHold: hold, requesterWait: requester, solveTime: all)
    }
}

extension ClockedDuration {
    fileprivate mutating func add(_ other: ClockedDuration) {
        calendar += other.calendar
        if let more = other.business { business = (business ?? 0) + more }
    }
}
