import Records
import Runtime

/// Monday 2026-11-16 09:00 in Shanghai.
let monday = Timestamp(milliseconds: 1_794_790_800_000)

func minute(_ value: Int64) -> Timestamp { monday + value * 60_000 }

/// Short ways to write timelines in tests; times are minutes after `monday`.
func timeline(
    _ messages: [CaseTimeline.Message] = [], id: String = "t", ticket: Bool = true, channel: String? = "mail",
    status: TicketStatus? = nil, events: [TicketEventFact] = [], ratings: [RatingFact] = []
) -> CaseTimeline {
    var out = CaseTimeline(source: "s", id: id, kind: ticket ? .ticket : .conversation, key: id, openedAt: minute(0))
    if ticket {
        var fact = TicketFact(id: id, conversationID: id)
        fact.createdAt = minute(0)
        fact.status = status
        fact.channel = channel
        fact.requesterID = "kim"
        out.ticket = fact
    } else {
        var fact = ConversationFact(id: id)
        fact.openedAt = minute(0)
        fact.channel = channel
        out.conversation = fact
    }
    out.messages = messages
    out.events = events
    out.ratings = ratings
    return out
}

func customer(_ at: Int64) -> CaseTimeline.Message {
    CaseTimeline.Message(id: "c\(at)", at: minute(at), role: .customer, author: "kim")
}
func agent(_ at: Int64, _ author: String? = "anna", isPublic: Bool = true) -> CaseTimeline.Message {
    CaseTimeline.Message(id: "a\(at)", at: minute(at), role: .agent, author: author, isPublic: isPublic)
}
func bot(_ at: Int64) -> CaseTimeline.Message { CaseTimeline.Message(id: "b\(at)", at: minute(at), role: .bot) }
func system(_ at: Int64) -> CaseTimeline.Message { CaseTimeline.Message(id: "s\(at)", at: minute(at), role: .system) }

func status(
    _ at: Int64, _ to: String, from: String? = nil, by actor: String? = nil, role: Role? = nil
) -> TicketEventFact {
    TicketEventFact(
        id: "e\(at)-\(to)", ticketID: "t", at: minute(at), field: "status", from: from, to: to, actorID: actor,
        actorRole: role)
}
func rating(_ at: Int64, _ score: String, scale: String? = nil, agent: String? = nil) -> RatingFact {
    var out = RatingFact(id: "r\(at)", at: minute(at), score: score)
    out.scale = scale
    out.agentID = agent
    return out
}
