/// The kinds of record that an export can hold; the raw value is the `type` of the canonical form.
package enum RecordKind: String, CaseIterable, Sendable, Codable {
    case conversation, message, ticket
    case ticketEvent = "ticket_event"
    case rating, call, behavior, customer, agent, article

    package var schema: RecordSchema { RecordSchema.all[index] }
    /// Position in `RecordKind.allCases`.
    package var index: Int {
        switch self {
        case .conversation: 0
        case .message: 1
        case .ticket: 2
        case .ticketEvent: 3
        case .rating: 4
        case .call: 5
        case .behavior: 6
        case .customer: 7
        case .agent: 8
        case .article: 9
        }
    }
}

/// What a field holds. Times are milliseconds since the epoch (UTC); flags are 0 or 1; `json` is canonical JSON text.
package enum FieldType: Sendable { case text, time, integer, real, flag, json }

/// How privacy treats a field before anything is written.
package enum FieldPrivacy: Sendable {
    /// Not looked at.
    case none
    /// Free text: private data inside it is masked.
    case text
    /// An identifier of the source: made a pseudonym when the whole value is a mail address, a phone number or the like.
    case identifier
    /// A personal name or contact value: always a pseudonym.
    case identity
    /// `identities` JSON: the values inside are made pseudonyms, kinds are kept.
    case identities
}

/// One field of a record kind.
package struct RecordField: Sendable {
    /// Name in the canonical form and as a warehouse column.
    package let name: String
    package let type: FieldType
    package let privacy: FieldPrivacy
    /// Part of the natural key.
    package let isKey: Bool
    /// Must be present in the canonical form.
    package let isRequired: Bool
    /// Position among the columns of its storage class (text and JSON; times, integers and flags; reals).
    package let slot: Int
}

/// The fields of a record kind in the order of its `…Field` constants.
package struct RecordSchema: Sendable {
    package let kind: RecordKind
    package let fields: [RecordField]
    package let textCount: Int
    package let integerCount: Int
    package let realCount: Int
    /// Positions of the natural key's fields.
    package let key: [Int]
    /// Position of `updated_at`, where the kind has one.
    package let updatedAt: Int?

    package func index(of name: String) -> Int? { fields.firstIndex { $0.name == name } }

    fileprivate init(_ kind: RecordKind, _ columns: [Column]) {
        self.kind = kind
        var texts = 0
        var integers = 0
        var reals = 0
        var fields: [RecordField] = []
        for column in columns {
            let slot: Int
            switch column.type {
            case .text, .json:
                slot = texts
                texts += 1
            case .time, .integer, .flag:
                slot = integers
                integers += 1
            case .real:
                slot = reals
                reals += 1
            }
            fields.append(
                RecordField(
                    name: column.name, type: column.type, privacy: column.privacy, isKey: column.isKey,
                    isRequired: column.isKey || column.isRequired, slot: slot))
        }
        self.fields = fields
        textCount = texts
        integerCount = integers
        realCount = reals
        key = fields.indices.filter { fields[$0].isKey }
        updatedAt = fields.firstIndex { $0.name == "updated_at" }
    }

    fileprivate struct Column {
        let name: String
        let type: FieldType
        var privacy: FieldPrivacy = .none
        var isKey = false
        var isRequired = false
    }

    private static func key(_ name: String, privacy: FieldPrivacy = .none) -> Column {
        Column(name: name, type: .text, privacy: privacy, isKey: true)
    }
    private static func need(_ name: String, _ type: FieldType, _ privacy: FieldPrivacy = .none) -> Column {
        Column(name: name, type: type, privacy: privacy, isRequired: true)
    }
    private static func may(_ name: String, _ type: FieldType, _ privacy: FieldPrivacy = .none) -> Column {
        Column(name: name, type: type, privacy: privacy)
    }

    /// The schemas in the order of `RecordKind.allCases`.
    package static let all: [RecordSchema] = [
        RecordSchema(
            .conversation,
            [
                key("source"), key("id"), may("channel", .text), may("opened_at", .time), may("closed_at", .time),
                may("subject", .text, .text), may("customer_id", .text, .identifier), may("group", .text),
                may("tags", .json), may("product", .text), may("language", .text), may("updated_at", .time),
                may("extra", .json, .text), may("status", .text), may("assignee_id", .text, .identifier),
            ]),
        RecordSchema(
            .message,
            [
                key("source"), key("id"), need("conversation_id", .text), need("sent_at", .time), need("role", .text),
                may("author_id", .text, .identifier), may("text", .text, .text), may("is_public", .flag),
                may("attachments", .json), may("reply_to", .text), may("updated_at", .time), may("extra", .json, .text),
            ]),
        RecordSchema(
            .ticket,
            [
                key("source"), key("id"), may("created_at", .time), may("status", .text), may("conversation_id", .text),
                may("subject", .text, .text), may("description", .text, .text), may("priority", .text),
                may("category", .text), may("group", .text), may("assignee_id", .text, .identifier),
                may("requester_id", .text, .identifier), may("channel", .text), may("tags", .json),
                may("updated_at", .time), may("extra", .json, .text), may("product", .text), may("language", .text),
                may("solved_at", .time), may("first_reply_at", .time),
            ]),
        RecordSchema(
            .ticketEvent,
            [
                key("source"), key("ticket_id"), key("id"), need("at", .time), need("field", .text), may("from", .text),
                may("to", .text), may("actor_id", .text, .identifier), may("actor_role", .text),
            ]),
        RecordSchema(
            .rating,
            [
                key("source"), key("id"), need("at", .time), need("score", .text), may("scale", .text),
                may("conversation_id", .text), may("ticket_id", .text), may("agent_id", .text, .identifier),
                may("comment", .text, .text), may("updated_at", .time),
            ]),
        RecordSchema(
            .call,
            [
                key("source"), key("id"), need("queued_at", .time), may("answered_at", .time), may("ended_at", .time),
                may("queue", .text), may("agent_id", .text, .identifier), may("customer_id", .text, .identifier),
                may("outcome", .text), may("updated_at", .time),
            ]),
        RecordSchema(
            .behavior,
            [
                key("source"), key("id"), need("at", .time), need("visitor_id", .text, .identifier),
                need("action", .text), may("page", .text, .text), may("dwell_seconds", .real), may("device_id", .text),
                may("customer_id", .text, .identifier), may("value", .text, .text),
            ]),
        RecordSchema(
            .customer,
            [
                key("source"), key("id", privacy: .identifier), may("identities", .json, .identities),
                may("name", .text, .identity), may("attributes", .json, .text), may("updated_at", .time),
            ]),
        RecordSchema(
            .agent,
            [
                key("source"), key("id", privacy: .identifier), may("name", .text), may("group", .text),
                may("role", .text), may("skills", .json), may("updated_at", .time),
            ]),
        RecordSchema(
            .article,
            [
                key("source"), key("id"), need("title", .text), need("body", .text), may("category", .text),
                may("language", .text), may("url", .text), may("updated_at", .time),
            ]),
    ]
}

