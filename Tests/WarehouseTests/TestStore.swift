import Aggregates
import Records
import Runtime
import Support
import Testing

@testable import Warehouse

/// The stores that every law is checked against.
enum StoreKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, postgres
    /// Where no server programs are installed `PostgresInstallationTests` is reported as skipped.
    static var installed: [StoreKind] { ThrowawayPostgres.isInstalled ? allCases : [.sqlite] }
    var testDescription: String { rawValue }
}

/// A warehouse of its own for a test.
final class TestStore {
    let address: String
    let kind: StoreKind
    private let folder: TemporaryFolder
    let warehouse: SQLWarehouse

    init(_ kind: StoreKind, migrated: Bool = true) throws {
        self.kind = kind
        folder = try TemporaryFolder()
        address =
            switch kind {
            case .sqlite: "sqlite:\(folder.path)/deep/warehouse.sqlite"
            case .postgres: try ThrowawayPostgres.shared().makeDatabase()
            }
        warehouse = try TestStore.open(address)
        if migrated { _ = try warehouse.migrate() }
    }

    static func open(_ address: String) throws -> SQLWarehouse {
        try #require(try openWarehouse(address: address) as? SQLWarehouse)
    }

    func reopen() throws -> SQLWarehouse { try TestStore.open(address) }

    /// All rows of a table as text, sorted: equal tables give equal arrays, in either store.
    func dump(_ table: String) throws -> [String] {
        let definition = try #require(Migration.tables.first { $0.name == table })
        let reader = try warehouse.connection.rows("SELECT \(quotedList(definition.columnNames)) FROM \(quoted(table))")
        var out: [String] = []
        while try reader.next() {
            let cells = definition.columns.indices.map { column -> String in
                if reader.isNull(column) { return "∅" }
                switch definition.columns[column].type {
                case .text: return reader.text(column)
                case .integer: return String(reader.integer(column))
                case .real: return String(reader.real(column))
                case .blob: return reader.withBytes(column) { $0.map { String($0, radix: 16) }.joined() }
                }
            }
            out.append(cells.joined(separator: "|"))
        }
        return out.sorted()
    }

    /// Everything that loading leaves behind.
    func dumpFacts() throws -> [[String]] {
        try (RecordKind.allCases.map(\.rawValue) + ["pending_conversation"]).map { try dump($0) }
    }

    func pending() throws -> [String] { try dump("pending_conversation") }

    /// Loads batches as one file.
    @discardableResult
    func load(_ batches: RecordBatch..., file: String = "file", rejects: [Reject] = []) throws -> [BatchOutcome] {
        try load(batches, file: file, rejects: rejects)
    }

    @discardableResult
    func load(_ batches: [RecordBatch], file: String = "file", rejects: [Reject] = []) throws -> [BatchOutcome] {
        let session = try warehouse.beginLoad()
        let outcomes = try batches.map { try session.append($0) }
        try session.append(rejects: rejects)
        try session.commit(loadedFile(file, outcomes, rejects: rejects.count))
        return outcomes
    }

    /// Reads all pending facts.
    func facts() throws -> [ConversationFacts] {
        let cursor = try warehouse.pendingFacts()
        var out: [ConversationFacts] = []
        while let next = try cursor.next() { out.append(next) }
        return out
    }

    /// Takes everything off the pending list, leaving a case a conversation.
    func assembleAll() throws {
        let assembled = try facts().map { facts -> AssembledConversation in
            let first = facts.messages.first?.sentAt ?? facts.tickets.first?.createdAt ?? Timestamp(seconds: 1_000_000)
            let item = ServiceCase(
                source: facts.source, id: facts.key, kind: .conversation, conversationKey: facts.key, openedAt: first,
                lastEventAt: facts.messages.last?.sentAt ?? first)
            let isEmpty =
                facts.conversation == nil && facts.messages.isEmpty && facts.tickets.isEmpty && facts.events.isEmpty
                && facts.ratings.isEmpty
            return AssembledConversation(
                source: facts.source, key: facts.key, cases: isEmpty ? [] : [item], scores: [])
        }
        try warehouse.replaceCases(assembled, zone: .utc)
    }
}

