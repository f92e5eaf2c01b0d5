package import Records

/// What a pipeline does to a batch on the worker that made it, before anyone else sees it: masking of private data in
/// records and in the excerpts of rejects.
///
/// It is called from several threads at once, each with a batch of its own, and must give the same for the same batch.
package protocol RecordFilter: Sendable {
    func apply(to batch: inout RecordBatch)
}

/// What reading a file came to.
package struct ReadSummary: Sendable, Equatable {
    /// Input items: rows, lines, objects.
    package var items = 0
    /// Items that became rejects.
    package var rejected = 0
    /// Records by kind.
    package var records: [RecordKind: Int] = [:]
    /// Notes with how often each was given.
    package var warnings: [String: Int] = [:]

    package init() {}

    package mutating func add(_ other: ReadSummary) {
        items += other.items
        rejected += other.rejected
        records.merge(other.records, uniquingKeysWith: +)
        warnings.merge(other.warnings, uniquingKeysWith: +)
    }
}
