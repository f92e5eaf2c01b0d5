import Aggregates
import FoundationEssentials
import Records
import Runtime

/// The warehouse over either store: one set of statements, so that both answer alike; drivers differ below.
final class SQLWarehouse: Warehouse {
    let displayName: String
    let connection: any SQLConnection
    private let connect: () throws -> any SQLConnection
    private let lock: () throws -> HeldLock?
    /// The last instant of any case, once it has been asked for (see `replaceCases`).
    var lastTouch: Timestamp??

    init(
        displayName: String, connect: @escaping () throws -> any SQLConnection, lock: @escaping () throws -> HeldLock?
    ) throws {
        self.displayName = displayName
        self.connect = connect
        self.lock = lock
        connection = try connect()
        try Migrator(connection: connection).refuseNewerSchema()
    }

    // Schema

    func migrate() throws -> [String] { try Migrator(connection: connection).migrate() }

    func status() throws -> WarehouseStatus {
        let migrator = Migrator(connection: connection)
        try migrator.refuseNewerSchema()
        let applied = try migrator.applied()
        let missing = try migrator.missing()
        var status = WarehouseStatus(
            server: connection.server, applied: applied, missing: missing, rows: [:], pending: 0, dirtyDays: 0)
        guard missing.isEmpty else { return status }
        for table in Migration.tables {
            status.rows[table.name] = try connection.integer("SELECT count(*) FROM \(quoted(table.name))") ?? 0
        }
        status.pending = Int(status.rows["pending_conversation"] ?? 0)
        status.dirtyDays = Int(status.rows["dirty_day"] ?? 0)
        return status
    }

    /// A snapshot on a session of its own, open while this one writes.
    func snapshot() throws -> any SQLConnection {
        let reader = try connect()
        try reader.execute(
            reader.dialect == .sqlite
                ? "BEGIN; SELECT count(*) FROM schema_migration"
                : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL cursor_tuple_fraction = 1; "
                    + "SET LOCAL work_mem = '64MB'; SELECT 1")
        return reader
    }

    // One run at a time, and what ran

    func tryLock() throws -> (any WarehouseLock)? { try lock() }

    func beginRun(_ run: RunSummary) throws { try write(run) }
    func finishRun(_ run: RunSummary) throws { try write(run) }

    private func write(_ run: RunSummary) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let summary = String(decoding: try encoder.encode(run), as: UTF8.self)
        try connection.run(
            """
            INSERT INTO run (run_id, command, version, started_at, finished_at, outcome, exit_code, summary)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (run_id) DO UPDATE SET finished_at = excluded.finished_at, outcome = excluded.outcome,
            exit_code = excluded.exit_code, summary = excluded.summary
            """,
            [
                .text(run.runID), .text(run.command), .text(run.version), .integer(run.startedAt.milliseconds),
                SQLValue(run.finishedAt?.milliseconds), .text(run.outcome), SQLValue(run.exitCode.map(Int64.init)),
                .text(summary),
            ])
    }

    func runs(limit: Int) throws -> [RunSummary] {
        let reader = try connection.rows(
            "SELECT summary FROM run ORDER BY started_at DESC, run_id DESC LIMIT $1", [.integer(Int64(limit))])
        return try read(reader)
    }

    func run(_ id: String) throws -> RunSummary? {
        try read(try connection.rows("SELECT summary FROM run WHERE run_id = $1", [.text(id)])).first
    }

    private func read(_ reader: any RowReader) throws -> [RunSummary] {
        var out: [RunSummary] = []
        while try reader.next() {
            do {
                out.append(try JSONDecoder().decode(RunSummary.self, from: Data(reader.text(0).utf8)))
            } catch let error as DecodingError {
                throw WarehouseError.damaged(table: "run", detail: "\(error)")
            }
        }
        return out
    }

    // Settings

    func setting(_ name: String) throws -> String? {
        try connection.text("SELECT value FROM setting WHERE name = $1", [.text(name)])
    }

    func setSetting(_ name: String, to value: String) throws {
        try connection.run(
            "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [.text(name), .text(value)])
    }
}
