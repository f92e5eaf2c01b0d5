package import Records
import Runtime

/// Telegram Desktop's `result.json`: one chat, or all chats under `chats.list`.
///
/// Shape: the exporter of telegramdesktop/tdesktop (`export_output_json.cpp`). `date_unixtime` counts; older exports have
/// only `date` without an offset and need a zone. A text is a string or an array of strings and objects with `text`. Who is
/// staff is not said: the settings' list of agents, else whoever takes part in most chats.
package struct TelegramAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "telegram", reads: "Telegram Desktop export (result.json)",
            shapeSource: "telegramdesktop/tdesktop, export_output_json.cpp", zone: .stated)
    }

    private static func isMessage(_ value: JSONValue) -> Bool {
        value.hasAll("id", "type", "date")
            && (value.has("from_id") || value.has("actor_id") || value.has("date_unixtime"))
    }

    private static func isChat(_ value: JSONValue) -> Bool {
        guard let messages = value["messages"], messages.kind == .array, value.has("id") else { return false }
        guard let first = messages.elements.first(where: { _ in true }) else { return value.has("type") }
        return isMessage(first)
    }

    package func confidence(for document: JSONValue) -> Double {
        if TelegramAdapter.isChat(document) { return 0.95 }
        guard let list = document[path: ["chats", "list"]], list.kind == .array else { return 0 }
        return list.elements.first(where: { _ in true }).map(TelegramAdapter.isChat) ?? true ? 0.95 : 0
    }

    package func items(in document: JSONValue) -> JSONValue? {
        document[path: ["chats", "list"]] ?? document["messages"]
    }

    package var namesPeople: Bool { true }

    package func people(in document: JSONValue) -> [(id: String, role: Role)] {
        var guess = StaffGuess()
        for chat in document[path: ["chats", "list"]]?.elements.map({ $0 }) ?? [document] {
            let id = chat["id"]?.id ?? ""
            for message in chat["messages"]?.elements.map({ $0 }) ?? [] {
                if let author = message["from_id"]?.id { guess.note(author: author, conversation: id) }
            }
        }
        return guess.staff.map { ($0, .agent) }
    }

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        if let messages = item["messages"], messages.kind == .array {
            records.eachItem(messages.elements) { message, records throws(ItemFault) in
                try self.message(message, of: item, &records)
            }
        } else {
            try message(item, of: document, &records)
        }
    }

    private func message(_ item: JSONValue, of chat: JSONValue, _ records: inout RecordSink) throws(ItemFault) {
        let conversation = try records.requiredID(chat["id"], "chat.id")
        let number = try records.requiredID(item["id"], "message.id")
        let at =
            if let stamp = item["date_unixtime"] {
                try records.requiredTime(stamp, "date_unixtime", as: .unixSeconds)
            } else {
                try records.requiredTime(item["date"], "date")
            }
        let author = (item["from_id"] ?? item["actor_id"])?.id
        let isService = item["type"]?.string == "service"
        let role: Role =
            isService
            ? .system : item.has("via_bot") ? .bot : records.context.people.role(of: author) ?? .customer
        var message = MessageRow(
            id: "\(conversation)/\(number)", conversation: conversation, at: at, role: role, author: author,
            text: isService ? nil : TelegramAdapter.text(item["text"]))
        if let edited = item["edited_unixtime"] {
            message.updatedAt = try records.time(edited, "edited_unixtime", as: .unixSeconds)
        }
        if let reply = item["reply_to_message_id"]?.id { message.replyTo = "\(conversation)/\(reply)" }
        if item.has("photo") { message.attachments = attachment("photo") }
        if let media = item["media_type"]?.string ?? (item.has("file") ? "file" : nil) {
            message.attachments = attachment(media)
        }
        if isService { message.extra = ExtraFields(item, except: TelegramAdapter.serviceKeys).text }
        records.add(message, channel: "telegram", customer: role == .customer ? author : nil)
        if role == .customer, let author, let name = item["from"] {
            records.add(.customer) { row in
                row.set(CustomerField.id, author)
                row.set(CustomerField.name, name)
            }
        }
    }

    private static let serviceKeys: Set<String> = [
        "id", "type", "date", "date_unixtime", "actor", "actor_id", "text", "text_entities", "members", "title",
    ]

    /// The words of a text that is a string, or an array of strings and objects.
    static func text(_ value: JSONValue?) -> String? {
        guard let value, value.kind == .array else { return value?.string }
        return value.elements.map { $0.string ?? $0["text"]?.string ?? "" }.joined()
    }
}
