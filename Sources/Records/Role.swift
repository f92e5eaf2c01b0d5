/// Who speaks or acts.
package enum Role: String, Sendable, Codable, CaseIterable {
    case customer, agent, bot, system

    /// Small number for packed storage.
    package var code: UInt8 {
        switch self {
        case .customer: 0
        case .agent: 1
        case .bot: 2
        case .system: 3
        }
    }

    package init?(code: UInt8) {
        guard code < 4 else { return nil }
        self = Role.allCases[Int(code)]
    }
}

/// The state of a ticket in the terms of the canonical form.
package enum TicketStatus: String, Sendable, Codable, CaseIterable {
    case new, open, pending, hold, solved, closed, deleted

    package var isSolved: Bool { self == .solved || self == .closed }
    /// Counts towards the backlog: neither solved, closed nor deleted.
    package var isUnsolved: Bool { !isSolved && self != .deleted }
}
