package import Aggregates

/// What each metric means, in both languages of the reports.
package enum MetricCatalogue {
    /// A definition for every metric, in the order of `Metric.allCases`.
    package static func definitions(profile: MetricProfile = .zendesk) -> [MetricDefinition] {
        Metric.allCases.map { definition(of: $0, profile: profile) }
    }

    package static func definition(of metric: Metric, profile: MetricProfile = .zendesk) -> MetricDefinition {
        let entry =
            metric.kind == .duration
            ? durationEntry(metric) : metric.kind == .stock ? stockEntry(metric) : countEntry(metric)
        return MetricDefinition(
            metric: metric, title: Bilingual(en: entry.title.0, zh: entry.title.1),
            definition: Bilingual(en: entry.text.0, zh: entry.text.1), attribution: entry.attribution.rawValue,
            profile: profile.rawValue, source: entry.source.rawValue)
    }

    private enum Attribution: String {
        case created, event, solved
        case endOfDay = "end of day"
    }

    private enum Source: String {
        case dbt = "Fivetran dbt_zendesk models"
        case zendesk = "Zendesk help centre, ticket metrics"
        case own = "cs-analytics"
    }

    private struct Entry {
        var title: (String, String)
        var text: (String, String)
        var attribution: Attribution
        var source: Source
    }

    private static func entry(
        _ title: (String, String), _ text: (String, String), _ attribution: Attribution, _ source: Source = .own
    ) -> Entry { Entry(title: title, text: text, attribution: attribution, source: source) }

    private static func durationEntry(_ metric: Metric) -> Entry {
        switch metric {
        case .firstReply:
            return entry(
                ("First reply time", "首次响应时长"),
                (
                    "From creation to the first public reply of a human agent (the second when an agent opened the case); bots and private notes are no replies; absent until there is a reply; credited to its author.",
                    "从创建到人工客服的第一条公开回复(由客服创建的工单取第二条);机器人和内部备注不算;尚无回复则为空;归回复人。"
                ), .event, .zendesk)
        case .firstResolution:
            return entry(
                ("First resolution time", "首次解决时长"),
                (
                    "From creation to the first change into solved, or into closed for a case closed without being solved; absent for one never solved; credited to who solved it.",
                    "从创建到首次变为已解决(未经解决直接关闭的取关闭时刻);从未解决则为空;归解决人。"
                ), .solved, .dbt)
        case .fullResolution:
            return entry(
                ("Full resolution time", "最终解决时长"),
                (
                    "From creation to the last change into solved, only while the case is solved or closed; absent for one that is open now; credited to who solved it.",
                    "从创建到最后一次变为已解决,仅限当前已解决或已关闭的;当前未解决则为空;归解决人。"
                ), .solved, .dbt)
        case .requesterWait:
            return entry(
                ("Requester wait time", "客户等待时长"),
                (
                    "Total time in the states new, open and on hold up to the last solving; absent while the case is not solved.",
                    "截至最后一次解决,处于新建、处理中和挂起状态的总时长;未解决则为空。"
                ), .solved, .dbt)
        case .agentWork:
            return entry(
                ("Agent work time", "客服处理时长"),
                (
                    "Total time in the states new and open up to the last solving; absent while the case is not solved.",
                    "截至最后一次解决,处于新建和处理中状态的总时长;未解决则为空。"
                ), .solved, .dbt)
        case .agentWait:
            return entry(
                ("Agent wait time", "客服等待时长"),
                (
                    "Total time in the state pending, when the desk waits for the customer, up to the last solving; absent while the case is not solved.",
                    "截至最后一次解决,处于等待客户状态的总时长;未解决则为空。"
                ), .solved, .dbt)
        case .onHold:
            return entry(
                ("On-hold time", "挂起时长"),
                (
                    "Total time in the state on hold, when both wait for a third party, up to the last solving; absent while the case is not solved.",
                    "截至最后一次解决,处于挂起(等待第三方)状态的总时长;未解决则为空。"
                ), .solved, .dbt)
        case .solveTime:
            return entry(
                ("Solve time", "解决耗时"),
                (
                    "Total time in the states new, open, on hold and pending up to the last solving: requester wait plus agent wait; absent while the case is not solved.",
                    "截至最后一次解决,处于新建、处理中、挂起和等待客户状态的总时长,即客户等待加客服等待;未解决则为空。"
                ), .solved, .dbt)
        default:
            return entry(
                ("Case duration", "个案持续时长"),
                (
                    "From the first event of a case to its last one, whether or not it is solved; counted on the day of the last event; absent for a case with a single event.",
                    "个案从第一个事件到最后一个事件的时长,不论是否解决;计入最后事件当天;只有一个事件则为空。"
                ), .event)
        }
    }

    private static func stockEntry(_ metric: Metric) -> Entry {
        metric == .backlog
            ? entry(
                ("Backlog", "积压量"),
                (
                    "Cases that are neither solved, closed nor deleted at the end of the local day; cases without states are not counted.",
                    "当地日终时未解决、未关闭、未删除的个案数;没有状态的个案不计。"
                ), .endOfDay, .zendesk)
            : entry(
                ("Unreplied backlog", "未回复积压量"),
                (
                    "Cases of the backlog that no human agent had publicly replied to by the end of the local day.",
                    "积压个案中,到当地日终仍没有人工公开回复的个案数。"
                ), .endOfDay)
    }

    private static func countEntry(_ metric: Metric) -> Entry {
        switch metric {
        case .casesCreated:
            entry(
                ("Cases created", "新增个案"),
                (
                    "Tickets and conversations without a ticket that were opened; a ticket counts once with its conversation.",
                    "新开的工单以及没有工单的会话;工单与其会话只计一次。"
                ), .created)
        case .ticketsCreated:
            entry(("Tickets created", "新增工单"), ("Tickets that were opened.", "新开的工单数。"), .created)
        case .conversationsOpened:
            entry(
                ("Conversations opened", "新增会话"),
                ("Conversations, or sessions cut from a stream, that have no ticket.", "没有工单的会话(或从消息流切分出的会话)数。"),
                .created)
        case .messages:
            entry(
                ("Messages", "消息数"),
                (
                    "Public messages of customers, agents and bots; private notes and system messages are not counted.",
                    "客户、客服和机器人的公开消息数;内部备注和系统消息不计。"
                ),
                .event)
        case .customerMessages:
            entry(("Customer messages", "客户消息数"), ("Public messages written by customers.", "客户发出的公开消息数。"), .event)
        case .agentMessages:
            entry(
                ("Agent messages", "客服消息数"), ("Public messages written by human agents.", "人工客服发出的公开消息数。"), .event)
        case .botMessages:
            entry(("Bot messages", "机器人消息数"), ("Public messages written by bots.", "机器人发出的公开消息数。"), .event)
        case .participants:
            entry(
                ("Participants", "参与人数"),
                (
                    "Customers and agents who wrote publicly in a case, summed over cases; in a log without messages, people who acted.",
                    "个案中公开发言的客户和客服人数之和;没有消息的日志取操作人数。"
                ), .created)
        case .replied:
            entry(
                ("Replied", "已回复"),
                ("Cases opened that day that have had a first reply by now.", "当天新开、至今已有首次回复的个案数。"), .created, .dbt)
        case .unreplied:
            entry(
                ("Unreplied", "未回复"),
                (
                    "Cases opened that day without a first reply so far; cases whose source tells nothing of replies are not counted.",
                    "当天新开、至今没有首次回复的个案数;数据源不含回复信息的不计。"
                ), .created, .dbt)
        case .replies:
            entry(
                ("Replies", "回复数"),
                (
                    "Public messages of human agents; a burst of chat messages counts once.",
                    "人工客服的公开回复数;即时聊天中连续的一组消息只计一次。"
                ),
                .event, .dbt)
        case .solved:
            entry(
                ("Solved", "已解决"),
                ("Cases solved or closed now whose last solving was on that day.", "当前已解决或已关闭、且最后一次解决发生在当天的个案数。"),
                .solved,
                .zendesk)
        case .solvedTransitions:
            entry(
                ("Solved transitions", "解决次数"),
                ("Changes from an unsolved state into solved or closed.", "由未解决变为已解决或已关闭的次数。"),
                .event, .dbt)
        case .reopened:
            entry(
                ("Reopened", "重新打开次数"),
                ("Changes from solved, closed or deleted back into an unsolved state.", "由已解决、已关闭或已删除变回未解决的次数。"),
                .event,
                .zendesk)
        case .reopens:
            entry(
                ("Reopens", "重开数"),
                ("Changes into solved less one for each case, never below zero.", "每个个案变为已解决的次数减一,最小为零。"), .solved, .dbt
            )
        case .zeroTouch:
            entry(("Zero-touch", "零次回复解决"), ("Solved cases without an agent's reply.", "没有客服回复就解决的个案数。"), .solved, .dbt)
        case .oneTouch:
            entry(("One-touch", "一次回复解决"), ("Solved cases with exactly one reply.", "恰好一次回复就解决的个案数。"), .solved, .dbt)
        case .twoTouch:
            entry(("Two-touch", "两次回复解决"), ("Solved cases with exactly two replies.", "恰好两次回复就解决的个案数。"), .solved, .dbt)
        case .multiTouch:
            entry(
                ("Multi-touch", "多次回复解决"), ("Solved cases with three replies or more.", "三次及以上回复才解决的个案数。"), .solved,
                .dbt)
        case .handoffs:
            entry(
                ("Agents involved", "经手客服数"),
                ("Distinct agents who wrote in a case, notes included, summed over cases.", "个案中写过消息(含备注)的不同客服人数之和。"),
                .created, .dbt)
        case .removed:
            entry(
                ("Removed", "移除"),
                ("Unsolved cases that were deleted, merged away or marked as spam.", "未解决就被删除、合并或标为垃圾的个案数。"), .event)
        case .ratingsGood:
            entry(
                ("Good ratings", "满意评价"),
                (
                    "Cases whose latest rating is good: satisfied, 4 or 5 of 5; credited to who replied.",
                    "最新评价为满意(五分制的 4、5 分)的个案数;归回复人。"
                ),
                .event, .zendesk)
        case .ratingsBad:
            entry(
                ("Bad ratings", "不满意评价"),
                (
                    "Cases whose latest rating is bad: dissatisfied, 1 or 2 of 5; credited to who replied.",
                    "最新评价为不满意(五分制的 1、2 分)的个案数;归回复人。"
                ),
                .event, .zendesk)
        case .ratingsNeutral:
            entry(
                ("Neutral ratings", "一般评价"),
                (
                    "Cases whose latest rating is in the middle: 3 of 5; outside the satisfaction rate.",
                    "最新评价为一般(五分制的 3 分)的个案数;不计入满意率。"
                ),
                .event)
        case .sentimentNegative:
            entry(
                ("Negative messages", "负面消息"),
                (
                    "Customer messages that the sentiment model calls negative, on the day their case was opened.",
                    "情感模型判为负面的客户消息数,计入个案创建当天。"
                ),
                .created)
        case .sentimentNeutral:
            entry(
                ("Neutral messages", "中性消息"),
                (
                    "Customer messages that the sentiment model calls neutral, on the day their case was opened.",
                    "情感模型判为中性的客户消息数,计入个案创建当天。"
                ),
                .created)
        default:
            entry(
                ("Positive messages", "正面消息"),
                (
                    "Customer messages that the sentiment model calls positive, on the day their case was opened.",
                    "情感模型判为正面的客户消息数,计入个案创建当天。"
                ),
                .created)
        }
    }
}
