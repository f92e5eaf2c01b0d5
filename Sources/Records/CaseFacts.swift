package import Runtime

/// A message as the warehouse gives it back for assembly: text only where it is to be scored.
package struct MessageFact: Sendable, Equatable {
    package var id: String
    package var conversationID: String
    package var sentAt: Timestamp
    package var role: Role
    package var authorID: String?
    package var isPublic: Bool
    package var replyTo: String?
    package var text: String?

    package init(
        id: String, conversationID: String, sentAt: Timestamp, role: Role, authorID: String? = nil,
        isPublic: Bool = true, replyTo: String? = nil, text: String? = nil
    ) {
        self.id = id
        self.conversationID = conversationID
        self.sentAt = sentAt
        self.role = role
        self.authorID = authorID
        self.isPublic = isPublic
        self.replyTo = replyTo
        self.text = text
    }
}

/// A conversation's own record, as its source described it.
package struct ConversationFact: Sendable, Equatable {
    package var id: String
    package var channel: String?
    package var openedAt: Timestamp?
    package var closedAt: Timestamp?
    package var subject: String?
    package var customerID: String?
    package var group: String?
    package var tags: String?
    package var product: String?
    package var language: String?
    package var status: String?
    package var assigneeID: String?

    package init(id: String) { self.id = id }
}

/// A ticket's own record.
package struct TicketFact: Sendable, Equatable {
    package var id: String
    /// `conversation_id` where the source names one, else the ticket's id.
    package var conversationID: String
    package var createdAt: Timestamp?
    package var status: TicketStatus?
    package var subject: String?
    package var description: String?
    package var priority: String?
    package var category: String?
    package var group: String?
    package var assigneeID: String?
    package var requesterID: String?
    package var channel: String?
    package var tags: String?
    package var product: String?
    package var language: String?
    package var solvedAt: Timestamp?
    package var firstReplyAt: Timestamp?
    package var updatedAt: Timestamp?

    package init(id: String, conversationID: String) {
        self.id = id
        self.conversationID = conversationID
    }
}

/// One entry of a ticket's history.
package struct TicketEventFact: Sendable, Equatable {
    package var id: String
    package var ticketID: String
    package var at: Timestamp
    /// `status`, `assignee`, `group`, `priority`, `activity` or a field of the source.
    package var field: String
    package var from: String?
    package var to: String?
    package var actorID: String?
    package var actorRole: Role?

    package init(
        id: String, ticketID: String, at: Timestamp, field: String, from: String? = nil, to: String? = nil,
        actorID: String? = nil, actorRole: Role? = nil
    ) {
        self.id = id
        self.ticketID = ticketID
        self.at = at
        self.field = field
        self.from = from
        self.to = to
        self.actorID = actorID
        self.actorRole = actorRole
    }
}

/// A customer's rating.
package struct RatingFact: Sendable, Equatable {
    package var id: String
    package var at: Timestamp
    package var score: String
    package var scale: String?
    package var conversationID: String?
    package var ticketID: String?
    package var agentID: String?

    package init(id: String, at: Timestamp, score: String) {
        self.id = id
        self.at = at
        self.score = score
    }
}

/// Everything that the warehouse holds under one (source, conversation key): the input of assembly.
///
/// The key is `conversation.id`, `message.conversation_id` and, for a ticket, its `conversation_id` or else its own id.
/// Messages are in order of (sent_at, id), events of (at, id), so that equal input gives equal output.
package struct ConversationFacts: Sendable {
    package var source: String
    package var key: String
    package var conversation: ConversationFact?
    package var messages: [MessageFact] = []
    package var tickets: [TicketFact] = []
    package var events: [TicketEventFact] = []
    package var ratings: [RatingFact] = []

    package init(source: String, key: String) {
        self.source = source
        self.key = key
    }
}
