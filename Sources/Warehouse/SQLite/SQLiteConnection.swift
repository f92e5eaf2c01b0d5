import GRDB
import GRDBSQLite
import Runtime

/// A session with an SQLite file: GRDB opens, configures and closes it, statements run on its handle.
///
/// Write-ahead logging, so that cursors read a snapshot while another session writes; `synchronous=normal`, so that a
/// crash of the machine can lose the last commits and never the file.
final class SQLiteConnection: SQLConnection {
    let dialect = SQLDialect.sqlite
    let path: String
    private let queue: DatabaseQueue
    let handle: OpaquePointer

    /// Opens the file, and creates it where it is absent. Throws `WarehouseError.unreachable`.
    init(path: String) throws {
        self.path = path
        do {
            if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
                try AtomicFile.makeFolder(String(path[..<slash]))
            }
            var configuration = Configuration()
            configuration.busyMode = .timeout(30)
            configuration.label = "cs-analytics"
            configuration.prepareDatabase { database in
                try database.execute(
                    sql: """
                        PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;
                        PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 8000; PRAGMA foreign_keys = OFF;
                        """)
            }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            // The handle lives as long as the queue, and a warehouse is used from one thread at a time.
            let found = queue.inDatabase { HandleBox(handle: $0.sqliteConnection) }
            guard let opened = found.handle else {
                throw WarehouseError.unreachable(address: "sqlite:\(path)", message: "the file was closed")
            }
            handle = opened
            // GRDB watches its own transactions by these hooks; those of this type do not pass through it.
            _ = sqlite3_commit_hook(opened, nil, nil)
            _ = sqlite3_rollback_hook(opened, nil, nil)
            _ = sqlite3_update_hook(opened, nil, nil)
            sqlite3_set_authorizer(opened, nil, nil)
        } catch let error as DatabaseError {
            throw WarehouseError.unreachable(address: "sqlite:\(path)", message: error.message ?? error.description)
        } catch let error as FileFault {
            throw WarehouseError.unreachable(address: "sqlite:\(path)", message: error.description)
        }
    }

    private struct HandleBox: @unchecked Sendable {
        // @unchecked: the handle only passes through GRDB's queue.
        let handle: OpaquePointer?
    }

    var server: String { "SQLite \(String(cString: sqlite3_libversion()))" }
    func takeNotices() -> [String] { [] }

    func execute(_ script: String) throws {
        if sqlite3_exec(handle, script, nil, nil, nil) != SQLITE_OK { throw failure(script) }
    }

    @discardableResult
    func run(_ sql: String, _ values: [SQLValue]) throws -> Int {
        let before = sqlite3_total_changes64(handle)
        let statement = try SQLiteStatement(self, sql)
        statement.bind(values)
        while try statement.step() {}
        return Int(sqlite3_total_changes64(handle) - before)
    }

    func rows(_ sql: String, _ values: [SQLValue]) throws -> any RowReader {
        let statement = try SQLiteStatement(self, sql)
        statement.bind(values)
        return SQLiteReader(statement)
    }

    func cursor(_ sql: String, _ values: [SQLValue]) throws -> any RowReader { try rows(sql, values) }

    func insert(into table: String, columns: [String], _ body: (any RowWriter) throws -> Void) throws {
        let marks = (1...columns.count).map { "$\($0)" }.joined(separator: ",")
        let statement = try SQLiteStatement(
            self, "INSERT INTO \(quoted(table)) (\(quotedList(columns))) VALUES (\(marks))")
        try body(SQLiteRowWriter(statement))
    }

    func attempt(_ body: () throws -> Void) throws -> Bool {
        try execute("SAVEPOINT attempt")
        do {
            try body()
            try execute("RELEASE attempt")
            return true
        } catch is KeyExists {
            try execute("ROLLBACK TO attempt; RELEASE attempt")
            return false
        }
    }

    /// The error of the last call in the terms of the warehouse.
    func failure(_ sql: String) -> any Error {
        let code = sqlite3_errcode(handle)
        let message = String(cString: sqlite3_errmsg(handle))
        switch sqlite3_extended_errcode(handle) {
        case SQLITE_CONSTRAINT | (6 << 8), SQLITE_CONSTRAINT | (8 << 8): return KeyExists()
        default: break
        }
        switch code {
        case SQLITE_CORRUPT, SQLITE_NOTADB: return WarehouseError.damaged(table: path, detail: message)
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_CANTOPEN:
            return WarehouseError.unreachable(address: "sqlite:\(path)", message: message)
        default: return WarehouseError.refused(statement: statementName(sql), message: message)
        }
    }
}

/// A row with this key is there already.
struct KeyExists: Error, CustomStringConvertible {
    var description: String { "a row with this key exists already" }
}

/// The beginning of a statement, for messages.
func statementName(_ sql: String) -> String {
    let words = sql.split(separator: " ", maxSplits: 4).prefix(4).joined(separator: " ")
    return words.split(separator: "\n").first.map(String.init) ?? "a statement"
}
