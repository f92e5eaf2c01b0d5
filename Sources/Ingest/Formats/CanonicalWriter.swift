package import Records
import Runtime

/// Writes records as the canonical JSON Lines: one object a line, `type` first, then the fields in the order of the schema.
///
/// What is written reads back through `CanonicalAdapter` as the same records. A ticket or conversation that lacks what the
/// form requires of it (a stub) is marked `partial`.
package struct CanonicalWriter {
    package init() {}

    /// Appends every record of a batch, kind by kind, in row order.
    package func append(_ batch: RecordBatch, to out: inout [UInt8]) {
        for table in batch.tables { for row in 0..<table.count { append(table, row, to: &out) } }
    }

    /// Appends one record as a line.
    package func append(_ table: RecordTable, _ row: Int, to out: inout [UInt8]) {
        out.append(contentsOf: "{\"type\":\"\(table.kind.rawValue)\"".utf8)
        for (index, field) in table.schema.fields.enumerated() {
            let start = out.count
            out.append(contentsOf: ",\"\(field.name)\":".utf8)
            if !value(table, index, field, row, &out) {
                out.removeLast(out.count - start)
            }
        }
        if CanonicalWriter.isPartial(table, row) { out.append(contentsOf: ",\"partial\":true".utf8) }
        out.append(contentsOf: "}\n".utf8)
    }

    /// Whether a record lacks what the canonical form requires of its kind, so that it is written as `partial`.
    package static func isPartial(_ table: RecordTable, _ row: Int) -> Bool {
        table.schema.fields.contains { field in
            guard CanonicalAdapter.isRequired(field, of: table.kind) else { return false }
            switch field.type {
            case .text, .json: return !table.texts[field.slot].isPresent(row)
            case .time, .integer, .flag: return table.integers[field.slot][row] == RecordTable.absent
            case .real: return table.reals[field.slot][row].isNaN
            }
        }
    }

    /// Appends a field's value; `false` where it is absent.
    private func value(_ table: RecordTable, _ index: Int, _ field: RecordField, _ row: Int, _ out: inout [UInt8])
        -> Bool
    {
        switch field.type {
        case .text:
            return table.texts[field.slot].withBytes(row) { bytes in
                guard let bytes else { return false }
                JSONScan.appendQuoted(bytes, to: &out)
                return true
            }
        case .json:
            return table.texts[field.slot].withBytes(row) { bytes in
                guard let bytes else { return false }
                out.append(contentsOf: bytes)
                return true
            }
        case .time:
            guard let time = table.time(index, row) else { return false }
            out.append(contentsOf: "\"\(time.iso8601)\"".utf8)
        case .integer:
            guard let number = table.integer(index, row) else { return false }
            out.append(contentsOf: "\(number)".utf8)
        case .flag:
            guard let flag = table.flag(index, row) else { return false }
            out.append(contentsOf: (flag ? "true" : "false").utf8)
        case .real:
            guard let real = table.real(index, row) else { return false }
            out.append(contentsOf: "\(real)".utf8)
        }
        return true
    }
}
