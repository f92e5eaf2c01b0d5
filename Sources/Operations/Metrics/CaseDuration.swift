package import Records
package import Runtime

/// Case duration: the last event less the first; absent for a case with a single event.
///
/// Events are the opening, messages, entries of the history, the source's stamps of reply and solving, and the
/// conversation's end. Ratings and the record's time of change are none.
package enum CaseDuration {
    /// First and last event, and whether there are two.
    package static func ends(_ timeline: CaseTimeline) -> (first: Timestamp, last: Timestamp, isComplete: Bool) {
        var first = timeline.openedAt
        var last = timeline.openedAt
        var count = timeline.ticket?.createdAt != nil || timeline.conversation?.openedAt != nil ? 1 : 0
        func take(_ at: Timestamp) {
            if at < first { first = at }
            if at > last { last = at }
            count += 1
        }
        for message in timeline.messages where message.role != .system && message.isPublic { take(message.at) }
        for event in timeline.events { take(event.at) }
        if let at = timeline.ticket?.firstReplyAt { take(at) }
        if let at = timeline.ticket?.solvedAt { take(at) }
        if let at = timeline.conversation?.closedAt, at >= timeline.openedAt, timeline.ticket == nil { take(at) }
        return (first, last, count > 1)
    }
}
