package import Records
import Runtime

/// Freshdesk's API dumps: arrays or lines of tickets, conversations, satisfaction ratings, contacts and agents.
///
/// Shape: the vendor's API reference v2 (Tickets, Conversations, Satisfaction Ratings, Contacts, Agents) and the schemas
/// of singer-io/tap-freshdesk. Times are ISO 8601 in UTC.
///
/// The customer's first message is the ticket's description and is not among the conversations: it becomes the message
/// `<ticket>-description`. Status history is not exported: `stats` gives the stamps of first reply and solution.
package struct FreshdeskAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "freshdesk.json", reads: "Freshdesk: tickets, conversations, ratings, contacts, agents of the API",
            shapeSource: "vendor's API reference v2; singer-io/tap-freshdesk schemas", zone: .stated)
    }

    enum Shape { case ticket, conversation, rating, contact, agent }

    static func shape(of item: JSONValue) -> Shape? {
        if item.hasAll("responder_id", "requester_id"), item.has("fr_due_by") || item.has("fr_escalated") {
            return .ticket
        }
        if item.hasAll("incoming", "private", "ticket_id") { return .conversation }
        if item.hasAll("survey_id", "ticket_id") { return .rating }
        if item.hasAll("ticket_scope", "contact") { return .agent }
        if item.has("other_emails") || item.has("view_all_tickets"), item.has("name"), item.has("mobile") {
            return .contact
        }
        return nil
    }

    package func confidence(for document: JSONValue) -> Double {
        guard document.kind == .object else { return 0 }
        if let items = items(in: document) {
            return items.elements.first { _ in true }.map(confidence) ?? 0.1
        }
        switch FreshdeskAdapter.shape(of: document) {
        case .ticket, .conversation: return 0.95
        case .rating, .agent: return 0.9
        case .contact: return 0.8
        case nil: return 0
        }
    }

    package func items(in document: JSONValue) -> JSONValue? {
        // Search pages wrap tickets as `{"results":[…],"total":n}`.
        if let results = document["results"], results.kind == .array, document.has("total") { return results }
        return nil
    }

    package var namesPeople: Bool { true }

    package func people(in document: JSONValue) -> [(id: String, role: Role)] {
        guard FreshdeskAdapter.shape(of: document) == .agent, let id = document["id"]?.id else { return [] }
        return [(id, .agent)]
    }

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        guard item.kind == .object else { throw ItemFault(.badSyntax, "an object is expected") }
        switch FreshdeskAdapter.shape(of: item) {
        case .ticket: try ticket(item, &records)
        case .conversation: try message(item, of: item["ticket_id"]?.id, &records)
        case .rating: try rating(item, &records)
        case .contact: try customer(item, &records)
        case .agent: try agent(item, &records)
        case nil:
            throw ItemFault(
                .unknownType, "none of Freshdesk's objects: ticket, conversation, satisfaction rating, contact, agent")
        }
    }

    private static let ticketKeys: Set<String> = [
        "id", "subject", "description", "description_text", "structured_description", "type", "priority", "source",
        "requester_id", "responder_id", "group_id", "group", "product_id", "tags", "spam", "deleted", "created_at",
        "updated_at", "stats", "requester", "conversations", "attachments", "to_emails", "cc_emails", "fwd_emails",
        "reply_cc_emails", "ticket_cc_emails",
    ]

    private func ticket(_ ticket: JSONValue, _ records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(ticket["id"], "ticket.id")
        let created = try records.requiredTime(ticket["created_at"], "ticket.created_at")
        let updated = try records.time(ticket["updated_at"], "ticket.updated_at")
        let stats = ticket["stats"]
        let resolved = try records.time(stats?["resolved_at"], "ticket.stats.resolved_at")
        let closed = try records.time(stats?["closed_at"], "ticket.stats.closed_at")
        let firstReply = try records.time(stats?["first_responded_at"], "ticket.stats.first_responded_at")
        let (status, isCustom) = try FreshdeskAdapter.status(ticket)
        let isSolved = status == .solved || status == .closed
        let channel = FreshdeskAdapter.channel(ticket["source"])
        let group = ticket[path: ["group", "name"]] ?? ticket["group_id"]
        let text = FreshdeskAdapter.text(ticket["description_text"], ticket["description"])
        var extra = ExtraFields(
            ticket, except: isCustom ? FreshdeskAdapter.ticketKeys : FreshdeskAdapter.ticketKeys.union(["status"]))
        if FreshdeskAdapter.channelWord(ticket["source"]) == nil { extra.append("source", ticket["source"]) }
        if ticket["spam"]?.bool == true { extra.append("spam", flag: true) }

        records.add(.conversation) { row in
            row.set(ConversationField.id, id)
            row.set(ConversationField.channel, channel)
            row.set(ConversationField.openedAt, time: created)
            row.set(ConversationField.closedAt, time: isSolved ? closed ?? resolved : nil)
            row.set(ConversationField.subject, ticket["subject"])
            row.set(ConversationField.customerID, ticket["requester_id"])
            row.set(ConversationField.group, group)
            row.set(ConversationField.tags, json: ticket["tags"])
            row.set(ConversationField.product, ticket["product_id"])
            row.set(ConversationField.updatedAt, time: updated)
            row.set(ConversationField.status, status.rawValue)
            row.set(ConversationField.assigneeID, ticket["responder_id"])
        }
        records.add(.ticket) { row in
            row.set(TicketField.id, id)
            row.set(TicketField.createdAt, time: created)
            row.set(TicketField.status, status.rawValue)
            row.set(TicketField.conversationID, id)
            row.set(TicketField.subject, ticket["subject"])
            row.set(TicketField.description, text)
            row.set(TicketField.priority, FreshdeskAdapter.priority(ticket["priority"]))
            row.set(TicketField.category, ticket["type"])
            row.set(TicketField.group, group)
            row.set(TicketField.assigneeID, ticket["responder_id"])
            row.set(TicketField.requesterID, ticket["requester_id"])
            row.set(TicketField.channel, channel)
            row.set(TicketField.tags, json: ticket["tags"])
            row.set(TicketField.updatedAt, time: updated)
            row.set(TicketField.extra, extra.text)
            row.set(TicketField.product, ticket["product_id"])
            row.set(TicketField.solvedAt, time: resolved ?? closed)
            row.set(TicketField.firstReplyAt, time: firstReply)
        }
        if let text, !text.isEmpty {
            // An outbound mail (source 10) was written by the agent.
            let isOutbound = ticket["source"]?.integer == 10
            records.add(.message) { row in
                row.set(MessageField.id, "\(id)-description")
                row.set(MessageField.conversationID, id)
                row.set(MessageField.sentAt, time: created)
                row.set(MessageField.role, isOutbound ? Role.agent.rawValue : Role.customer.rawValue)
                row.set(MessageField.authorID, isOutbound ? ticket["responder_id"] : ticket["requester_id"])
                row.set(MessageField.text, text)
                row.set(MessageField.isPublic, flag: true)
                row.set(MessageField.attachments, JSONArrayText.attachments(ticket["attachments"]))
            }
        }
        if let person = ticket["requester"], person.kind == .object { try customer(person, &records) }
        if let conversations = ticket["conversations"] {
            for conversation in conversations.elements { try message(conversation, of: id, &records) }
        }
    }

    /// 2 open, 3 pending, 4 resolved, 5 closed, 6 waiting on customer, 7 waiting on third party; an account's own states
    /// count as open and keep their number in `extra`.
    private static func status(_ ticket: JSONValue) throws(ItemFault) -> (TicketStatus, isCustom: Bool) {
        if ticket["deleted"]?.bool == true || ticket["spam"]?.bool == true { return (.deleted, false) }
        guard let value = ticket["status"] else { throw .missing("ticket.status") }
        switch value.integer {
        case 2: return (.open, false)
        case 3, 6: return (.pending, false)
        case 4: return (.solved, false)
        case 5: return (.closed, false)
        case 7: return (.hold, false)
        case .some: return (.open, true)
        case nil:
            let word = value.string?.lowercased()
            guard let known = word.flatMap({ DeskWords.statuses[$0] }).flatMap(TicketStatus.init(rawValue:)) else {
                throw ItemFault(.badValue, "ticket.status is neither a number nor a known word")
            }
            return (known, false)
        }
    }

    private static func priority(_ value: JSONValue?) -> String? {
        switch value?.integer {
        case 1: "low"
        case 2: "normal"
        case 3: "high"
        case 4: "urgent"
        default: value?.string.map { DeskWords.priorities[$0.lowercased()] ?? $0 }
        }
    }

    private static func channel(_ source: JSONValue?) -> String? {
        guard let source else { return nil }
        return channelWord(source) ?? "other"
    }

    private static func channelWord(_ source: JSONValue?) -> String? {
        switch source?.integer {
        case 1, 10: "email"
        case 2, 4, 9: "web"
        case 3: "phone"
        case 5, 6: "social"
        case 7, 8: "chat"
        case 11: "api"
        case 12: "chat"
        case 13: "whatsapp"
        default: source?.string.flatMap { DeskWords.channels[$0.lowercased()] }
        }
    }

    private static func text(_ plain: JSONValue?, _ html: JSONValue?) -> String? {
        if let text = plain?.string, !text.isEmpty { return text }
        return html?.withText(HTMLText.plain)
    }

    private func message(_ value: JSONValue, of ticket: String?, _ records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(value["id"], "conversation.id")
        guard let ticket = ticket ?? value["ticket_id"]?.id else { throw .missing("conversation.ticket_id") }
        let sent = try records.requiredTime(value["created_at"], "conversation.created_at")
        let updated = try records.time(value["updated_at"], "conversation.updated_at")
        guard let isIncoming = value["incoming"]?.bool else { throw .missing("conversation.incoming") }
        let role: Role
        if value["auto_response"]?.bool == true || value["automation_id"] != nil {
            role = .system
        } else if isIncoming {
            role = .customer
        } else {
            role = .agent
        }
        records.add(.message) { row in
            row.set(MessageField.id, id)
            row.set(MessageField.conversationID, ticket)
            row.set(MessageField.sentAt, time: sent)
            row.set(MessageField.role, role.rawValue)
            row.set(MessageField.authorID, value["user_id"])
            row.set(MessageField.text, FreshdeskAdapter.text(value["body_text"], value["body"]))
            row.set(MessageField.isPublic, flag: !(value["private"]?.bool ?? false))
            row.set(MessageField.attachments, JSONArrayText.attachments(value["attachments"]))
            row.set(MessageField.updatedAt, time: updated)
        }
    }

    /// Scores are −103 … 103 with 100 for neutral; the first question is the overall one.
    private func rating(_ value: JSONValue, _ records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(value["id"], "satisfaction_rating.id")
        let ticket = try records.requiredID(value["ticket_id"], "satisfaction_rating.ticket_id")
        let at = try records.requiredTime(value["created_at"], "satisfaction_rating.created_at")
        let updated = try records.time(value["updated_at"], "satisfaction_rating.updated_at")
        let answers = value["ratings"]
        let score =
            answers?["default_question"]?.id ?? answers?.elements.first { _ in true }?["value"]?.id
            ?? answers?.members.first { _ in true }?.value.id
        guard let score else { throw .missing("satisfaction_rating.ratings") }
        records.add(.rating) { row in
            row.set(RatingField.id, id)
            row.set(RatingField.at, time: at)
            row.set(RatingField.score, score)
            row.set(RatingField.scale, "freshdesk")
            row.set(RatingField.conversationID, ticket)
            row.set(RatingField.ticketID, ticket)
            row.set(RatingField.agentID, value["agent_id"])
            row.set(RatingField.comment, value["feedback"])
            row.set(RatingField.updatedAt, time: updated)
        }
    }

    private func customer(_ person: JSONValue, _ records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(person["id"], "contact.id")
        let updated = try records.time(person["updated_at"], "contact.updated_at")
        var identities = JSONArrayText()
        identities.append(kind: "email", person["email"]?.string)
        identities.append(kind: "phone", person["phone"]?.id)
        identities.append(kind: "phone", person["mobile"]?.id)
        identities.append(kind: "external_id", person["unique_external_id"]?.id)
        records.add(.customer) { row in
            row.set(CustomerField.id, id)
            row.set(CustomerField.identities, identities.text)
            row.set(CustomerField.name, person["name"])
            row.set(CustomerField.updatedAt, time: updated)
        }
    }

    private func agent(_ person: JSONValue, _ records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(person["id"], "agent.id")
        let updated = try records.time(person["updated_at"], "agent.updated_at")
        records.add(.agent) { row in
            row.set(AgentField.id, id)
            row.set(AgentField.name, person[path: ["contact", "name"]])
            row.set(AgentField.role, "agent")
            row.set(AgentField.updatedAt, time: updated)
        }
    }
}
