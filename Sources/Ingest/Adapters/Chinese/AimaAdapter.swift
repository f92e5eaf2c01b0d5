import Records
import Runtime

/// 爱码 (51ima): session records with times as text of unix milliseconds.
///
/// Shape: field list of the session record interface. `appraiseResult` is not in order: 1 satisfied, 2 dissatisfied, 3 very
/// satisfied, 4 very dissatisfied; it is stored on the scale 1 to 4 with 4 the best. `invalidTag` 0 marks a session that does
/// not count; `questions` are the agent's summaries, joined by commas.
package struct AimaAdapter: DocumentAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "51ima", reads: "爱码 51ima: session records", shapeSource: "爱码开放接口, 会话记录", zone: .stated,
            defaultSource: "51ima")
    }

    package func confidence(for document: JSONValue) -> Double {
        if let first = items(in: document)?.elements.first(where: { _ in true }) { return confidence(for: first) }
        return document.hasAll("appraiseResult", "invalidTag") ? 0.95 : 0
    }

    package func items(in document: JSONValue) -> JSONValue? {
        document.has("invalidTag") ? nil : document["data"] ?? document["list"]
    }

    private static let known: Set<String> = [
        "sessionId", "id", "startTime", "endTime", "createTime", "agentId", "agentName", "visitorId", "appraiseResult",
        "groupName",
    ]
    /// From the source's codes to 1 (worst) … 4 (best).
    private static let scores = ["1": "3", "2": "2", "3": "4", "4": "1"]

    package func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault) {
        let id = try records.requiredID(item["sessionId"] ?? item["id"], "sessionId")
        let opened = try records.requiredTime(
            item["startTime"] ?? item["createTime"], "startTime", as: .unixMilliseconds)
        let closed = try records.time(item["endTime"], "endTime", as: .unixMilliseconds)
        let agent = item["agentId"]?.id
        let customer = item["visitorId"]?.id
        var tags = JSONArrayText()
        for summary in item["questions"]?.string?.split(separator: ",") ?? [] { tags.append(String(summary)) }
        let extra = ExtraFields(item, except: AimaAdapter.known).text
        records.add(.conversation) { row in
            row.set(ConversationField.id, id)
            row.set(ConversationField.channel, "chat")
            row.set(ConversationField.openedAt, time: opened)
            row.set(ConversationField.closedAt, time: closed)
            row.set(ConversationField.customerID, customer)
            row.set(ConversationField.group, item["groupName"])
            row.set(ConversationField.tags, tags.text)
            row.set(ConversationField.extra, extra)
            row.set(ConversationField.assigneeID, agent)
        }
        records.add(.ticket) { row in
            row.set(TicketField.id, id)
            row.set(TicketField.createdAt, time: opened)
            row.set(TicketField.status, closed == nil ? "open" : "closed")
            row.set(TicketField.conversationID, id)
            row.set(TicketField.group, item["groupName"])
            row.set(TicketField.assigneeID, agent)
            row.set(TicketField.requesterID, customer)
            row.set(TicketField.channel, "chat")
            row.set(TicketField.tags, tags.text)
            row.set(TicketField.solvedAt, time: closed)
        }
        if let code = item["appraiseResult"]?.id, !code.isEmpty, code != "0" {
            guard let score = AimaAdapter.scores[code] else {
                throw ItemFault(.badValue, "appraiseResult '\(code.prefix(20))'; expected 1 to 4")
            }
            records.add(.rating) { row in
                row.set(RatingField.id, "\(id)-appraise")
                row.set(RatingField.at, time: closed ?? opened)
                row.set(RatingField.score, score)
                row.set(RatingField.scale, "1-4")
                row.set(RatingField.conversationID, id)
                row.set(RatingField.ticketID, id)
                row.set(RatingField.agentID, agent)
            }
        }
    }
}
