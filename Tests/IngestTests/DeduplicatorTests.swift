import Records
import Testing

@testable import Ingest

@Suite struct DeduplicatorTests {
    /// A batch of tickets, one an item.
    private func batch(_ ids: Range<Int>, updatedAt: Int64 = 1, subject: String = "s") -> RecordBatch {
        var batch = RecordBatch()
        for id in ids {
            let item = batch.beginItem()
            batch[.ticket].beginRow(item: item)
            batch[.ticket].set(TicketField.source, "a")
            batch[.ticket].set(TicketField.id, "\(id)")
            batch[.ticket].set(TicketField.subject, subject)
            batch[.ticket].set(TicketField.updatedAt, integer: updatedAt)
            batch[.ticket].endRow()
        }
        return batch
    }

    @Test func theSmallTableBecomesTheLargeOneWithoutForgetting() {
        var seen = Deduplicator()
        #expect(seen.add(batch(0..<60_000)) == 60_000)
        #expect(seen.add(batch(0..<60_000)) == 0)
        #expect(seen.add(batch(60_000..<61_000)) == 1_000)
    }

    @Test func theLaterVersionIsNewAndTheEarlierIsNot() {
        var seen = Deduplicator()
        #expect(seen.add(batch(0..<10, updatedAt: 5)) == 10)
        #expect(seen.add(batch(0..<10, updatedAt: 4, subject: "older")) == 0)
        #expect(seen.add(batch(0..<10, updatedAt: 6, subject: "newer")) == 10)
        let first = seen.add(batch(0..<10, updatedAt: 6, subject: "x"))
        let second = seen.add(batch(0..<10, updatedAt: 6, subject: "newer"))
        // Of two versions of the same time the greater content hash wins, whichever came first.
        #expect(first + second == first)
    }
}
