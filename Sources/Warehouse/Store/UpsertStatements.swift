import Records

/// The statements that bring a staged batch of one kind into its table.
struct UpsertStatements {
    let stage: String
    let create: String
    let empty: String
    /// Takes rows out of the stage that are not newer than what is held; gives their numbers.
    let removeKnown: String
    /// Marks the keys pending that changed records lay under before.
    let markOldKeys: [String]
    let upsert: String

    init(_ schema: RecordSchema, _ dialect: SQLDialect) {
        let table = quoted(schema.kind.rawValue)
        let stage = "stage_\(schema.kind.rawValue)"
        self.stage = stage
        let columns = FactRows.columns(schema)
        let types = Dictionary(uniqueKeysWithValues: schema.fields.map { ($0.name, UpsertStatements.type($0.type)) })
        let definitions = columns.map { name in
            let type = types[name] ?? (name == "conversation_key" ? .text : .integer)
            return "\(quoted(name)) \(typeName(type, dialect))"
        }
        let numbers = ["row_number", "is_winner"].map { "\($0) \(typeName(.integer, dialect))" }
        create = "CREATE TEMP TABLE IF NOT EXISTS \(stage) (\((definitions + numbers).joined(separator: ", ")))"
        empty = dialect.empty(stage)

        let keyNames = schema.key.map { schema.fields[$0].name }
        let sameKey = keyNames.map { "t.\(quoted($0)) = \(stage).\(quoted($0))" }.joined(separator: " AND ")
        func version(_ prefix: String) -> String {
            // Later than any real time is impossible, earlier than any is what an absent one counts as.
            "(coalesce(\(prefix).updated_at, -9223372036854775807), \(prefix).content_hash)"
        }
        removeKnown = """
            DELETE FROM \(stage) WHERE EXISTS (
            SELECT 1 FROM \(table) AS t WHERE \(sameKey) AND \(version("t")) >= \(version(stage)))
            RETURNING row_number
            """
        let pending = "INSERT INTO pending_conversation (source, key) SELECT DISTINCT"
        let isHeld = "FROM \(stage) JOIN \(table) AS t ON \(sameKey)"
        switch schema.kind {
        case .message:
            markOldKeys = [
                """
                \(pending) t.source, t.conversation_id \(isHeld)
                WHERE t.conversation_id <> \(stage).conversation_id ON CONFLICT DO NOTHING
                """
            ]
        case .ticket:
            markOldKeys = [
                """
                \(pending) t.source, t.conversation_key \(isHeld)
                WHERE t.conversation_key <> \(stage).conversation_key ON CONFLICT DO NOTHING
                """
            ]
        case .rating:
            markOldKeys = [
                """
                \(pending) t.source, coalesce(k.conversation_key, t.conversation_id, t.ticket_id) \(isHeld)
                LEFT JOIN ticket AS k ON k.source = t.source AND k.id = t.ticket_id
                WHERE coalesce(k.conversation_key, t.conversation_id, t.ticket_id) IS NOT NULL ON CONFLICT DO NOTHING
                """
            ]
        default: markOldKeys = []
        }
        let changes = columns.filter { !keyNames.contains($0) }
            .map { "\(quoted($0)) = excluded.\(quoted($0))" }.joined(separator: ", ")
        upsert = """
            INSERT INTO \(table) AS old (\(quotedList(columns))) SELECT \(quotedList(columns)) FROM \(stage)
            WHERE is_winner = 1 ON CONFLICT (\(quotedList(keyNames))) DO UPDATE SET \(changes)
            WHERE \(version("excluded")) > \(version("old"))
            """
    }

    private static func type(_ type: FieldType) -> TableDefinition.ColumnType {
        switch type {
        case .text, .json: .text
        case .time, .integer, .flag: .integer
        case .real: .real
        }
    }
}
