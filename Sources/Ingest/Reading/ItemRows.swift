import Records

/// The fields of a table row.
struct TableRow: RowFields {
    let block: TableBlock
    let fields: UnsafeBufferPointer<FieldSpan>

    @inline(__always)
    func field(_ column: Int, _ scratch: Scratch) -> UnsafeRawBufferPointer? {
        guard column < fields.count else { return nil }
        let span = fields[column]
        if !span.hasDoubledQuotes { return block.bytes(span) }
        return undoubled(span, scratch)
    }

    @inline(never)
    private func undoubled(_ span: FieldSpan, _ scratch: Scratch) -> UnsafeRawBufferPointer {
        let room = scratch.room(span.count)
        var count = 0
        CSVReader.undouble(block.bytes(span)) { byte in
            room[count] = byte
            count &+= 1
        }
        return UnsafeRawBufferPointer(rebasing: room[..<count])
    }

    func hash(_ scratch: Scratch) -> UInt64 {
        var hash = StableHash()
        for column in 0..<fields.count { if let bytes = field(column, scratch) { hash.combine(bytes) } }
        return hash.value
    }
}

/// The values of a JSON object by the keys of a mapping.
struct ObjectRow: RowFields {
    let value: JSONValue
    let keys: [[[UInt8]]]

    func field(_ column: Int, _ scratch: Scratch) -> UnsafeRawBufferPointer? {
        guard column < keys.count else { return nil }
        var found = value
        for key in keys[column] {
            guard let next = key.withUnsafeBytes({ found.member($0) }) else { return nil }
            found = next
        }
        switch found.kind {
        case .null: return nil
        case .array, .object:
            var out: [UInt8] = []
            found.write(to: &out)
            return scratch.keep(out)
        default: return found.stableText(scratch)
        }
    }

    func hash(_ scratch: Scratch) -> UInt64 {
        var out: [UInt8] = []
        value.write(to: &out)
        var hash = StableHash()
        out.withUnsafeBytes { hash.combine($0) }
        return hash.value
    }
}
