import Aggregates
import Records
import Runtime

extension SQLWarehouse {
    func loadedFile(contentHash: String, adapter: String) throws -> LoadedFile? {
        let reader = try connection.rows(
            """
            SELECT content_hash, adapter, path, source, bytes, read, accepted, duplicates, rejected, run_id, loaded_at
            FROM load_file WHERE content_hash = $1 AND adapter = $2
            """, [.text(contentHash), .text(adapter)])
        guard try reader.next() else { return nil }
        return LoadedFile(
            contentHash: reader.text(0), adapter: reader.text(1), path: reader.text(2), source: reader.text(3),
            bytes: reader.integer(4), read: Int(reader.integer(5)), accepted: Int(reader.integer(6)),
            duplicates: Int(reader.integer(7)), rejected: Int(reader.integer(8)), runID: reader.text(9),
            loadedAt: Timestamp(milliseconds: reader.integer(10)))
    }

    func beginLoad() throws -> any LoadSession { try SQLLoadSession(connection) }

    /// Those of the file loaded last come first, then by file and position.
    func rejects(limit: Int) throws -> [Reject] {
        let reader = try connection.rows(
            """
            SELECT file, entry, line, byte_offset, ordinal, reason, detail, excerpt FROM reject
            ORDER BY loaded_at DESC, file, entry, ordinal, line, byte_offset, reason, detail LIMIT $1
            """, [.integer(Int64(limit))])
        var out: [Reject] = []
        while try reader.next() {
            guard let reason = Reject.Reason(rawValue: reader.text(5)) else {
                throw WarehouseError.damaged(table: "reject", detail: "reason '\(reader.text(5))'")
            }
            out.append(
                Reject(
                    file: reader.text(0), entry: reader.text(1), line: Int(reader.integer(2)),
                    byteOffset: Int(reader.integer(3)), ordinal: Int(reader.integer(4)), reason: reason,
                    detail: reader.text(6), excerpt: reader.text(7)))
        }
        return out
    }

    /// Sums and extremes over what is held and over the file ledger, so that the order of loading does not matter.
    func sourceQuality() throws -> [SourceQuality] {
        var found: [String: SourceQuality] = [:]
        func each(_ sql: String, _ body: (any RowReader, inout SourceQuality) -> Void) throws {
            let reader = try connection.rows(sql)
            while try reader.next() {
                let source = reader.text(0)
                body(reader, &found[source, default: SourceQuality(source: source)])
            }
        }
        try each("SELECT DISTINCT source, adapter FROM load_file ORDER BY source, adapter") { row, quality in
            quality.adapters.append(row.text(1))
        }
        try each(
            """
            SELECT source, CAST(sum(read) AS bigint), CAST(sum(rejected) AS bigint) FROM load_file GROUP BY source
            """
        ) { row, quality in
            quality.read = row.integer(1)
            quality.rejected = row.integer(2)
        }
        try each("SELECT source, reason, count(*) FROM reject GROUP BY source, reason") { row, quality in
            quality.rejectReasons[row.text(1)] = row.integer(2)
        }
        for kind in RecordKind.allCases {
            try each("SELECT source, count(*) FROM \(quoted(kind.rawValue)) GROUP BY source") { row, quality in
                quality.records[kind.rawValue] = row.integer(1)
            }
        }
        for (table, column) in [("message", "sent_at"), ("ticket", "created_at"), ("ticket_event", "at")] {
            try each("SELECT source, min(\(column)), max(\(column)) FROM \(table) GROUP BY source") { row, quality in
                guard let first = row.optionalInteger(1), let last = row.optionalInteger(2) else { return }
                quality.firstAt = min(quality.firstAt ?? Timestamp(milliseconds: first), Timestamp(milliseconds: first))
                quality.lastAt = max(quality.lastAt ?? Timestamp(milliseconds: last), Timestamp(milliseconds: last))
            }
        }
        return found.values.sorted { $0.source.utf8.lexicographicallyPrecedes($1.source.utf8) }
    }
}
