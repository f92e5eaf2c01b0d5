package import Records
package import Runtime

/// Who a number belongs to: the person who acted, not the present assignee.
package enum Credit {
    /// The acting person of an event: its own actor; where it names none, the assignee at that time.
    ///
    /// Bots, rules, systems and customers are nobody.
    package static func actor(of event: TicketEventFact, in timeline: CaseTimeline) -> String? {
        switch event.actorRole {
        case .bot, .system, .customer: return nil
        case .agent, nil: break
        }
        if let actor = event.actorID {
            if event.actorRole == .agent { return actor }
            // Zendesk writes -1 for its own rules.
            if actor.isEmpty || actor == "-1" || actor == timeline.ticket?.requesterID { return nil }
            if timeline.messages.contains(where: { $0.author == actor && $0.role != .agent }) { return nil }
            return actor
        }
        return assignee(at: event.at, in: timeline)
    }

    /// The assignee at an instant by the history of assignments, else the record's own.
    package static func assignee(at instant: Timestamp, in timeline: CaseTimeline) -> String? {
        let changes = timeline.events.filter { $0.field == "assignee" || $0.field == "assignee_id" }
        guard !changes.isEmpty else { return timeline.ticket?.assigneeID ?? timeline.conversation?.assigneeID }
        if let last = changes.last(where: { $0.at <= instant }) { return named(last.to) }
        return named(changes[0].from)
    }

    private static func named(_ id: String?) -> String? { id.flatMap { $0.isEmpty ? nil : $0 } }
}
