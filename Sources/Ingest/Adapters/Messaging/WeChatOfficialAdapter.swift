import Records
import Runtime

/// WeChat official accounts: the customer-service log of `msgrecord/getmsglist`, and of the older `getrecord`.
///
/// Shape: "获取客服聊天记录" of the official-account documentation. Times are unix seconds. There is no id and no session: a
/// message is known by its content, and the stream of a follower is cut by the rule of 48 hours. Operation codes of the
/// older form (1000 to 1005) are real borders of sessions and become system messages. `[image]`, `[voice]` and `[video]`
/// are media, not words.
package struct WeChatOfficialAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "wechat.mp", reads: "WeChat official account: customer-service log (getmsglist, getrecord)",
            shapeSource: "developers.weixin.qq.com, 获取客服聊天记录", zone: .stated)
    }

    package func confidence(for document: JSONValue) -> Double {
        if let items = document["recordlist"], items.kind == .array {
            guard let first = items.elements.first(where: { _ in true }) else {
                return document.has("msgid") ? 0.8 : 0.6
            }
            return first.has("opercode") ? 0.97 : 0
        }
        return document.hasAll("openid", "opercode", "time") ? 0.97 : 0
    }

    package func items(in document: JSONValue) -> JSONValue? { document["recordlist"] }

    private static let borders: [String: String] = [
        "1000": "created", "1001": "accepted", "1002": "initiated", "1003": "transferred", "1004": "closed",
        "1005": "taken",
    ]

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        let follower = try records.requiredID(item["openid"], "openid")
        let at = try records.requiredTime(item["time"], "time", as: .unixSeconds)
        let worker = item["worker"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let role: Role
        var extra = ExtraFields()
        switch item["opercode"]?.id {
        // A reply without a worker comes from the account's own rules.
        case "2002": role = worker == nil ? .bot : .agent
        case "2003": role = .customer
        case .some(let code):
            guard let border = WeChatOfficialAdapter.borders[code] else {
                throw ItemFault(.unknownType, "opercode \(code.prefix(20)); expected 2002, 2003 or 1000 to 1005")
            }
            role = .system
            extra.append("session", text: border)
        case nil: throw .missing("opercode")
        }
        var message = MessageRow(
            id: item.stableID, conversation: follower, at: at, role: role,
            author: role == .customer ? follower : worker)
        let text = item["text"]?.string ?? ""
        if text.count < 20, text.hasPrefix("["), text.hasSuffix("]"), !text.contains(" ") {
            message.attachments = attachment(String(text.dropFirst().dropLast()))
        } else {
            message.text = text
        }
        message.extra = extra.text
        records.add(message, channel: "wechat", customer: follower)
        if role == .agent, let worker {
            records.add(.agent) { row in
                row.set(AgentField.id, worker)
                row.set(AgentField.role, "agent")
            }
        }
    }
}
