import Aggregates
import Runtime

/// An alert in one sentence: what, when, how much against how much, and what it came from.
struct AlertSentence {
    let context: PageContext

    func text(_ alert: Alert) -> String {
        let p = context.phrases
        let name = context.labels.series(alert.series)
        let day = context.format.dayWithWeekday(alert.day)
        let change =
            alert.expected > 0
            ? p("alert_change", context.format.change((alert.observed - alert.expected) / alert.expected)) : ""
        let figures = p(
            alert.observed >= alert.expected ? "alert_above" : "alert_below", name, day,
            value(alert.observed, alert), value(alert.expected, alert), change, value(max(0, alert.lower), alert),
            value(alert.upper, alert))
        let parts = alert.contributions.prefix(3).map { part in
            p(
                "alert_part", context.labels.dimension(part.dimension).lowercased(),
                context.labels.value(part.value, of: part.dimension), context.format.percent(part.share, digits: 0),
                value(part.observed, alert), value(part.expected, alert))
        }
        guard !parts.isEmpty else { return figures + p("sentence_end") }
        return figures + p("alert_mostly", parts.joined(separator: p("list_separator"))) + p("sentence_end")
    }

    /// What follows the sentence: since when, whether it is over, what was called with it.
    func life(_ entry: AlertList.Entry, on day: CivilDate) -> String {
        let p = context.phrases
        let alert = entry.alert
        var out = ""
        switch alert.state(on: day) {
        case .over:
            if let until = alert.until, until > alert.since {
                out += p("alert_was", context.format.dayWithWeekday(alert.since), context.format.dayWithWeekday(until))
            }
        case .continuing: out += p("alert_since", context.format.dayWithWeekday(alert.since))
        case .raised: break
        }
        guard !entry.members.isEmpty else { return out }
        let named = entry.members.prefix(3).map { context.labels.series($0) }.joined(separator: p("list_separator"))
        let rest = entry.members.count - 3
        return out + (rest > 0 ? p("alert_with_more", named, "\(rest)") : p("alert_with", named))
    }

    /// A figure of the alert's series: durations are in seconds.
    func value(_ value: Double, _ alert: Alert) -> String {
        alert.series.metric.kind == .duration
            ? context.format.duration(seconds: value) : context.format.figure(value)
    }
}
