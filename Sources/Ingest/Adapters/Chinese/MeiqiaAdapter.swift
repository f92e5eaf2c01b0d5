import Records
import Runtime

/// 美洽 (Meiqia): conversations of its open interface, version 1.
///
/// Shape: field list of the "获取对话" interface. Times are Beijing time without an offset; counts are text. Messages stand in
/// `conv_content` where they were asked for.
package struct MeiqiaAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "meiqia", reads: "美洽 Meiqia: conversations of the open interface",
            shapeSource: "美洽开放平台, 获取对话数据 v1", zone: .fixed("Asia/Shanghai"))
    }

    package func confidence(for document: JSONValue) -> Double {
        if let first = items(in: document)?.elements.first(where: { _ in true }) { return confidence(for: first) }
        return document.hasAll("conv_id", "conv_start_tm") || document.hasAll("conv_id", "conv_first_resp_wait_in_secs")
            ? 0.97 : 0
    }

    package func items(in document: JSONValue) -> JSONValue? {
        document.has("conv_id") ? nil : document["result"] ?? document["conversations"]
    }

    private static let known: Set<String> = [
        "conv_id", "conv_start_tm", "conv_end_tm", "conv_content", "agent_id", "agent_ID", "agent_name",
        "agent_nick_name",
        "agent_account", "group_id", "group_name", "client_id", "client_info", "conv_tags", "visitor_name",
        "visitor_id",
    ]

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(item["conv_id"], "conv_id")
        let opened = try records.requiredTime(item["conv_start_tm"], "conv_start_tm")
        let closed = try records.time(item["conv_end_tm"], "conv_end_tm")
        let customer = (item["client_id"] ?? item["visitor_id"])?.id
        let agent = (item["agent_ID"] ?? item["agent_id"] ?? item["agent_account"])?.id
        var firstReply: Timestamp?
        // The waiting time is stated as text, in seconds; -1 and empty mean that nobody answered.
        if let wait = item["conv_first_resp_wait_in_secs"]?.real, wait >= 0 {
            firstReply = opened + Int64(wait * 1000)
        }
        let extra = ExtraFields(item, except: MeiqiaAdapter.known).text
        records.add(.conversation) { row in
            row.set(ConversationField.id, id)
            row.set(ConversationField.channel, "chat")
            row.set(ConversationField.openedAt, time: opened)
            row.set(ConversationField.closedAt, time: closed)
            row.set(ConversationField.customerID, customer)
            row.set(ConversationField.group, item["group_name"] ?? item["group_id"])
            row.set(ConversationField.tags, json: item["conv_tags"]?.kind == .array ? item["conv_tags"] : nil)
            row.set(ConversationField.extra, extra)
            row.set(ConversationField.assigneeID, agent)
        }
        records.add(.ticket) { row in
            row.set(TicketField.id, id)
            row.set(TicketField.createdAt, time: opened)
            row.set(TicketField.status, closed == nil ? "open" : "closed")
            row.set(TicketField.conversationID, id)
            row.set(TicketField.group, item["group_name"] ?? item["group_id"])
            row.set(TicketField.assigneeID, agent)
            row.set(TicketField.requesterID, customer)
            row.set(TicketField.channel, "chat")
            row.set(TicketField.solvedAt, time: closed)
            row.set(TicketField.firstReplyAt, time: firstReply)
        }
        if let agent, let name = item["agent_nick_name"] ?? item["agent_name"] {
            records.add(.agent) { row in
                row.set(AgentField.id, agent)
                row.set(AgentField.name, name)
                row.set(AgentField.group, item["group_name"])
                row.set(AgentField.role, "agent")
            }
        }
        if let customer, let info = item["client_info"] {
            var identities = JSONArrayText()
            identities.append(kind: "phone", info["tel"]?.id ?? info["phone"]?.id)
            identities.append(kind: "email", info["email"]?.string)
            records.add(.customer) { row in
                row.set(CustomerField.id, customer)
                row.set(CustomerField.identities, identities.text)
                row.set(CustomerField.name, info["name"] ?? item["visitor_name"])
            }
        }
        var number = 0
        for entry in item["conv_content"]?.elements.map({ $0 }) ?? [] {
            number += 1
            try message(entry, number, of: id, customer, &records)
        }
    }

    private func message(
        _ item: JSONValue, _ number: Int, of conversation: String, _ customer: String?, _ records: inout RecordSink
    ) throws(ItemFault) {
        let at = try records.requiredTime(
            item["timestamp"] ?? item["time"] ?? item["created_at"], "conv_content.timestamp")
        let role: Role
        switch (item["from"] ?? item["from_type"])?.string?.lowercased() {
        case "client", "visitor", "customer": role = .customer
        case "agent": role = .agent
        case "bot", "robot": role = .bot
        default: role = .system
        }
        records.add(
            MessageRow(
                id: "\(conversation)/\(item["id"]?.id ?? String(number))", conversation: conversation, at: at,
                role: role,
                author: role == .customer ? customer : item["agent_id"]?.id, text: item["content"]?.string))
    }
}
