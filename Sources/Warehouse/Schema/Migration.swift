/// One numbered step of the schema. A step that has been released is never edited: the next one changes what it made.
struct Migration: Sendable {
    /// Sortable name, such as `0001-facts`.
    let name: String
    let statements: @Sendable (SQLDialect) -> [String]

    /// All steps in order.
    static let all: [Migration] = [
        .facts, .cases, .aggregates, .ledgers, .views, .roles, .alertLife, .forecasts,
    ]
    /// All tables in the order of the steps, for counts and checks.
    static let tables: [TableDefinition] =
        FactTables.all + CaseTables.all + AggregateTables.all + LedgerTables.all + ForecastTables.all
}

/// Runs the steps that a warehouse lacks.
struct Migrator {
    let connection: any SQLConnection

    func applied() throws -> [String] {
        let exists =
            switch connection.dialect {
            case .sqlite: "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'"
            case .postgres:
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'cs_analytics' AND tablename = 'schema_migration'"
            }
        guard try connection.integer(exists) == 1 else { return [] }
        let reader = try connection.rows("SELECT name FROM schema_migration ORDER BY name")
        var out: [String] = []
        while try reader.next() { out.append(reader.text(0)) }
        return out
    }

    /// Throws where a newer program has been at work.
    func refuseNewerSchema() throws {
        let known = Set(Migration.all.map(\.name))
        if let newer = try applied().last(where: { !known.contains($0) }) {
            throw WarehouseError.newerSchema(version: newer)
        }
    }

    func missing() throws -> [String] {
        let applied = Set(try applied())
        return Migration.all.map(\.name).filter { !applied.contains($0) }
    }

    /// Each step is a transaction with its row in the ledger. Gives the steps that ran, and the server's notices.
    func migrate() throws -> [String] {
        try refuseNewerSchema()
        if try missing().isEmpty { return [] }
        try prepare()
        var ran: [String] = []
        for migration in Migration.all {
            let didRun = try connection.transaction {
                if connection.dialect == .postgres {
                    try connection.execute("SELECT pg_advisory_xact_lock(hashtext('cs-analytics'), 2)")
                }
                let count = "SELECT count(*) FROM schema_migration WHERE name = $1"
                if try connection.integer(count, [.text(migration.name)]) != 0 { return false }
                for statement in migration.statements(connection.dialect) { try connection.execute(statement) }
                try connection.run("INSERT INTO schema_migration (name) VALUES ($1)", [.text(migration.name)])
                return true
            }
            if didRun { ran.append(migration.name) }
        }
        return ran + connection.takeNotices()
    }

    private func prepare() throws {
        switch connection.dialect {
        case .sqlite:
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS schema_migration (name TEXT NOT NULL PRIMARY KEY) STRICT;
                CREATE TABLE IF NOT EXISTS schema_comment (
                    table_name TEXT NOT NULL, column_name TEXT NOT NULL, comment TEXT NOT NULL,
                    PRIMARY KEY (table_name, column_name)) STRICT, WITHOUT ROWID;
                INSERT OR IGNORE INTO schema_comment VALUES
                    ('schema_migration', '', 'Steps of the schema that have run'),
                    ('schema_migration', 'name', 'Number and name of the step'),
                    ('schema_comment', '', 'What tables and columns hold'),
                    ('schema_comment', 'table_name', 'Table or view'),
                    ('schema_comment', 'column_name', 'Column, empty for the table itself'),
                    ('schema_comment', 'comment', 'What it holds')
                """)
        case .postgres:
            try connection.transaction {
                try connection.execute("SELECT pg_advisory_xact_lock(hashtext('cs-analytics'), 2)")
                try connection.execute(
                    """
                    SET LOCAL client_min_messages = error;
                    CREATE SCHEMA IF NOT EXISTS cs_analytics;
                    COMMENT ON SCHEMA cs_analytics IS 'Facts, cases and aggregates of customer service';
                    CREATE TABLE IF NOT EXISTS schema_migration (name text COLLATE "C" NOT NULL PRIMARY KEY);
                    COMMENT ON TABLE schema_migration IS 'Steps of the schema that have run';
                    COMMENT ON COLUMN schema_migration.name IS 'Number and name of the step'
                    """)
            }
        }
    }
}
