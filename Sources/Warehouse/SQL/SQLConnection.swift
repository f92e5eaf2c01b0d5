/// A value that is bound to a statement.
enum SQLValue: Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
    init(_ integer: Int64?) { self = integer.map(SQLValue.integer) ?? .null }
    init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .null }
    init(_ real: Double?) { self = real.map(SQLValue.real) ?? .null }
}

/// Where the two stores speak differently.
enum SQLDialect: Sendable {
    case sqlite, postgres

    /// Empties a staging table.
    func empty(_ table: String) -> String {
        switch self {
        case .sqlite: "DELETE FROM \(table)"
        case .postgres: "TRUNCATE \(table)"
        }
    }
}

/// A session with a store: everything that the shared logic asks of a driver.
///
/// Statements carry their parameters as `$1`, `$2` …; each value is bound, never pasted.
protocol SQLConnection: AnyObject {
    var dialect: SQLDialect { get }
    /// What answers, such as `SQLite 3.40.1`.
    var server: String { get }
    /// Messages of the server that are not errors, since the last call.
    func takeNotices() -> [String]

    /// Runs statements without parameters, separated by semicolons.
    func execute(_ script: String) throws
    /// Runs one statement and gives the number of rows that it changed.
    @discardableResult
    func run(_ sql: String, _ values: [SQLValue]) throws -> Int
    /// Runs one query whose result is small.
    func rows(_ sql: String, _ values: [SQLValue]) throws -> any RowReader
    /// Runs one query whose result may be large; inside a transaction.
    func cursor(_ sql: String, _ values: [SQLValue]) throws -> any RowReader
    /// Adds many rows by the fastest way that the store has.
    func insert(into table: String, columns: [String], _ body: (any RowWriter) throws -> Void) throws
    /// Runs `body`; where a key exists already, everything that `body` did is undone and the answer is false.
    func attempt(_ body: () throws -> Void) throws -> Bool
}

extension SQLConnection {
    @discardableResult
    func run(_ sql: String) throws -> Int { try run(sql, []) }
    func rows(_ sql: String) throws -> any RowReader { try rows(sql, []) }

    /// One transaction around `body`; rolled back when it throws.
    func transaction<T>(_ body: () throws -> T) throws -> T {
        try execute(dialect == .sqlite ? "BEGIN IMMEDIATE" : "BEGIN")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // The first error is the one to tell; a connection that is gone has rolled back by itself.
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// The first column of the first row, `nil` where there is none or it is NULL.
    func integer(_ sql: String, _ values: [SQLValue] = []) throws -> Int64? {
        let reader = try rows(sql, values)
        guard try reader.next() else { return nil }
        return reader.optionalInteger(0)
    }

    func text(_ sql: String, _ values: [SQLValue] = []) throws -> String? {
        let reader = try rows(sql, values)
        guard try reader.next() else { return nil }
        return reader.optionalText(0)
    }
}

/// Rows of a result, one at a time. Values are read by position; a value is valid until the next call of `next`.
protocol RowReader: AnyObject {
    func next() throws -> Bool
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    func real(_ column: Int) -> Double
    /// The bytes of a text or blob; the pointer must not leave `body`. NULL gives no bytes.
    func withBytes<R>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R
}

extension RowReader {
    func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    func optionalReal(_ column: Int) -> Double? { isNull(column) ? nil : real(column) }
    func text(_ column: Int) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }
    func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
}

/// Takes rows value by value in the order of the columns: `beginRow`, one call per column, `endRow`.
protocol RowWriter: AnyObject {
    func beginRow()
    /// Bytes that stay where they are until `endRow`.
    func bytes(_ value: UnsafeRawBufferPointer)
    func text(_ value: String)
    func blob(_ value: [UInt8])
    func integer(_ value: Int64)
    func real(_ value: Double)
    func null()
    func endRow() throws
}

extension RowWriter {
    func text(_ value: String?) { if let value { text(value) } else { null() } }
    func integer(_ value: Int64?) { if let value { integer(value) } else { null() } }
    func integer(_ value: Int?) { if let value { integer(Int64(value)) } else { null() } }
    /// SQLite knows no NaN: it is absent in both stores.
    func real(_ value: Double?) { if let value, !value.isNaN { real(value) } else { null() } }
}

/// An identifier in quotes: column names such as `group` and `from` are words of SQL.
func quoted(_ name: String) -> String { "\"\(name)\"" }
func quotedList(_ names: [String]) -> String { names.map(quoted).joined(separator: ", ") }
