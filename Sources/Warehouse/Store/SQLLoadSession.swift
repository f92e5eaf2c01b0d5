import Records
import Runtime

/// Loads one file in one transaction.
///
/// Rows go straight into their table as long as their keys are new. The first known key undoes that attempt; from then
/// on rows pass through a staging table, where those that are not newer than what is held are taken out and named,
/// until a few batches in a row held nothing known.
final class SQLLoadSession: LoadSession {
    private let connection: any SQLConnection
    private var isOpen = false
    private var marker: PendingMarker
    private var written: [RecordKind: Int] = [:]
    private var hasRejects = false
    /// Batches of a kind that still go through the staging table.
    private var careful: [RecordKind: Int] = [:]
    private static let carefulBatches = 3

    init(_ connection: any SQLConnection) throws {
        self.connection = connection
        marker = PendingMarker(connection)
        try connection.execute(connection.dialect == .sqlite ? "BEGIN IMMEDIATE" : "BEGIN")
        isOpen = true
        do {
            // Staging tables carry no statistics: lookups by key are what their joins must be.
            if connection.dialect == .postgres {
                try connection.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
            }
            try marker.prepare()
        } catch {
            rollback()
            throw error
        }
    }

    deinit { rollback() }

    func append(_ batch: RecordBatch) throws -> BatchOutcome {
        var isNew = [Bool](repeating: false, count: batch.itemCount)
        var isRecord = [Bool](repeating: false, count: batch.itemCount)
        var outcome = BatchOutcome(accepted: 0, duplicates: 0, records: [:])
        // Tickets come before what refers to them, so that their events' keys are found.
        let order: [RecordKind] = [.ticket] + RecordKind.allCases.filter { $0 != .ticket }
        for kind in order where !batch[kind].isEmpty {
            let rows = FactRows(batch[kind])
            let accepted = try write(rows)
            var count = 0
            for row in 0..<rows.table.count {
                let item = Int(rows.table.items[row])
                isRecord[item] = true
                if accepted[row] {
                    isNew[item] = true
                    count += 1
                }
            }
            if count > 0 { outcome.records[kind] = count }
            written[kind, default: 0] += count
        }
        for item in isRecord.indices where isRecord[item] {
            if isNew[item] { outcome.accepted += 1 } else { outcome.duplicates += 1 }
        }
        Milestone.pass("load-batch")
        return outcome
    }

    /// Writes what is newer and says which rows that were.
    private func write(_ rows: FactRows) throws -> [Bool] {
        let kind = rows.table.kind
        var accepted = rows.ranks.map { $0 != .repeated }
        var isDone = false
        if careful[kind, default: 0] == 0 {
            isDone = try connection.attempt {
                try connection.insert(into: kind.rawValue, columns: FactRows.columns(rows.table.schema)) { writer in
                    try rows.write(to: writer) { rows.ranks[$0] == .winner }
                }
            }
        }
        if !isDone {
            let known = try stageAndUpsert(rows)
            for row in known { accepted[row] = false }
            careful[kind] = known.isEmpty ? max(0, careful[kind, default: 0] - 1) : SQLLoadSession.carefulBatches
        }
        try marker.mark(rows.table) { accepted[$0] }
        return accepted
    }

    /// Gives the rows whose version is known already, or a later one.
    private func stageAndUpsert(_ rows: FactRows) throws -> [Int] {
        let schema = rows.table.schema
        let statements = UpsertStatements(schema, connection.dialect)
        let columns = FactRows.columns(schema)
        try connection.execute(statements.create)
        try connection.execute(statements.empty)
        try connection.insert(into: statements.stage, columns: columns + ["row_number", "is_winner"]) { writer in
            try rows.write(to: writer, where: { rows.ranks[$0] != .repeated }) { row in
                writer.integer(Int64(row))
                writer.integer(Int64(rows.ranks[row] == .winner ? 1 : 0))
            }
        }
        var known: [Int] = []
        let reader = try connection.rows(statements.removeKnown)
        while try reader.next() { known.append(Int(reader.integer(0))) }
        for statement in statements.markOldKeys { try connection.run(statement) }
        try connection.run(statements.upsert)
        return known
    }

    func append(rejects: [Reject]) throws {
        guard !rejects.isEmpty else { return }
        let stage = "stage_reject"
        if !hasRejects {
            let columns = LedgerTables.reject.columns.dropFirst(4).map {
                "\(quoted($0.name)) \(typeName($0.type, connection.dialect))"
            }
            try connection.execute("CREATE TEMP TABLE IF NOT EXISTS \(stage) (\(columns.joined(separator: ", ")))")
            try connection.execute(connection.dialect.empty(stage))
            hasRejects = true
        }
        try connection.insert(into: stage, columns: Array(LedgerTables.reject.columnNames.dropFirst(4))) { writer in
            for reject in rejects {
                writer.beginRow()
                writer.text(reject.file)
                writer.text(reject.entry)
                writer.integer(Int64(reject.line))
                writer.integer(Int64(reject.byteOffset))
                writer.integer(Int64(reject.ordinal))
                writer.text(reject.reason.rawValue)
                writer.text(reject.detail)
                writer.text(reject.excerpt)
                try writer.endRow()
            }
        }
    }

    func commit(_ file: LoadedFile) throws {
        precondition(isOpen, "a load session is used once")
        let key: [SQLValue] = [.text(file.contentHash), .text(file.adapter)]
        try connection.run("DELETE FROM reject WHERE content_hash = $1 AND adapter = $2", key)
        if hasRejects {
            let columns = quotedList(Array(LedgerTables.reject.columnNames.dropFirst(4)))
            try connection.run(
                """
                INSERT INTO reject (content_hash, adapter, source, loaded_at, \(columns))
                SELECT $1, $2, $3, $4, \(columns) FROM stage_reject
                """, key + [.text(file.source), .integer(file.loadedAt.milliseconds)])
        }
        try connection.run("DELETE FROM load_file WHERE content_hash = $1 AND adapter = $2", key)
        try connection.run(
            """
            INSERT INTO load_file (content_hash, adapter, path, source, bytes, read, accepted, duplicates, rejected,
            run_id, loaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            key + [
                .text(file.path), .text(file.source), .integer(file.bytes), .integer(Int64(file.read)),
                .integer(Int64(file.accepted)), .integer(Int64(file.duplicates)), .integer(Int64(file.rejected)),
                .text(file.runID), .integer(file.loadedAt.milliseconds),
            ])
        try marker.followThreadLinks()
        Milestone.pass("load-commit")
        try connection.execute("COMMIT")
        isOpen = false
        // The planner of PostgreSQL should know of a bulk load before the next statement, not whenever it looks.
        if connection.dialect == .postgres {
            for (kind, count) in written where count > 20_000 {
                try connection.execute("ANALYZE \(quoted(kind.rawValue))")
            }
            if written.values.contains(where: { $0 > 20_000 }) {
                try connection.execute("ANALYZE pending_conversation")
            }
        }
    }

    func rollback() {
        guard isOpen else { return }
        isOpen = false
        // A connection that is gone has rolled back by itself.
        try? connection.execute("ROLLBACK")
    }
}
