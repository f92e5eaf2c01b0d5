package import Records
package import Runtime

/// First reply time: from creation to the first public reply of a human agent; credited to its author.
///
/// When an agent opened the case with a public message, the second public agent message is the reply. Bots, systems and
/// private notes are no replies. Without agent messages the source's own stamp is taken.
package enum FirstReply {
    package struct Found: Sendable, Equatable {
        package var at: Timestamp
        package var agent: String?
        /// Position in the timeline's messages, `nil` for the source's stamp.
        package var message: Int?
    }

    package static func find(in timeline: CaseTimeline) -> Found? {
        let visible = timeline.messages.indices.filter {
            timeline.messages[$0].isPublic && timeline.messages[$0].role != .system
        }
        var replies = visible.filter {
            timeline.messages[$0].role == .agent && timeline.messages[$0].at >= timeline.openedAt
        }
        if replies.isEmpty {
            guard let stamp = timeline.ticket?.firstReplyAt, stamp >= timeline.openedAt else { return nil }
            return Found(at: stamp, agent: Credit.assignee(at: stamp, in: timeline), message: nil)
        }
        if let opener = visible.first(where: { timeline.messages[$0].at >= timeline.openedAt }), opener == replies[0] {
            replies.removeFirst()
        }
        guard let first = replies.first else { return nil }
        return Found(at: timeline.messages[first].at, agent: timeline.messages[first].author, message: first)
    }
}
