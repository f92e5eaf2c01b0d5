import Aggregates
import Records
import Runtime
import Testing

@testable import Warehouse

@Suite("Facts")
struct FactCursorTests {
    @Test(
        "facts come in byte order of source and key, messages in order of time and id", arguments: StoreKind.installed)
    func order(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        var keys = ["a", "B", "é", "z", "aa", "a b", "_", "😀", "\u{FFFD}", "10", "9"]
        try store.load(
            RecordBatch.make { batch in
                for key in keys.shuffled() {
                    batch.addMessage("\(key)-2", in: key, at: 20)
                    batch.addMessage("\(key)-1", in: key, at: 20, role: "agent", author: "x", isPublic: false)
                    batch.addMessage("\(key)-3", in: key, at: 10)
                    batch.addMessage("s-\(key)", in: key, source: "Z")
                }
            })
        let facts = try store.facts()
        keys.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(facts.map(\.key) == keys + keys)
        #expect(facts.map(\.source) == keys.map { _ in "Z" } + keys.map { _ in "desk" })
        for fact in facts.suffix(keys.count) {
            #expect(fact.messages.map(\.id) == ["\(fact.key)-3", "\(fact.key)-1", "\(fact.key)-2"])
            // Text comes for customers' messages alone.
            #expect(fact.messages.map(\.text) == ["hello", nil, "hello"])
            #expect(fact.messages.map(\.isPublic) == [true, false, true])
        }
    }

    @Test("the cursor is a snapshot while cases are replaced", arguments: StoreKind.installed)
    func snapshot(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let count = 20_000
        try store.load(
            RecordBatch.make { batch in for index in 0..<count { batch.addMessage("m\(index)", in: "c\(index)") } })
        let cursor = try store.warehouse.pendingFacts()
        var seen = 0
        var waiting: [AssembledConversation] = []
        while let facts = try cursor.next() {
            #expect(facts.messages.count == 1)
            seen += 1
            waiting.append(AssembledConversation(source: facts.source, key: facts.key, cases: [], scores: []))
            if waiting.count == 7000 {
                try store.warehouse.replaceCases(waiting, zone: .utc)
                waiting = []
            }
        }
        #expect(seen == count)
        #expect(try store.warehouse.pendingCount() == count % 7000)
    }

