import GRDBSQLite

/// A prepared statement; finalised with the value.
final class SQLiteStatement {
    let connection: SQLiteConnection
    let sql: String
    let handle: OpaquePointer

    init(_ connection: SQLiteConnection, _ sql: String) throws {
        self.connection = connection
        self.sql = sql
        var prepared: OpaquePointer?
        // `?1` is SQLite's way of writing what PostgreSQL writes as `$1`.
        let text = String(decoding: sql.utf8.map { $0 == UInt8(ascii: "$") ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
        guard sqlite3_prepare_v2(connection.handle, text, -1, &prepared, nil) == SQLITE_OK, let prepared else {
            throw connection.failure(sql)
        }
        handle = prepared
    }

    deinit { sqlite3_finalize(handle) }

    func bind(_ values: [SQLValue]) {
        for (offset, value) in values.enumerated() {
            let index = Int32(offset + 1)
            switch value {
            case .null: sqlite3_bind_null(handle, index)
            case .integer(let value): sqlite3_bind_int64(handle, index, value)
            case .real(let value): sqlite3_bind_double(handle, index, value)
            case .text(let value): bindText(index, value)
            case .blob(let value): bindBlob(index, value)
            }
        }
    }

    func bindText(_ index: Int32, _ value: String) {
        var value = value
        value.withUTF8 {
            _ = sqlite3_bind_text64(
                handle, index, UnsafeRawPointer($0.baseAddress)?.assumingMemoryBound(to: CChar.self),
                UInt64($0.count), copied, UInt8(SQLITE_UTF8))
        }
        if value.utf8.isEmpty { sqlite3_bind_text(handle, index, "", 0, copied) }
    }

    func bindBlob(_ index: Int32, _ value: [UInt8]) {
        if value.isEmpty {
            sqlite3_bind_zeroblob(handle, index, 0)
        } else {
            value.withUnsafeBytes {
                _ = sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), copied)
            }
        }
    }

    /// True while there is a row.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = connection.failure(sql)
            sqlite3_reset(handle)
            throw error
        }
    }

    func reset() { sqlite3_reset(handle) }
}

/// Asks SQLite to copy the bytes: -1 is the documented value of SQLITE_TRANSIENT, which C macros hide from Swift.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// Rows as SQLite steps through them; nothing is held besides the current one.
final class SQLiteReader: RowReader {
    private let statement: SQLiteStatement
    private var isDone = false

    init(_ statement: SQLiteStatement) { self.statement = statement }

    func next() throws -> Bool {
        if isDone { return false }
        if try statement.step() { return true }
        isDone = true
        statement.reset()
        return false
    }

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(statement.handle, Int32(column)) == SQLITE_NULL }
    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(statement.handle, Int32(column)) }
    func real(_ column: Int) -> Double { sqlite3_column_double(statement.handle, Int32(column)) }

    func withBytes<R>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        let start = sqlite3_column_blob(statement.handle, Int32(column))
        let count = Int(sqlite3_column_bytes(statement.handle, Int32(column)))
        return try body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }
}

/// Binds row after row to one INSERT.
final class SQLiteRowWriter: RowWriter {
    private let statement: SQLiteStatement
    private var column: Int32 = 0

    init(_ statement: SQLiteStatement) { self.statement = statement }

    func beginRow() { column = 0 }

    func bytes(_ value: UnsafeRawBufferPointer) {
        column += 1
        // No copy: the bytes stay in place until `endRow` has stepped.
        if let start = value.baseAddress, !value.isEmpty {
            sqlite3_bind_text64(
                statement.handle, column, start.assumingMemoryBound(to: CChar.self), UInt64(value.count), nil,
                UInt8(SQLITE_UTF8))
        } else {
            sqlite3_bind_text(statement.handle, column, "", 0, copied)
        }
    }

    func text(_ value: String) {
        column += 1
        statement.bindText(column, value)
    }

    func blob(_ value: [UInt8]) {
        column += 1
        statement.bindBlob(column, value)
    }

    func integer(_ value: Int64) {
        column += 1
        sqlite3_bind_int64(statement.handle, column, value)
    }

    func real(_ value: Double) {
        column += 1
        sqlite3_bind_double(statement.handle, column, value)
    }

    func null() {
        column += 1
        sqlite3_bind_null(statement.handle, column)
    }

    func endRow() throws {
        _ = try statement.step()
        statement.reset()
    }
}
