import Runtime

extension SQLWarehouse {
    func crossConversationReplies() throws -> [String: [ReplyNode]] {
        let first = { (alias: String) in
            """
            (SELECT min(x.sent_at) FROM message AS x
            WHERE x.source = \(alias).source AND x.conversation_id = \(alias).conversation_id)
            """
        }
        let isPending = { (alias: String) in
            """
            EXISTS (SELECT 1 FROM pending_conversation AS p
            WHERE p.source = \(alias).source AND p.key = \(alias).conversation_id)
            """
        }
        let reader = try connection.rows(
            """
            SELECT m.source, m.conversation_id, t.conversation_id, t.id, \(first("m")), \(first("t"))
            FROM message AS m JOIN message AS t ON t.source = m.source AND t.id = m.reply_to
            WHERE m.reply_to IS NOT NULL AND t.conversation_id <> m.conversation_id
            AND (\(isPending("m")) OR \(isPending("t")))
            ORDER BY m.source, m.conversation_id, t.id
            """)
        var nodes: [String: [String: ReplyNode]] = [:]
        while try reader.next() {
            let source = reader.text(0)
            let ends = [(reader.text(1), reader.integer(4)), (reader.text(2), reader.integer(5))]
            for (key, at) in ends where nodes[source]?[key] == nil {
                nodes[source, default: [:]][key] = ReplyNode(
                    key: key, firstMessageAt: Timestamp(milliseconds: at), messageIDs: [], references: [])
            }
            nodes[source]?[ends[0].0]?.references.append(reader.text(3))
            nodes[source]?[ends[1].0]?.messageIDs.append(reader.text(3))
        }
        return nodes.mapValues { $0.values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } }
    }
}
