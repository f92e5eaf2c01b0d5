import CLibPQ

/// A session with a PostgreSQL server through libpq: values bound, results in binary form, text as UTF-8.
final class PostgresConnection: SQLConnection {
    let dialect = SQLDialect.postgres
    let address: WarehouseAddress
    let handle: OpaquePointer
    private let notices = NoticeBox()
    private var cursors = 0

    /// Connects. Throws `WarehouseError.unreachable` with the server's own words.
    init(_ address: WarehouseAddress) throws {
        self.address = address
        let keywords = ["fallback_application_name", "connect_timeout", "dbname", "client_encoding"]
        let values = ["cs-analytics", "10", address.connectionString, "UTF8"]
        let opened = withCStrings(keywords) { keywords in
            withCStrings(values) { values in PQconnectdbParams(keywords, values, 1) }
        }
        guard let opened else {
            throw WarehouseError.unreachable(address: address.description, message: "out of memory")
        }
        guard PQstatus(opened) == CONNECTION_OK else {
            let message = trimmed(PQerrorMessage(opened))
            PQfinish(opened)
            throw WarehouseError.unreachable(address: address.description, message: message)
        }
        handle = opened
        PQsetNoticeProcessor(
            opened,
            { box, text in
                guard let box, let text else { return }
                Unmanaged<NoticeBox>.fromOpaque(box).takeUnretainedValue().texts.append(trimmed(text))
            }, Unmanaged.passUnretained(notices).toOpaque())
        if PQserverVersion(opened) < 130_000 {
            throw WarehouseError.refused(
                statement: "the connection", message: "\(server) is too old; PostgreSQL 13 or newer is needed")
        }
        try execute("SET client_min_messages = warning; SET search_path = cs_analytics; SET jit = off")
    }

    deinit { PQfinish(handle) }

    private final class NoticeBox { var texts: [String] = [] }

    var server: String {
        let version = Int(PQserverVersion(handle))
        return "PostgreSQL \(version / 10_000).\(version % 10_000)"
    }

    func takeNotices() -> [String] {
        defer { notices.texts = [] }
        return notices.texts
    }

    func execute(_ script: String) throws {
        let result = PostgresResult(PQexec(handle, script))
        try check(result, script)
    }

    @discardableResult
    func run(_ sql: String, _ values: [SQLValue]) throws -> Int {
        let result = try send(sql, values)
        return Int(String(cString: PQcmdTuples(result.handle))) ?? 0
    }

    func rows(_ sql: String, _ values: [SQLValue]) throws -> any RowReader {
        PostgresReader(try send(sql, values), more: nil)
    }

    func cursor(_ sql: String, _ values: [SQLValue]) throws -> any RowReader {
        cursors += 1
        let name = "cursor_\(cursors)"
        _ = try send("DECLARE \(name) BINARY NO SCROLL CURSOR FOR \(sql)", values)
        let fetch = "FETCH FORWARD 8192 FROM \(name)"
        return PostgresReader(try send(fetch, [])) { [self] in try send(fetch, []) }
    }

    func insert(into table: String, columns: [String], _ body: (any RowWriter) throws -> Void) throws {
        let sql = "COPY \(quoted(table)) (\(quotedList(columns))) FROM STDIN (FORMAT binary)"
        let start = PostgresResult(PQexec(handle, sql))
        guard PQresultStatus(start.handle) == PGRES_COPY_IN else {
            try check(start, sql)
            throw WarehouseError.refused(statement: statementName(sql), message: "the server did not ask for rows")
        }
        let encoder = BinaryCopyEncoder(columns: columns.count) { [self] bytes in
            let sent = PQputCopyData(
                handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
            if sent != 1 { throw lostOrRefused(sql) }
        }
        do {
            try body(encoder)
            try encoder.finish()
        } catch {
            PQputCopyEnd(handle, "the rows could not be written")
            while let rest = PQgetResult(handle) { PQclear(rest) }
            throw error
        }
        guard PQputCopyEnd(handle, nil) == 1 else { throw lostOrRefused(sql) }
        let end = PostgresResult(PQgetResult(handle))
        while let rest = PQgetResult(handle) { PQclear(rest) }
        try check(end, sql)
    }

    func attempt(_ body: () throws -> Void) throws -> Bool {
        try execute("SAVEPOINT attempt")
        do {
            try body()
            try execute("RELEASE SAVEPOINT attempt")
            return true
        } catch is KeyExists {
            try execute("ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt")
            return false
        }
    }

    private func send(_ sql: String, _ values: [SQLValue]) throws -> PostgresResult {
        let parameters = PostgresParameters(values)
        let result = parameters.withPointers { types, pointers, lengths, formats in
            PostgresResult(
                PQexecParams(handle, sql, Int32(values.count), types, pointers, lengths, formats, 1))
        }
        try check(result, sql)
        return result
    }

    private func check(_ result: PostgresResult, _ sql: String) throws {
        switch PQresultStatus(result.handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        default:
            if let state = PQresultErrorField(result.handle, Int32(UInt8(ascii: "C"))),
                String(cString: state) == "23505"
            {
                throw KeyExists()
            }
            guard PQstatus(handle) == CONNECTION_OK, let found = result.handle else { throw lostOrRefused(sql) }
            throw WarehouseError.refused(statement: statementName(sql), message: trimmed(PQresultErrorMessage(found)))
        }
    }

    private func lostOrRefused(_ sql: String) -> WarehouseError {
        let message = trimmed(PQerrorMessage(handle))
        return PQstatus(handle) == CONNECTION_OK
            ? .refused(statement: statementName(sql), message: message)
            : .unreachable(address: address.description, message: message)
    }
}

/// A C text without the line break at its end.
func trimmed(_ text: UnsafePointer<CChar>?) -> String {
    guard let text else { return "" }
    var out = String(cString: text)
    while out.utf8.last == UInt8(ascii: "\n") { out.removeLast() }
    return out
}

/// Calls `body` with a NULL-ended array of C strings.
private func withCStrings<R>(_ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R) -> R {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
        starts.append(bytes.count)
        bytes.append(contentsOf: text.utf8CString)
    }
    return bytes.withUnsafeBufferPointer { buffer in
        var pointers: [UnsafePointer<CChar>?] = starts.map { buffer.baseAddress?.advanced(by: $0) }
        pointers.append(nil)
        return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
