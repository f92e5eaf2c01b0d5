package import Aggregates
package import Records
import Runtime

/// Measures cases by the definitions of a profile, on the calendar clock and on that of a schedule.
package struct CaseMeasurer: Sendable {
    package let profile: MetricProfile
    package let clock: CaseClock

    package init(profile: MetricProfile = .zendesk, schedule: BusinessCalendar?) {
        self.profile = profile
        clock = CaseClock(schedule: schedule)
    }

    /// The row of a case. Labels of models are left empty.
    package func measure(_ timeline: CaseTimeline) -> ServiceCase {
        let ends = CaseDuration.ends(timeline)
        var out = ServiceCase(
            source: timeline.source, id: timeline.id, kind: timeline.kind == .ticket ? .ticket : .conversation,
            conversationKey: timeline.key, openedAt: timeline.openedAt, lastEventAt: ends.last)
        let ticket = timeline.ticket
        let conversation = timeline.conversation
        out.channel = ticket?.channel ?? conversation?.channel
        out.group = ticket?.group ?? conversation?.group
        out.assignee = ticket?.assigneeID ?? conversation?.assigneeID
        out.customer =
            ticket?.requesterID ?? conversation?.customerID
            ?? timeline.messages.first { $0.role == .customer && $0.author != nil }?.author
        out.product = ticket?.product ?? conversation?.product
        out.language = ticket?.language ?? conversation?.language
        out.priority = ticket?.priority
        out.sourceCategory = ticket?.category

        out.states = StateHistory.states(of: timeline)
        out.status = out.states.last?.status ?? ticket?.status ?? conversation?.status.flatMap(TicketStatus.init(word:))
        out.activity = MessageActivity.list(timeline)
        out.messages = out.activity.reduce(0) { $0 + ($1.isPublic && $1.role != .system ? Int($1.count) : 0) }
        out.participants = People.participants(timeline)
        out.handoffs = People.handoffs(timeline)
        out.replies = Replies.count(timeline, activity: out.activity, channel: out.channel)
        out.reopens = Reopens.count(out.states)

        if let reply = FirstReply.find(in: timeline) {
            out.firstReplyAt = reply.at
            out.firstReplyAgent = reply.agent
            out[.firstReply] = clock.span(from: timeline.openedAt, to: reply.at)
        }
        let resolution = Resolution(out.states)
        out.firstResolvedAt = resolution.first?.at
        out.lastResolvedAt = resolution.last?.at
        out.resolvedBy = resolution.last?.actor
        out[.firstResolution] = clock.span(from: timeline.openedAt, to: resolution.first?.at)
        if resolution.isSolved {
            out[.fullResolution] = clock.span(from: timeline.openedAt, to: resolution.last?.at)
        }
        if let times = StateTimes.find(out.states, clock: clock) {
            out[.requesterWait] = times.requesterWait
            out[.agentWork] = times.agentWork
            out[.agentWait] = times.agentWait
            out[.onHold] = times.onHold
            out[.solveTime] = times.solveTime
        }
        if ends.isComplete { out[.caseDuration] = clock.duration(from: ends.first, to: ends.last) }
        if let rated = SatisfactionRating.latest(timeline) {
            out.rating = rated.verdict
            out.ratedAt = rated.rating.at
            out.ratingAgent = rated.agent
        }
        return out
    }
}
