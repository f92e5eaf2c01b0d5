package import Records

/// Knows which records of a run were seen before, by the rule of the warehouse: the later `updated_at` is newer, then the
/// greater content hash.
///
/// For dry runs. It remembers up to `limit` keys (about 40 bytes each); beyond that new keys count as accepted without
/// being remembered, so that memory stays bounded.
package struct Deduplicator: Sendable {
    private struct Version {
        var updatedAt: Int64
        var contentHash: UInt64
    }

    private let limit: Int
    private var versions: [KeyHash: Version] = [:]

    package init(limit: Int = 4_000_000) { self.limit = limit }

    /// Notes the records of a batch and gives the number of items of which at least one record was new or newer.
    package mutating func add(_ batch: RecordBatch) -> Int {
        var isAccepted = [Bool](repeating: false, count: batch.itemCount)
        for table in batch.tables {
            let updatedAt = table.schema.updatedAt.map { table.integers[table.schema.fields[$0].slot] }
            for row in 0..<table.count where isNew(table, row, updatedAt?[row] ?? RecordTable.absent) {
                isAccepted[Int(table.items[row])] = true
            }
        }
        return isAccepted.count { $0 }
    }

    private mutating func isNew(_ table: RecordTable, _ row: Int, _ updatedAt: Int64) -> Bool {
        let key = table.keyHash(row)
        let version = Version(updatedAt: updatedAt, contentHash: table.contentHash(row))
        guard let known = versions[key] else {
            if versions.count < limit { versions[key] = version }
            return true
        }
        let isNewer = (known.updatedAt, known.contentHash) < (version.updatedAt, version.contentHash)
        if isNewer { versions[key] = version }
        return isNewer
    }
}
