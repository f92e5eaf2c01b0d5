import Aggregates
import Records
import Runtime

extension SQLWarehouse {
    func exportMessages(sentIn span: Range<Timestamp>?) throws -> any MessageCursor {
        let session = try snapshot()
        let hasLinks = try session.integer("SELECT count(*) FROM (SELECT 1 FROM thread_link LIMIT 1) AS l") == 1
        let key = hasLinks ? "coalesce(l.canonical, m.conversation_id)" : "m.conversation_id"
        let links = hasLinks ? "LEFT JOIN thread_link AS l ON l.source = m.source AND l.key = m.conversation_id" : ""
        let condition = span == nil ? "" : "WHERE m.sent_at >= $1 AND m.sent_at < $2"
        let values: [SQLValue] =
            span.map { [.integer($0.lowerBound.milliseconds), .integer($0.upperBound.milliseconds)] } ?? []
        let reader = try session.cursor(
            """
            SELECT m.source, \(key), m.id, m.conversation_id, m.sent_at, m.role, m.author_id, m.is_public, m.reply_to,
            m.text, s.message_id, s.intent, s.intent_confidence, s.sentiment, s.sentiment_confidence
            FROM message AS m \(links) LEFT JOIN message_score AS s
            ON s.source = m.source AND s.conversation_key = \(key) AND s.message_id = m.id
            \(condition) ORDER BY m.source, \(key), m.sent_at, m.id
            """, values)
        return StoredMessageCursor(session, reader)
    }

    /// In order of id; ids that are not known are left out.
    func tickets(source: String, ids: [String]) throws -> [TicketFact] {
        var out: [TicketFact] = []
        let ordered = Set(ids).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var start = 0
        while start < ordered.count {
            let part = ordered[start..<min(start + 500, ordered.count)]
            start += part.count
            let marks = (2...part.count + 1).map { "$\($0)" }.joined(separator: ", ")
            let reader = try connection.rows(
                """
                SELECT \(quotedList(FactQueries.ticketColumns)) FROM ticket
                WHERE source = $1 AND id IN (\(marks)) ORDER BY id
                """, [.text(source)] + part.map(SQLValue.text))
            while try reader.next() { out.append(FactDecoding.ticket(reader, from: 0)) }
        }
        return out
    }
}

/// Messages as a cursor gives them; the session lives as long as the cursor.
final class StoredMessageCursor: MessageCursor {
    private let session: any SQLConnection
    private let reader: any RowReader

    init(_ session: any SQLConnection, _ reader: any RowReader) {
        self.session = session
        self.reader = reader
    }

    func next() throws -> ExportedMessage? {
        guard try reader.next() else { return nil }
        var score: MessageScore?
        if let id = reader.optionalText(10) {
            score = MessageScore(
                messageID: id, intent: reader.optionalText(11), intentConfidence: Float(reader.real(12)),
                sentiment: reader.optionalText(13), sentimentConfidence: Float(reader.real(14)))
        }
        return ExportedMessage(source: reader.text(0), message: FactDecoding.message(reader), score: score)
    }
}
