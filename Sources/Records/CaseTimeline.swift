package import Runtime

/// A case before it is measured: its records put in order, with roles settled. What assembly gives and metrics read.
package struct CaseTimeline: Sendable, Equatable {
    package enum Kind: String, Sendable { case ticket, conversation }

    /// How the role of a message became known.
    package enum RoleOrigin: String, Sendable {
        /// The source says so.
        case explicit
        /// The author stands in the list of agents.
        case agentList = "agent_list"
        /// Guessed from how many conversations the author takes part in.
        case majority
    }

    package struct Message: Sendable, Equatable {
        package var id: String
        package var at: Timestamp
        package var role: Role
        package var roleOrigin: RoleOrigin
        package var author: String?
        package var isPublic: Bool
        package var text: String?
        package init(
            id: String, at: Timestamp, role: Role, roleOrigin: RoleOrigin = .explicit, author: String? = nil,
            isPublic: Bool = true, text: String? = nil
        ) {
            self.id = id
            self.at = at
            self.role = role
            self.roleOrigin = roleOrigin
            self.author = author
            self.isPublic = isPublic
            self.text = text
        }
    }

    package var source: String
    /// The ticket's id, or the conversation's (for a cut session `stream@start`).
    package var id: String
    package var kind: Kind
    /// The key under which the facts lie.
    package var key: String
    package var openedAt: Timestamp
    package var conversation: ConversationFact?
    package var ticket: TicketFact?
    /// In order of (time, id).
    package var messages: [Message] = []
    /// In order of (time, id).
    package var events: [TicketEventFact] = []
    /// In order of (time, id).
    package var ratings: [RatingFact] = []

    package init(source: String, id: String, kind: Kind, key: String, openedAt: Timestamp) {
        self.source = source
        self.id = id
        self.kind = kind
        self.key = key
        self.openedAt = openedAt
    }
}
