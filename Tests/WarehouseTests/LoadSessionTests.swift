import Aggregates
import Records
import Runtime
import Support
import Testing

@testable import Warehouse

@Suite("Loading")
struct LoadSessionTests {
    @Test("the later version of a record stays, then the one with the greater hash", arguments: StoreKind.installed)
    func versions(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let old = RecordBatch.make { $0.addMessage("m", in: "a", text: "old", updated: 1) }
        let new = RecordBatch.make { $0.addMessage("m", in: "a", text: "new", updated: 2) }
        let absent = RecordBatch.make { $0.addMessage("m", in: "a", text: "absent") }
        #expect(try store.load(absent)[0] == BatchOutcome(accepted: 1, duplicates: 0, records: [.message: 1]))
        #expect(try store.load(new)[0].accepted == 1)
        #expect(try store.load(old)[0] == BatchOutcome(accepted: 0, duplicates: 1, records: [:]))
        #expect(try store.load(absent)[0].duplicates == 1)
        #expect(try store.dump("message").count == 1)
        #expect(try store.dump("message")[0].contains("|new|"))

        let a = RecordBatch.make { $0.addMessage("t", in: "a", text: "a", updated: 7) }
        let b = RecordBatch.make { $0.addMessage("t", in: "a", text: "b", updated: 7) }
        let first = try TestStore(kind)
        try first.load(a, b)
        let second = try TestStore(kind)
        try second.load(b)
        try second.load(a)
        #expect(try first.dumpFacts() == second.dumpFacts())
    }

    @Test("versions inside one batch count as they would one after the other", arguments: StoreKind.installed)
    func versionsInsideABatch(_ kind: StoreKind) throws {
        func fill(_ batch: inout RecordBatch) {
            batch.addTicket("1", status: "new", updated: 1)
            batch.addTicket("1", status: "open", updated: 3)
            batch.addTicket("1", status: "pending", updated: 2)
            batch.addTicket("1", status: "open", updated: 3)
            batch.addTicket("1", status: "solved", updated: 4)
        }
        let store = try TestStore(kind)
        let together = try store.load(RecordBatch.make(fill))[0]
        #expect(together == BatchOutcome(accepted: 3, duplicates: 2, records: [.ticket: 3]))
        #expect(try store.load(RecordBatch.make(fill))[0] == BatchOutcome(accepted: 0, duplicates: 5, records: [:]))

        let between = try TestStore(kind)
        try between.load(RecordBatch.make { $0.addTicket("1", status: "hold", updated: 2) })
        #expect(try between.load(RecordBatch.make(fill))[0].accepted >= 2)
        #expect(try between.dump("ticket") == store.dump("ticket"))
    }

    @Test(
        "any order and split of batches gives the same tables", arguments: StoreKind.installed, [1, 2, 3] as [UInt64])
    func orderAndSplit(_ kind: StoreKind, _ seed: UInt64) throws {
        var random = SeededGenerator(seed)
        typealias Add = @Sendable (inout RecordBatch) -> Void
        var records: [Add] = []
        for _ in 0..<400 {
            let id = String(Int.random(in: 0..<60, using: &random))
            let conversation = "c\(Int.random(in: 0..<20, using: &random))"
            let updated = Bool.random(using: &random) ? Int64.random(in: 1...5, using: &random) : nil
            let text = "text \(Int.random(in: 0..<4, using: &random))"
            switch Int.random(in: 0..<5, using: &random) {
            case 0: records.append { $0.addMessage(id, in: conversation, text: text, updated: updated) }
            case 1: records.append { $0.addConversation(conversation, subject: text, updated: updated) }
            case 2:
                let named = id.hasSuffix("3") ? nil : conversation
                records.append { $0.addTicket(id, conversation: named, status: text, updated: updated) }
            case 3: records.append { $0.addEvent(text, ticket: id, to: conversation) }
            default: records.append { $0.addRating(conversation, ticket: id, score: text, updated: updated) }
            }
        }
        func batches(_ records: [Add], size: Int) -> [RecordBatch] {
            stride(from: 0, to: records.count, by: size).map { start in
                RecordBatch.make { batch in
                    for add in records[start..<min(start + size, records.count)] { add(&batch) }
                }
            }
        }
        let one = try TestStore(kind)
        let outcomes = try one.load(batches(records, size: 1000))
        let sequential = try TestStore(kind)
        let singles = try sequential.load(batches(records, size: 1))
        #expect(outcomes.reduce(0) { $0 + $1.accepted } == singles.reduce(0) { $0 + $1.accepted }, "seed \(seed)")
        let facts = try one.dumpFacts().dropLast()
        #expect(try sequential.dumpFacts().dropLast() == facts, "seed \(seed)")
        for size in [7, 64] {
            let other = try TestStore(kind)
            for (index, batch) in batches(records.shuffled(using: &random), size: size).enumerated() {
                try other.load(batch, file: "file \(index)")
            }
            #expect(try other.dumpFacts().dropLast() == facts, "seed \(seed), batches of \(size)")
            let repeated = try other.load(batches(records.shuffled(using: &random), size: size))
            #expect(repeated.allSatisfy { $0.accepted == 0 }, "seed \(seed), batches of \(size)")
        }
    }