    @Test("all fields of facts come back", arguments: StoreKind.installed)
    func fields(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let batch = RecordBatch.make { batch in
            for record in RecordKind.allCases.prefix(5) {
                let item = batch.beginItem()
                batch[record].beginRow(item: item)
                for (index, field) in record.schema.fields.enumerated() {
                    switch field.name {
                    case "source": batch[record].set(index, "desk")
                    case "id": batch[record].set(index, record == .conversation ? "c" : "\(record)")
                    case "conversation_id": batch[record].set(index, "c")
                    case "ticket_id": batch[record].set(index, "ticket")
                    case "role", "actor_role": batch[record].set(index, "agent")
                    case "status": batch[record].set(index, record == .ticket ? "closed" : "ended")
                    default:
                        switch field.type {
                        case .text, .json: batch[record].set(index, "\(record).\(field.name)")
                        case .flag: batch[record].set(index, flag: false)
                        case .real: batch[record].set(index, real: 0.5)
                        case .time, .integer: batch[record].set(index, integer: Int64(1000 + index))
                        }
                    }
                }
                batch[record].endRow()
            }
        }
        try store.load(batch)
        let pending = try #require(try store.facts().first)
        let single = try #require(try store.warehouse.facts(source: nil, key: "ticket").first)
        for facts in [pending, single] {
            #expect(facts.key == "c")
            var conversation = ConversationFact(id: "c")
            conversation.channel = "conversation.channel"
            conversation.openedAt = Timestamp(milliseconds: 1003)
            conversation.closedAt = Timestamp(milliseconds: 1004)
            conversation.subject = "conversation.subject"
            conversation.customerID = "conversation.customer_id"
            conversation.group = "conversation.group"
            conversation.tags = "conversation.tags"
            conversation.product = "conversation.product"
            conversation.language = "conversation.language"
            conversation.status = "ended"
            conversation.assigneeID = "conversation.assignee_id"
            #expect(facts.conversation == conversation)
            var ticket = TicketFact(id: "ticket", conversationID: "c")
            ticket.createdAt = Timestamp(milliseconds: 1002)
            ticket.status = .closed
            ticket.subject = "ticket.subject"
            ticket.description = "ticket.description"
            ticket.priority = "ticket.priority"
            ticket.category = "ticket.category"
            ticket.group = "ticket.group"
            ticket.assigneeID = "ticket.assignee_id"
            ticket.requesterID = "ticket.requester_id"
            ticket.channel = "ticket.channel"
            ticket.tags = "ticket.tags"
            ticket.product = "ticket.product"
            ticket.language = "ticket.language"
            ticket.solvedAt = Timestamp(milliseconds: 1018)
            ticket.firstReplyAt = Timestamp(milliseconds: 1019)
            ticket.updatedAt = Timestamp(milliseconds: 1014)
            #expect(facts.tickets == [ticket])
            #expect(try store.warehouse.tickets(source: "desk", ids: ["no", "ticket", "ticket"]) == [ticket])
            #expect(
                facts.events == [
                    TicketEventFact(
                        id: "ticketEvent", ticketID: "ticket", at: Timestamp(milliseconds: 1003),
                        field: "ticketEvent.field", from: "ticketEvent.from", to: "ticketEvent.to",
                        actorID: "ticketEvent.actor_id", actorRole: .agent)
                ])
            var rating = RatingFact(id: "rating", at: Timestamp(milliseconds: 1002), score: "rating.score")
            rating.scale = "rating.scale"
            rating.conversationID = "c"
            rating.ticketID = "ticket"
            rating.agentID = "rating.agent_id"
            #expect(facts.ratings == [rating])
        }
        let message = MessageFact(
            id: "message", conversationID: "c", sentAt: Timestamp(milliseconds: 1003), role: .agent,
            authorID: "message.author_id", isPublic: false, replyTo: "message.reply_to", text: "message.text")
        #expect(single.messages == [message])
        #expect(pending.messages[0].text == nil)
        #expect(try store.warehouse.facts(source: "desk", key: "nothing").isEmpty)
        #expect(try store.warehouse.facts(source: "desk", key: "c").count == 1)
    }

    @Test("linked keys are one conversation, and what was computed for an alias goes", arguments: StoreKind.installed)
    func threadLinks(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.load(
            RecordBatch.make { batch in
                for key in ["a", "b", "c", "d"] {
                    batch.addConversation(key)
                    batch.addMessage("m\(key)", in: key)
                }
                batch.addTicket("t", conversation: "b")
                batch.addEvent("e", ticket: "t")
            })
        try store.assembleAll()
        try store.warehouse.addThreadLinks(source: "desk", ["b": "a", "d": "d"])
        #expect(try store.warehouse.threadLinks(source: "desk") == ["b": "a"])
        #expect(try store.pending() == ["desk|a", "desk|b"])
        let facts = try store.facts()
        #expect(facts.map(\.key) == ["a", "b"])
        #expect(facts[0].messages.map(\.id) == ["ma", "mb"] && facts[0].conversation?.id == "a")
        #expect(facts[0].tickets.map(\.id) == ["t"] && facts[0].events.map(\.id) == ["e"])
        #expect(facts[1].messages.isEmpty && facts[1].conversation == nil)
        try store.assembleAll()
        #expect(try store.dump("service_case").map { $0.split(separator: "|")[1] } == ["a", "c", "d"])

        // What comes under the alias makes the whole conversation pending.
        try store.load(RecordBatch.make { $0.addMessage("mb2", in: "b") })
        #expect(try store.facts()[0].messages.count == 3)
        try store.assembleAll()

        // A canonical key that becomes an alias takes its aliases with it.
        try store.warehouse.addThreadLinks(source: "desk", ["a": "c"])
        #expect(try store.warehouse.threadLinks(source: "desk") == ["a": "c", "b": "c"])
        try store.warehouse.addThreadLinks(source: "desk", ["c": "b"])
        #expect(try store.warehouse.threadLinks(source: "desk") == ["a": "c", "b": "c"])
        try store.assembleAll()
        #expect(try store.dump("service_case").map { $0.split(separator: "|")[1] } == ["c", "d"])
        #expect(try store.warehouse.facts(source: "desk", key: "b").map(\.key) == ["c"])
        #expect(try store.warehouse.facts(source: nil, key: "t")[0].messages.map(\.id) == ["ma", "mb", "mb2", "mc"])
        #expect(try store.warehouse.exportMessages(sentIn: nil).next()?.message.id == "ma")
        #expect(try store.warehouse.threadLinks(source: "other").isEmpty)
    }

    @Test("agents come by their records", arguments: StoreKind.installed)
    func agents(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.load(
            RecordBatch.make { batch in
                for (id, role) in [("2", "bot"), ("1", nil)] {
                    let item = batch.beginItem()
                    batch[.agent].beginRow(item: item)
                    batch[.agent].set(AgentField.source, "desk")
                    batch[.agent].set(AgentField.id, id)
                    batch[.agent].set(AgentField.name, "name \(id)")
                    batch[.agent].set(AgentField.role, role)
                    batch[.agent].endRow()
                }
            })
        #expect(
            try store.warehouse.agents() == [
                AgentFact(source: "desk", id: "1", name: "name 1", group: nil, role: .agent),
                AgentFact(source: "desk", id: "2", name: "name 2", group: nil, role: .bot),
            ])
        #expect(try store.warehouse.pendingCount() == 0)
    }
}
