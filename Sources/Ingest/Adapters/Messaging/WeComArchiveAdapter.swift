import Records
import Runtime

/// WeCom's conversation archive (会话内容存档): decrypted messages, alone, in pages or as vendors dump them.
///
/// Shape: "获取会话内容" of the WeCom developer documentation. Times are unix milliseconds, numbers or text. A raw page is
/// encrypted with the company's own key pair; it is refused with the version of the key that it needs. Who is outside is
/// told by the prefix of an id (`wm`, `wo` customers, `wb` robots). A recalled message loses its words.
package struct WeComArchiveAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "wecom.archive", reads: "WeCom conversation archive, decrypted (encrypted pages name their key)",
            shapeSource: "developer.work.weixin.qq.com, 会话内容存档", zone: .stated, defaultSource: "wecom")
    }

    private static func isMessage(_ value: JSONValue) -> Bool {
        value.hasAll("msgtime", "tolist") || value.hasAll("msgid", "msgtime", "from")
            || (value["action"]?.string == "switch" && value.hasAll("msgid", "user"))
    }

    package func confidence(for document: JSONValue) -> Double {
        if let list = document["chatdata"], list.kind == .array { return 0.97 }
        if document.hasAll("encrypt_random_key", "encrypt_chat_msg") { return 0.97 }
        if let inner = document["msg"], WeComArchiveAdapter.isMessage(inner) { return 0.9 }
        return WeComArchiveAdapter.isMessage(document) ? 0.95 : 0
    }

    package func items(in document: JSONValue) -> JSONValue? { document["chatdata"] }

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        if item.has("encrypt_chat_msg") {
            let version = item["publickey_ver"]?.id ?? "?"
            throw ItemFault(
                .encrypted,
                "encrypted for public key version \(version): decrypt it with that private key by WeCom's finance SDK, then "
                    + "ingest the decrypted messages")
        }
        let item = item["msg"] ?? item
        if item["action"]?.string == "switch" {
            records.warn("logs of archive switches (action switch) are passed over")
            return
        }
        let id = try records.requiredID(item["msgid"], "msgid")
        let at = try records.requiredTime(item["msgtime"], "msgtime", as: .unixMilliseconds)
        let sender = try records.requiredID(item["from"], "from")
        let receivers = WeComArchiveAdapter.receivers(item["tolist"])
        let room = item["roomid"]?.id.flatMap { $0.isEmpty ? nil : $0 }
        let conversation = room ?? ([sender] + receivers).sorted().joined(separator: "|")
        let people = [sender] + receivers
        let customer = people.first { WeComArchiveAdapter.role(of: $0) == .customer }
        let role = records.context.people.role(of: sender) ?? WeComArchiveAdapter.role(of: sender)
        var message = MessageRow(id: id, conversation: conversation, at: at, role: role, author: sender)
        let type = item["msgtype"]?.string ?? ""
        if let recalled = item[path: ["revoke", "pre_msgid"]]?.id ?? (item["action"]?.string == "recall" ? id : nil) {
            // The later version of the message that was taken back.
            message.id = recalled
            message.updatedAt = at
            message.extra = #"{"recalled":true}"#
        } else {
            WeComContent.set(&message, type: type, body: item)
        }
        records.add(message, channel: "wechat", customer: customer, group: room == nil ? nil : "group")
    }

    /// External contacts begin with `wm` or `wo`, robots with `wb`, all of them long; everybody else is staff.
    static func role(of id: String) -> Role {
        guard id.utf8.count >= 16 else { return .agent }
        if id.hasPrefix("wm") || id.hasPrefix("wo") { return .customer }
        return id.hasPrefix("wb") ? .bot : .agent
    }

    /// An array, or a text with commas as some dumps have it.
    private static func receivers(_ value: JSONValue?) -> [String] {
        guard let value else { return [] }
        if value.kind == .array { return value.elements.compactMap(\.id) }
        return (value.string ?? "").split(separator: ",").map { part in
            String(part.filter { $0 != " " && $0 != "[" && $0 != "]" && $0 != "\"" })
        }
    }
}
