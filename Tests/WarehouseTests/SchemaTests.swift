import Aggregates
import Records
import Runtime
import Support
import Testing

@testable import Warehouse

@Suite("Schema")
struct SchemaTests {
    @Test(
        "PostgreSQL is installed, so that every law is checked against it", .enabled(if: ThrowawayPostgres.isInstalled))
    func postgresIsInstalled() throws {
        let connection = try PostgresConnection(WarehouseAddress(try ThrowawayPostgres.shared().makeDatabase()))
        #expect(connection.server.hasPrefix("PostgreSQL "))
        #expect(try connection.text("SELECT current_setting('application_name')") == "cs-analytics")
        #expect(try connection.text("SELECT current_setting('client_encoding')") == "UTF8")
    }

    @Test("the schema is made once, with a comment on everything", arguments: StoreKind.installed)
    func migration(_ kind: StoreKind) throws {
        let store = try TestStore(kind, migrated: false)
        let names = Migration.all.map(\.name)
        var status = try store.warehouse.status()
        #expect(status.applied.isEmpty && status.missing == names && status.rows.isEmpty)
        #expect(try store.warehouse.migrate() == names)
        #expect(try store.warehouse.migrate().isEmpty)
        #expect(try store.reopen().migrate().isEmpty)
        try store.load(RecordBatch.make { $0.addMessage("1", in: "c") })
        try store.warehouse.markAllDaysDirty(zone: .utc)
        status = try store.warehouse.status()
        #expect(status.applied == names && status.missing.isEmpty && status.pending == 1 && status.dirtyDays == 0)
        #expect(status.rows["message"] == 1 && status.rows["service_case"] == 0)
        #expect(status.rows.count == Migration.tables.count)
        #expect(status.server.hasPrefix(kind == .sqlite ? "SQLite 3" : "PostgreSQL "))

        let uncommented =
            switch kind {
            case .postgres:
                """
                SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
                WHERE n.nspname = 'cs_analytics' AND (c.relkind = 'r' AND col_description(c.oid, a.attnum) IS NULL
                OR c.relkind IN ('r', 'v') AND obj_description(c.oid, 'pg_class') IS NULL)
                """
            case .sqlite:
                """
                SELECT count(*) FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
                LEFT JOIN schema_comment AS k ON k.table_name = m.name AND k.column_name = c.name
                LEFT JOIN schema_comment AS t ON t.table_name = m.name AND t.column_name = ''
                WHERE m.type = 'table' AND (k.comment IS NULL OR t.comment IS NULL)
                """
            }
        #expect(try store.warehouse.connection.integer(uncommented) == 0)
        #expect(Migration.tables.allSatisfy { table in table.columns.allSatisfy { !$0.comment.isEmpty } })
        #expect(names == names.sorted())
    }

    @Test("a warehouse of an earlier release takes the forecasts' tables in", arguments: StoreKind.installed)
    func earlierRelease(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let connection = store.warehouse.connection
        try connection.execute("DROP VIEW v_staffing; DROP TABLE staffing_hourly; DROP TABLE forecast_method")
        if kind == .sqlite {
            try connection.execute(
                "DELETE FROM schema_comment WHERE table_name IN ('v_staffing', 'staffing_hourly', 'forecast_method')")
        }
        try connection.run("DELETE FROM schema_migration WHERE name = '0008-forecasts'")
        let later = try store.reopen()
        #expect(try later.migrate() == ["0008-forecasts"])
        #expect(try later.staffing().isEmpty)
    }

    @Test("a schema of a newer program is refused", arguments: StoreKind.installed)
    func newerSchema(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.warehouse.connection.run("INSERT INTO schema_migration (name) VALUES ('9999-future')")
        #expect(throws: WarehouseError.newerSchema(version: "9999-future")) { try store.warehouse.migrate() }
        #expect(throws: WarehouseError.newerSchema(version: "9999-future")) { try store.warehouse.status() }
        #expect(throws: WarehouseError.newerSchema(version: "9999-future")) { try store.reopen() }
    }

