package import Records
import Runtime

/// Makes cases of the facts under one key: settles roles, joins tickets with their conversation, cuts streams.
///
/// A pure function of the facts; the order in which records arrived does not matter.
package struct ConversationAssembler: Sendable {
    package var roles: RoleRules
    /// Ids of human agents by source, for sources whose messages name no role.
    package var agents: [String: Set<String>]
    package var sessions: SessionRules

    package init(
        roles: RoleRules = RoleRules(), agents: [String: Set<String>] = [:], sessions: SessionRules = SessionRules()
    ) {
        self.roles = roles
        self.agents = agents
        self.sessions = sessions
    }

    /// The cases of the facts in order of (opening, id); empty where nothing tells a time.
    package func assemble(_ facts: ConversationFacts) -> [CaseTimeline] {
        let messages = settledMessages(of: facts)
        let events = facts.events.sorted { ordered($0.at, $0.id, $1.at, $1.id) }
        let ratings = facts.ratings.sorted { ordered($0.at, $0.id, $1.at, $1.id) }
        let tickets = mergedTickets(facts, events: events, hasMessages: !messages.isEmpty)
        let cases =
            tickets.isEmpty
            ? conversationCases(facts, messages, events, ratings)
            : ticketCases(facts, tickets, messages, events, ratings)
        return cases.sorted { ordered($0.openedAt, $0.id, $1.openedAt, $1.id) }
    }

    private func settledMessages(of facts: ConversationFacts) -> [CaseTimeline.Message] {
        let agents = agents[facts.source] ?? []
        var out: [CaseTimeline.Message] = []
        out.reserveCapacity(facts.messages.count)
        for message in facts.messages {
            let (role, origin) = roles.settle(message, source: facts.source, agents: agents)
            out.append(
                CaseTimeline.Message(
                    id: message.id, at: message.sentAt, role: role, roleOrigin: origin, author: message.authorID,
                    isPublic: message.isPublic, text: message.text))
        }
        out.sort { ordered($0.at, $0.id, $1.at, $1.id) }
        return out
    }

    /// Tickets by id; a log of events without a ticket's or conversation's record counts as the ticket that it names.
    private func mergedTickets(
        _ facts: ConversationFacts, events: [TicketEventFact], hasMessages: Bool
    ) -> [TicketFact] {
        var tickets = facts.tickets
        if tickets.isEmpty && facts.conversation == nil && !hasMessages {
            for id in Set(events.map(\.ticketID)) { tickets.append(TicketFact(id: id, conversationID: facts.key)) }
        }
        return tickets.sorted {
            switch ($0.createdAt, $1.createdAt) {
            case (let a?, let b?): ordered(a, $0.id, b, $1.id)
            case (_?, nil): true
            case (nil, _?): false
            case (nil, nil): precedes($0.id, $1.id)
            }
        }
    }

    // MARK: Conversations without a ticket

    private func conversationCases(
        _ facts: ConversationFacts, _ messages: [CaseTimeline.Message], _ events: [TicketEventFact],
        _ ratings: [RatingFact]
    ) -> [CaseTimeline] {
        let rule = sessions.rule(source: facts.source, channel: facts.conversation?.channel)
        if rule != .whole && !messages.isEmpty {
            return sessionCases(facts, rule.starts(of: messages), messages, events, ratings)
        }
        guard
            let openedAt = facts.conversation?.openedAt
                ?? earliest([messages.first?.at, events.first?.at, facts.conversation?.closedAt, ratings.first?.at])
        else { return [] }
        var only = CaseTimeline(
            source: facts.source, id: facts.key, kind: .conversation, key: facts.key, openedAt: openedAt)
        only.conversation = facts.conversation
        only.messages = messages
        only.events = events
        only.ratings = ratings
        return [only]
    }

    private func sessionCases(
        _ facts: ConversationFacts, _ starts: [Int], _ messages: [CaseTimeline.Message], _ events: [TicketEventFact],
        _ ratings: [RatingFact]
    ) -> [CaseTimeline] {
        var cases: [CaseTimeline] = []
        var seen: Set<String> = []
        for (number, start) in starts.enumerated() {
            let end = number + 1 < starts.count ? starts[number + 1] : messages.count
            let openedAt = messages[start].at
            var id = "\(facts.key)@\(openedAt.iso8601)"
            // Only a limit below the clock's resolution could give two sessions one start.
            if !seen.insert(id).inserted { id += "#\(number)" }
            var session = CaseTimeline(
                source: facts.source, id: id, kind: .conversation, key: facts.key, openedAt: openedAt)
            session.conversation = facts.conversation
            // The stream's own opening and end are not those of a session.
            session.conversation?.openedAt = nil
            session.conversation?.closedAt = nil
            session.conversation?.status = nil
            session.messages = Array(messages[start..<end])
            cases.append(session)
        }
        for event in events { cases[index(in: cases, at: event.at)].events.append(event) }
        for rating in ratings { cases[index(in: cases, at: rating.at)].ratings.append(rating) }
        return cases
    }

    /// The last case that was opened at or before an instant, else the first.
    private func index(in cases: [CaseTimeline], at instant: Timestamp) -> Int {
        cases.lastIndex { $0.openedAt <= instant } ?? 0
    }

    // MARK: Tickets

    private func ticketCases(
        _ facts: ConversationFacts, _ tickets: [TicketFact], _ messages: [CaseTimeline.Message],
        _ events: [TicketEventFact], _ ratings: [RatingFact]
    ) -> [CaseTimeline] {
        let known = Set(tickets.map(\.id))
        var ticketEvents: [String: [TicketEventFact]] = [:]
        for event in events {
            ticketEvents[known.contains(event.ticketID) ? event.ticketID : tickets[0].id, default: []].append(event)
        }
        var cases: [CaseTimeline] = []
        var spans: [TicketSpans] = []
        for ticket in tickets {
            let own = ticketEvents[ticket.id] ?? []
            let isOnly = tickets.count == 1
            guard
                let openedAt = ticket.createdAt ?? (isOnly ? facts.conversation?.openedAt : nil)
                    ?? earliest([
                        own.first?.at, isOnly ? messages.first?.at : nil, ticket.firstReplyAt, ticket.solvedAt,
                        isOnly ? ratings.first?.at : nil,
                    ]) ?? ticket.updatedAt
            else { continue }
            var timeline = CaseTimeline(
                source: facts.source, id: ticket.id, kind: .ticket, key: facts.key, openedAt: openedAt)
            timeline.ticket = ticket
            timeline.conversation = facts.conversation
            timeline.events = own
            cases.append(timeline)
            spans.append(TicketSpans(ticket, openedAt: openedAt, events: own))
        }
        guard !cases.isEmpty else { return conversationCases(facts, messages, events, ratings) }
        for message in messages { cases[owner(of: message.at, spans)].messages.append(message) }
        for rating in ratings {
            let named = rating.ticketID.flatMap { id in cases.firstIndex { $0.id == id } }
            cases[named ?? owner(of: rating.at, spans)].ratings.append(rating)
        }
        return cases
    }

    /// The ticket open at an instant (of several the one opened last), else the first.
    private func owner(of instant: Timestamp, _ spans: [TicketSpans]) -> Int {
        guard spans.count > 1 else { return 0 }
        var best: Int?
        for (index, span) in spans.enumerated() where span.isOpen(at: instant) {
            if let current = best, spans[current].openedAt > span.openedAt { continue }
            best = index
        }
        return best ?? 0
    }
}

