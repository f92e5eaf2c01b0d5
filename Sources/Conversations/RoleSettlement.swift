package import Records

/// How roles are settled for a source.
package enum RoleRule: Sendable, Equatable {
    /// The source names the role of each message.
    case explicit
    /// The source knows no roles: authors in the list of agents are agents, others are customers.
    case agentList
    /// The source knows no roles: the authors that `RoleMajority` found are agents, and are marked as guessed.
    case majority
}

/// Which rule holds for which source; `explicit` where none is named.
package struct RoleRules: Sendable, Equatable {
    package var bySource: [String: RoleRule]
    package init(bySource: [String: RoleRule] = [:]) { self.bySource = bySource }

    /// The role of a message and how it became known. Bots and systems that the source names stay what they are.
    package func settle(
        _ message: MessageFact, source: String, agents: Set<String>
    ) -> (role: Role, origin: CaseTimeline.RoleOrigin) {
        let rule = bySource[source] ?? .explicit
        if rule == .explicit || message.role == .bot || message.role == .system { return (message.role, .explicit) }
        let isAgent = message.authorID.map(agents.contains) ?? false
        return (isAgent ? .agent : .customer, rule == .majority ? .majority : .agentList)
    }
}

/// Guesses the staff of a source without roles: who takes part in most conversations.
///
/// Adding in any order gives the same result. A guess is to be shown to a person before it is relied on.
package struct RoleMajority: Sendable {
    private var conversationsByAuthor: [String: Set<String>] = [:]
    private var conversations: Set<String> = []

    package init() {}

    package mutating func add(conversation key: String, authors: some Sequence<String>) {
        conversations.insert(key)
        for author in authors { conversationsByAuthor[author, default: []].insert(key) }
    }

    package mutating func merge(_ other: RoleMajority) {
        conversations.formUnion(other.conversations)
        for (author, keys) in other.conversationsByAuthor { conversationsByAuthor[author, default: []].formUnion(keys) }
    }

    /// Authors by descending share of the conversations (0–1), ties by the bytes of the id.
    package var shares: [(author: String, share: Double)] {
        guard !conversations.isEmpty else { return [] }
        return conversationsByAuthor.map {
            (author: $0.key, share: Double($0.value.count) / Double(conversations.count))
        }
        .sorted {
            $0.share != $1.share ? $0.share > $1.share : $0.author.utf8.lexicographicallyPrecedes($1.author.utf8)
        }
    }

    /// The agents: going down the list until every conversation that can have one has one, but nobody who is in
    /// fewer than two conversations.
    package var agents: Set<String> {
        var open = conversations
        var agents: Set<String> = []
        for (author, _) in shares {
            guard !open.isEmpty, let keys = conversationsByAuthor[author], keys.count > 1 else { break }
            if open.isDisjoint(with: keys) { continue }
            agents.insert(author)
            open.subtract(keys)
        }
        return agents
    }
}
