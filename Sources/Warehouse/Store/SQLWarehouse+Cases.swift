import Aggregates
import Records
import Runtime

extension SQLWarehouse {
    func replaceCases(_ conversations: [AssembledConversation], zone: LocalZone) throws {
        guard !conversations.isEmpty else { return }
        let known = try knownLastTouch()
        do {
            try connection.transaction { try replace(conversations, zone: zone, known: known) }
        } catch {
            lastTouch = nil
            throw error
        }
    }

    /// The last instant of any case before this call.
    private func knownLastTouch() throws -> Timestamp? {
        if let lastTouch { return lastTouch }
        let found = try connection.integer("SELECT max(last_touch_at) FROM service_case")
        lastTouch = .some(found.map(Timestamp.init(milliseconds:)))
        return found.map(Timestamp.init(milliseconds:))
    }

    private func replace(_ conversations: [AssembledConversation], zone: LocalZone, known: Timestamp?) throws {
        let text = typeName(.text, connection.dialect)
        if connection.dialect == .postgres {
            try connection.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        }
        try connection.execute(
            "CREATE TEMP TABLE IF NOT EXISTS stage_case (source \(text), key \(text), id \(text), kind \(text))")
        try connection.execute(connection.dialect.empty("stage_case"))
        try connection.insert(into: "stage_case", columns: ["source", "key", "id", "kind"]) { writer in
            for conversation in conversations {
                writer.beginRow()
                writer.text(conversation.source)
                writer.text(conversation.key)
                writer.null()
                writer.null()
                try writer.endRow()
                for item in conversation.cases {
                    writer.beginRow()
                    writer.text(item.source)
                    writer.null()
                    writer.text(item.id)
                    writer.text(item.kind.rawValue)
                    try writer.endRow()
                }
            }
        }
        var end = known
        for conversation in conversations {
            for item in conversation.cases { end = max(end ?? item.lastTouch, item.lastTouch) }
        }
        var days: Set<CivilDate> = []
        // A case moves with its ticket: an old row may lie under the key, or under another key with the same id.
        let old = "c.source = s.source AND c.conversation_key = s.key"
        let moved = "c.source = s.source AND c.id = s.id AND c.kind = s.kind"
        if known != nil {
            for match in [old, moved] {
                let columns = CaseRows.columns.map { "c." + quoted($0) }.joined(separator: ", ")
                let reader = try connection.rows(
                    "SELECT \(columns) FROM stage_case AS s JOIN service_case AS c ON \(match)")
                while try reader.next() {
                    try CaseRows.read(reader).insertTouchedDays(into: &days, zone: zone, end: end ?? .init(seconds: 0))
                }
                try delete(from: "service_case", as: "c", where: match, key: ["source", "id", "kind"])
            }
        }
        try connection.insert(into: "service_case", columns: CaseRows.columns) { writer in
            for conversation in conversations {
                for item in conversation.cases {
                    item.insertTouchedDays(into: &days, zone: zone, end: end ?? item.lastTouch)
                    try CaseRows.write(item, to: writer)
                }
            }
        }
        try delete(
            from: "message_score", as: "c", where: old, key: ["source", "conversation_key", "message_id"])
        try writeScores(conversations)
        // Days that the calendar of cases has grown by: stocks exist on each of them.
        if let known, let end, known < end {
            let first = zone.day(of: known)
            for offset in 0...(zone.day(of: end) - first) { days.insert(first + offset) }
        }
        try markDirty(days, zone: zone)
        try delete(
            from: "pending_conversation", as: "c", where: "c.source = s.source AND c.key = s.key",
            key: ["source", "key"])
        Milestone.pass("replace-cases")
        lastTouch = .some(end)
    }

    /// Deletes the rows that a staged row matches.
    private func delete(from table: String, as alias: String, where match: String, key: [String]) throws {
        switch connection.dialect {
        case .postgres:
            try connection.run("DELETE FROM \(table) AS \(alias) USING stage_case AS s WHERE \(match)")
        case .sqlite:
            let columns = key.map { "\(alias).\($0)" }.joined(separator: ", ")
            try connection.run(
                """
                DELETE FROM \(table) WHERE (\(key.joined(separator: ", "))) IN (
                SELECT \(columns) FROM stage_case AS s CROSS JOIN \(table) AS \(alias) ON \(match))
                """)
        }
    }

    private func writeScores(_ conversations: [AssembledConversation]) throws {
        try connection.insert(into: "message_score", columns: CaseTables.messageScore.columnNames) { writer in
            for conversation in conversations {
                for score in conversation.scores {
                    writer.beginRow()
                    writer.text(conversation.source)
                    writer.text(conversation.key)
                    writer.text(score.messageID)
                    writer.text(score.intent)
                    writer.real(Double(score.intentConfidence))
                    writer.text(score.sentiment)
                    writer.real(Double(score.sentimentConfidence))
                    try writer.endRow()
                }
            }
        }
    }

    // Reading

    /// An unsolved case lives on; any other ends with its last instant.
    func cases(touching days: ClosedRange<CivilDate>, zone: LocalZone) throws -> any CaseCursor {
        try caseCursor(
            "WHERE opened_at < $1 AND (last_touch_at >= $2 OR is_unsolved = 1)",
            [
                .integer(zone.start(of: days.upperBound + 1).milliseconds),
                .integer(zone.start(of: days.lowerBound).milliseconds),
            ])
    }

    func exportCases(kind: ServiceCase.Kind?, openedIn span: Range<Timestamp>?) throws -> any CaseCursor {
        var conditions: [String] = []
        var values: [SQLValue] = []
        if let kind {
            values.append(.text(kind.rawValue))
            conditions.append("kind = $\(values.count)")
        }
        if let span {
            values.append(.integer(span.lowerBound.milliseconds))
            values.append(.integer(span.upperBound.milliseconds))
            conditions.append("opened_at >= $\(values.count - 1) AND opened_at < $\(values.count)")
        }
        return try caseCursor(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "), values)
    }

    private func caseCursor(_ condition: String, _ values: [SQLValue]) throws -> any CaseCursor {
        let session = try snapshot()
        let sql = "SELECT \(CaseRows.selection) FROM service_case \(condition) ORDER BY source, id, kind"
        return StoredCaseCursor(session, try session.cursor(sql, values))
    }

    func caseSpan() throws -> ClosedRange<Timestamp>? {
        let reader = try connection.rows("SELECT min(opened_at), max(last_event_at) FROM service_case")
        guard try reader.next(), let first = reader.optionalTime(0), let last = reader.optionalTime(1) else {
            return nil
        }
        return first...max(first, last)
    }
}
