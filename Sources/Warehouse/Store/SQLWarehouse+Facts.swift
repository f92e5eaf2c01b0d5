import Records
import Runtime

extension SQLWarehouse {
    func pendingCount() throws -> Int { Int(try connection.integer("SELECT count(*) FROM pending_conversation") ?? 0) }

    func markAllPending() throws {
        try connection.transaction {
            let keys = [
                "SELECT source, id FROM conversation", "SELECT source, conversation_id FROM message",
                "SELECT source, conversation_key FROM ticket", "SELECT source, conversation_key FROM service_case",
                """
                SELECT e.source, e.ticket_id FROM ticket_event AS e
                WHERE NOT EXISTS (SELECT 1 FROM ticket AS t WHERE t.source = e.source AND t.id = e.ticket_id)
                """,
                """
                SELECT r.source, coalesce(r.conversation_id, r.ticket_id) FROM rating AS r
                WHERE coalesce(r.conversation_id, r.ticket_id) IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM ticket AS t WHERE t.source = r.source AND t.id = r.ticket_id)
                """,
            ]
            for query in keys {
                try connection.run(
                    """
                    INSERT INTO pending_conversation (source, key)
                    SELECT * FROM (SELECT DISTINCT * FROM (\(query)) AS q) AS d WHERE true ON CONFLICT DO NOTHING
                    """)
            }
            try PendingMarker(connection).followThreadLinks()
        }
    }

    /// Cases that no model has labelled are among them.
    func markPending(notScoredBy models: String) throws {
        try connection.run(
            """
            INSERT INTO pending_conversation (source, key) SELECT DISTINCT source, conversation_key FROM service_case
            WHERE scored_by IS NULL OR scored_by <> $1 ON CONFLICT DO NOTHING
            """, [.text(models)])
    }

    func pendingFacts() throws -> any FactCursor {
        let session = try snapshot()
        let hasLinks = try session.integer("SELECT count(*) FROM (SELECT 1 FROM thread_link LIMIT 1) AS l") == 1
        return try StoredFactCursor(
            session, keys: "SELECT source, key FROM pending_conversation ORDER BY source, key",
            FactQueries.pending(session.dialect, links: hasLinks), [])
    }

    func facts(source: String?, key: String) throws -> [ConversationFacts] {
        let session = try snapshot()
        var sources: [String] = []
        if let source {
            sources = [source]
        } else {
            let reader = try session.rows(
                RecordKind.allCases.prefix(5).map { "SELECT source FROM \(quoted($0.rawValue))" }
                    .joined(separator: " UNION ") + " ORDER BY 1")
            while try reader.next() { sources.append(reader.text(0)) }
        }
        var out: [ConversationFacts] = []
        for source in sources {
            var keys: Set<String> = []
            let reader = try session.rows(
                """
                SELECT coalesce(l.canonical, f.key) FROM (
                SELECT id AS key FROM conversation WHERE source = $1 AND id = $2
                UNION SELECT conversation_id FROM message WHERE source = $1 AND conversation_id = $2
                UNION SELECT conversation_key FROM ticket WHERE source = $1 AND (id = $2 OR conversation_key = $2)
                UNION SELECT conversation_key FROM service_case WHERE source = $1 AND id = $2
                UNION SELECT coalesce(t.conversation_key, e.ticket_id) FROM ticket_event AS e
                LEFT JOIN ticket AS t ON t.source = e.source AND t.id = e.ticket_id
                WHERE e.source = $1 AND e.ticket_id = $2
                UNION SELECT coalesce(t.conversation_key, r.conversation_id, r.ticket_id) FROM rating AS r
                LEFT JOIN ticket AS t ON t.source = r.source AND t.id = r.ticket_id
                WHERE r.source = $1 AND (r.conversation_id = $2 OR r.ticket_id = $2)
                ) AS f LEFT JOIN thread_link AS l ON l.source = $1 AND l.key = f.key
                """, [.text(source), .text(key)])
            while try reader.next() { keys.insert(reader.text(0)) }
            for found in keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
                let cursor = try StoredFactCursor(
                    session, keys: "SELECT CAST($1 AS text), CAST($2 AS text)", FactQueries.single(session.dialect),
                    [.text(source), .text(found)])
                if let facts = try cursor.next() { out.append(facts) }
            }
        }
        return out
    }

    func agents() throws -> [AgentFact] {
        let reader = try connection.rows(
            #"SELECT source, id, name, "group", role FROM agent ORDER BY source, id"#)
        var out: [AgentFact] = []
        while try reader.next() {
            out.append(
                AgentFact(
                    source: reader.text(0), id: reader.text(1), name: reader.optionalText(2),
                    group: reader.optionalText(3), role: reader.optionalText(4).flatMap(Role.init(rawValue:)) ?? .agent)
            )
        }
        return out
    }

    func threadLinks(source: String) throws -> [String: String] {
        let reader = try connection.rows("SELECT key, canonical FROM thread_link WHERE source = $1", [.text(source)])
        var out: [String: String] = [:]
        while try reader.next() { out[reader.text(0)] = reader.text(1) }
        return out
    }

    /// Links join whole groups: what was linked to a key that becomes an alias follows it. The keys that gain or lose
    /// facts become pending.
    func addThreadLinks(source: String, _ links: [String: String]) throws {
        try connection.transaction {
            var canonical = try threadLinks(source: source)
            let before = canonical
            var aliases: [String: [String]] = [:]
            for (key, root) in canonical { aliases[root, default: []].append(key) }
            var touched: Set<String> = []
            let ordered = links.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (key, target) in ordered {
                let old = canonical[key] ?? key
                let root = canonical[target] ?? target
                if old == root { continue }
                for member in [old] + (aliases.removeValue(forKey: old) ?? []) {
                    canonical[member] = root
                    aliases[root, default: []].append(member)
                    touched.insert(member)
                }
                touched.insert(root)
            }
            for (key, root) in canonical where before[key] != root {
                try connection.run(
                    """
                    INSERT INTO thread_link (source, key, canonical) VALUES ($1, $2, $3)
                    ON CONFLICT (source, key) DO UPDATE SET canonical = excluded.canonical
                    """, [.text(source), .text(key), .text(root)])
            }
            for key in touched {
                try connection.run(
                    "INSERT INTO pending_conversation (source, key) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                    [.text(source), .text(key)])
            }
        }
    }
}
