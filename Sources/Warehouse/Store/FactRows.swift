import Records

/// Rows of one table of a batch, prepared for writing: versions ranked, hashes computed, NUL bytes gone.
struct FactRows {
    enum Rank { case winner, superseded, repeated }

    let table: RecordTable
    /// Order-preserving as a signed number: the greater hash is the greater integer.
    let hashes: [Int64]
    /// `winner`: the newest version of its key in the batch. `superseded`: newer than all versions of its key before it,
    /// older than one after it. `repeated`: not newer than a version before it.
    let ranks: [Rank]

    init(_ given: RecordTable) {
        var table = given
        for slot in table.texts.indices where table.texts[slot].bytes.contains(0) {
            table.texts[slot] = table.texts[slot].map { bytes, out in
                out.append(contentsOf: bytes.lazy.filter { $0 != 0 })
            }
        }
        let versions = table.schema.updatedAt.map { table.integers[table.schema.fields[$0].slot] }
        var hashes: [Int64] = []
        hashes.reserveCapacity(table.count)
        var ranks = [Rank](repeating: .winner, count: table.count)
        var newest: [KeyHash: Int] = Dictionary(minimumCapacity: table.count)
        for row in 0..<table.count {
            hashes.append(Int64(bitPattern: table.contentHash(row) ^ (1 << 63)))
            let key = table.keyHash(row)
            guard let before = newest.updateValue(row, forKey: key) else { continue }
            // An absent time is Int64.min and so the earliest by itself.
            let isNewer = (versions?[row] ?? 0, hashes[row]) > (versions?[before] ?? 0, hashes[before])
            if isNewer {
                ranks[before] = .superseded
            } else {
                ranks[row] = .repeated
                newest[key] = before
            }
        }
        self.table = table
        self.hashes = hashes
        self.ranks = ranks
    }

    /// Names of the columns of the fact table in the order in which `write` gives the values.
    static func columns(_ schema: RecordSchema) -> [String] {
        schema.fields.map(\.name) + (schema.updatedAt == nil ? ["updated_at"] : []) + ["content_hash"]
            + (schema.kind == .ticket ? ["conversation_key"] : [])
    }

    /// Writes the rows that `isWanted` chooses, each with what `suffix` adds at its end.
    func write(
        to writer: any RowWriter, where isWanted: (Int) -> Bool, suffix: (Int) -> Void = { _ in }
    ) throws {
        try table.withTextBytes { buffers in
            for row in 0..<table.count where isWanted(row) {
                writer.beginRow()
                for field in table.schema.fields {
                    switch field.type {
                    case .text, .json: write(field.slot, row, buffers, to: writer)
                    case .time, .integer, .flag:
                        let value = table.integers[field.slot][row]
                        if value == RecordTable.absent { writer.null() } else { writer.integer(value) }
                    case .real:
                        let value = table.reals[field.slot][row]
                        if value.isNaN { writer.null() } else { writer.real(value) }
                    }
                }
                if table.schema.updatedAt == nil { writer.null() }
                writer.integer(hashes[row])
                if table.kind == .ticket {
                    let conversation = table.schema.fields[TicketField.conversationID].slot
                    let hasConversation = table.texts[conversation].isPresent(row)
                    write(
                        hasConversation ? conversation : table.schema.fields[TicketField.id].slot, row, buffers,
                        to: writer)
                }
                suffix(row)
                try writer.endRow()
            }
        }
    }

    @inline(__always)
    private func write(_ slot: Int, _ row: Int, _ buffers: [UnsafeRawBufferPointer], to writer: any RowWriter) {
        if let range = table.texts[slot].range(row) {
            writer.bytes(UnsafeRawBufferPointer(rebasing: buffers[slot][range]))
        } else {
            writer.null()
        }
    }
}

extension RecordTable {
    /// Calls `body` with the bytes of all text columns; the pointers must not leave it.
    func withTextBytes<R>(_ body: ([UnsafeRawBufferPointer]) throws -> R) rethrows -> R {
        func open(_ slot: Int, _ found: [UnsafeRawBufferPointer]) throws -> R {
            guard slot < texts.count else { return try body(found) }
            return try texts[slot].bytes.withUnsafeBytes { try open(slot + 1, found + [$0]) }
        }
        return try open(0, [])
    }
}
