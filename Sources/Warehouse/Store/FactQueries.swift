/// The queries for the facts of some conversation keys, each in order of (source, key) and then of time and id.
///
/// `members` is a query for (source, raw, eff): facts under the raw key belong to the conversation `eff`, which is
/// another key only where threading has linked the two.
struct FactQueries {
    let dialect: SQLDialect
    let members: String
    /// Texts of all messages, or of customers' only.
    let withAllTexts: Bool

    /// All pending keys; with `links`, keys that are aliases lie under their canonical key.
    static func pending(_ dialect: SQLDialect, links: Bool) -> FactQueries {
        let plain = "SELECT source, key AS raw, key AS eff FROM pending_conversation"
        let linked = """
            SELECT p.source, p.key AS raw, p.key AS eff FROM pending_conversation AS p WHERE NOT EXISTS (
            SELECT 1 FROM thread_link AS l WHERE l.source = p.source AND l.key = p.key)
            UNION ALL
            SELECT p.source, l.key AS raw, l.canonical AS eff FROM pending_conversation AS p
            JOIN thread_link AS l ON l.source = p.source AND l.canonical = p.key
            """
        return FactQueries(dialect: dialect, members: links ? linked : plain, withAllTexts: false)
    }

    /// The key `$2` of the source `$1` with its aliases.
    static func single(_ dialect: SQLDialect) -> FactQueries {
        let collation = dialect == .postgres ? #" COLLATE "C""# : ""
        let given = ["$1", "$2", "$2"].map { "CAST(\($0) AS text)\(collation)" }
        let members = """
            SELECT \(given[0]) AS source, \(given[1]) AS raw, \(given[2]) AS eff
            UNION ALL SELECT source, key AS raw, canonical AS eff FROM thread_link WHERE source = $1 AND canonical = $2
            """
        return FactQueries(dialect: dialect, members: members, withAllTexts: true)
    }

    /// SQLite keeps the order of tables in a CROSS JOIN: keys first, so that rows come in their order.
    private var join: String { dialect == .sqlite ? "CROSS JOIN" : "JOIN" }
    private var keys: String { "(\(members)) AS k" }

    var conversations: String {
        """
        SELECT k.source, k.eff, c.id, c.channel, c.opened_at, c.closed_at, c.subject, c.customer_id, c."group", c.tags,
        c.product, c.language, c.status, c.assignee_id FROM \(keys)
        \(join) conversation AS c ON c.source = k.source AND c.id = k.raw
        ORDER BY k.source, k.eff, CASE WHEN c.id = k.eff THEN 0 ELSE 1 END, c.id
        """
    }

    var messages: String {
        let text = withAllTexts ? "m.text" : "CASE WHEN m.role = 'customer' THEN m.text END"
        return """
            SELECT k.source, k.eff, m.id, m.conversation_id, m.sent_at, m.role, m.author_id, m.is_public, m.reply_to,
            \(text) FROM \(keys) \(join) message AS m ON m.source = k.source AND m.conversation_id = k.raw
            ORDER BY k.source, k.eff, m.sent_at, m.id
            """
    }

    static let ticketColumns = [
        "id", "conversation_key", "created_at", "status", "subject", "description", "priority", "category", "group",
        "assignee_id", "requester_id", "channel", "tags", "product", "language", "solved_at", "first_reply_at",
        "updated_at",
    ]

    var tickets: String {
        let columns = FactQueries.ticketColumns.map { "t." + quoted($0) }.joined(separator: ", ")
        return """
            SELECT k.source, k.eff, \(columns) FROM \(keys)
            \(join) ticket AS t ON t.source = k.source AND t.conversation_key = k.raw ORDER BY k.source, k.eff, t.id
            """
    }

    /// Events lie under their ticket's key, or under the ticket's id while the ticket is not known.
    var events: String {
        let columns = #"k.source, k.eff, e.id, e.ticket_id, e.at, e.field, e."from", e."to", e.actor_id, e.actor_role"#
        return """
            SELECT \(columns) FROM \(keys) \(join) ticket AS t ON t.source = k.source AND t.conversation_key = k.raw
            \(join) ticket_event AS e ON e.source = t.source AND e.ticket_id = t.id
            UNION ALL
            SELECT \(columns) FROM \(keys) \(join) ticket_event AS e ON e.source = k.source AND e.ticket_id = k.raw
            WHERE NOT EXISTS (SELECT 1 FROM ticket AS t WHERE t.source = e.source AND t.id = e.ticket_id)
            ORDER BY 1, 2, 5, 4, 3
            """
    }

    /// Ratings lie under their ticket's key where the ticket is known, else under their conversation or ticket id.
    var ratings: String {
        let columns = "k.source, k.eff, r.id, r.at, r.score, r.scale, r.conversation_id, r.ticket_id, r.agent_id"
        let hasNoTicket = "NOT EXISTS (SELECT 1 FROM ticket AS t WHERE t.source = r.source AND t.id = r.ticket_id)"
        return """
            SELECT \(columns) FROM \(keys) \(join) ticket AS t ON t.source = k.source AND t.conversation_key = k.raw
            \(join) rating AS r ON r.source = t.source AND r.ticket_id = t.id
            UNION ALL
            SELECT \(columns) FROM \(keys) \(join) rating AS r ON r.source = k.source AND r.conversation_id = k.raw
            WHERE \(hasNoTicket)
            UNION ALL
            SELECT \(columns) FROM \(keys) \(join) rating AS r ON r.source = k.source AND r.ticket_id = k.raw
            WHERE r.conversation_id IS NULL AND \(hasNoTicket)
            ORDER BY 1, 2, 4, 3
            """
    }
}
