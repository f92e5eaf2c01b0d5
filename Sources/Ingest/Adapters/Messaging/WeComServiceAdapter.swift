import Records
import Runtime

/// WeCom customer service (微信客服): pages of `kf/sync_msg`.
///
/// Shape: "接收消息和事件" of the WeCom developer documentation. Times are unix seconds. `origin` says who spoke: 3 the
/// customer, 4 the system, 5 an agent. Event rows carry their ids inside `event`. An empty page with `has_more` 1 is
/// normal. Messages that were sent through the interface (by robots and other desks) are not in these pages, so reply
/// times can be wrong: a page with customers and no agent is told.
package struct WeComServiceAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "wecom.kf", reads: "WeCom customer service: messages and events of kf/sync_msg",
            shapeSource: "developer.work.weixin.qq.com, 微信客服 读取消息", zone: .stated)
    }

    package func confidence(for document: JSONValue) -> Double {
        if document.has("msg_list") { return document.has("next_cursor") || document.has("has_more") ? 0.97 : 0.7 }
        return document.hasAll("msgid", "origin", "send_time", "msgtype") ? 0.95 : 0
    }

    package func items(in document: JSONValue) -> JSONValue? { document["msg_list"] }

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(item["msgid"], "msgid")
        let at = try records.requiredTime(item["send_time"], "send_time", as: .unixSeconds)
        let event = item["event"]
        guard let customer = (item["external_userid"] ?? event?["external_userid"])?.id else {
            // A change of an agent's own status belongs to no conversation.
            if let event { return try self.event(event, id: id, at: at, customer: nil, desk: nil, &records) }
            throw .missing("external_userid")
        }
        let desk = (item["open_kfid"] ?? event?["open_kfid"])?.id
        if let event { return try self.event(event, id: id, at: at, customer: customer, desk: desk, &records) }
        let role: Role
        switch item["origin"]?.id {
        case "3": role = .customer
        case "4": role = .system
        case "5": role = .agent
        case .some(let origin): throw ItemFault(.unknownType, "origin \(origin.prefix(20)); expected 3, 4 or 5")
        case nil: throw .missing("origin")
        }
        let agent = item["servicer_userid"]?.id
        var message = MessageRow(
            id: id, conversation: WeComServiceAdapter.conversation(desk, customer), at: at, role: role,
            author: role == .customer ? customer : role == .agent ? agent : nil)
        WeComContent.set(&message, type: item["msgtype"]?.string ?? "", body: item)
        records.add(message, channel: "wechat", customer: customer, group: desk)
        if role == .agent, let agent {
            records.add(.agent) { row in
                row.set(AgentField.id, agent)
                row.set(AgentField.role, "agent")
            }
        }
        warnOfMissingAgents(item, document, &records)
    }

    static func conversation(_ desk: String?, _ customer: String) -> String {
        desk.map { "\($0):\(customer)" } ?? customer
    }

    private func event(
        _ event: JSONValue, id: String, at: Timestamp, customer: String?, desk: String?, _ records: inout RecordSink
    ) throws(ItemFault) {
        let type = event["event_type"]?.string ?? "event"
        guard let customer else {
            records.warn("events of WeCom that belong to no conversation (\(type)) are passed over")
            return
        }
        var message = MessageRow(
            id: id, conversation: WeComServiceAdapter.conversation(desk, customer), at: at, role: .system)
        var extra = ExtraFields()
        extra.append("event", text: type)
        if type == "session_status_change" {
            let words = ["1": "accepted", "2": "transferred", "3": "closed", "4": "reopened"]
            if let word = event["change_type"]?.id.flatMap({ words[$0] }) { extra.append("session", text: word) }
            extra.append("from_agent", event["old_servicer_userid"])
            extra.append("to_agent", event["new_servicer_userid"])
        } else {
            extra.append("scene", event["scene"])
            extra.append("fail_type", event["fail_type"])
        }
        message.extra = extra.text
        records.add(message, channel: "wechat", customer: customer, group: desk)
    }

    private func warnOfMissingAgents(_ item: JSONValue, _ document: JSONValue, _ records: inout RecordSink) {
        guard let list = document["msg_list"], let first = list.elements.first(where: { _ in true }),
            first.offset == item.offset, !list.elements.contains(where: { $0["origin"]?.id == "5" })
        else { return }
        records.warn(
            "pages of WeCom without any agent's message: what robots and other desks send through the interface is not in "
                + "them, and reply times can be wrong")
    }
}

/// The contents of WeCom messages, which customer service and the archive share.
enum WeComContent {
    /// Words where the kind has words, else what kind of thing it was.
    static func set(_ message: inout MessageRow, type: String, body item: JSONValue) {
        // Some dumps hold the content as JSON inside a string; its words are taken as they stand.
        let body = item[type] ?? item["content"]
        switch type {
        case "text", "markdown":
            message.text = body?["content"]?.string ?? body?.string
        case "link":
            message.text = [body?["title"]?.string, (body?["desc"] ?? body?["description"])?.string]
                .compactMap { $0 }.joined(separator: "\n")
            message.attachments = attachment("link")
        case "msgmenu":
            message.text = body?["head_content"]?.string
        case "file":
            message.attachments = attachment(
                "file", name: (body?["filename"] ?? body?["title"])?.string, size: body?["filesize"]?.id)
        case "mixed":
            let parts = body?["item"]?.elements.compactMap { part -> String? in
                part["type"]?.string == "text"
                    ? part[path: ["content", "content"]]?.string ?? part["content"]?.string : nil
            }
            message.text = parts?.joined(separator: "\n")
            message.attachments = attachment("mixed")
        case "": break
        default: message.attachments = attachment(type, size: body?["filesize"]?.id)
        }
    }
}
