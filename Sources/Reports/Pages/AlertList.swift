import Aggregates
import Runtime

/// The alerts of a period as a reader wants them: one for each cause, with what was raised by it.
struct AlertList {
    struct Entry {
        /// The strongest day of the deviation.
        let alert: Alert
        /// Series that were called by the same cause, strongest first.
        let members: [SeriesID]
    }

    /// Gravest first, then strongest.
    let entries: [Entry]

    init(_ alerts: [Alert]) {
        struct Cause: Hashable {
            let series: SeriesID
            let since: CivilDate
        }
        struct Place: Hashable {
            let series: SeriesID
            let day: CivilDate
        }
        let known = Dictionary(
            alerts.map { (Place(series: $0.series, day: $0.day), $0) }, uniquingKeysWith: { a, _ in a })
        var causes: [Cause: Alert] = [:]
        var members: [Cause: [SeriesID: Double]] = [:]
        for alert in alerts {
            // A leader outside of the list leaves its followers to speak for themselves.
            let leader = alert.leader.flatMap { known[Place(series: $0, day: alert.day)] } ?? alert
            let cause = Cause(series: leader.series, since: leader.since)
            if alert.series == leader.series {
                if let other = causes[cause], !AlertList.isStronger(alert, other) { continue }
                causes[cause] = alert
            } else {
                let strength = max(members[cause]?[alert.series] ?? 0, alert.score.magnitude)
                members[cause, default: [:]][alert.series] = strength
            }
        }
        entries = causes.map { cause, alert in
            let all = (members[cause] ?? [:]).sorted { a, b in a.value != b.value ? a.value > b.value : a.key < b.key }
            return Entry(alert: alert, members: all.map(\.key))
        }
        .sorted { a, b in
            if a.alert.severity != b.alert.severity { return a.alert.severity > b.alert.severity }
            return AlertList.isStronger(a.alert, b.alert)
        }
    }

    private static func isStronger(_ a: Alert, _ b: Alert) -> Bool {
        if a.score.magnitude != b.score.magnitude { return a.score.magnitude > b.score.magnitude }
        return a.series != b.series ? a.series < b.series : a.day < b.day
    }
}
