import Records

/// Satisfaction surveys as tables: one row an answer with its score, and the ticket or conversation that it is about.
///
/// Shape: there is no standard; the column names are those of survey tools and desks (score, rating, CSAT, NPS; 评分, 满意度).
/// Times need a zone where they carry none. The scale is the column's name where it says it (NPS is 0 to 10), else unknown.
package struct SurveyTableAdapter: TableAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "survey.csv", reads: "satisfaction surveys (CSAT, NPS): score, time, ticket or conversation",
            shapeSource: "usual column names of survey exports", zone: .needed, defaultSource: "survey")
    }

    private static let score = [
        "Score", "Rating", "CSAT", "CSAT score", "Satisfaction", "评分", "满意度", "评价", "得分", "满意度评分",
    ]
    private static let nps = ["NPS", "NPS score", "Likelihood to recommend", "推荐意愿"]
    private static let at = [
        "Responded at", "Response date", "Submitted at", "Answered at", "Created at", "Date", "Timestamp", "at", "评价时间",
        "提交时间",
        "答题时间", "时间",
    ]
    private static let ticket = ["Ticket ID", "ticket_id", "Case ID", "Case number", "工单编号", "工单ID", "工单号"]
    private static let conversation = ["Conversation ID", "conversation_id", "Chat ID", "Session ID", "会话ID", "会话编号"]
    private static let agent = ["Agent", "Agent ID", "agent_id", "Agent name", "客服", "客服工号", "坐席"]
    private static let comment = ["Comment", "Comments", "Feedback", "Remark", "评语", "评价内容", "备注", "意见"]
    private static let id = ["Response ID", "Survey ID", "Answer ID", "id", "答卷编号", "评价ID"]
    private static let words = [
        "非常满意": "5", "满意": "4", "一般": "3", "不满意": "2", "非常不满意": "1", "very satisfied": "5", "satisfied": "4",
        "neutral": "3", "dissatisfied": "2", "very dissatisfied": "1",
    ]

    package func confidence(for header: TableHeader) -> Double {
        let hasScore =
            header.first(of: SurveyTableAdapter.score) != nil || header.first(of: SurveyTableAdapter.nps) != nil
        guard hasScore, header.first(of: SurveyTableAdapter.at) != nil else { return 0 }
        let isAbout =
            header.first(of: SurveyTableAdapter.ticket) != nil
            || header.first(of: SurveyTableAdapter.conversation) != nil
        // A table of tickets with a rating among many columns is not a survey.
        guard header.names.count <= 15, !header.has("Status"), !header.has("Subject"), !header.has("状态") else {
            return 0.2
        }
        return isAbout ? 0.85 : header.first(of: SurveyTableAdapter.comment) != nil ? 0.65 : 0.4
    }

    package func mapping(for header: TableHeader) -> TableMapping {
        func source(_ names: [String]) -> FieldSource? { header.first(of: names).map { .column($0) } }
        let isNPS = header.first(of: SurveyTableAdapter.score) == nil
        var fields = [
            FieldRule("id", source(SurveyTableAdapter.id) ?? .rowHash),
            FieldRule("at", source(SurveyTableAdapter.at) ?? .constant(""), isRequired: true),
            FieldRule(
                "score", source(isNPS ? SurveyTableAdapter.nps : SurveyTableAdapter.score) ?? .constant(""),
                values: SurveyTableAdapter.words, absentWords: ["-", "N/A", "未评价", "未评"], isRequired: true),
        ]
        if isNPS { fields.append(FieldRule("scale", .constant("0-10"))) }
        let optional = [
            ("ticket_id", SurveyTableAdapter.ticket), ("conversation_id", SurveyTableAdapter.conversation),
            ("agent_id", SurveyTableAdapter.agent), ("comment", SurveyTableAdapter.comment),
        ]
        for (field, names) in optional {
            if let source = source(names) { fields.append(FieldRule(field, source)) }
        }
        return TableMapping([RecordRule(.rating, fields: fields)])
    }
}
