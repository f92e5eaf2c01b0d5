package import Aggregates
import Records
import Runtime
package import Warehouse

/// The row of a case in exports: what it is about, when, both clocks of every duration in seconds, counts, labels.
package enum CaseRow {
    package static let columns: [String] =
        [
            "source", "id", "kind", "conversation_id", "channel", "group", "assignee", "customer", "product",
            "language",
            "priority", "status", "source_category", "category", "intent", "sentiment", "opened_at", "last_event_at",
            "first_reply_at", "first_reply_agent", "first_resolved_at", "last_resolved_at", "resolved_by",
        ]
        + DurationMetric.allCases.flatMap {
            ["\($0.metric.rawValue)_seconds", "\($0.metric.rawValue)_business_seconds"]
        }
        + [
            "replies", "reopens", "handoffs", "participants", "messages", "negative_messages", "neutral_messages",
            "positive_messages", "rating", "rated_at", "rating_agent",
        ]

    package static func values(_ item: ServiceCase) -> [RowValue] {
        var out: [RowValue] = [
            .text(item.source), .text(item.id), .text(item.kind.rawValue), .text(item.conversationKey),
            .text(item.channel), .text(item.group), .text(item.assignee), .text(item.customer), .text(item.product),
            .text(item.language), .text(item.priority), .text(item.status?.rawValue), .text(item.sourceCategory),
            .text(item.labels.category), .text(item.labels.intent), .text(item.labels.sentiment),
            .text(item.openedAt.iso8601), .text(item.lastEventAt.iso8601), .text(item.firstReplyAt?.iso8601),
            .text(item.firstReplyAgent), .text(item.firstResolvedAt?.iso8601), .text(item.lastResolvedAt?.iso8601),
            .text(item.resolvedBy),
        ]
        for metric in DurationMetric.allCases {
            let value = item[metric]
            out.append(.number(value.map { seconds($0.calendar) }))
            out.append(.number(value?.business.map(seconds)))
        }
        out += [
            .number(item.replies.map(String.init)), .number(item.reopens.map(String.init)),
            .number(item.handoffs.map(String.init)), .number("\(item.participants)"), .number("\(item.messages)"),
            .number("\(item.labels.negativeMessages)"), .number("\(item.labels.neutralMessages)"),
            .number("\(item.labels.positiveMessages)"), .text(item.rating?.rawValue), .text(item.ratedAt?.iso8601),
            .text(item.ratingAgent),
        ]
        return out
    }

    /// Milliseconds as seconds, with up to three decimals and no more than needed.
    package static func seconds(_ milliseconds: Int64) -> String {
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        if rest == 0 { return "\(whole)" }
        var digits = "\(abs(rest))"
        digits = String(repeating: "0", count: 3 - digits.count) + digits
        while digits.last == "0" { digits.removeLast() }
        return (milliseconds < 0 && whole == 0 ? "-" : "") + "\(whole).\(digits)"
    }
}

/// The row of a message in exports.
package enum MessageRow {
    package static let columns = [
        "source", "conversation_id", "id", "sent_at", "role", "author_id", "is_public", "text", "intent",
        "intent_confidence", "sentiment", "sentiment_confidence",
    ]

    package static func values(_ row: ExportedMessage) -> [RowValue] {
        let score = row.score
        return [
            .text(row.source), .text(row.message.conversationID), .text(row.message.id),
            .text(row.message.sentAt.iso8601), .text(row.message.role.rawValue), .text(row.message.authorID),
            .number(row.message.isPublic ? "1" : "0"), .text(row.message.text), .text(score?.intent),
            .number(score?.intent == nil ? nil : score.map { "\($0.intentConfidence)" }), .text(score?.sentiment),
            .number(score?.sentiment == nil ? nil : score.map { "\($0.sentimentConfidence)" }),
        ]
    }
}

/// The row of a daily cell in exports: counts and sums as stored, mean and percentiles as read from the sketch.
package enum DailyRow {
    package static let columns = [
        "day", "cuboid", "metric", "channel", "group", "agent", "category", "intent", "count", "sum", "mean", "median",
        "p90", "business_count", "business_sum", "business_mean", "business_median", "business_p90",
    ]

    package static func values(_ cell: DailyCell) -> [RowValue] {
        let isDuration = cell.metric.kind == .duration
        return [
            .text(cell.day.description), .text(cell.cuboid.rawValue), .text(cell.metric.rawValue),
            .text(cell.segment.channel), .text(cell.segment.group), .text(cell.segment.agent),
            .text(cell.segment.category), .text(cell.segment.intent),
        ] + tally(cell.calendar, isDuration, isAbsent: false)
            + tally(cell.business, isDuration, isAbsent: cell.business.isEmpty)
    }

    private static func tally(_ tally: Tally, _ isDuration: Bool, isAbsent: Bool) -> [RowValue] {
        if isAbsent { return Array(repeating: .number(nil), count: 5) }
        let scale = { (value: Double?) in value.map { "\((isDuration ? $0 : $0 * 1000).rounded() / 1000)" } }
        return [
            .number("\(tally.count)"), .number(isDuration ? CaseRow.seconds(tally.sum) : "\(tally.sum)"),
            .number(scale(tally.mean)), .number(isDuration ? scale(tally.sketch.quantile(0.5)) : nil),
            .number(isDuration ? scale(tally.sketch.quantile(0.9)) : nil),
        ]
    }
}
