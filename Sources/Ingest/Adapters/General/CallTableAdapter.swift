import Records

/// Call records of telephone systems: one row a call with the times at which it was queued, answered and ended.
///
/// Shape: there is no standard; the column names are those that call-centre software writes (queue, agent, caller; 队列, 坐席,
/// 主叫), in English and Chinese. Times are the system's local clock and need a zone. A call without an answer time was
/// abandoned unless its outcome says otherwise.
package struct CallTableAdapter: TableAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "calls.csv", reads: "telephone systems: call records with queue, answer and end times",
            shapeSource: "usual column names of call-centre exports", zone: .needed, defaultSource: "calls")
    }

    private static let id = ["Call ID", "CallID", "call_id", "Unique ID", "uniqueid", "通话ID", "通话编号", "呼叫ID", "录音编号"]
    private static let queued = [
        "Queued at", "queued_at", "Queue time", "Enqueue time", "Start time", "start_time", "Call start", "calldate",
        "Call time",
        "进入队列时间", "排队开始时间", "呼入时间", "来电时间", "开始时间", "呼叫时间",
    ]
    private static let answered = [
        "Answered at", "answered_at", "Answer time", "answer_time", "Connect time", "接听时间", "应答时间", "接通时间",
    ]
    private static let ended = [
        "Ended at", "ended_at", "End time", "end_time", "Hangup time", "hangup_at", "Hang-up time", "Disconnect time",
        "挂机时间",
        "挂断时间", "结束时间",
    ]
    private static let queue = ["Queue", "Queue name", "queue_name", "Skill", "Skill group", "队列", "队列名称", "技能组"]
    private static let agent = [
        "Agent", "Agent ID", "agent_id", "Agent name", "Extension", "坐席", "坐席工号", "工号", "客服", "接听坐席",
    ]
    private static let caller = [
        "Caller", "Caller ID", "caller_id", "From", "Caller number", "src", "Customer number", "Phone", "主叫", "主叫号码",
        "来电号码", "客户号码",
    ]
    private static let outcome = [
        "Outcome", "Result", "Disposition", "Status", "Call result", "通话结果", "呼叫结果", "接听状态", "状态",
    ]
    private static let outcomes = [
        "answered": "answered", "connected": "answered", "completed": "answered", "已接": "answered", "已接听": "answered",
        "接通": "answered", "已接通": "answered", "no answer": "missed", "missed": "missed", "未接": "missed", "未接听": "missed",
        "未接通": "missed", "abandoned": "abandoned", "abandon": "abandoned", "放弃": "abandoned", "排队放弃": "abandoned",
        "busy": "busy", "忙": "busy", "占线": "busy", "failed": "failed", "voicemail": "voicemail", "留言": "voicemail",
        "transferred": "transferred", "转接": "transferred",
    ]

    package func confidence(for header: TableHeader) -> Double {
        guard header.first(of: CallTableAdapter.queued) != nil else { return 0 }
        let hasAnswer = header.first(of: CallTableAdapter.answered) != nil
        let hasEnd = header.first(of: CallTableAdapter.ended) != nil
        let others = [CallTableAdapter.id, CallTableAdapter.queue, CallTableAdapter.agent, CallTableAdapter.caller]
            .count { header.first(of: $0) != nil }
        guard hasAnswer || (hasEnd && header.first(of: CallTableAdapter.caller) != nil) else { return 0 }
        return hasAnswer && others >= 2 ? 0.9 : others >= 2 ? 0.65 : 0.4
    }

    package func mapping(for header: TableHeader) -> TableMapping {
        func source(_ names: [String]) -> FieldSource? { header.first(of: names).map { .column($0) } }
        let absent = ["-", "--", "N/A", "null", "0000-00-00 00:00:00"]
        var fields = [
            FieldRule("id", source(CallTableAdapter.id) ?? .rowHash),
            FieldRule(
                "queued_at", source(CallTableAdapter.queued) ?? .constant(""), absentWords: absent, isRequired: true),
        ]
        let optional = [
            ("answered_at", CallTableAdapter.answered), ("ended_at", CallTableAdapter.ended),
            ("queue", CallTableAdapter.queue),
            ("agent_id", CallTableAdapter.agent), ("customer_id", CallTableAdapter.caller),
        ]
        for (field, names) in optional {
            if let source = source(names) { fields.append(FieldRule(field, source, absentWords: absent)) }
        }
        if let source = source(CallTableAdapter.outcome) {
            fields.append(FieldRule("outcome", source, values: CallTableAdapter.outcomes, absentWords: absent))
        }
        return TableMapping([RecordRule(.call, fields: fields)])
    }
}
