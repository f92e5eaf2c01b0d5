package import Records
package import Runtime

/// A duration on two clocks, in milliseconds; `business` is absent where no schedule applies.
package struct ClockedDuration: Sendable, Equatable {
    package var calendar: Int64
    package var business: Int64?
    package init(calendar: Int64, business: Int64?) {
        self.calendar = calendar
        self.business = business
    }
}

/// One customer's matter from its first event to its last: a ticket with its conversation, or a conversation (or one
/// session cut from a stream) that has no ticket. The row that all aggregates are made from.
package struct ServiceCase: Sendable, Equatable {
    package enum Kind: String, Sendable { case ticket, conversation }

    // Which case.
    package var source: String
    /// The ticket's id, or the conversation's (for a cut session `stream@start`).
    package var id: String
    package var kind: Kind
    /// The key under which its facts lie (see `ConversationFacts.key`).
    package var conversationKey: String

    // What it is about.
    package var channel: String?
    package var group: String?
    package var assignee: String?
    package var customer: String?
    package var product: String?
    package var language: String?
    package var priority: String?
    package var status: TicketStatus?
    /// As the source says it; the model's label stands in `labels`.
    package var sourceCategory: String?
    package var labels = CaseLabels()

    // When.
    package var openedAt: Timestamp
    package var lastEventAt: Timestamp
    package var firstReplyAt: Timestamp?
    package var firstReplyAgent: String?
    package var firstResolvedAt: Timestamp?
    package var lastResolvedAt: Timestamp?
    package var resolvedBy: String?

    /// In the order of `DurationMetric`; `nil` until the second event exists.
    package var durations: [ClockedDuration?] = Array(repeating: nil, count: DurationMetric.allCases.count)

    // How much. Absent counts are `nil`, never zero.
    package var replies: Int?
    package var reopens: Int?
    package var handoffs: Int?
    package var participants = 0
    package var messages = 0
    package var rating: Rating?
    package var ratedAt: Timestamp?
    package var ratingAgent: String?

    /// The status history as (instant, status), ascending, the first entry at `openedAt`; empty for a conversation
    /// without states, which never counts towards a backlog.
    package var states: [StateChange] = []
    /// Messages by local-zone-free hour, role and author, ascending.
    package var activity: [Activity] = []

    package enum Rating: String, Sendable { case good, neutral, bad }

    package struct StateChange: Sendable, Equatable {
        package var at: Timestamp
        package var status: TicketStatus
        package var actor: String?
        package init(at: Timestamp, status: TicketStatus, actor: String? = nil) {
            self.at = at
            self.status = status
            self.actor = actor
        }
    }

    /// `count` messages of one author in one quarter of an hour (UTC); quarter hours, because zones differ by them.
    package struct Activity: Sendable, Equatable {
        /// Quarter hours since the epoch.
        package var quarter: Int32
        package var role: Role
        /// Only agents are named.
        package var agent: String?
        package var isPublic: Bool
        package var count: Int32
        package init(quarter: Int32, role: Role, agent: String?, isPublic: Bool, count: Int32) {
            self.quarter = quarter
            self.role = role
            self.agent = agent
            self.isPublic = isPublic
            self.count = count
        }
    }

    package init(
        source: String, id: String, kind: Kind, conversationKey: String, openedAt: Timestamp, lastEventAt: Timestamp
    ) {
        self.source = source
        self.id = id
        self.kind = kind
        self.conversationKey = conversationKey
        self.openedAt = openedAt
        self.lastEventAt = lastEventAt
    }

    package subscript(_ metric: DurationMetric) -> ClockedDuration? {
        get { durations[metric.rawValue] }
        set { durations[metric.rawValue] = newValue }
    }
}

/// What the models say of a case.
package struct CaseLabels: Sendable, Equatable {
    package var category: String?
    package var intent: String?
    /// `negative`, `neutral` or `positive`: the feeling of most of the customer's messages, the worse one on a tie.
    package var sentiment: String?
    package var negativeMessages: Int32 = 0
    package var neutralMessages: Int32 = 0
    package var positiveMessages: Int32 = 0
    /// Which set of models said so; a case labelled by another set is scored anew.
    package var scoredBy: String?
    package init() {}
}

/// What the models say of one customer message.
package struct MessageScore: Sendable, Equatable {
    package var messageID: String
    package var intent: String?
    package var intentConfidence: Float
    package var sentiment: String?
    package var sentimentConfidence: Float
    package init(
        messageID: String, intent: String?, intentConfidence: Float, sentiment: String?, sentimentConfidence: Float
    ) {
        self.messageID = messageID
        self.intent = intent
        self.intentConfidence = intentConfidence
        self.sentiment = sentiment
        self.sentimentConfidence = sentimentConfidence
    }
}

/// The cases that one set of facts gave, with the scores of their messages.
package struct AssembledConversation: Sendable {
    package var source: String
    package var key: String
    package var cases: [ServiceCase]
    package var scores: [MessageScore]
    package init(source: String, key: String, cases: [ServiceCase], scores: [MessageScore]) {
        self.source = source
        self.key = key
        self.cases = cases
        self.scores = scores
    }
}
