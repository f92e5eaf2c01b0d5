import Records

/// Puts the conversation keys that a load touches on the pending list.
///
/// Keys that this load has put there already are remembered by hash, so that a file whose conversations are scattered
/// costs one write a conversation and not one a message.
struct PendingMarker {
    private let connection: any SQLConnection
    private var seen: Set<KeyHash> = []
    /// Bounds the memory; beyond it keys are put on the list again, where they are known.
    private static let seenLimit = 1 << 20

    init(_ connection: any SQLConnection) { self.connection = connection }

    func prepare() throws {
        let text = typeName(.text, connection.dialect)
        try connection.execute(
            """
            CREATE TEMP TABLE IF NOT EXISTS stage_key (source \(text), key \(text), ticket_id \(text),
            is_ticket \(typeName(.integer, connection.dialect)))
            """)
    }

    /// Marks the keys of the accepted rows of a table.
    mutating func mark(_ table: RecordTable, where isAccepted: (Int) -> Bool) throws {
        let keyFields: [Int]
        var ticketField: Int?
        switch table.kind {
        case .conversation: keyFields = [ConversationField.id]
        case .message: keyFields = [MessageField.conversationID]
        case .ticket: keyFields = [TicketField.conversationID, TicketField.id]
        case .ticketEvent:
            keyFields = [TicketEventField.ticketID]
            ticketField = TicketEventField.ticketID
        case .rating:
            keyFields = [RatingField.conversationID, RatingField.ticketID]
            ticketField = RatingField.ticketID
        default: return
        }
        let source = table.textColumn(0)
        let keys = keyFields.map { table.textColumn($0) }
        let ticket = ticketField.map { table.textColumn($0) }
        let isTicket = table.kind == .ticket
        var chosen: [(row: Int, key: Int)] = []
        for row in 0..<table.count where isAccepted(row) {
            guard let key = keys.firstIndex(where: { $0.isPresent(row) }) else { continue }
            var high = StableHash(seed: isTicket ? 3 : 1)
            var low = StableHash(seed: 2)
            func combine(_ column: TextColumn) {
                column.withBytes(row) { bytes in
                    if let bytes {
                        high.combine(bytes)
                        low.combine(bytes)
                    } else {
                        high.combine(UInt64.max)
                    }
                }
            }
            combine(source)
            combine(keys[key])
            if let ticket { combine(ticket) }
            if isTicket { combine(table.textColumn(TicketField.id)) }
            if seen.insert(KeyHash(high: high.value, low: low.value)).inserted { chosen.append((row, key)) }
        }
        if seen.count > PendingMarker.seenLimit { seen.removeAll() }
        guard !chosen.isEmpty else { return }
        try connection.execute(connection.dialect.empty("stage_key"))
        try connection.insert(into: "stage_key", columns: ["source", "key", "ticket_id", "is_ticket"]) { writer in
            func write(_ column: TextColumn?, _ row: Int) {
                if let text = column?[row] { writer.text(text) } else { writer.null() }
            }
            for (row, key) in chosen {
                writer.beginRow()
                write(source, row)
                write(keys[key], row)
                write(isTicket ? table.textColumn(TicketField.id) : ticket, row)
                writer.integer(isTicket ? 1 : 0)
                try writer.endRow()
            }
        }
        try flush(tickets: isTicket, references: ticket != nil)
    }

    private func flush(tickets: Bool, references: Bool) throws {
        let insert = "INSERT INTO pending_conversation (source, key) SELECT DISTINCT"
        if references {
            // What refers to a ticket lies under the ticket's key where the ticket is known.
            try connection.run(
                """
                \(insert) s.source, coalesce(t.conversation_key, s.key) FROM stage_key AS s
                LEFT JOIN ticket AS t ON t.source = s.source AND t.id = s.ticket_id WHERE true ON CONFLICT DO NOTHING
                """)
        } else {
            try connection.run("\(insert) source, key FROM stage_key WHERE true ON CONFLICT DO NOTHING")
        }
        guard tickets else { return }
        // Events and ratings that came before their ticket lay under other keys until now.
        try connection.run(
            """
            \(insert) s.source, s.ticket_id FROM stage_key AS s WHERE s.key <> s.ticket_id AND EXISTS (
            SELECT 1 FROM ticket_event AS e WHERE e.source = s.source AND e.ticket_id = s.ticket_id)
            ON CONFLICT DO NOTHING
            """)
        try connection.run(
            """
            \(insert) r.source, coalesce(r.conversation_id, r.ticket_id) FROM stage_key AS s
            JOIN rating AS r ON r.source = s.source AND r.ticket_id = s.ticket_id WHERE true ON CONFLICT DO NOTHING
            """)
    }

    /// A pending alias makes its whole conversation pending.
    func followThreadLinks() throws {
        try connection.run(
            """
            INSERT INTO pending_conversation (source, key) SELECT DISTINCT l.source, l.canonical FROM thread_link AS l
            WHERE EXISTS (SELECT 1 FROM pending_conversation AS p WHERE p.source = l.source AND p.key = l.key)
            ON CONFLICT DO NOTHING
            """)
    }
}
