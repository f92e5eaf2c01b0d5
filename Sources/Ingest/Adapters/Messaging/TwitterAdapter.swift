package import Records
import Runtime

/// X (Twitter): pages of the v2 interface, flattened v2 posts a line, and v1.1 statuses.
///
/// Shape: the v2 object model of docs.x.com (`data`, `includes`, `meta`) and the v1.1 status object. Every page is resolved
/// with its own `includes` only. Conversations are those of `conversation_id`; in v1.1 a reply names the status it answers.
/// The brand's accounts are agents: those of the settings, else the accounts in most of a page's conversations.
package struct TwitterAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "twitter", reads: "X (Twitter): v2 pages and posts, v1.1 statuses",
            shapeSource: "docs.x.com, X API v2 data dictionary; v1.1 tweet object", zone: .stated)
    }

    private static func isPost(_ value: JSONValue) -> Bool {
        value.hasAll("id", "text", "author_id") && (value.has("conversation_id") || value.has("referenced_tweets"))
    }

    private static func isStatus(_ value: JSONValue) -> Bool {
        value.hasAll("id_str", "user") && (value.has("in_reply_to_status_id_str") || value.has("full_text"))
    }

    package func confidence(for document: JSONValue) -> Double {
        guard document.kind == .object else { return 0 }
        if let data = document["data"], data.kind == .array {
            if let first = data.elements.first(where: { _ in true }) {
                return TwitterAdapter.isPost(first) || (document.has("includes") && first.hasAll("id", "text"))
                    ? 0.95 : 0
            }
        }
        if document[path: ["meta", "newest_id"]] != nil || document[path: ["meta", "result_count"]] != nil {
            return 0.8
        }
        return TwitterAdapter.isPost(document) || TwitterAdapter.isStatus(document) ? 0.95 : 0
    }

    package func items(in document: JSONValue) -> JSONValue? {
        document["data"] ?? (document.has("meta") ? document["statuses"] : nil)
    }

    package var namesPeople: Bool { true }

    package func people(in document: JSONValue) -> [(id: String, role: Role)] {
        var guess = StaffGuess()
        for post in items(in: document)?.elements.map({ $0 }) ?? [document] {
            guard let author = post["author_id"]?.id, let conversation = post["conversation_id"]?.id else { continue }
            guess.note(author: author, conversation: conversation)
        }
        return guess.staff.map { ($0, .agent) }
    }

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        if TwitterAdapter.isStatus(item) { return try status(item, &records) }
        let id = try records.requiredID(item["id"], "id")
        let author = try records.requiredID(item["author_id"], "author_id")
        let at = try records.requiredTime(item["created_at"], "created_at")
        let role = records.context.people.role(of: author) ?? .customer
        var message = MessageRow(
            id: id, conversation: item["conversation_id"]?.id ?? id, at: at, role: role, author: author,
            text: item["text"]?.string.map { HTMLText.plain($0) })
        message.replyTo = item["referenced_tweets"]?.elements.first { $0["type"]?.string == "replied_to" }?["id"]?.id
        if let media = item[path: ["attachments", "media_keys"]] {
            var out = JSONArrayText()
            for key in media.elements {
                let found = document[path: ["includes", "media"]]?.elements.first { $0["media_key"]?.id == key.id }
                out.append(object: [("type", found?["type"]?.string ?? "media"), ("name", key.id)])
            }
            message.attachments = out.text
        }
        var extra = ExtraFields()
        extra.append("lang", item["lang"])
        extra.append("public_metrics", item["public_metrics"])
        message.extra = extra.text
        records.add(message, channel: "social", customer: role == .customer && message.replyTo == nil ? author : nil)
        if let user = document[path: ["includes", "users"]]?.elements.first(where: { $0["id"]?.id == author }) {
            person(author, handle: user["username"], name: user["name"], role, &records)
        }
    }

    private func status(_ item: JSONValue, _ records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(item["id_str"], "id_str")
        let at = try records.requiredTime(item["created_at"], "created_at", as: TwitterAdapter.v1Time)
        let author = item[path: ["user", "id_str"]]?.id ?? item[path: ["user", "screen_name"]]?.id
        let role = records.context.people.role(of: author) ?? .customer
        let answered = item["in_reply_to_status_id_str"]?.id
        var message = MessageRow(
            id: id, conversation: item["conversation_id_str"]?.id ?? answered ?? id, at: at, role: role, author: author,
            text: (item["full_text"] ?? item["text"])?.string.map { HTMLText.plain($0) })
        message.replyTo = answered
        records.add(message, channel: "social", customer: role == .customer && answered == nil ? author : nil)
        if let author {
            person(
                author, handle: item[path: ["user", "screen_name"]], name: item[path: ["user", "name"]], role, &records)
        }
    }

    /// `Fri Sep 18 18:36:15 +0000 2020`.
    private static let v1Time: TimeForm =
        TimePattern("EEE MMM dd HH:mm:ss Z yyyy").map { .pattern($0) } ?? .iso

    private func person(
        _ id: String, handle: JSONValue?, name: JSONValue?, _ role: Role, _ records: inout RecordSink
    ) {
        if role == .customer {
            var identities = JSONArrayText()
            identities.append(kind: "twitter", handle?.string)
            records.add(.customer) { row in
                row.set(CustomerField.id, id)
                row.set(CustomerField.identities, identities.text)
                row.set(CustomerField.name, name)
            }
        } else {
            records.add(.agent) { row in
                row.set(AgentField.id, id)
                row.set(AgentField.name, name)
                row.set(AgentField.role, role.rawValue)
            }
        }
    }
}
