import Records
import Runtime

/// Intercom's conversations: single objects, lines or arrays of them, and pages (`type: conversation.list`).
///
/// Shape: the vendor's API reference (Conversations, 2.x) and the schemas of singer-io/tap-intercom. Times are unix
/// seconds. Bodies are HTML.
///
/// The first message is `source`, not a part; it becomes the message `<conversation>-source`. Notes are private. Opening,
/// closing, snoozing and assigning are events. A conversation holds at most 500 parts: where `statistics` counts more
/// than are there, `extra` says `parts_truncated`.
package struct IntercomAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "intercom.json", reads: "Intercom: conversations with their parts, single or in pages",
            shapeSource: "vendor's API reference 2.x; singer-io/tap-intercom schemas", zone: .stated)
    }

    private static func isConversation(_ value: JSONValue) -> Bool {
        value.has("conversation_parts")
            || (value["type"]?.string == "conversation" && value.has("source") && value.has("contacts"))
    }

    package func confidence(for document: JSONValue) -> Double {
        guard document.kind == .object else { return 0 }
        if document["type"]?.string == "conversation.list" { return 0.97 }
        if let items = document["conversations"], let first = items.elements.first(where: { _ in true }) {
            return IntercomAdapter.isConversation(first) ? 0.95 : 0
        }
        guard IntercomAdapter.isConversation(document) else { return 0 }
        return document.has("contacts") || document["type"]?.string == "conversation" ? 0.97 : 0.7
    }

    package func items(in document: JSONValue) -> JSONValue? {
        if IntercomAdapter.isConversation(document) { return nil }
        let items = document["conversations"] ?? document["data"]
        return items?.kind == .array ? items : nil
    }

    private static let keys: Set<String> = [
        "type", "id", "created_at", "updated_at", "title", "state", "open", "read", "source", "contacts", "teammates",
        "admin_assignee_id", "team_assignee_id", "tags", "conversation_rating", "conversation_parts", "statistics",
        "waiting_since", "snoozed_until", "first_contact_reply",
    ]

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        guard item.kind == .object, IntercomAdapter.isConversation(item) || item["type"]?.string == "conversation"
        else {
            throw ItemFault(.unknownType, "a conversation with conversation_parts is expected")
        }
        let id = try records.requiredID(item["id"], "conversation.id")
        let opened = try records.requiredTime(item["created_at"], "conversation.created_at", as: .unixSeconds)
        let updated = try records.time(item["updated_at"], "conversation.updated_at", as: .unixSeconds)
        let statistics = item["statistics"]
        let lastClose = try records.time(
            statistics?["last_close_at"], "conversation.statistics.last_close_at", as: .unixSeconds)
        let status = try IntercomAdapter.status(item)
        let source = item["source"]
        let subject = item["title"]?.string ?? source?["subject"]?.string
        var tags = JSONArrayText()
        for tag in (item[path: ["tags", "tags"]] ?? item["tags"])?.elements ?? item.elements {
            tags.append(tag["name"]?.id)
        }
        let customer = IntercomAdapter.customerID(item)

        let parts = item[path: ["conversation_parts", "conversation_parts"]] ?? item["conversation_parts"]
        var extra = ExtraFields(item, except: IntercomAdapter.keys)
        extra.append("waiting_since", item["waiting_since"])
        extra.append("snoozed_until", item["snoozed_until"])
        let counted =
            statistics?["count_conversation_parts"]?.integer
            ?? item[path: ["conversation_parts", "total_count"]]?.integer
        if let counted, let parts, counted > Int64(parts.count) {
            extra.append("parts_truncated", flag: true)
            records.warn("conversations with fewer parts than their statistics count (the API gives at most 500)")
        }

        records.add(.conversation) { row in
            row.set(ConversationField.id, id)
            row.set(ConversationField.channel, DeskWords.channel(source?["type"]?.string))
            row.set(ConversationField.openedAt, time: opened)
            row.set(ConversationField.closedAt, time: status == .closed ? lastClose : nil)
            row.set(ConversationField.subject, subject.map(HTMLText.plain).flatMap { $0.isEmpty ? nil : $0 })
            row.set(ConversationField.customerID, customer)
            row.set(ConversationField.group, IntercomAdapter.team(item["team_assignee_id"]))
            row.set(ConversationField.tags, tags.text)
            row.set(ConversationField.updatedAt, time: updated)
            row.set(ConversationField.extra, extra.text)
            row.set(ConversationField.status, status.rawValue)
            row.set(ConversationField.assigneeID, IntercomAdapter.team(item["admin_assignee_id"]))
        }
        var seen: Set<String> = []
        if let source { self.source(source, of: id, at: opened, &seen, &records) }
        if let parts {
            for part in parts.elements { try self.part(part, of: id, &seen, &records) }
        }
        try rating(item["conversation_rating"], of: id, &records)
    }

    private static func status(_ item: JSONValue) throws(ItemFault) -> TicketStatus {
        switch item["state"]?.string {
        case "open": return .open
        case "closed": return .closed
        case "snoozed": return .hold
        case nil: return item["open"]?.bool == false ? .closed : .open
        case .some(let word): throw ItemFault(.badValue, "conversation.state '\(word.prefix(40))' is unknown")
        }
    }

    /// 0 stands for nobody.
    private static func team(_ value: JSONValue?) -> String? {
        guard let id = value?.id, id != "0" else { return nil }
        return id
    }

    private static func customerID(_ item: JSONValue) -> String? {
        if let contact = (item[path: ["contacts", "contacts"]] ?? item["contacts"])?.elements.first(where: { _ in true }
        ) {
            return contact["id"]?.id
        }
        let author = item[path: ["source", "author"]]
        return author.flatMap { role(of: $0) == .customer ? $0["id"]?.id : nil }
    }

    private static func role(of author: JSONValue?) -> Role {
        if author?["from_ai_agent"]?.bool == true || author?["is_ai_answer"]?.bool == true { return .bot }
        switch author?["type"]?.string {
        case "user", "lead", "contact", "visitor": return .customer
        case "admin", "teammate": return .agent
        case "bot": return .bot
        default: return .system
        }
    }

    private func source(
        _ source: JSONValue, of id: String, at opened: Timestamp, _ seen: inout Set<String>, _ records: inout RecordSink
    ) {
        let author = source["author"]
        var role = IntercomAdapter.role(of: author)
        // A campaign or a rule speaks in an admin's name.
        let delivered = source["delivered_as"]?.string
        if role == .agent,
            delivered == "automated" || delivered == "campaign_initiated" || delivered == "operator_initiated"
        {
            role = .bot
        }
        person(author, &seen, &records)
        let text = IntercomAdapter.body(source)
        let attachments = JSONArrayText.attachments(source["attachments"])
        guard text != nil || attachments != nil || role == .customer else { return }
        records.add(.message) { row in
            row.set(MessageField.id, "\(id)-source")
            row.set(MessageField.conversationID, id)
            row.set(MessageField.sentAt, time: opened)
            row.set(MessageField.role, role.rawValue)
            row.set(MessageField.authorID, author?["id"])
            row.set(MessageField.text, text)
            row.set(MessageField.isPublic, flag: true)
            row.set(MessageField.attachments, attachments)
        }
    }

    private static func body(_ value: JSONValue) -> String? {
        guard value["redacted"]?.bool != true, let body = value["body"] else { return nil }
        let text = body.withText(HTMLText.plain)
        return text.isEmpty ? nil : text
    }

    private func part(
        _ part: JSONValue, of id: String, _ seen: inout Set<String>, _ records: inout RecordSink
    ) throws(ItemFault) {
        let partID = try records.requiredID(part["id"], "conversation_part.id")
        let at = try records.requiredTime(part["created_at"], "conversation_part.created_at", as: .unixSeconds)
        let updated = try records.time(part["updated_at"], "conversation_part.updated_at", as: .unixSeconds)
        let author = part["author"]
        let role = IntercomAdapter.role(of: author)
        let type = part["part_type"]?.string ?? ""
        person(author, &seen, &records)

        let text = IntercomAdapter.body(part)
        let attachments = JSONArrayText.attachments(part["attachments"])
        let isMessage = type == "comment" || type == "note"
        if isMessage || text != nil {
            // What is written while assigning is for colleagues.
            let isPrivate = type.hasPrefix("note") || type.hasPrefix("assign")
            records.add(.message) { row in
                row.set(MessageField.id, partID)
                row.set(MessageField.conversationID, id)
                row.set(MessageField.sentAt, time: at)
                row.set(MessageField.role, role.rawValue)
                row.set(MessageField.authorID, author?["id"])
                row.set(MessageField.text, text)
                row.set(MessageField.isPublic, flag: !isPrivate)
                row.set(MessageField.attachments, attachments)
                row.set(MessageField.updatedAt, time: updated)
            }
        }

        func event(_ field: String, to value: String?, _ suffix: String, _ records: inout RecordSink) {
            records.add(.ticketEvent) { row in
                row.set(TicketEventField.id, "\(partID)-\(suffix)")
                row.set(TicketEventField.ticketID, id)
                row.set(TicketEventField.at, time: at)
                row.set(TicketEventField.field, field)
                row.set(TicketEventField.to, value)
                row.set(TicketEventField.actorID, author?["id"])
                row.set(TicketEventField.actorRole, role.rawValue)
            }
        }
        switch type {
        case "open", "unsnoozed", "timer_unsnooze": event("status", to: "open", "status", &records)
        case "close": event("status", to: "closed", "status", &records)
        case "snoozed": event("status", to: "hold", "status", &records)
        case "assign_and_reopen", "assign_and_unsnooze", "assign_and_unsnoozed":
            event("status", to: "open", "status", &records)
        default: break
        }
        if type.hasPrefix("assign"), let assigned = part["assigned_to"] {
            let isTeam = assigned["type"]?.string == "team"
            event(isTeam ? "group" : "assignee", to: IntercomAdapter.team(assigned["id"]), "assignment", &records)
        }
    }

    private func rating(_ value: JSONValue?, of id: String, _ records: inout RecordSink) throws(ItemFault) {
        guard let value, value.kind == .object, let score = value["rating"]?.id else { return }
        let at = try records.requiredTime(value["created_at"], "conversation_rating.created_at", as: .unixSeconds)
        let updated = try records.time(value["updated_at"], "conversation_rating.updated_at", as: .unixSeconds)
        records.add(.rating) { row in
            row.set(RatingField.id, "\(id)-rating")
            row.set(RatingField.at, time: at)
            row.set(RatingField.score, score)
            row.set(RatingField.scale, "1-5")
            row.set(RatingField.conversationID, id)
            row.set(RatingField.agentID, value[path: ["teammate", "id"]])
            row.set(RatingField.comment, value["remark"])
            row.set(RatingField.updatedAt, time: updated)
        }
    }

    /// The author as a customer or agent, once in a conversation.
    private func person(_ author: JSONValue?, _ seen: inout Set<String>, _ records: inout RecordSink) {
        guard let author, let id = author["id"]?.id, author["name"]?.id != nil || author["email"]?.id != nil,
            seen.insert(id).inserted
        else { return }
        switch IntercomAdapter.role(of: author) {
        case .customer:
            var identities = JSONArrayText()
            identities.append(kind: "email", author["email"]?.string)
            records.add(.customer) { row in
                row.set(CustomerField.id, id)
                row.set(CustomerField.identities, identities.text)
                row.set(CustomerField.name, author["name"])
            }
        case .agent:
            records.add(.agent) { row in
                row.set(AgentField.id, id)
                row.set(AgentField.name, author["name"])
                row.set(AgentField.role, "agent")
            }
        case .bot, .system: return
        }
    }
}
