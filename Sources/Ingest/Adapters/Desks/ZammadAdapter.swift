import Records
import Runtime

/// Zammad's API dumps: tickets and articles, plain or with `?expand=true` (names beside ids).
///
/// Shape: "Ticket" and "Ticket Articles" of docs.zammad.org. Times are UTC. `close_at` is the first close, `last_close_at` the
/// last one. Articles say who spoke (`sender` Agent, Customer, System); internal ones are notes.
package struct ZammadAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "zammad.json", reads: "Zammad: tickets and articles of the API",
            shapeSource: "docs.zammad.org, REST API: tickets, articles", zone: .stated)
    }

    private static func isTicket(_ value: JSONValue) -> Bool {
        value.hasAll("number", "customer_id")
            && (value.has("first_response_in_min") || value.has("close_diff_in_min")
                || value.hasAll("state_id", "owner_id"))
    }

    private static func isArticle(_ value: JSONValue) -> Bool {
        value.hasAll("ticket_id", "internal", "content_type") && (value.has("sender") || value.has("sender_id"))
    }

    package func confidence(for document: JSONValue) -> Double {
        ZammadAdapter.isTicket(document) || ZammadAdapter.isArticle(document) ? 0.95 : 0
    }

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        if ZammadAdapter.isArticle(item) {
            try article(item, of: nil, &records)
        } else if ZammadAdapter.isTicket(item) {
            try ticket(item, &records)
        } else {
            throw ItemFault(.unknownType, "neither a ticket nor an article of Zammad")
        }
    }

    private static let known: Set<String> = [
        "id", "number", "title", "state", "state_id", "priority", "priority_id", "group", "group_id", "owner",
        "owner_id",
        "customer", "customer_id", "created_at", "updated_at", "close_at", "last_close_at", "first_response_at",
        "articles",
        "article_ids", "tags", "create_article_type",
    ]

    /// The states of a fresh installation; expanded dumps name them.
    private static func status(_ item: JSONValue) -> String {
        let states = [
            "1": "new", "2": "open", "3": "pending", "4": "closed", "5": "closed", "6": "closed", "7": "pending",
            "new": "new", "open": "open", "pending reminder": "pending", "closed": "closed", "merged": "closed",
            "removed": "closed", "pending close": "pending",
        ]
        return (item["state"]?.string?.lowercased()).flatMap { states[$0] } ?? item["state_id"]?.id.flatMap {
            states[$0]
        }
            ?? "open"
    }

    private static func priority(_ item: JSONValue) -> String? {
        let words = ["1": "low", "2": "normal", "3": "high", "1 low": "low", "2 normal": "normal", "3 high": "high"]
        let word = item["priority"]?.string ?? item["priority_id"]?.id
        return word.map { words[$0.lowercased()] ?? $0 }
    }

    private func ticket(_ item: JSONValue, _ records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(item["id"], "id")
        let created = try records.requiredTime(item["created_at"], "created_at")
        let updated = try records.time(item["updated_at"], "updated_at")
        let closed = try records.time(item["last_close_at"] ?? item["close_at"], "close_at")
        let replied = try records.time(item["first_response_at"], "first_response_at")
        let status = ZammadAdapter.status(item)
        let owner = (item["owner_id"]?.id).flatMap { $0 == "1" ? nil : $0 }
        let group = item["group"]?.string ?? item["group_id"]?.id
        let channel = DeskWords.channel(item["create_article_type"]?.string)
        let extra = ExtraFields(item, except: ZammadAdapter.known).text
        records.add(.conversation) { row in
            row.set(ConversationField.id, id)
            row.set(ConversationField.channel, channel)
            row.set(ConversationField.openedAt, time: created)
            row.set(ConversationField.subject, item["title"])
            row.set(ConversationField.customerID, item["customer_id"])
            row.set(ConversationField.group, group)
            row.set(ConversationField.updatedAt, time: updated)
        }
        records.add(.ticket) { row in
            row.set(TicketField.id, id)
            row.set(TicketField.createdAt, time: created)
            row.set(TicketField.status, status)
            row.set(TicketField.conversationID, id)
            row.set(TicketField.subject, item["title"])
            row.set(TicketField.priority, ZammadAdapter.priority(item))
            row.set(TicketField.group, group)
            row.set(TicketField.assigneeID, owner)
            row.set(TicketField.requesterID, item["customer_id"])
            row.set(TicketField.channel, channel)
            row.set(TicketField.tags, json: item["tags"])
            row.set(TicketField.updatedAt, time: updated)
            row.set(TicketField.extra, extra)
            row.set(TicketField.solvedAt, time: status == "closed" ? closed : nil)
            row.set(TicketField.firstReplyAt, time: replied)
        }
        if let articles = item["articles"], articles.kind == .array {
            for article in articles.elements { try self.article(article, of: id, &records) }
        }
    }

    private func article(_ item: JSONValue, of ticket: String?, _ records: inout RecordSink) throws(ItemFault) {
        guard let ticket = ticket ?? item["ticket_id"]?.id else { throw .missing("ticket_id") }
        let role: Role
        switch (item["sender"]?.string ?? item["sender_id"]?.id)?.lowercased() {
        case "agent", "1": role = .agent
        case "customer", "2": role = .customer
        case "system", "3": role = .system
        case .some(let word): throw ItemFault(.badValue, "article.sender '\(word.prefix(40))' is unknown")
        case nil: throw .missing("article.sender")
        }
        let isHTML = item["content_type"]?.string == "text/html"
        var message = MessageRow(
            id: try records.requiredID(item["id"], "article.id"), conversation: ticket,
            at: try records.requiredTime(item["created_at"], "article.created_at"), role: role,
            author: item["created_by_id"]?.id ?? item["from"]?.string,
            text: item["body"]?.string.map { isHTML ? HTMLText.plain($0) : $0 })
        message.isPublic = !(item["internal"]?.bool ?? false)
        message.attachments = JSONArrayText.attachments(item["attachments"])
        message.updatedAt = try records.time(item["updated_at"], "article.updated_at")
        records.add(message)
    }
}
