import Records
import Runtime

/// Chatwoot's API dumps: conversations (single, lists under `data.payload`) and messages (arrays, `payload` pages).
///
/// Shape: the project's own views (`app/views/api/v1/conversations`, `app/models/message.rb`) and API reference. Times are
/// unix seconds in which 0 is no time; webhooks write ISO 8601 instead.
///
/// A conversation's `messages` in a list is only its last one: it is read only where it is the first too, since a last
/// reply taken for a first would be wrong by days. Activity is system, templates and agent bots are bots, private
/// messages are notes. Status history is not in these dumps; the stamp of the first reply is.
package struct ChatwootAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "chatwoot.json", reads: "Chatwoot: conversations and messages of the API",
            shapeSource: "chatwoot/chatwoot, views of the API and message model", zone: .stated)
    }

    private static func isConversation(_ value: JSONValue) -> Bool {
        value.has("inbox_id") && (value.has("waiting_since") || value.has("can_reply") || value.has("last_activity_at"))
            && !value.has("message_type")
    }

    private static func isMessage(_ value: JSONValue) -> Bool {
        value.hasAll("message_type", "conversation_id", "private")
    }

    package func confidence(for document: JSONValue) -> Double {
        guard document.kind == .object else { return 0 }
        if let items = items(in: document) {
            guard let first = items.elements.first(where: { _ in true }) else { return 0.3 }
            return ChatwootAdapter.isConversation(first) || ChatwootAdapter.isMessage(first) ? 0.95 : 0
        }
        if ChatwootAdapter.isConversation(document) || ChatwootAdapter.isMessage(document) { return 0.95 }
        return 0
    }

    package func items(in document: JSONValue) -> JSONValue? {
        if let payload = document[path: ["data", "payload"]], payload.kind == .array { return payload }
        if let payload = document["payload"], payload.kind == .array { return payload }
        return nil
    }

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        guard item.kind == .object else { throw ItemFault(.badSyntax, "an object is expected") }
        if ChatwootAdapter.isMessage(item) {
            try message(item, of: nil, &records)
        } else if ChatwootAdapter.isConversation(item) {
            try conversation(item, &records)
        } else {
            throw ItemFault(.unknownType, "neither a conversation nor a message of Chatwoot")
        }
    }

    /// Unix seconds, or ISO 8601 where a text is no number.
    private func time(_ value: JSONValue?, _ field: String, _ records: inout RecordSink) throws(ItemFault) -> Timestamp?
    {
        guard let value else { return nil }
        let isNumber = value.kind == .number || value.real != nil
        return try records.time(value, field, as: isNumber ? .unixSeconds : .iso)
    }

    private static let keys: Set<String> = [
        "id", "meta", "status", "priority", "labels", "created_at", "updated_at", "timestamp", "last_activity_at",
        "first_reply_created_at", "messages", "last_non_activity_message", "unread_count", "can_reply", "muted",
        "agent_last_seen_at", "assignee_last_seen_at", "contact_last_seen_at", "account_id", "waiting_since",
        "snoozed_until",
    ]

    private func conversation(_ item: JSONValue, _ records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(item["id"], "conversation.id")
        guard let opened = try time(item["created_at"], "conversation.created_at", &records) else {
            throw .missing("conversation.created_at")
        }
        let activity = try time(item["last_activity_at"], "conversation.last_activity_at", &records)
        let updated = try time(item["updated_at"], "conversation.updated_at", &records) ?? activity
        let firstReply = try time(item["first_reply_created_at"], "conversation.first_reply_created_at", &records)
        let waiting = try time(item["waiting_since"], "conversation.waiting_since", &records)
        let snoozed = try? time(item["snoozed_until"], "conversation.snoozed_until", &records)
        let status = try ChatwootAdapter.status(item["status"])
        let meta = item["meta"]
        let channel = DeskWords.channel(meta?["channel"]?.string ?? item["channel"]?.string)
        let sender = meta?["sender"]
        let assignee = meta?["assignee"]
        let group = meta?[path: ["team", "name"]]
        let subject = item[path: ["additional_attributes", "mail_subject"]]
        var extra = ExtraFields(item, except: ChatwootAdapter.keys)
        if let waiting { extra.append("waiting_since", text: waiting.iso8601) }
        if let snoozed { extra.append("snoozed_until", text: snoozed.iso8601) }

        records.add(.conversation) { row in
            row.set(ConversationField.id, id)
            row.set(ConversationField.channel, channel)
            row.set(ConversationField.openedAt, time: opened)
            row.set(ConversationField.subject, subject)
            row.set(ConversationField.customerID, ChatwootAdapter.contact(sender))
            row.set(ConversationField.group, group)
            row.set(ConversationField.tags, json: item["labels"])
            row.set(ConversationField.updatedAt, time: updated)
            row.set(ConversationField.extra, extra.text)
            row.set(ConversationField.status, status.rawValue)
            row.set(ConversationField.assigneeID, assignee?["id"])
        }
        records.add(.ticket) { row in
            row.set(TicketField.id, id)
            row.set(TicketField.createdAt, time: opened)
            row.set(TicketField.status, status.rawValue)
            row.set(TicketField.conversationID, id)
            row.set(TicketField.subject, subject)
            row.set(TicketField.priority, item["priority"]?.string.map { DeskWords.priorities[$0] ?? $0 })
            row.set(TicketField.group, group)
            row.set(TicketField.assigneeID, assignee?["id"])
            row.set(TicketField.requesterID, ChatwootAdapter.contact(sender))
            row.set(TicketField.channel, channel)
            row.set(TicketField.tags, json: item["labels"])
            row.set(TicketField.updatedAt, time: updated)
            row.set(TicketField.firstReplyAt, time: firstReply)
        }
        if let sender { customer(sender, inShort: false, &records) }
        if let assignee { agent(assignee, &records) }
        try embedded(item["messages"], of: id, opened, &records)
    }

    private func embedded(
        _ messages: JSONValue?, of id: String, _ opened: Timestamp, _ records: inout RecordSink
    ) throws(ItemFault) {
        guard let messages, let first = messages.elements.first(where: { _ in true }) else { return }
        if messages.count == 1 {
            guard try time(first["created_at"], "message.created_at", &records) == opened else {
                records.warn("conversations that hold only their last message: export the messages too")
                return
            }
        }
        for message in messages.elements { try self.message(message, of: id, &records) }
    }

    private static func status(_ value: JSONValue?) throws(ItemFault) -> TicketStatus {
        switch value?.string {
        case "open": return .open
        case "resolved": return .solved
        case "pending": return .pending
        case "snoozed": return .hold
        case nil: throw .missing("conversation.status")
        case .some(let word): throw ItemFault(.badValue, "conversation.status '\(word.prefix(40))' is unknown")
        }
    }

    /// Contacts and agents count from 1 each, so a contact's id says what it is of.
    private static func contact(_ person: JSONValue?) -> String? { (person?["id"]?.id).map { "contact-\($0)" } }

    private static func role(_ item: JSONValue) throws(ItemFault) -> Role {
        let sender = (item[path: ["sender", "type"]]?.string ?? item["sender_type"]?.string)?.lowercased()
        switch item["message_type"]?.id {
        case "0", "incoming": return .customer
        case "1", "outgoing":
            if item[path: ["content_attributes", "automation_rule_id"]] != nil { return .system }
            // Replies of an agent bot, of Captain and of campaigns have no person behind them.
            return sender == "user" ? .agent : .bot
        case "2", "activity": return .system
        case "3", "template": return .bot
        case .some(let word): throw ItemFault(.badValue, "message.message_type '\(word.prefix(40))' is unknown")
        case nil: throw .missing("message.message_type")
        }
    }

    private func message(_ item: JSONValue, of conversation: String?, _ records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(item["id"], "message.id")
        guard let conversation = item["conversation_id"]?.id ?? conversation else {
            throw .missing("message.conversation_id")
        }
        guard let sent = try time(item["created_at"], "message.created_at", &records) else {
            throw .missing("message.created_at")
        }
        let updated = try time(item["updated_at"], "message.updated_at", &records)
        let role = try ChatwootAdapter.role(item)
        let attributes = item["content_attributes"]
        let isDeleted = attributes?["deleted"]?.bool == true
        let sender = item["sender"]
        let author: String?
        switch role {
        case .customer: author = ChatwootAdapter.contact(sender)
        case .agent: author = sender?["id"]?.id ?? item["sender_id"]?.id
        case .bot, .system: author = nil
        }
        records.add(.message) { row in
            row.set(MessageField.id, id)
            row.set(MessageField.conversationID, conversation)
            row.set(MessageField.sentAt, time: sent)
            row.set(MessageField.role, role.rawValue)
            row.set(
                MessageField.authorID, author)
            row.set(MessageField.text, isDeleted ? nil : item["content"])
            row.set(MessageField.isPublic, flag: !(item["private"]?.bool ?? false))
            row.set(MessageField.attachments, JSONArrayText.attachments(item["attachments"]))
            row.set(MessageField.replyTo, attributes?["in_reply_to"])
            row.set(MessageField.updatedAt, time: updated)
        }
        if let sender {
            if role == .customer { customer(sender, inShort: true, &records) }
            if role == .agent { agent(sender, &records) }
        }
        if let answer = attributes?[path: ["submitted_values", "csat_survey_response"]],
            let score = answer["rating"]?.id
        {
            records.add(.rating) { row in
                row.set(RatingField.id, "\(id)-csat")
                row.set(RatingField.at, time: updated ?? sent)
                row.set(RatingField.score, score)
                row.set(RatingField.scale, "1-5")
                row.set(RatingField.conversationID, conversation)
                row.set(RatingField.ticketID, conversation)
                row.set(RatingField.comment, answer["feedback_message"])
            }
        }
    }

    /// A message names its sender in short: without a contact value that must not compete with the conversation's own.
    private func customer(_ person: JSONValue, inShort: Bool, _ records: inout RecordSink) {
        guard let id = ChatwootAdapter.contact(person) else { return }
        var identities = JSONArrayText()
        identities.append(kind: "email", person["email"]?.string)
        identities.append(kind: "phone", person["phone_number"]?.id)
        identities.append(kind: "external_id", person["identifier"]?.id)
        guard identities.text != nil || (!inShort && person["name"] != nil) else { return }
        records.add(.customer) { row in
            row.set(CustomerField.id, id)
            row.set(CustomerField.identities, identities.text)
            row.set(CustomerField.name, person["name"])
        }
    }

    private func agent(_ person: JSONValue, _ records: inout RecordSink) {
        guard let id = person["id"]?.id, let name = person["available_name"] ?? person["name"] else { return }
        records.add(.agent) { row in
            row.set(AgentField.id, id)
            row.set(AgentField.name, name)
            row.set(AgentField.role, "agent")
        }
    }
}