    @Test("an item is accepted when any of its records is new", arguments: StoreKind.installed)
    func itemsOfSeveralRecords(_ kind: StoreKind) throws {
        func make(message: String) -> RecordBatch {
            RecordBatch.make { batch in
                batch.addConversation("c")
                batch[.message].beginRow(item: 0)
                batch[.message].set(MessageField.source, "desk")
                batch[.message].set(MessageField.id, message)
                batch[.message].set(MessageField.conversationID, "c")
                batch[.message].set(MessageField.sentAt, integer: 1)
                batch[.message].set(MessageField.role, "agent")
                batch[.message].endRow()
            }
        }
        let store = try TestStore(kind)
        try store.load(make(message: "1"))
        #expect(
            try store.load(make(message: "2"))[0] == BatchOutcome(accepted: 1, duplicates: 0, records: [.message: 1]))
        #expect(try store.load(make(message: "2"))[0] == BatchOutcome(accepted: 0, duplicates: 1, records: [:]))
        // An item that was rejected is neither.
        let rejected = RecordBatch.make { _ = $0.beginItem() }
        #expect(try store.load(rejected)[0] == BatchOutcome(accepted: 0, duplicates: 0, records: [:]))
    }

    @Test("loading the same again leaves nothing to do", arguments: StoreKind.installed)
    func reload(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let batch = RecordBatch.make { batch in
            batch.addConversation("c")
            batch.addMessage("1", in: "c")
            batch.addTicket("t", conversation: "c")
            batch.addEvent("e", ticket: "t")
            batch.addRating("r", ticket: "t")
        }
        try store.load(batch)
        #expect(try store.pending() == ["desk|c"])
        try store.assembleAll()
        #expect(try store.warehouse.pendingCount() == 0)
        try store.load(batch, file: "again")
        #expect(try store.warehouse.pendingCount() == 0)
    }

    @Test("a record that moves makes its old conversation pending", arguments: StoreKind.installed)
    func movedRecords(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.load(
            RecordBatch.make { batch in
                batch.addMessage("1", in: "a", updated: 1)
                batch.addTicket("t", conversation: "b", updated: 1)
                batch.addRating("r", conversation: "d", updated: 1)
            })
        try store.assembleAll()
        try store.load(RecordBatch.make { $0.addMessage("1", in: "a2", updated: 2) })
        #expect(try store.pending() == ["desk|a", "desk|a2"])
        try store.assembleAll()
        try store.load(RecordBatch.make { $0.addTicket("t", conversation: "b2", updated: 2) })
        #expect(try store.pending() == ["desk|b", "desk|b2"])
        try store.assembleAll()
        try store.load(RecordBatch.make { $0.addRating("r", ticket: "t", updated: 2) })
        #expect(try store.pending() == ["desk|b2", "desk|d"])
        try store.assembleAll()
        #expect(try store.dump("service_case").map { $0.split(separator: "|")[1] } == ["a2", "b2"])
    }

    @Test("events that come before their ticket lie under its id until it comes", arguments: StoreKind.installed)
    func lateTicket(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.load(
            RecordBatch.make { batch in
                batch.addEvent("e1", ticket: "t")
                batch.addRating("r1", ticket: "t")
                batch.addRating("r2", ticket: "t", conversation: "x")
            })
        #expect(try store.pending() == ["desk|t", "desk|x"])
        let early = try store.facts()
        #expect(early.map(\.key) == ["t", "x"])
        #expect(early[0].events.map(\.id) == ["e1"] && early[0].ratings.map(\.id) == ["r1"])
        #expect(early[1].ratings.map(\.id) == ["r2"])
        try store.assembleAll()

        try store.load(RecordBatch.make { $0.addTicket("t", conversation: "c") })
        #expect(try store.pending() == ["desk|c", "desk|t", "desk|x"])
        let late = try store.facts()
        #expect(late[0].events.map(\.id) == ["e1"] && late[0].ratings.map(\.id) == ["r1", "r2"])
        #expect(late[1].events.isEmpty && late[1].ratings.isEmpty && late[2].ratings.isEmpty)
        try store.assembleAll()
        #expect(try store.dump("service_case").map { $0.split(separator: "|")[1] } == ["c"])

        try store.load(RecordBatch.make { $0.addEvent("e2", ticket: "t", at: 1_700_000_050) })
        #expect(try store.pending() == ["desk|c"])
        #expect(try store.facts()[0].events.map(\.id) == ["e2", "e1"])
    }

    @Test("NUL bytes are taken out and other text stays as it is", arguments: StoreKind.installed)
    func texts(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let text = "naïve 😀 \u{2028} 'quote' \"double\" \\ \t\r\n 客服 $1 ?"
        try store.load(
            RecordBatch.make { batch in
                batch.addMessage("1\u{0}", in: "c\u{0}", text: text + "\u{0}end")
                batch.addMessage("2", in: "c", text: "")
                batch.addMessage("3", in: "c", text: nil)
            })
        let messages = try store.facts()[0].messages
        #expect(messages.map(\.id) == ["1", "2", "3"])
        #expect(messages.map(\.text) == [text + "end", "", nil])
    }

    @Test("a load that is given up leaves nothing", arguments: StoreKind.installed)
    func rollback(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        do {
            let session = try store.warehouse.beginLoad()
            _ = try session.append(RecordBatch.make { $0.addMessage("1", in: "c") })
            session.rollback()
            session.rollback()
        }
        _ = try store.warehouse.beginLoad().append(RecordBatch.make { $0.addMessage("2", in: "c") })
        #expect(try store.dumpFacts().allSatisfy(\.isEmpty))
        try store.load(RecordBatch.make { $0.addMessage("1", in: "c") })
        #expect(try store.dump("message").count == 1)
    }

    @Test("a record without a required field is refused with the server's words", arguments: StoreKind.installed)
    func refusal(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let batch = RecordBatch.make { batch in
            _ = batch.beginItem()
            batch[.message].beginRow(item: 0)
            batch[.message].set(MessageField.source, "desk")
            batch[.message].set(MessageField.id, "1")
            batch[.message].endRow()
        }
        let error = #expect(throws: WarehouseError.self) { try store.load(batch) }
        #expect(error?.description.contains("conversation_id") == true)
        #expect(try store.dump("message").isEmpty)
    }

    @Test("every kind of record has its table", arguments: StoreKind.installed)
    func allKinds(_ kind: StoreKind) throws {
        for record in RecordKind.allCases {
            let table = try #require(FactTables.all.first { $0.name == record.rawValue })
            #expect(Set(table.columnNames) == Set(FactRows.columns(record.schema)))
            for field in record.schema.fields {
                let column = try #require(table.columns.first { $0.name == field.name })
                #expect((column.isRequired || table.key.contains(field.name)) == field.isRequired, "\(field.name)")
                #expect(table.key.contains(field.name) == field.isKey)
            }
        }
        let store = try TestStore(kind)
        func batch(_ text: String) -> RecordBatch {
            RecordBatch.make { batch in
                for record in RecordKind.allCases {
                    let item = batch.beginItem()
                    batch[record].beginRow(item: item)
                    for (index, field) in record.schema.fields.enumerated() {
                        switch field.type {
                        case .text, .json: batch[record].set(index, field.isKey ? "k" : text)
                        case .time, .integer: batch[record].set(index, integer: Int64(text.utf8.count))
                        case .flag: batch[record].set(index, flag: true)
                        case .real: batch[record].set(index, real: 1.5)
                        }
                    }
                    batch[record].endRow()
                }
            }
        }
        #expect(try store.load(batch("a"))[0].accepted == RecordKind.allCases.count)
        #expect(try store.load(batch("a"))[0].duplicates == RecordKind.allCases.count)
        #expect(try store.load(batch("longer"))[0].accepted >= RecordKind.allCases.count - 2)
        for record in RecordKind.allCases { #expect(try store.dump(record.rawValue).count == 1, "\(record)") }
    }

    @Test("files, rejects and what is held of a source", arguments: StoreKind.installed)
    func ledger(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let rejects = (1...3).map {
            Reject(
                file: "a.csv", entry: "e", line: $0, byteOffset: 10 * $0, ordinal: $0,
                reason: $0 == 1 ? .badTime : .badSyntax, detail: "d", excerpt: "x")
        }
        let batch = RecordBatch.make { batch in
            batch.addMessage("1", in: "c", at: 500)
            batch.addMessage("2", in: "c", at: 900)
            batch.addTicket("t", created: 100)
            batch.addEvent("e", ticket: "t", at: 2000)
        }
        #expect(try store.warehouse.loadedFile(contentHash: "x", adapter: "y") == nil)
        try store.load(batch, file: "one", rejects: rejects)
        try store.load(batch, file: "one", rejects: rejects)
        let hash = ContentHasher.hexDigest(of: "one")
        let known = try store.warehouse.loadedFile(contentHash: hash, adapter: "canonical")
        #expect(known?.rejected == 3 && known?.duplicates == 4 && known?.path == "one")
        #expect(try store.warehouse.loadedFile(contentHash: hash, adapter: "other") == nil)
        #expect(try store.warehouse.rejects(limit: 10) == rejects)
        #expect(try store.warehouse.rejects(limit: 2) == Array(rejects[..<2]))

        let quality = try store.warehouse.sourceQuality()
        #expect(quality.map(\.source) == ["desk"])
        #expect(quality[0].adapters == ["canonical"] && quality[0].read == 7 && quality[0].rejected == 3)
        #expect(quality[0].records == ["message": 2, "ticket": 1, "ticket_event": 1])
        #expect(quality[0].rejectReasons == ["bad_time": 1, "bad_syntax": 2])
        #expect(quality[0].firstAt == Timestamp(seconds: 100) && quality[0].lastAt == Timestamp(seconds: 2000))
    }
}
