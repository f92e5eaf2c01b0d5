package import Records
import Runtime

/// Zendesk's JSON: the full export (NDJSON, `{"ticket":{…}}` or bare tickets), pages of the API (offset, incremental by
/// time and by cursor, events) and the files of users, audits, comments, ratings and metrics beside them.
///
/// Shape: the vendor's pages "Exporting ticket, user, or organization data" and the API reference (Tickets, Ticket
/// Audits, Ticket Comments, Incremental Exports, Satisfaction Ratings), and the schemas of singer-io/tap-zendesk.
///
/// A ticket gives a conversation and a ticket under one id, a message per comment, an event per change of status,
/// assignee, group, priority and type in its audits, and a rating where it was rated good or bad. The description is the
/// first comment's text, so no message is made of it. A ticket that comes on two pages is told apart by `updated_at`.
package struct ZendeskAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "zendesk.json", reads: "Zendesk: full JSON export, API pages, incremental pages, audits, users",
            shapeSource: "vendor's export page and API reference; singer-io/tap-zendesk schemas", zone: .stated)
    }

    /// What an object is.
    enum Shape {
        case ticket, audit, ticketEvent, comment, user, rating, metrics, metricEvent, failure, side
    }

    private static let lists = [
        "tickets", "audits", "ticket_audits", "ticket_events", "comments", "users", "satisfaction_ratings",
        "ticket_metrics", "metric_events", "ticket_metric_events", "results", "groups", "organizations", "brands",
    ]

    private static func list(in document: JSONValue) -> (name: String, items: JSONValue)? {
        for name in lists {
            if let items = document[name], items.kind == .array { return (name, items) }
        }
        return nil
    }

    private static func isTicket(_ value: JSONValue) -> Bool {
        value.has("requester_id") && value.has("id") && (value.has("submitter_id") || value.has("via"))
            && !value.has("responder_id")
    }

    static func shape(of item: JSONValue) -> Shape? {
        if isTicket(item) { return .ticket }
        if item.hasAll("ticket_id", "child_events") { return .ticketEvent }
        if item.hasAll("ticket_id", "events") { return .audit }
        if item.hasAll("ticket_id", "instance_id", "metric") { return .metricEvent }
        if item.hasAll("ticket_id", "score") { return .rating }
        if item.has("ticket_id"), item.has("reply_time_in_minutes") || item.has("full_resolution_time_in_minutes") {
            return .metrics
        }
        if item.hasAll("author_id", "public"), item.has("body") || item.has("plain_body") { return .comment }
        if isUser(item) { return .user }
        if item.has("error"), item.has("ticket_id") || item.has("id") { return .failure }
        return nil
    }

    private static func isUser(_ item: JSONValue) -> Bool {
        guard item.has("id"), item.has("email") || item.has("name"), let role = item["role"]?.string else {
            return false
        }
        return role == "end-user" || role == "agent" || role == "admin"
    }

    package func confidence(for document: JSONValue) -> Double {
        guard document.kind == .object else { return 0 }
        if let ticket = document["ticket"], ticket.kind == .object {
            return ZendeskAdapter.isTicket(ticket) ? 0.95 : 0.3
        }
        if let user = document["user"], user.kind == .object { return ZendeskAdapter.isUser(user) ? 0.9 : 0 }
        if ZendeskAdapter.isTicket(document) { return 0.95 }
        if let (name, items) = ZendeskAdapter.list(in: document) {
            guard let first = items.elements.first(where: { _ in true }) else {
                let isPage = document.has("end_of_stream") || document.has("next_page") || document.has("after_cursor")
                return isPage ? 0.7 : 0.1
            }
            switch ZendeskAdapter.shape(of: first) {
            case .ticket, .ticketEvent, .audit, .metricEvent, .user: return 0.95
            case .rating, .metrics, .comment: return 0.9
            case .failure, .side, nil:
                let isSide = name == "groups" || name == "organizations" || name == "brands"
                return isSide && document.has("next_page") ? 0.7 : 0
            }
        }
        switch ZendeskAdapter.shape(of: document) {
        case .audit, .ticketEvent, .metricEvent: return 0.9
        case .metrics, .user: return 0.8
        case .comment: return document.has("audit_id") ? 0.9 : 0.4
        case .rating: return document.has("assignee_id") || document.has("requester_id") ? 0.8 : 0.4
        case .failure: return 0.3
        case .ticket, .side, nil: return 0
        }
    }

    package func items(in document: JSONValue) -> JSONValue? {
        if document.has("ticket") || ZendeskAdapter.shape(of: document) != nil { return nil }
        return ZendeskAdapter.list(in: document)?.items
    }

    // MARK: People

    package var namesPeople: Bool { true }

    package func people(in document: JSONValue) -> [(id: String, role: Role)] {
        var out: [(id: String, role: Role)] = []
        func add(_ user: JSONValue) {
            guard ZendeskAdapter.isUser(user), let id = user["id"]?.id else { return }
            out.append((id, user["role"]?.string == "end-user" ? .customer : .agent))
        }
        if let user = document["user"] { add(user) } else { add(document) }
        if let users = document["users"] { for user in users.elements { add(user) } }
        return out
    }

    // MARK: Items

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        guard item.kind == .object else { throw ItemFault(.badSyntax, "an object is expected") }
        sideLoaded(document, before: item, &records)
        if let ticket = item["ticket"], ticket.kind == .object {
            if let users = item["users"] { for user in users.elements { self.user(user, &records) } }
            try self.ticket(ticket, wrapper: item, document, &records)
            return
        }
        if let user = item["user"], user.kind == .object {
            self.user(user, &records)
            return
        }
        switch ZendeskAdapter.shape(of: item) {
        case .ticket: try ticket(item, wrapper: item, document, &records)
        case .audit:
            try audit(
                item, ticket: try records.requiredID(item["ticket_id"], "audit.ticket_id"), withComments: true, nil,
                &records)
        case .ticketEvent: try ticketEvent(item, &records)
        case .comment:
            try comment(item, of: try records.requiredID(item["ticket_id"], "comment.ticket_id"), nil, &records)
        case .user: user(item, &records)
        case .rating: try rating(item, ticket: nil, &records)
        case .metrics: try metrics(item, &records)
        case .metricEvent: records.warn("metric_events are not read: times are computed from tickets and audits")
        case .failure:
            let id = item["ticket_id"]?.id ?? item["id"]?.id ?? ""
            throw ItemFault(.missingContent, "the export left out ticket \(id): \(item["error"]?.plainText ?? "")")
        case .side, nil:
            if let (name, _) = ZendeskAdapter.list(in: document) {
                // Groups were read beforehand for their names.
                if name != "groups" { records.warn("\(name) are not read") }
            } else if item.has("id"), item.has("subject") || item.has("status") {
                throw .missing("ticket.requester_id")
            } else {
                throw ItemFault(
                    .unknownType, "none of Zendesk's objects: ticket, audit, comment, user, rating, metrics")
            }
        }
    }

    /// People named beside a page's tickets are written once, before its first item.
    private func sideLoaded(_ document: JSONValue, before item: JSONValue, _ records: inout RecordSink) {
        guard let (name, items) = ZendeskAdapter.list(in: document), name != "users", let users = document["users"],
            let first = items.elements.first(where: { _ in true }), first.offset == item.offset
        else { return }
        for user in users.elements { self.user(user, &records) }
    }

    private static let ticketKeys: Set<String> = [
        "id", "url", "created_at", "updated_at", "generated_timestamp", "via", "subject", "raw_subject", "description",
        "priority", "status", "requester_id", "assignee_id", "group_id", "tags", "fields", "satisfaction_rating",
        "comments",
        "audits", "metric_set", "requester", "submitter", "assignee", "group", "result_type", "type",
    ]

    private func ticket(
        _ ticket: JSONValue, wrapper: JSONValue, _ document: JSONValue, _ records: inout RecordSink
    ) throws(ItemFault) {
        let id = try records.requiredID(ticket["id"], "ticket.id")
        let created = try records.requiredTime(ticket["created_at"], "ticket.created_at")
        let updated = try records.time(ticket["updated_at"], "ticket.updated_at")
        let metrics = ticket["metric_set"] ?? sideLoadedMetrics(of: id, document)
        let solved = try records.time(metrics?["solved_at"], "ticket.metric_set.solved_at")
        var firstReply: Timestamp?
        if !ticket.has("comments"), let minutes = metrics?[path: ["reply_time_in_minutes", "calendar"]]?.integer {
            firstReply = Timestamp(milliseconds: created.milliseconds + minutes * 60_000)
        }
        let word = ticket["status"]?.string?.lowercased()
        let status = word.flatMap { DeskWords.statuses[$0] }
        if word != nil, status == nil {
            throw ItemFault(.badValue, "ticket.status '\(word?.prefix(40) ?? "")' is unknown")
        }
        let channel = DeskWords.channel(ticket[path: ["via", "channel"]]?.string)
        let groupID = ticket["group_id"]?.id
        let group =
            ticket[path: ["group", "name"]]?.string ?? groupName(groupID, document)
            ?? records.context.people.groupName(groupID) ?? groupID
        let subject = ticket["raw_subject"] ?? ticket["subject"]
        let extra = ExtraFields(ticket, except: ZendeskAdapter.ticketKeys)
        let closedAt = status == "solved" || status == "closed" ? solved : nil

        records.add(.conversation) { row in
            row.set(ConversationField.id, id)
            row.set(ConversationField.channel, channel)
            row.set(ConversationField.openedAt, time: created)
            row.set(ConversationField.closedAt, time: closedAt)
            row.set(ConversationField.subject, subject)
            row.set(ConversationField.customerID, ticket["requester_id"])
            row.set(ConversationField.group, group)
            row.set(ConversationField.tags, json: ticket["tags"])
            row.set(ConversationField.updatedAt, time: updated)
            row.set(ConversationField.status, status)
            row.set(ConversationField.assigneeID, ticket["assignee_id"])
        }
        records.add(.ticket) { row in
            row.set(TicketField.id, id)
            row.set(TicketField.createdAt, time: created)
            row.set(TicketField.status, status)
            row.set(TicketField.conversationID, id)
            row.set(TicketField.subject, subject)
            row.set(TicketField.description, ticket["description"])
            row.set(TicketField.priority, ticket["priority"])
            row.set(TicketField.category, ticket["type"])
            row.set(TicketField.group, group)
            row.set(TicketField.assigneeID, ticket["assignee_id"])
            row.set(TicketField.requesterID, ticket["requester_id"])
            row.set(TicketField.channel, channel)
            row.set(TicketField.tags, json: ticket["tags"])
            row.set(TicketField.updatedAt, time: updated)
            row.set(TicketField.extra, extra.text)
            row.set(TicketField.solvedAt, time: solved)
            row.set(TicketField.firstReplyAt, time: firstReply)
        }
        for person in ["requester", "submitter", "assignee"] {
            if let user = ticket[person], user.kind == .object { self.user(user, &records) }
        }
        for comment in (ticket["comments"] ?? wrapper["comments"])?.elements ?? ticket.elements {
            try self.comment(comment, of: id, ticket, &records)
        }
        let hasComments = ticket.has("comments") || wrapper.has("comments")
        for audit in (ticket["audits"] ?? wrapper["audits"])?.elements ?? ticket.elements {
            try self.audit(audit, ticket: id, withComments: !hasComments, ticket, &records)
        }
        if !hasComments, !ticket.has("audits"), !wrapper.has("audits") {
            records.warn("tickets without comments: replies and first reply time come from other files or are unknown")
        }
        if let rated = ticket["satisfaction_rating"] { try rating(rated, ticket: ticket, &records) }
    }

    private func sideLoadedMetrics(of ticket: String, _ document: JSONValue) -> JSONValue? {
        document["metric_sets"]?.elements.first { $0["ticket_id"]?.id == ticket }
    }

    private func groupName(_ id: String?, _ document: JSONValue) -> String? {
        guard let id, let groups = document["groups"] else { return nil }
        return groups.elements.first { $0["id"]?.id == id }?["name"]?.string
    }

    package func groups(in document: JSONValue) -> [(id: String, name: String)] {
        guard let groups = document["groups"] else { return [] }
        return groups.elements.compactMap { group in
            guard let id = group["id"]?.id, let name = group["name"]?.string else { return nil }
            return (id, name)
        }
    }

    /// Who speaks: rules and bots by their channel and id, people by the users file, else by their part in the ticket.
    private func role(
        of author: String?, _ via: JSONValue?, _ ticket: JSONValue?, requester: String? = nil,
        _ records: inout RecordSink
    ) -> Role {
        if let channel = via?["channel"]?.string ?? via?.string {
            switch channel.lowercased() {
            case "rule", "system", "trigger", "automation", "system_merge", "linked_problem": return .system
            case "answer_bot", "answer_bot_for_web_widget", "bot", "flow_builder": return .bot
            default: break
            }
        }
        guard let author, author != "-1", author != "0" else { return .system }
        if let known = records.context.people.role(of: author) { return known }
        if let requester, author == requester { return .customer }
        guard let ticket else {
            records.warn("authors whose role no file tells count as agents: export the users too")
            return .agent
        }
        if author == ticket["requester_id"]?.id { return .customer }
        if author == ticket["assignee_id"]?.id { return .agent }
        for list in ["email_cc_ids", "collaborator_ids"] {
            if let ids = ticket[list], ids.elements.contains(where: { $0.id == author }) { return .customer }
        }
        return .agent
    }

    private func comment(
        _ comment: JSONValue, of ticketID: String, _ ticket: JSONValue?, _ records: inout RecordSink
    ) throws(ItemFault) {
        let id = try records.requiredID(comment["id"], "comment.id")
        let sent = try records.requiredTime(comment["created_at"], "comment.created_at")
        let author = comment["author_id"]?.id
        let isPublic = comment["public"]?.bool ?? true
        var role = role(of: author, comment["via"], ticket, &records)
        // Only agents write what the requester cannot see.
        if !isPublic, role == .customer, author != ticket?["requester_id"]?.id,
            records.context.people.role(of: author) == nil
        {
            role = .agent
        }
        message(comment, id: id, of: ticketID, at: sent, author, role, isPublic, &records)
    }

    private func message(
        _ value: JSONValue, id: String, of ticketID: String, at sent: Timestamp, _ author: String?, _ role: Role,
        _ isPublic: Bool, _ records: inout RecordSink
    ) {
        let text =
            value["plain_body"]?.string ?? value["body"]?.string ?? value["html_body"]?.withText(HTMLText.plain)
        records.add(.message) { row in
            row.set(MessageField.id, id)
            row.set(MessageField.conversationID, ticketID)
            row.set(MessageField.sentAt, time: sent)
            row.set(MessageField.role, role.rawValue)
            row.set(MessageField.authorID, author == "-1" ? nil : author)
            row.set(MessageField.text, text)
            row.set(MessageField.isPublic, flag: isPublic)
            row.set(MessageField.attachments, JSONArrayText.attachments(value["attachments"]))
        }
    }

    // MARK: History

    /// The fields whose changes are kept, by Zendesk's names.
    private static let tracked: [String: String] = [
        "status": "status", "assignee_id": "assignee", "group_id": "group", "priority": "priority", "type": "type",
    ]

    private func audit(
        _ audit: JSONValue, ticket ticketID: String, withComments: Bool, _ ticket: JSONValue?,
        _ records: inout RecordSink
    ) throws(ItemFault) {
        let auditID = try records.requiredID(audit["id"], "audit.id")
        let at = try records.requiredTime(audit["created_at"], "audit.created_at")
        let author = audit["author_id"]?.id
        // The audit that creates a ticket names its requester.
        let requester = audit["events"]?.elements.first { $0["field_name"]?.string == "requester_id" }?["value"]?.id
        for (position, event) in (audit["events"]?.elements ?? audit.elements).enumerated() {
            let via = event["via"] ?? audit["via"]
            switch event["type"]?.string {
            case "Comment", "VoiceComment":
                guard withComments else { continue }
                let speaker = event["author_id"]?.id ?? author
                message(
                    event, id: event["id"]?.id ?? "\(auditID)-\(position)", of: ticketID, at: at, speaker,
                    role(of: speaker, via, ticket, requester: requester, &records), event["public"]?.bool ?? true,
                    &records)
            case "Create", "Change":
                guard let name = event["field_name"]?.string, let field = ZendeskAdapter.tracked[name] else { continue }
                change(
                    id: event["id"]?.id ?? "\(auditID)-\(position)", ticketID, at, field, from: event["previous_value"],
                    to: event["value"], author, role(of: author, via, ticket, requester: requester, &records), &records)
            default: continue
            }
        }
    }

    /// An item of the incremental event stream: an audit whose changes are named by their keys.
    private func ticketEvent(_ item: JSONValue, _ records: inout RecordSink) throws(ItemFault) {
        let ticketID = try records.requiredID(item["ticket_id"], "ticket_event.ticket_id")
        let eventID = try records.requiredID(item["id"], "ticket_event.id")
        let at: Timestamp
        if item.has("timestamp") {
            at = try records.requiredTime(item["timestamp"], "ticket_event.timestamp", as: .unixSeconds)
        } else {
            at = try records.requiredTime(item["created_at"], "ticket_event.created_at")
        }
        let actor = item["updater_id"]?.id
        let requester = item["child_events"]?.elements.first { $0.has("requester_id") }?["requester_id"]?.id
        for (position, child) in (item["child_events"]?.elements ?? item.elements).enumerated() {
            let childID = child["id"]?.id ?? "\(eventID)-\(position)"
            let role = role(of: actor, child["via"] ?? item["via"], nil, requester: requester, &records)
            switch child["event_type"]?.string {
            case "Comment":
                guard child.has("body") || child.has("plain_body") else { continue }
                let isPublic = child["comment_public"]?.bool ?? child["public"]?.bool ?? true
                let author = child["author_id"]?.id ?? actor
                message(child, id: childID, of: ticketID, at: at, author, role, isPublic, &records)
            case "Change", "Create":
                let changed = ZendeskAdapter.tracked.filter { child.has($0.key) }.sorted { $0.key < $1.key }
                for (name, field) in changed {
                    change(
                        id: changed.count > 1 ? "\(childID)-\(name)" : childID, ticketID, at, field,
                        from: child["previous_value"], to: child[name], actor, role,
                        &records)
                }
            default: continue
            }
        }
    }

    private func change(
        id: String, _ ticketID: String, _ at: Timestamp, _ field: String, from: JSONValue?, to: JSONValue?,
        _ actor: String?, _ role: Role, _ records: inout RecordSink
    ) {
        records.add(.ticketEvent) { row in
            row.set(TicketEventField.id, id)
            row.set(TicketEventField.ticketID, ticketID)
            row.set(TicketEventField.at, time: at)
            row.set(TicketEventField.field, field)
            row.set(TicketEventField.from, from)
            row.set(TicketEventField.to, to)
            row.set(TicketEventField.actorID, actor == "-1" ? nil : actor)
            row.set(TicketEventField.actorRole, role.rawValue)
        }
    }

    // MARK: Ratings, metrics, people

    /// A rating of its own or a ticket's: an object with a score, or the score alone. Offers are no ratings.
    private func rating(_ value: JSONValue, ticket: JSONValue?, _ records: inout RecordSink) throws(ItemFault) {
        let score = (value.kind == .object ? value["score"]?.string : value.string)?.lowercased() ?? ""
        guard score.hasPrefix("good") || score.hasPrefix("bad") else { return }
        let ticketID = try records.requiredID(ticket?["id"] ?? value["ticket_id"], "satisfaction_rating.ticket_id")
        // A score inside a ticket carries no time of its own: the ticket's last change stands for it.
        let stamp = value["created_at"] ?? value["updated_at"] ?? ticket?["updated_at"] ?? ticket?["created_at"]
        let at = try records.requiredTime(stamp, "satisfaction_rating.created_at")
        let updated = try records.time(value["updated_at"], "satisfaction_rating.updated_at")
        records.add(.rating) { row in
            row.set(RatingField.id, value["id"]?.id ?? "\(ticketID)-rating")
            row.set(RatingField.at, time: at)
            row.set(RatingField.score, score.hasPrefix("good") ? "good" : "bad")
            row.set(RatingField.scale, "bad-good")
            row.set(RatingField.conversationID, ticketID)
            row.set(RatingField.ticketID, ticketID)
            row.set(RatingField.agentID, value["assignee_id"])
            row.set(RatingField.comment, value["comment"])
            row.set(RatingField.updatedAt, time: updated)
        }
    }

    /// The stamps of a metrics file; without a time of change, so that a ticket's own record goes before it.
    private func metrics(_ item: JSONValue, _ records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(item["ticket_id"], "ticket_metrics.ticket_id")
        let created = try records.time(item["created_at"], "ticket_metrics.created_at")
        let solved = try records.time(item["solved_at"], "ticket_metrics.solved_at")
        records.add(.ticket) { row in
            row.set(TicketField.id, id)
            row.set(TicketField.conversationID, id)
            row.set(TicketField.createdAt, time: created)
            row.set(TicketField.solvedAt, time: solved)
        }
    }

    private func user(_ user: JSONValue, _ records: inout RecordSink) {
        guard let id = user["id"]?.id else { return }
        let updated = try? records.time(user["updated_at"], "user.updated_at")
        let role = user["role"]?.string
        if role == "agent" || role == "admin" {
            records.add(.agent) { row in
                row.set(AgentField.id, id)
                row.set(AgentField.name, user["name"])
                row.set(AgentField.group, user["default_group_id"])
                row.set(AgentField.role, role)
                row.set(AgentField.updatedAt, time: updated)
            }
        } else if role == "end-user" {
            var identities = JSONArrayText()
            identities.append(kind: "email", user["email"]?.string)
            identities.append(kind: "phone", user["phone"]?.id)
            identities.append(kind: "external_id", user["external_id"]?.id)
            records.add(.customer) { row in
                row.set(CustomerField.id, id)
                row.set(CustomerField.identities, identities.text)
                row.set(CustomerField.name, user["name"])
                row.set(CustomerField.updatedAt, time: updated)
            }
        }
    }
}
