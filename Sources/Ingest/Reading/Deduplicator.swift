import Glibc
package import Records

/// Knows which records of a run were seen before, by the rule of the warehouse: the later `updated_at` is newer, then the
/// greater content hash.
///
/// For dry runs. It remembers up to `limit` keys (32 bytes a slot, 128 MB at most); beyond that new keys count as accepted
/// without being remembered, so that memory stays bounded.
package struct Deduplicator: ~Copyable {
    private struct Slot {
        /// Never zero for a slot in use.
        var high: UInt64 = 0
        var low: UInt64 = 0
        var updatedAt: Int64 = 0
        var contentHash: UInt64 = 0
    }

    /// Slots of the small table that every run begins with, and of the large one that replaces it once.
    private static let smallCapacity = 1 << 16
    private static let largeCapacity = 1 << 22

    private let limit: Int
    private var capacity: Int
    private var slots: UnsafeMutablePointer<Slot>
    private var count = 0
    /// Keeps the loads of `touch` from being taken out as useless.
    private var touched: UInt64 = 0

    /// - Parameter limit: keys that are remembered, at most three quarters of the large table.
    package init(limit: Int = largeCapacity / 4 * 3) {
        self.limit = min(limit, Deduplicator.largeCapacity / 4 * 3)
        capacity = Deduplicator.smallCapacity
        slots = Deduplicator.allocate(capacity)
    }

    deinit { free(slots) }

    /// Zeroed slots. They are written at once and in huge pages where the system has them: reading pages that nobody
    /// wrote first would make every later write interrupt the other processors.
    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Slot> {
        let bytes = capacity * MemoryLayout<Slot>.stride
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, 1 << 21, bytes) == 0, let memory else {
            preconditionFailure("no memory for \(capacity) keys")
        }
        if bytes >= 1 << 21 { madvise(memory, bytes, MADV_HUGEPAGE) }
        memset(memory, 0, bytes)
        return memory.bindMemory(to: Slot.self, capacity: capacity)
    }

    private mutating func grow() {
        let old = slots
        let oldCapacity = capacity
        capacity = Deduplicator.largeCapacity
        slots = Deduplicator.allocate(capacity)
        for index in 0..<oldCapacity where old[index].high != 0 {
            slots[find(old[index].high, old[index].low)] = old[index]
        }
        free(old)
    }

    /// Notes the records of a batch and gives the number of items of which at least one record was new or newer.
    package mutating func add(_ batch: RecordBatch) -> Int {
        var isAccepted = [Bool](repeating: false, count: batch.itemCount)
        for table in batch.tables where !table.isEmpty {
            let updatedAt = table.schema.updatedAt.map { table.integers[table.schema.fields[$0].slot] }
            let hashes = table.hashes()
            for first in stride(from: 0, to: table.count, by: 32) {
                let rows = first..<min(first + 32, table.count)
                touch(hashes.keys[rows])
                for row in rows
                where isNew(hashes.keys[row], updatedAt?[row] ?? RecordTable.absent, hashes.contents[row]) {
                    isAccepted[Int(table.items[row])] = true
                }
            }
        }
        return isAccepted.count { $0 }
    }

    /// Loads the slots of some keys at once, so that their cache misses overlap instead of following one another.
    private mutating func touch(_ keys: ArraySlice<KeyHash>) {
        let mask = capacity - 1
        for key in keys { touched ^= slots[Int(truncatingIfNeeded: max(1, key.high)) & mask].high }
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
        if capacity < Deduplicator.largeCapacity && (count + 1) * 4 > capacity * 3 {
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
}
