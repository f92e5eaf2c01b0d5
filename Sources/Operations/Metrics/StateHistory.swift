package import Aggregates
package import Records
import Runtime

/// The states of a case from its opening on, each different from the one before.
package enum StateHistory {
    /// From status events; without any, from the record's own stamps; empty where neither tells when states changed.
    ///
    /// An event before the opening or with an unknown word is left out. The actor is who made the change: the event's
    /// own, else the assignee at that time; nobody for bots, rules and customers.
    package static func states(of timeline: CaseTimeline) -> [ServiceCase.StateChange] {
        let changes = timeline.events.filter {
            $0.field == "status" && $0.at >= timeline.openedAt && $0.to.flatMap(TicketStatus.init(word:)) != nil
        }
        guard let first = changes.first else { return fromStamps(timeline) }
        var states: [ServiceCase.StateChange] = []
        let initial = first.from.flatMap(TicketStatus.init(word:)) ?? .new
        states.append(ServiceCase.StateChange(at: timeline.openedAt, status: initial))
        for event in changes {
            guard let status = event.to.flatMap(TicketStatus.init(word:)) else { continue }
            let change = ServiceCase.StateChange(
                at: event.at, status: status, actor: Credit.actor(of: event, in: timeline))
            // The first event often repeats the creation itself.
            if event.at == timeline.openedAt && states.count == 1 && event.from == nil {
                states[0] = change
            } else if states.last?.status != status {
                states.append(change)
            }
        }
        return states
    }

    private static func fromStamps(_ timeline: CaseTimeline) -> [ServiceCase.StateChange] {
        let opened = timeline.openedAt
        if let ticket = timeline.ticket {
            guard let status = ticket.status else {
                guard let solvedAt = ticket.solvedAt, solvedAt >= opened else { return [] }
                return pair(opened, .open, solvedAt, .solved, Credit.assignee(at: solvedAt, in: timeline))
            }
            if status.isUnsolved { return [ServiceCase.StateChange(at: opened, status: status)] }
            guard
                let end = ticket.solvedAt ?? (status == .deleted ? ticket.updatedAt : timeline.conversation?.closedAt),
                end >= opened
            else { return [] }
            return pair(
                opened, .open, end, status, status == .deleted ? nil : Credit.assignee(at: end, in: timeline))
        }
        guard let conversation = timeline.conversation else { return [] }
        let status = conversation.status.flatMap(TicketStatus.init(word:))
        if let closedAt = conversation.closedAt, status?.isUnsolved != true {
            guard closedAt >= opened else { return [] }
            return pair(opened, .open, closedAt, status ?? .solved, Credit.assignee(at: closedAt, in: timeline))
        }
        guard let status, status.isUnsolved else { return [] }
        return [ServiceCase.StateChange(at: opened, status: status)]
    }

    private static func pair(
        _ start: Timestamp, _ first: TicketStatus, _ end: Timestamp, _ last: TicketStatus, _ actor: String?
    ) -> [ServiceCase.StateChange] {
        [
            ServiceCase.StateChange(at: start, status: first),
            ServiceCase.StateChange(at: end, status: last, actor: actor),
        ]
    }

    /// The changes that take a case from an unsolved state into a solved one, in order.
    ///
    /// A case that begins solved counts as solved by its first state.
    package static func solvings(_ states: [ServiceCase.StateChange]) -> [ServiceCase.StateChange] {
        transitions(states).filter { $0.from.isUnsolved && $0.change.status.isSolved }.map(\.change)
    }

    /// The changes that take a case out of a solved or deleted state, in order.
    package static func reopenings(_ states: [ServiceCase.StateChange]) -> [ServiceCase.StateChange] {
        transitions(states).filter { !$0.from.isUnsolved && $0.change.status.isUnsolved }.map(\.change)
    }

    /// The changes from an unsolved state into the deleted one.
    package static func removals(_ states: [ServiceCase.StateChange]) -> [ServiceCase.StateChange] {
        transitions(states).filter { $0.from.isUnsolved && $0.change.status == .deleted }.map(\.change)
    }

    private static func transitions(
        _ states: [ServiceCase.StateChange]
    ) -> [(from: TicketStatus, change: ServiceCase.StateChange)] {
        var from = TicketStatus.new
        return states.map { change in
            defer { from = change.status }
            return (from, change)
        }
    }
}
