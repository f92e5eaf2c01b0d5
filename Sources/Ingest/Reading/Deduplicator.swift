import Glibc
package import Records

/// Knows which records of a run were seen before, by the rule of the warehouse: the later `updated_at` is newer, then the
/// greater content hash.
///
/// For dry runs. It remembers up to `limit` keys (32 bytes each, in a table at most three quarters full); beyond that new
/// keys count as accepted without being remembered, so that memory stays bounded.
package struct Deduplicator: ~Copyable {
    private struct Slot {
        /// Never zero for a slot in use.
        var high: UInt64 = 0
        var low: UInt64 = 0
        var updatedAt: Int64 = 0
        var contentHash: UInt64 = 0
    }

    private let limit: Int
    private var slots: UnsafeMutablePointer<Slot>
    private var capacity: Int
    private var count = 0

    package init(limit: Int = 3_000_000) {
        self.limit = limit
        capacity = 1 << 12
        slots = Deduplicator.allocate(capacity)
    }

    deinit { free(slots) }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Slot> {
        // calloc gives zero pages that cost nothing until they are touched; a slot of zeros is a free one.
        guard let zeros = calloc(capacity, MemoryLayout<Slot>.stride) else {
            preconditionFailure("no memory for \(capacity) keys")
        }
        return zeros.bindMemory(to: Slot.self, capacity: capacity)
    }

    /// Notes the records of a batch and gives the number of items of which at least one record was new or newer.
    package mutating func add(_ batch: RecordBatch) -> Int {
        var isAccepted = [Bool](repeating: false, count: batch.itemCount)
        for table in batch.tables where !table.isEmpty {
            let updatedAt = table.schema.updatedAt.map { table.integers[table.schema.fields[$0].slot] }
            let hashes = table.hashes()
            for row in 0..<table.count
            where isNew(hashes.keys[row], updatedAt?[row] ?? RecordTable.absent, hashes.contents[row]) {
                isAccepted[Int(table.items[row])] = true
            }
        }
        return isAccepted.count { $0 }
    }

    private mutating func isNew(_ key: KeyHash, _ updatedAt: Int64, _ contentHash: UInt64) -> Bool {
        let high = max(1, key.high)
        var index = find(high, key.low)
        if slots[index].high != 0 {
            let known = (slots[index].updatedAt, slots[index].contentHash)
            guard known < (updatedAt, contentHash) else { return false }
            slots[index].updatedAt = updatedAt
            slots[index].contentHash = contentHash
            return true
        }
        guard count < limit else { return true }
        if (count + 1) * 4 > capacity * 3 {
            grow()
            index = find(high, key.low)
        }
        slots[index] = Slot(high: high, low: key.low, updatedAt: updatedAt, contentHash: contentHash)
        count += 1
        return true
    }

    /// The slot that holds the key, or the free one where it belongs.
    private func find(_ high: UInt64, _ low: UInt64) -> Int {
        let mask = capacity - 1
        var index = Int(truncatingIfNeeded: high) & mask
        while slots[index].high != 0 && !(slots[index].high == high && slots[index].low == low) {
            index = (index + 1) & mask
        }
        return index
    }

    private mutating func grow() {
        let old = slots
        let oldCapacity = capacity
        capacity *= 2
        slots = Deduplicator.allocate(capacity)
        for index in 0..<oldCapacity where old[index].high != 0 {
            slots[find(old[index].high, old[index].low)] = old[index]
        }
        free(old)
    }
}
