import Glibc
import Records
import Runtime

/// Merges the ordered streams of keys, conversations, messages, tickets, events and ratings into whole conversations.
///
/// One conversation is in memory at a time. A key under which nothing lies (any more) gives empty facts, so that what
/// was computed for it is taken away.
final class StoredFactCursor: FactCursor {
    private let session: any SQLConnection
    private let keys: any RowReader
    private let conversations: FactStream
    private let messages: FactStream
    private let tickets: FactStream
    private let events: FactStream
    private let ratings: FactStream

    /// - Parameters:
    ///   - keys: query for (source, key) in the order of the streams.
    ///   - values: parameters of all queries.
    init(_ session: any SQLConnection, keys: String, _ queries: FactQueries, _ values: [SQLValue]) throws {
        self.session = session
        self.keys = try session.cursor(keys, values)
        conversations = try FactStream(session.cursor(queries.conversations, values))
        messages = try FactStream(session.cursor(queries.messages, values))
        tickets = try FactStream(session.cursor(queries.tickets, values))
        events = try FactStream(session.cursor(queries.events, values))
        ratings = try FactStream(session.cursor(queries.ratings, values))
    }

    func next() throws -> ConversationFacts? {
        guard try keys.next() else { return nil }
        var facts = ConversationFacts(source: keys.text(0), key: keys.text(1))
        let key = FactKey(source: Array(facts.source.utf8), key: Array(facts.key.utf8))
        while let row = try conversations.row(of: key) {
            // Of several conversations that threading made one, the one that bears the key speaks for it.
            if facts.conversation == nil { facts.conversation = FactDecoding.conversation(row) }
        }
        while let row = try messages.row(of: key) { facts.messages.append(FactDecoding.message(row)) }
        while let row = try tickets.row(of: key) { facts.tickets.append(FactDecoding.ticket(row, from: 2)) }
        while let row = try events.row(of: key) { facts.events.append(FactDecoding.event(row)) }
        while let row = try ratings.row(of: key) { facts.ratings.append(FactDecoding.rating(row)) }
        return facts
    }
}

private struct FactKey {
    let source: [UInt8]
    let key: [UInt8]
}

/// A reader with one row of look-ahead.
private final class FactStream {
    private let reader: any RowReader
    private var hasRow: Bool
    private var isTaken = false

    init(_ reader: any RowReader) throws {
        self.reader = reader
        hasRow = try reader.next()
    }

    /// The next row where it belongs to the key.
    func row(of key: FactKey) throws -> (any RowReader)? {
        if isTaken {
            hasRow = try reader.next()
            isTaken = false
        }
        guard hasRow, equal(1, key.key), equal(0, key.source) else { return nil }
        isTaken = true
        return reader
    }

    private func equal(_ column: Int, _ bytes: [UInt8]) -> Bool {
        reader.withBytes(column) { found in
            bytes.withUnsafeBytes { wanted in
                guard found.count == wanted.count else { return false }
                guard let a = found.baseAddress, let b = wanted.baseAddress else { return true }
                return memcmp(a, b, found.count) == 0
            }
        }
    }
}

/// Facts from the columns of `FactQueries`.
enum FactDecoding {
    static func conversation(_ row: any RowReader) -> ConversationFact {
        var fact = ConversationFact(id: row.text(2))
        fact.channel = row.optionalText(3)
        fact.openedAt = row.optionalTime(4)
        fact.closedAt = row.optionalTime(5)
        fact.subject = row.optionalText(6)
        fact.customerID = row.optionalText(7)
        fact.group = row.optionalText(8)
        fact.tags = row.optionalText(9)
        fact.product = row.optionalText(10)
        fact.language = row.optionalText(11)
        fact.status = row.optionalText(12)
        fact.assigneeID = row.optionalText(13)
        return fact
    }

    static func message(_ row: any RowReader) -> MessageFact {
        MessageFact(
            id: row.text(2), conversationID: row.text(3), sentAt: Timestamp(milliseconds: row.integer(4)),
            role: Role(rawValue: row.text(5)) ?? .system, authorID: row.optionalText(6),
            // Where the source does not say, a message is one that the customer saw.
            isPublic: row.optionalInteger(7) != 0, replyTo: row.optionalText(8), text: row.optionalText(9))
    }

    static func ticket(_ row: any RowReader, from column: Int) -> TicketFact {
        var fact = TicketFact(id: row.text(column), conversationID: row.text(column + 1))
        fact.createdAt = row.optionalTime(column + 2)
        fact.status = row.optionalText(column + 3).flatMap(TicketStatus.init(rawValue:))
        fact.subject = row.optionalText(column + 4)
        fact.description = row.optionalText(column + 5)
        fact.priority = row.optionalText(column + 6)
        fact.category = row.optionalText(column + 7)
        fact.group = row.optionalText(column + 8)
        fact.assigneeID = row.optionalText(column + 9)
        fact.requesterID = row.optionalText(column + 10)
        fact.channel = row.optionalText(column + 11)
        fact.tags = row.optionalText(column + 12)
        fact.product = row.optionalText(column + 13)
        fact.language = row.optionalText(column + 14)
        fact.solvedAt = row.optionalTime(column + 15)
        fact.firstReplyAt = row.optionalTime(column + 16)
        fact.updatedAt = row.optionalTime(column + 17)
        return fact
    }

    static func event(_ row: any RowReader) -> TicketEventFact {
        TicketEventFact(
            id: row.text(2), ticketID: row.text(3), at: Timestamp(milliseconds: row.integer(4)), field: row.text(5),
            from: row.optionalText(6), to: row.optionalText(7), actorID: row.optionalText(8),
            actorRole: row.optionalText(9).flatMap(Role.init(rawValue:)))
    }

    static func rating(_ row: any RowReader) -> RatingFact {
        var fact = RatingFact(id: row.text(2), at: Timestamp(milliseconds: row.integer(3)), score: row.text(4))
        fact.scale = row.optionalText(5)
        fact.conversationID = row.optionalText(6)
        fact.ticketID = row.optionalText(7)
        fact.agentID = row.optionalText(8)
        return fact
    }
}
