/// The metrics that days are aggregated by; the raw value is the name in tables, CSV and on the command line.
///
/// Durations carry count, sum and sketch on two clocks; counts and stocks carry a sum (and the number of cases).
package enum Metric: String, CaseIterable, Sendable, Codable, Hashable {
    // Volume, attributed to the instant of the thing.
    case casesCreated = "cases_created"
    case ticketsCreated = "tickets_created"
    case conversationsOpened = "conversations_opened"
    case messages
    case customerMessages = "customer_messages"
    case agentMessages = "agent_messages"
    case botMessages = "bot_messages"
    case participants
    // Durations.
    case firstReply = "first_reply"
    case firstResolution = "first_resolution"
    case fullResolution = "full_resolution"
    case requesterWait = "requester_wait"
    case agentWork = "agent_work"
    case agentWait = "agent_wait"
    case onHold = "on_hold"
    case solveTime = "solve_time"
    case caseDuration = "case_duration"
    // Counts.
    case replied
    case unreplied
    case replies
    case solved
    case solvedTransitions = "solved_transitions"
    case reopened
    case reopens
    case zeroTouch = "zero_touch"
    case oneTouch = "one_touch"
    case twoTouch = "two_touch"
    case multiTouch = "multi_touch"
    case handoffs
    case removed
    case ratingsGood = "ratings_good"
    case ratingsBad = "ratings_bad"
    case ratingsNeutral = "ratings_neutral"
    // Feelings of customers' messages.
    case sentimentNegative = "sentiment_negative"
    case sentimentNeutral = "sentiment_neutral"
    case sentimentPositive = "sentiment_positive"
    // Stocks at the end of the local day.
    case backlog
    case unrepliedBacklog = "unreplied_backlog"

    package enum Kind: String, Sendable, Codable { case duration, count, stock }

    package var kind: Kind {
        switch self {
        case .firstReply, .firstResolution, .fullResolution, .requesterWait, .agentWork, .agentWait, .onHold,
            .solveTime,
            .caseDuration:
            .duration
        case .backlog, .unrepliedBacklog: .stock
        default: .count
        }
    }

    /// Small number for packed storage: position in `allCases`. Append new metrics at the end of their list only
    /// together with a migration of stored aggregates (they are stored by name).
    package var index: Int { Metric.positions[self] ?? 0 }
    private static let positions = Dictionary(uniqueKeysWithValues: zip(allCases, allCases.indices))
}

/// The durations of a case, in the order of `ServiceCase.durations`.
package enum DurationMetric: Int, CaseIterable, Sendable {
    case firstReply, firstResolution, fullResolution, requesterWait, agentWork, agentWait, onHold, solveTime,
        caseDuration

    package var metric: Metric {
        switch self {
        case .firstReply: .firstReply
        case .firstResolution: .firstResolution
        case .fullResolution: .fullResolution
        case .requesterWait: .requesterWait
        case .agentWork: .agentWork
        case .agentWait: .agentWait
        case .onHold: .onHold
        case .solveTime: .solveTime
        case .caseDuration: .caseDuration
        }
    }
}

/// Text in the two languages of the reports.
package struct Bilingual: Sendable, Equatable, Codable {
    package let en: String
    package let zh: String
    package init(en: String, zh: String) {
        self.en = en
        self.zh = zh
    }
}

/// What a metric means: printed beside every number.
package struct MetricDefinition: Sendable, Equatable, Codable {
    package let metric: Metric
    package let title: Bilingual
    /// One sentence: from which event to which, who counts, when it is absent.
    package let definition: Bilingual
    /// `duration` (seconds on pages and in CSV), `count` or `stock`.
    package let kind: Metric.Kind
    /// The instant that the value is counted on: `created`, `event`, `solved` or `end of day`.
    package let attribution: String
    /// The profile whose definition this is.
    package let profile: String
    /// Where the definition was taken from.
    package let source: String

    package init(
        metric: Metric, title: Bilingual, definition: Bilingual, attribution: String, profile: String, source: String
    ) {
        self.metric = metric
        self.title = title
        self.definition = definition
        self.kind = metric.kind
        self.attribution = attribution
        self.profile = profile
        self.source = source
    }
}
