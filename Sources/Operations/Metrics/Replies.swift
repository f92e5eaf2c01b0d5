package import Aggregates
package import Records

/// Public replies of human agents; a burst of chat messages counts once.
///
/// In a chat-like channel the agents' messages of one chat session are one reply. A session ends with half an hour
/// without an agent's message, told by quarters of an hour, the grain at which activity is kept; the reply belongs to
/// the quarter, and to the agent of that quarter, with which the burst began. Elsewhere every message is a reply.
package enum Replies {
    package static func isChat(_ channel: String?) -> Bool {
        guard let channel else { return false }
        return chatChannels.contains(channel.lowercased())
    }

    private static let chatChannels: Set<String> = [
        "chat", "live_chat", "livechat", "live chat", "im", "messaging", "native_messaging", "web_widget", "widget",
        "whatsapp", "wechat", "wecom", "weixin", "telegram", "line", "sms", "facebook", "messenger", "instagram", "qq",
    ]

    /// Replies by quarter and agent, ascending; `activity` must be in its own order.
    package static func list(
        activity: [ServiceCase.Activity], channel: String?
    ) -> [(quarter: Int32, agent: String?, count: Int32)] {
        var out: [(quarter: Int32, agent: String?, count: Int32)] = []
        let isChat = isChat(channel)
        var last: Int32?
        for item in activity where item.role == .agent && item.isPublic && item.count > 0 {
            if isChat {
                if last.map({ item.quarter - $0 > 2 }) ?? true { out.append((item.quarter, item.agent, 1)) }
                last = item.quarter
            } else {
                out.append((item.quarter, item.agent, item.count))
            }
        }
        return out
    }

    /// `nil` where the source tells nothing of replies; see `isKnown`.
    package static func count(_ timeline: CaseTimeline, activity: [ServiceCase.Activity], channel: String?) -> Int? {
        if timeline.messages.isEmpty {
            // A stamp tells that there was a reply, not how many.
            return timeline.ticket?.firstReplyAt == nil && isKnown(timeline) ? 0 : nil
        }
        return list(activity: activity, channel: channel).reduce(0) { $0 + Int($1.count) }
    }

    /// Whether a missing reply means "unreplied": there are messages, or it is a desk's ticket with a status and not a
    /// bare log of activities.
    package static func isKnown(_ timeline: CaseTimeline) -> Bool {
        if !timeline.messages.isEmpty || timeline.ticket?.firstReplyAt != nil { return true }
        return timeline.ticket?.status != nil && !timeline.events.contains { $0.field == "activity" }
    }
}
