package import Records
import Runtime

/// A Slack export: a folder or zip with `users.json`, `channels.json` and a folder per channel with a file per day.
///
/// Shape: "How to read Slack data exports" of Slack's help center. `ts` is unix seconds as text and the message's id in its
/// channel. A thread is a conversation, a message without one too. Staff are the workspace's full members; guests and
/// people of other workspaces are customers; `is_bot` and `bot_id` are bots. Joining, leaving and topic lines are passed
/// over with a note.
package struct SlackAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "slack", reads: "Slack export: day files with users.json and channels.json",
            shapeSource: "slack.com/help, How to read Slack data exports", zone: .stated)
    }

    private static func isUser(_ value: JSONValue) -> Bool {
        value.hasAll("id", "name") && value.has("profile") && (value.has("team_id") || value.has("is_bot"))
    }

    private static func isChannel(_ value: JSONValue) -> Bool {
        value.hasAll("id", "members") && (value.has("creator") || value.has("created"))
    }

    package func confidence(for document: JSONValue) -> Double {
        guard document.kind == .object else { return 0 }
        if document["type"]?.string == "message", document.has("ts") { return 0.95 }
        return SlackAdapter.isUser(document) || SlackAdapter.isChannel(document) ? 0.9 : 0
    }

    package var namesPeople: Bool { true }

    package func people(in document: JSONValue) -> [(id: String, role: Role)] {
        guard SlackAdapter.isUser(document), let id = document["id"]?.id else { return [] }
        if document["is_bot"]?.bool == true || id == "USLACKBOT" { return [(id, .bot)] }
        let isGuest = ["is_restricted", "is_ultra_restricted", "is_stranger"].contains { document[$0]?.bool == true }
        return [(id, isGuest ? .customer : .agent)]
    }

    private static let quiet: Set<String> = [
        "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "channel_archive",
        "channel_unarchive", "group_join", "group_leave", "pinned_item", "bot_add", "bot_remove",
    ]

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        if SlackAdapter.isUser(item) { return user(item, &records) }
        if SlackAdapter.isChannel(item) { return records.warn("lists of Slack channels hold nothing to store") }
        let at = try records.requiredTime(item["ts"], "ts", as: .unixSeconds)
        let stamp = try records.requiredID(item["ts"], "ts")
        let subtype = item["subtype"]?.string
        if let subtype, SlackAdapter.quiet.contains(subtype) {
            return records.warn("lines of Slack about joining, leaving and topics are passed over")
        }
        let channel = SlackAdapter.channel(records.context)
        let thread = item["thread_ts"]?.id ?? stamp
        let user = item["user"]?.id
        let role: Role =
            if item.has("bot_id") || subtype == "bot_message" { .bot } else {
                records.context.people.role(of: user) ?? .customer
            }
        if user != nil, records.context.people.role(of: user) == nil, role == .customer {
            records.warn("people of Slack who are not in users.json are taken for customers")
        }
        var message = MessageRow(
            id: "\(channel)/\(stamp)", conversation: "\(channel)/\(thread)", at: at, role: role,
            author: user ?? item["bot_id"]?.id ?? item["username"]?.id,
            text: item["text"]?.string.map(SlackAdapter.plain))
        message.attachments = JSONArrayText.attachments(item["files"])
        if stamp != thread { message.replyTo = "\(channel)/\(thread)" }
        if let edited = item[path: ["edited", "ts"]] {
            message.updatedAt = try records.time(edited, "edited.ts", as: .unixSeconds)
        }
        records.add(
            message, channel: "chat", customer: role == .customer && stamp == thread ? user : nil, group: channel)
    }

    private func user(_ item: JSONValue, _ records: inout RecordSink) {
        guard let id = item["id"]?.id else { return }
        let name = item[path: ["profile", "real_name"]] ?? item["real_name"] ?? item["name"]
        if records.context.people.role(of: id) == .customer {
            var identities = JSONArrayText()
            identities.append(kind: "email", item[path: ["profile", "email"]]?.string)
            records.add(.customer) { row in
                row.set(CustomerField.id, id)
                row.set(CustomerField.identities, identities.text)
                row.set(CustomerField.name, name)
            }
        } else {
            records.add(.agent) { row in
                row.set(AgentField.id, id)
                row.set(AgentField.name, name)
                row.set(AgentField.role, item["is_bot"]?.bool == true ? "bot" : "agent")
            }
        }
    }

    /// The folder that a day file lies in.
    private static func channel(_ context: AdapterContext) -> String {
        let path = context.entry.isEmpty ? context.file : context.entry
        let parts = path.split { $0 == "/" || $0 == "!" }
        return parts.count > 1 ? String(parts[parts.count - 2]) : "channel"
    }

    /// Slack's markup as words: `<@U1>`, `<#C1|name>`, `<https://…|label>`, `&amp;`.
    static func plain(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) else { return text }
        var out = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "<") {
            out += rest[..<open]
            guard let close = rest[open...].firstIndex(of: ">") else {
                rest = rest[open...]
                break
            }
            let inside = rest[rest.index(after: open)..<close]
            let parts = inside.split(separator: "|", maxSplits: 1)
            let label = parts.count > 1 ? String(parts[1]) : String(inside)
            switch inside.first {
            case "#": out += "#" + (parts.count > 1 ? label : String(inside.dropFirst()))
            case "@": out += parts.count > 1 ? "@" + label : label
            case "!": out += "@" + (parts.count > 1 ? label : String(inside.dropFirst()))
            default: out += label
            }
            rest = rest[rest.index(after: close)...]
        }
        out += rest
        return out.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }
}