    @Test("readers see cases and aggregates, not texts and identities", .enabled(if: ThrowawayPostgres.isInstalled))
    func roles() throws {
        let store = try TestStore(.postgres)
        func may(_ role: String, _ privilege: String, _ table: String) throws -> Bool {
            let sql = "SELECT CASE WHEN has_table_privilege($1, $2, $3) THEN 1 ELSE 0 END"
            return try store.warehouse.connection.integer(
                sql, [.text(role), .text("cs_analytics." + table), .text(privilege)]) == 1
        }
        for table in [
            "metric_daily", "service_case", "alert", "v_case", "v_metric_daily", "staffing_hourly", "forecast_method",
            "v_staffing",
        ] {
            #expect(try may("cs_analytics_reader", "SELECT", table), "\(table)")
            #expect(try !may("cs_analytics_reader", "INSERT", table), "\(table)")
        }
        for table in ["message", "ticket", "conversation", "rating", "customer", "reject"] {
            #expect(try !may("cs_analytics_reader", "SELECT", table), "\(table)")
            #expect(try may("cs_analytics_writer", "DELETE", table), "\(table)")
        }
        #expect(try !may("cs_analytics_writer", "DELETE", "schema_migration"))
        #expect(try may("cs_analytics_owner", "TRUNCATE", "message"))
    }

    @Test("the writer's role does a whole night", .enabled(if: ThrowawayPostgres.isInstalled))
    func writer() throws {
        let store = try TestStore(.postgres)
        try store.warehouse.connection.execute("SET ROLE cs_analytics_writer")
        try store.load(
            RecordBatch.make { $0.addMessage("1", in: "c") },
            rejects: [Reject(file: "f", reason: .badTime, detail: "d")])
        try store.load(RecordBatch.make { $0.addMessage("1", in: "d", updated: 4) })
        try store.assembleAll()
        try store.warehouse.replaceDays(try store.warehouse.dirtyDays(), daily: [], hourly: [])
        try store.warehouse.replaceAlerts([], watched: [])
        try store.warehouse.replaceStaffing([])
        _ = try store.warehouse.prune(before: Timestamp(seconds: 0))
        #expect(try store.warehouse.migrate().isEmpty)
    }

    @Test("where roles may not be made the rest is", .enabled(if: ThrowawayPostgres.isInstalled))
    func withoutCreateRole() throws {
        let cluster = try ThrowawayPostgres.shared()
        let address = try cluster.makeDatabase()
        let admin = try PostgresConnection(WarehouseAddress(address))
        let database = try #require(try admin.text("SELECT current_database()::text"))
        try admin.execute(
            "CREATE ROLE plain_\(database) LOGIN; GRANT CREATE ON DATABASE \(database) TO plain_\(database)")
        let warehouse = try TestStore.open(cluster.address(database: database, user: "plain_\(database)"))
        let names = try warehouse.migrate()
        #expect(names.starts(with: Migration.all.map(\.name)))
        #expect(try warehouse.pendingCount() == 0)
    }

    @Test("what cannot be reached is told with its address and without passwords")
    func unreachable() throws {
        let error = #expect(throws: WarehouseError.self) {
            try openWarehouse(address: "host=/nonexistent user=u password=secret dbname=d")
        }
        guard case .unreachable(let address, let message) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(address == "host=/nonexistent user=u dbname=d" && message.contains("/nonexistent"))
        #expect(error?.description.contains("secret") == false)
        for path in ["/proc/no/such.sqlite", "/proc/such.sqlite"] {
            let error = #expect(throws: WarehouseError.self) { try openWarehouse(address: "sqlite:\(path)") }
            guard case .unreachable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("a server that ends the session is told as out of reach", .enabled(if: ThrowawayPostgres.isInstalled))
    func lostSession() throws {
        let store = try TestStore(.postgres)
        let session = try store.warehouse.beginLoad()
        let other = try store.reopen()
        _ = try other.connection.rows(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
        let error = #expect(throws: WarehouseError.self) {
            try session.append(RecordBatch.make { $0.addMessage("1", in: "c") })
        }
        guard case .unreachable = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a file that is no database is told as damaged")
    func damagedFile() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/w.sqlite"
        try AtomicFile.write([UInt8](repeating: 65, count: 4096), to: path)
        #expect(throws: WarehouseError.self) { try openWarehouse(address: "sqlite:\(path)") }
    }

    @Test("a statement that the store refuses is named", arguments: StoreKind.installed)
    func refusal(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let error = #expect(throws: WarehouseError.self) {
            try store.warehouse.connection.run("SELECT nonsense FROM run")
        }
        guard case .refused(let statement, let message) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(statement == "SELECT nonsense FROM run" && message.contains("nonsense"))
        #expect(throws: WarehouseError.self) { try store.warehouse.connection.execute("NOT SQL") }
        #expect(throws: WarehouseError.self) {
            try store.warehouse.connection.insert(into: "no_table", columns: ["a"]) { _ in }
        }
    }
}
