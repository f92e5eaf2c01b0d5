import Records
import Runtime

/// 优音 (useasy): session lists `{count, effectiveCount, chatList[]}`.
///
/// Shape: field list of the session query interface. Times are Beijing time without an offset. `convertManualTime` is when
/// the customer left the robot, `agentClaimTime` when a person took over: until then it was the robot's session.
package struct UseasyAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "useasy", reads: "优音 useasy: session lists", shapeSource: "优音开放接口, 会话记录查询",
            zone: .fixed("Asia/Shanghai"))
    }

    package func confidence(for document: JSONValue) -> Double {
        if document.hasAll("chatList", "effectiveCount") { return 0.97 }
        return document.hasAll("sessionID", "convertManualTime", "agentClaimTime") ? 0.95 : 0
    }

    package func items(in document: JSONValue) -> JSONValue? { document["chatList"] }

    private static let known: Set<String> = [
        "sessionID", "createTime", "endTime", "agentNumber", "agentName", "groupName", "groupId", "visitorId",
        "visitorName",
        "status",
    ]
    private static let statuses = [
        "undeal": "new", "queue": "new", "robot": "open", "deal": "open", "finish": "closed",
    ]

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(item["sessionID"], "sessionID")
        let opened = try records.requiredTime(item["createTime"], "createTime")
        let closed = try records.time(item["endTime"], "endTime")
        let word = item["status"]?.string ?? ""
        guard let status = UseasyAdapter.statuses[word] else {
            throw ItemFault(.badValue, "status '\(word.prefix(40))'; expected undeal, queue, robot, deal or finish")
        }
        let agent = item["agentNumber"]?.id
        let extra = ExtraFields(item, except: UseasyAdapter.known).text
        records.add(.conversation) { row in
            row.set(ConversationField.id, id)
            row.set(ConversationField.channel, "chat")
            row.set(ConversationField.openedAt, time: opened)
            row.set(ConversationField.closedAt, time: closed)
            row.set(ConversationField.customerID, item["visitorId"])
            row.set(ConversationField.group, item["groupName"] ?? item["groupId"])
            row.set(ConversationField.extra, extra)
            row.set(ConversationField.assigneeID, agent)
        }
        records.add(.ticket) { row in
            row.set(TicketField.id, id)
            row.set(TicketField.createdAt, time: opened)
            row.set(TicketField.status, status)
            row.set(TicketField.conversationID, id)
            row.set(TicketField.group, item["groupName"] ?? item["groupId"])
            row.set(TicketField.assigneeID, agent)
            row.set(TicketField.requesterID, item["visitorId"])
            row.set(TicketField.channel, "chat")
            row.set(TicketField.solvedAt, time: closed)
        }
        if let agent {
            records.add(.agent) { row in
                row.set(AgentField.id, agent)
                row.set(AgentField.name, item["agentName"])
                row.set(AgentField.group, item["groupName"])
                row.set(AgentField.role, "agent")
            }
        }
        if let visitor = item["visitorId"]?.id, let name = item["visitorName"] {
            records.add(.customer) { row in
                row.set(CustomerField.id, visitor)
                row.set(CustomerField.name, name)
            }
        }
    }
}