func loadedFile(_ name: String, _ outcomes: [BatchOutcome] = [], rejects: Int = 0, source: String = "desk")
    -> LoadedFile
{
    let accepted = outcomes.reduce(0) { $0 + $1.accepted }
    let duplicates = outcomes.reduce(0) { $0 + $1.duplicates }
    return LoadedFile(
        contentHash: ContentHasher.hexDigest(of: name), adapter: "canonical", path: name, source: source, bytes: 10,
        read: accepted + duplicates + rejects, accepted: accepted, duplicates: duplicates, rejected: rejects,
        runID: "run", loadedAt: Timestamp(seconds: 1_800_000_000))
}

/// A small seeded generator (SplitMix64), so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

// One item a record, in the shape that adapters give.

extension RecordBatch {
    mutating func addMessage(
        _ id: String, in conversation: String, at seconds: Int64 = 1_700_000_000, role: String = "customer",
        text: String? = "hello", updated: Int64? = nil, source: String = "desk", author: String? = nil,
        isPublic: Bool? = nil
    ) {
        let item = beginItem()
        self[.message].beginRow(item: item)
        self[.message].set(MessageField.source, source)
        self[.message].set(MessageField.id, id)
        self[.message].set(MessageField.conversationID, conversation)
        self[.message].set(MessageField.sentAt, integer: seconds * 1000)
        self[.message].set(MessageField.role, role)
        self[.message].set(MessageField.authorID, author)
        self[.message].set(MessageField.text, text)
        self[.message].set(MessageField.isPublic, flag: isPublic)
        self[.message].set(MessageField.updatedAt, integer: updated)
        self[.message].endRow()
    }

    mutating func addConversation(_ id: String, subject: String? = nil, updated: Int64? = nil, source: String = "desk")
    {
        let item = beginItem()
        self[.conversation].beginRow(item: item)
        self[.conversation].set(ConversationField.source, source)
        self[.conversation].set(ConversationField.id, id)
        self[.conversation].set(ConversationField.channel, "chat")
        self[.conversation].set(ConversationField.subject, subject)
        self[.conversation].set(ConversationField.updatedAt, integer: updated)
        self[.conversation].endRow()
    }

    mutating func addTicket(
        _ id: String, conversation: String? = nil, status: String = "open", updated: Int64? = nil,
        source: String = "desk",
        created: Int64 = 1_700_000_000
    ) {
        let item = beginItem()
        self[.ticket].beginRow(item: item)
        self[.ticket].set(TicketField.source, source)
        self[.ticket].set(TicketField.id, id)
        self[.ticket].set(TicketField.createdAt, integer: created * 1000)
        self[.ticket].set(TicketField.status, status)
        self[.ticket].set(TicketField.conversationID, conversation)
        self[.ticket].set(TicketField.updatedAt, integer: updated)
        self[.ticket].endRow()
    }

    mutating func addEvent(_ id: String, ticket: String, at seconds: Int64 = 1_700_000_100, to value: String = "solved")
    {
        let item = beginItem()
        self[.ticketEvent].beginRow(item: item)
        self[.ticketEvent].set(TicketEventField.source, "desk")
        self[.ticketEvent].set(TicketEventField.ticketID, ticket)
        self[.ticketEvent].set(TicketEventField.id, id)
        self[.ticketEvent].set(TicketEventField.at, integer: seconds * 1000)
        self[.ticketEvent].set(TicketEventField.field, "status")
        self[.ticketEvent].set(TicketEventField.to, value)
        self[.ticketEvent].endRow()
    }

    mutating func addRating(
        _ id: String, ticket: String? = nil, conversation: String? = nil, score: String = "5", updated: Int64? = nil
    ) {
        let item = beginItem()
        self[.rating].beginRow(item: item)
        self[.rating].set(RatingField.source, "desk")
        self[.rating].set(RatingField.id, id)
        self[.rating].set(RatingField.at, integer: 1_700_000_200_000)
        self[.rating].set(RatingField.score, score)
        self[.rating].set(RatingField.conversationID, conversation)
        self[.rating].set(RatingField.ticketID, ticket)
        self[.rating].set(RatingField.updatedAt, integer: updated)
        self[.rating].endRow()
    }

    static func make(_ body: (inout RecordBatch) -> Void) -> RecordBatch {
        var batch = RecordBatch()
        body(&batch)
        return batch
    }
}