// Positions of the fields, for `RecordTable`. Their order is that of the schemas above.

package enum ConversationField {
    package static let source = 0
    package static let id = 1
    package static let channel = 2
    package static let openedAt = 3
    package static let closedAt = 4
    package static let subject = 5
    package static let customerID = 6
    package static let group = 7
    package static let tags = 8
    package static let product = 9
    package static let language = 10
    package static let updatedAt = 11
    package static let extra = 12
    package static let status = 13
    package static let assigneeID = 14
}

package enum MessageField {
    package static let source = 0
    package static let id = 1
    package static let conversationID = 2
    package static let sentAt = 3
    package static let role = 4
    package static let authorID = 5
    package static let text = 6
    package static let isPublic = 7
    package static let attachments = 8
    package static let replyTo = 9
    package static let updatedAt = 10
    package static let extra = 11
}

package enum TicketField {
    package static let source = 0
    package static let id = 1
    package static let createdAt = 2
    package static let status = 3
    package static let conversationID = 4
    package static let subject = 5
    package static let description = 6
    package static let priority = 7
    package static let category = 8
    package static let group = 9
    package static let assigneeID = 10
    package static let requesterID = 11
    package static let channel = 12
    package static let tags = 13
    package static let updatedAt = 14
    package static let extra = 15
    package static let product = 16
    package static let language = 17
    package static let solvedAt = 18
    package static let firstReplyAt = 19
}

package enum TicketEventField {
    package static let source = 0
    package static let ticketID = 1
    package static let id = 2
    package static let at = 3
    package static let field = 4
    package static let from = 5
    package static let to = 6
    package static let actorID = 7
    package static let actorRole = 8
}

package enum RatingField {
    package static let source = 0
    package static let id = 1
    package static let at = 2
    package static let score = 3
    package static let scale = 4
    package static let conversationID = 5
    package static let ticketID = 6
    package static let agentID = 7
    package static let comment = 8
    package static let updatedAt = 9
}

package enum CallField {
    package static let source = 0
    package static let id = 1
    package static let queuedAt = 2
    package static let answeredAt = 3
    package static let endedAt = 4
    package static let queue = 5
    package static let agentID = 6
    package static let customerID = 7
    package static let outcome = 8
    package static let updatedAt = 9
}

package enum BehaviorField {
    package static let source = 0
    package static let id = 1
    package static let at = 2
    package static let visitorID = 3
    package static let action = 4
    package static let page = 5
    package static let dwellSeconds = 6
    package static let deviceID = 7
    package static let customerID = 8
    package static let value = 9
}

package enum CustomerField {
    package static let source = 0
    package static let id = 1
    package static let identities = 2
    package static let name = 3
    package static let attributes = 4
    package static let updatedAt = 5
}

package enum AgentField {
    package static let source = 0
    package static let id = 1
    package static let name = 2
    package static let group = 3
    package static let role = 4
    package static let skills = 5
    package static let updatedAt = 6
}

package enum ArticleField {
    package static let source = 0
    package static let id = 1
    package static let title = 2
    package static let body = 3
    package static let category = 4
    package static let language = 5
    package static let url = 6
    package static let updatedAt = 7
}
