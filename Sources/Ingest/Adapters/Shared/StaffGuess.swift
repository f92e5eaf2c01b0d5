/// Guesses the staff of an export that does not say who is who: authors who take part in several conversations, taken from
/// the one in most of them downwards until every conversation has one.
///
/// A list of agents in the settings goes before any guess.
struct StaffGuess {
    private var conversations: [String: Set<String>] = [:]

    mutating func note(author: String, conversation: String) {
        conversations[author, default: []].insert(conversation)
    }

    /// Nobody where all authors are in one conversation only: then nothing tells them apart.
    var staff: [String] {
        var open = conversations.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        guard open.count > 1 else { return [] }
        let ranked = conversations.sorted { a, b in
            a.value.count != b.value.count
                ? a.value.count > b.value.count : a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
        }
        var staff: [String] = []
        for (author, keys) in ranked {
            guard !open.isEmpty, keys.count > 1 else { break }
            if open.isDisjoint(with: keys) { continue }
            staff.append(author)
            open.subtract(keys)
        }
        return staff
    }
}
