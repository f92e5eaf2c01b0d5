package import Runtime

/// The records of one kind in a batch, column by column.
///
/// A row is written by `beginRow`, any number of `set…`, `endRow`; fields that were not set are absent. An absent
/// integer or time is `RecordTable.absent`, an absent real is NaN.
package struct RecordTable: Sendable {
    /// Stands for an absent integer, time or flag.
    package static let absent = Int64.min

    package let schema: RecordSchema
    package private(set) var count = 0
    package var texts: [TextColumn]
    package var integers: [[Int64]]
    package var reals: [[Double]]
    /// For each row the position of the input item (row, line, object) that it came from, counted within the batch.
    package private(set) var items: [Int32] = []

    package init(_ kind: RecordKind) {
        schema = kind.schema
        texts = Array(repeating: TextColumn(), count: schema.textCount)
        integers = Array(repeating: [], count: schema.integerCount)
        reals = Array(repeating: [], count: schema.realCount)
    }

    package var kind: RecordKind { schema.kind }
    package var isEmpty: Bool { count == 0 }

    package mutating func beginRow(item: Int) { items.append(Int32(truncatingIfNeeded: item)) }

    package mutating func set(_ field: Int, _ value: UnsafeRawBufferPointer) {
        texts[schema.fields[field].slot].append(value)
    }
    package mutating func set(_ field: Int, _ value: String) { texts[schema.fields[field].slot].append(value) }
    package mutating func set(_ field: Int, _ value: String?) { if let value { set(field, value) } }
    package mutating func set(_ field: Int, integer value: Int64) { integers[schema.fields[field].slot].append(value) }
    package mutating func set(_ field: Int, integer value: Int64?) { if let value { set(field, integer: value) } }
    package mutating func set(_ field: Int, flag value: Bool?) { if let value { set(field, integer: value ? 1 : 0) } }
    package mutating func set(_ field: Int, real value: Double) { reals[schema.fields[field].slot].append(value) }

    /// Ends the row: every column that got no value since `beginRow` gets an absent one.
    package mutating func endRow() {
        count += 1
        for slot in texts.indices where texts[slot].count < count { texts[slot].appendAbsent() }
        for slot in integers.indices where integers[slot].count < count { integers[slot].append(RecordTable.absent) }
        for slot in reals.indices where reals[slot].count < count { reals[slot].append(.nan) }
    }

    package mutating func reserveCapacity(_ rows: Int) {
        items.reserveCapacity(rows)
        for slot in texts.indices { texts[slot].reserveCapacity(values: rows, bytes: rows * 16) }
        for slot in integers.indices { integers[slot].reserveCapacity(rows) }
    }

    package mutating func removeAll() {
        count = 0
        items.removeAll(keepingCapacity: true)
        for slot in texts.indices { texts[slot].removeAll() }
        for slot in integers.indices { integers[slot].removeAll(keepingCapacity: true) }
        for slot in reals.indices { reals[slot].removeAll(keepingCapacity: true) }
    }

    /// Takes back every row from `rows` on, one that was begun and not ended included.
    package mutating func truncate(to rows: Int) {
        count = min(count, rows)
        if items.count > rows { items.removeLast(items.count - rows) }
        for slot in texts.indices { texts[slot].truncate(to: rows) }
        for slot in integers.indices where integers[slot].count > rows {
            integers[slot].removeLast(integers[slot].count - rows)
        }
        for slot in reals.indices where reals[slot].count > rows { reals[slot].removeLast(reals[slot].count - rows) }
    }

    package func text(_ field: Int, _ row: Int) -> String? { texts[schema.fields[field].slot][row] }
    package func textColumn(_ field: Int) -> TextColumn { texts[schema.fields[field].slot] }
    package func integer(_ field: Int, _ row: Int) -> Int64? {
        let value = integers[schema.fields[field].slot][row]
        return value == RecordTable.absent ? nil : value
    }
    package func time(_ field: Int, _ row: Int) -> Timestamp? { integer(field, row).map(Timestamp.init(milliseconds:)) }
    package func flag(_ field: Int, _ row: Int) -> Bool? { integer(field, row).map { $0 != 0 } }
    package func real(_ field: Int, _ row: Int) -> Double? {
        let value = reals[schema.fields[field].slot][row]
        return value.isNaN ? nil : value
    }

    /// A 64-bit hash over every present field of a row, the same on every machine and in every order of arrival.
    ///
    /// It breaks ties between two versions of a record with equal `updated_at`.
    package func contentHash(_ row: Int) -> UInt64 {
        var hash = StableHash()
        for field in schema.fields { combine(field, row, into: &hash) }
        return hash.value
    }

    /// A 128-bit hash over the natural key of a row: two 64-bit halves under different seeds.
    package func keyHash(_ row: Int) -> KeyHash {
        var high = StableHash(seed: 0x9E37_79B9_7F4A_7C15)
        var low = StableHash(seed: 0xC2B2_AE3D_27D4_EB4F)
        for field in schema.key {
            texts[schema.fields[field].slot].withBytes(row) { bytes in
                if let bytes {
                    high.combine(bytes)
                    low.combine(bytes)
                }
            }
        }
        return KeyHash(high: high.value, low: low.value ^ UInt64(schema.kind.index))
    }

    /// The hashes of all rows: what `keyHash` and `contentHash` give, without looking at columns that hold nothing.
    package func hashes() -> (keys: [KeyHash], contents: [UInt64]) {
        let used = schema.fields.filter { field in
            switch field.type {
            case .text, .json: !texts[field.slot].isAllAbsent
            case .time, .integer, .flag: integers[field.slot].contains { $0 != RecordTable.absent }
            case .real: reals[field.slot].contains { !$0.isNaN }
            }
        }
        var keys: [KeyHash] = []
        var contents: [UInt64] = []
        keys.reserveCapacity(count)
        contents.reserveCapacity(count)
        for row in 0..<count {
            var hash = StableHash()
            for field in used { combine(field, row, into: &hash) }
            keys.append(keyHash(row))
            contents.append(hash.value)
        }
        return (keys, contents)
    }

    /// Absent fields add nothing, so that a column without values need not be looked at; present ones add their
    /// position first, so that equal values in different fields differ.
    @inline(__always)
    private func combine(_ field: RecordField, _ row: Int, into hash: inout StableHash) {
        switch field.type {
        case .text, .json:
            texts[field.slot].withBytes(row) { bytes in
                guard let bytes else { return }
                hash.combine(UInt64(field.slot))
                hash.combine(bytes)
            }
        case .time, .integer, .flag:
            let value = integers[field.slot][row]
            guard value != RecordTable.absent else { return }
            hash.combine(UInt64(field.slot) | 1 << 32)
            hash.combine(UInt64(bitPattern: value))
        case .real:
            let value = reals[field.slot][row]
            guard !value.isNaN else { return }
            hash.combine(UInt64(field.slot) | 1 << 33)
            hash.combine(value.bitPattern)
        }
    }
}

/// 128 bits that stand for a natural key in memory.
package struct KeyHash: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

/// A seeded 64-bit hash of words and bytes by folded multiplication (as in wyhash); not cryptographic.
package struct StableHash: Sendable {
    package private(set) var value: UInt64

    package init(seed: UInt64 = 0) { value = seed ^ 0x5851_F42D_4C95_7F2D }

    @inline(__always)
    package mutating func combine(_ word: UInt64) {
        let product = (value ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        value = (product.high ^ product.low) &+ 0xD6E8_FEB8_6659_FD93
    }

    package mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while offset + 8 <= bytes.count {
            combine(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var rest: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count {
            rest |= UInt64(bytes[offset]) << shift
            shift += 8
            offset += 1
        }
        // The length goes in with the rest, so that "ab","c" differs from "a","bc".
        combine(rest ^ (UInt64(bytes.count) << 56) ^ UInt64(bytes.count))
    }

    package mutating func combine(_ text: String) {
        var text = text
        text.withUTF8 { combine(UnsafeRawBufferPointer($0)) }
    }
}
