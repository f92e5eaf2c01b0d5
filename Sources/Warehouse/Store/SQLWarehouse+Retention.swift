import Runtime

extension SQLWarehouse {
    /// Removes whole conversations: those all of whose cases ended before the instant and are not unsolved, with every
    /// fact under their keys; then calls, visitors' actions and rejects of that age.
    ///
    /// What pending conversations and dirty days still need is kept. From then on the days before the instant are
    /// frozen: nothing marks them dirty, so that their aggregates stay.
    func prune(before instant: Timestamp) throws -> [String: Int] {
        var limit = instant.milliseconds
        // A local day may begin up to a day before the UTC day of the same number.
        if let dirty = try dirtyDays().first { limit = min(limit, (Int64(dirty.daysSinceEpoch) - 1) * 86_400_000) }
        lastTouch = nil
        return try connection.transaction {
            let text = typeName(.text, connection.dialect)
            try connection.execute("CREATE TEMP TABLE IF NOT EXISTS stage_prune (source \(text), key \(text))")
            try connection.execute("CREATE TEMP TABLE IF NOT EXISTS stage_prune_ticket (source \(text), id \(text))")
            for table in ["stage_prune", "stage_prune_ticket"] {
                try connection.execute(connection.dialect.empty(table))
            }
            try connection.run(
                """
                INSERT INTO stage_prune SELECT source, conversation_key FROM service_case AS c
                WHERE NOT EXISTS (SELECT 1 FROM pending_conversation AS p
                WHERE p.source = c.source AND p.key = c.conversation_key)
                GROUP BY source, conversation_key HAVING max(last_touch_at) < $1 AND max(is_unsolved) = 0
                """, [.integer(limit)])
            // Aliases go with their canonical key.
            try connection.run(
                """
                INSERT INTO stage_prune SELECT l.source, l.key FROM thread_link AS l
                WHERE (l.source, l.canonical) IN (SELECT source, key FROM stage_prune)
                """)
            try connection.run(
                """
                INSERT INTO stage_prune_ticket SELECT source, id FROM ticket
                WHERE (source, conversation_key) IN (SELECT source, key FROM stage_prune)
                """)
            let keys = "IN (SELECT source, key FROM stage_prune)"
            let tickets = "IN (SELECT source, id FROM stage_prune_ticket)"
            let old = "< $1"
            let conditions: [(table: String, condition: String)] = [
                (
                    "rating",
                    """
                    (source, ticket_id) \(tickets) OR ((source, coalesce(conversation_id, ticket_id)) \(keys)
                    AND NOT EXISTS (SELECT 1 FROM ticket AS t WHERE t.source = rating.source AND t.id = rating.ticket_id))
                    """
                ),
                (
                    "ticket_event",
                    """
                    (source, ticket_id) \(tickets) OR ((source, ticket_id) \(keys)
                    AND NOT EXISTS (SELECT 1 FROM ticket AS t WHERE t.source = ticket_event.source
                    AND t.id = ticket_event.ticket_id))
                    """
                ),
                ("ticket", "(source, id) \(tickets)"), ("message", "(source, conversation_id) \(keys)"),
                ("conversation", "(source, id) \(keys)"), ("message_score", "(source, conversation_key) \(keys)"),
                ("service_case", "(source, conversation_key) \(keys)"), ("thread_link", "(source, key) \(keys)"),
                ("call", "queued_at \(old)"), ("behavior", "at \(old)"), ("reject", "loaded_at \(old)"),
            ]
            var removed: [String: Int] = [:]
            for (table, condition) in conditions {
                let values: [SQLValue] = condition.hasSuffix(old) ? [.integer(limit)] : []
                let count = try connection.run("DELETE FROM \(quoted(table)) WHERE \(condition)", values)
                if count > 0 { removed[table] = count }
            }
            let frozen = try setting(SQLWarehouse.prunedSetting).flatMap(Int64.init) ?? .min
            try setSetting(SQLWarehouse.prunedSetting, to: String(max(frozen, limit)))
            return removed
        }
    }
}