/// When a ticket was open, from its history or, without one, its stamps.
private struct TicketSpans {
    let openedAt: Timestamp
    /// (instant, open from then on), ascending.
    private var changes: [(at: Timestamp, isOpen: Bool)]

    init(_ ticket: TicketFact, openedAt: Timestamp, events: [TicketEventFact]) {
        self.openedAt = openedAt
        changes = [(openedAt, true)]
        for event in events where event.field == "status" {
            if let status = event.to.flatMap(TicketStatus.init(word:)) { changes.append((event.at, status.isUnsolved)) }
        }
        if changes.count == 1, let solvedAt = ticket.solvedAt { changes.append((solvedAt, false)) }
    }

    /// Open up to and with the instant at which it was solved: the last reply often carries the same time.
    func isOpen(at instant: Timestamp) -> Bool {
        guard instant >= openedAt else { return false }
        var isOpen = false
        for change in changes where change.at < instant || (change.at == instant && change.isOpen) {
            isOpen = change.isOpen
        }
        return isOpen
    }
}

private func earliest(_ times: [Timestamp?]) -> Timestamp? { times.compactMap { $0 }.min() }

func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

/// Order by instant, then by the bytes of an id.
func ordered(_ a: Timestamp, _ aID: String, _ b: Timestamp, _ bID: String) -> Bool {
    a != b ? a < b : precedes(aID, bID)
}
