import Aggregates
import Records
import Runtime

/// A case as a row of `service_case`, there and back.
enum CaseRows {
    static let columns = CaseTables.serviceCase.columnNames
    /// All columns by name, for a query.
    static let selection = quotedList(columns)

    static func write(_ item: ServiceCase, to writer: any RowWriter) throws {
        writer.beginRow()
        writer.text(item.source)
        writer.text(item.id)
        writer.text(item.kind.rawValue)
        writer.text(item.conversationKey)
        writer.text(item.channel)
        writer.text(item.group)
        writer.text(item.assignee)
        writer.text(item.customer)
        writer.text(item.product)
        writer.text(item.language)
        writer.text(item.priority)
        writer.text(item.status?.rawValue)
        writer.text(item.sourceCategory)
        writer.text(item.labels.category)
        writer.text(item.labels.intent)
        writer.text(item.labels.sentiment)
        writer.integer(Int64(item.labels.negativeMessages))
        writer.integer(Int64(item.labels.neutralMessages))
        writer.integer(Int64(item.labels.positiveMessages))
        writer.text(item.labels.scoredBy)
        writer.integer(item.openedAt.milliseconds)
        writer.integer(item.lastEventAt.milliseconds)
        writer.integer(item.firstReplyAt?.milliseconds)
        writer.text(item.firstReplyAgent)
        writer.integer(item.firstResolvedAt?.milliseconds)
        writer.integer(item.lastResolvedAt?.milliseconds)
        writer.text(item.resolvedBy)
        for metric in DurationMetric.allCases {
            let duration = item[metric]
            writer.integer(duration?.calendar)
            writer.integer(duration?.business)
        }
        writer.integer(item.replies)
        writer.integer(item.reopens)
        writer.integer(item.handoffs)
        writer.integer(Int64(item.participants))
        writer.integer(Int64(item.messages))
        writer.text(item.rating?.rawValue)
        writer.integer(item.ratedAt?.milliseconds)
        writer.text(item.ratingAgent)
        writer.blob(CaseHistoryCoding.encode(item.states))
        writer.blob(CaseHistoryCoding.encode(item.activity))
        writer.integer(item.lastTouch.milliseconds)
        writer.integer(Int64(item.isUnsolved ? 1 : 0))
        try writer.endRow()
    }

    /// Reads the columns of `columns` in their order.
    static func read(_ row: any RowReader) throws -> ServiceCase {
        guard let kind = ServiceCase.Kind(rawValue: row.text(2)) else {
            throw WarehouseError.damaged(table: "service_case", detail: "kind '\(row.text(2))'")
        }
        var item = ServiceCase(
            source: row.text(0), id: row.text(1), kind: kind, conversationKey: row.text(3),
            openedAt: Timestamp(milliseconds: row.integer(20)), lastEventAt: Timestamp(milliseconds: row.integer(21)))
        item.channel = row.optionalText(4)
        item.group = row.optionalText(5)
        item.assignee = row.optionalText(6)
        item.customer = row.optionalText(7)
        item.product = row.optionalText(8)
        item.language = row.optionalText(9)
        item.priority = row.optionalText(10)
        item.status = row.optionalText(11).flatMap(TicketStatus.init(rawValue:))
        item.sourceCategory = row.optionalText(12)
        item.labels.category = row.optionalText(13)
        item.labels.intent = row.optionalText(14)
        item.labels.sentiment = row.optionalText(15)
        item.labels.negativeMessages = Int32(truncatingIfNeeded: row.integer(16))
        item.labels.neutralMessages = Int32(truncatingIfNeeded: row.integer(17))
        item.labels.positiveMessages = Int32(truncatingIfNeeded: row.integer(18))
        item.labels.scoredBy = row.optionalText(19)
        item.firstReplyAt = row.optionalTime(22)
        item.firstReplyAgent = row.optionalText(23)
        item.firstResolvedAt = row.optionalTime(24)
        item.lastResolvedAt = row.optionalTime(25)
        item.resolvedBy = row.optionalText(26)
        var column = 27
        for metric in DurationMetric.allCases {
            if let calendar = row.optionalInteger(column) {
                item[metric] = ClockedDuration(calendar: calendar, business: row.optionalInteger(column + 1))
            }
            column += 2
        }
        item.replies = row.optionalInteger(column).map { Int($0) }
        item.reopens = row.optionalInteger(column + 1).map { Int($0) }
        item.handoffs = row.optionalInteger(column + 2).map { Int($0) }
        item.participants = Int(row.integer(column + 3))
        item.messages = Int(row.integer(column + 4))
        item.rating = row.optionalText(column + 5).flatMap(ServiceCase.Rating.init(rawValue:))
        item.ratedAt = row.optionalTime(column + 6)
        item.ratingAgent = row.optionalText(column + 7)
        guard let states = row.withBytes(column + 8, { CaseHistoryCoding.states($0) }),
            let activity = row.withBytes(column + 9, { CaseHistoryCoding.activity($0) })
        else { throw WarehouseError.damaged(table: "service_case", detail: "history of \(item.id)") }
        item.states = states
        item.activity = activity
        return item
    }
}

extension RowReader {
    func optionalTime(_ column: Int) -> Timestamp? { optionalInteger(column).map(Timestamp.init(milliseconds:)) }
}

/// Cases as a cursor gives them; the session lives as long as the cursor.
final class StoredCaseCursor: CaseCursor {
    private let session: any SQLConnection
    private let reader: any RowReader

    init(_ session: any SQLConnection, _ reader: any RowReader) {
        self.session = session
        self.reader = reader
    }

    func next() throws -> ServiceCase? { try reader.next() ? try CaseRows.read(reader) : nil }
}
