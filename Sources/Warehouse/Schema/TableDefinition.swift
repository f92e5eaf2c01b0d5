/// A table of the warehouse as both stores build it, with what a reader of the schema is told.
struct TableDefinition: Sendable {
    enum ColumnType: Sendable { case text, integer, real, blob }

    struct Column: Sendable {
        let name: String
        let type: ColumnType
        let comment: String
        var isRequired = false

        static func text(_ name: String, _ comment: String) -> Column {
            Column(name: name, type: .text, comment: comment)
        }
        static func integer(_ name: String, _ comment: String) -> Column {
            Column(name: name, type: .integer, comment: comment)
        }
        /// Milliseconds since 1970-01-01T00:00:00Z.
        static func time(_ name: String, _ comment: String) -> Column {
            Column(name: name, type: .integer, comment: comment + " (milliseconds since the epoch, UTC)")
        }
        static func real(_ name: String, _ comment: String) -> Column {
            Column(name: name, type: .real, comment: comment)
        }
        static func blob(_ name: String, _ comment: String) -> Column {
            Column(name: name, type: .blob, comment: comment)
        }
        /// The same column, never NULL.
        var required: Column { Column(name: name, type: type, comment: comment, isRequired: true) }
    }

    let name: String
    let comment: String
    let columns: [Column]
    var key: [String] = []
    var indexes: [[String]] = []
    /// Small tables of keys are stored in their key alone by SQLite.
    var isKeyOnly = false

    var columnNames: [String] { columns.map(\.name) }

    /// The statements that build the table, its indexes and its comments.
    func statements(_ dialect: SQLDialect) -> [String] {
        var lines = columns.map { column in
            let type = typeName(column.type, dialect)
            let notNull = column.isRequired || key.contains(column.name) ? " NOT NULL" : ""
            return "    \(quoted(column.name)) \(type)\(notNull)"
        }
        if !key.isEmpty { lines.append("    PRIMARY KEY (\(quotedList(key)))") }
        var options = ""
        if dialect == .sqlite { options = isKeyOnly ? " STRICT, WITHOUT ROWID" : " STRICT" }
        var out = ["CREATE TABLE \(quoted(name)) (\n\(lines.joined(separator: ",\n"))\n)\(options)"]
        for index in indexes {
            let indexName = ([name] + index).joined(separator: "_")
            out.append("CREATE INDEX \(quoted(indexName)) ON \(quoted(name)) (\(quotedList(index)))")
        }
        out.append(TableDefinition.comment(on: "TABLE", table: name, column: nil, comment, dialect))
        out += columns.map {
            TableDefinition.comment(on: "COLUMN", table: name, column: $0.name, $0.comment, dialect)
        }
        return out
    }

    static func comment(
        on kind: String, table: String, column: String?, _ text: String, _ dialect: SQLDialect
    ) -> String {
        let literal = "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        switch dialect {
        case .postgres:
            let target = quoted(table) + (column.map { "." + quoted($0) } ?? "")
            return "COMMENT ON \(kind) \(target) IS \(literal)"
        case .sqlite:
            return "INSERT INTO schema_comment VALUES ('\(table)', '\(column ?? "")', \(literal))"
        }
    }
}

/// The name of a type; text is ordered by bytes in both stores.
func typeName(_ type: TableDefinition.ColumnType, _ dialect: SQLDialect) -> String {
    switch (type, dialect) {
    case (.text, .postgres): "text COLLATE \"C\""
    case (.integer, .postgres): "bigint"
    case (.real, .postgres): "double precision"
    case (.blob, .postgres): "bytea"
    case (.text, .sqlite): "TEXT"
    case (.integer, .sqlite): "INTEGER"
    case (.real, .sqlite): "REAL"
    case (.blob, .sqlite): "BLOB"
    }
}
