/// The unit of flow: the records and rejects that a run of input items (rows, lines, objects) gave, in input order.
package struct RecordBatch: Sendable {
    /// One table per kind, in the order of `RecordKind.allCases`.
    package var tables: [RecordTable]
    package var rejects: [Reject] = []
    /// How many input items this batch covers: those that gave records and those that were rejected.
    package private(set) var itemCount = 0

    package init() { tables = RecordKind.allCases.map(RecordTable.init) }

    package subscript(_ kind: RecordKind) -> RecordTable {
        _read { yield tables[kind.index] }
        _modify { yield &tables[kind.index] }
    }

    package var recordCount: Int { tables.reduce(0) { $0 + $1.count } }

    /// Starts the next input item and gives its position in the batch, for `RecordTable.beginRow(item:)`.
    package mutating func beginItem() -> Int {
        itemCount += 1
        return itemCount - 1
    }

    package mutating func removeAll() {
        for index in tables.indices { tables[index].removeAll() }
        rejects.removeAll()
        itemCount = 0
    }
}
