package import Records

/// Who took part in a case.
package enum People {
    /// Handoffs: distinct agents who wrote, notes included; absent without messages.
    package static func handoffs(_ timeline: CaseTimeline) -> Int? {
        timeline.messages.isEmpty ? nil : distinct(timeline.messages.filter { $0.role == .agent }.map(\.author))
    }

    /// Distinct customers and agents who wrote publicly; in a log without messages, distinct people who acted.
    ///
    /// Authors without an id count as one of their role; bots and systems are not people.
    package static func participants(_ timeline: CaseTimeline) -> Int {
        if timeline.messages.isEmpty {
            let actors = timeline.events.filter { $0.actorRole != .bot && $0.actorRole != .system }.compactMap(
                \.actorID)
            return Set(actors).count
        }
        let visible = timeline.messages.filter(\.isPublic)
        return distinct(visible.filter { $0.role == .customer }.map(\.author))
            + distinct(visible.filter { $0.role == .agent }.map(\.author))
    }

    private static func distinct(_ authors: [String?]) -> Int {
        let known = Set(authors.compactMap { $0 })
        return known.isEmpty ? (authors.isEmpty ? 0 : 1) : known.count
    }
}
