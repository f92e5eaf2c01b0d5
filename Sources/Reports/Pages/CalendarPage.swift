import Aggregates
package import Runtime

/// A report that exists, with its headline numbers.
package struct CalendarEntry: Sendable {
    package var period: ReportPeriodName
    /// Folder relative to the calendar: `days/2026-11-20`.
    package var folder: String
    package var casesCreated: Int64?
    /// Seconds.
    package var firstReplyMedian: Double?
    package var backlog: Int64?
    package var satisfaction: Double?
    package var alerts: Int?

    package init(
        period: ReportPeriodName, folder: String, casesCreated: Int64? = nil, firstReplyMedian: Double? = nil,
        backlog: Int64? = nil, satisfaction: Double? = nil, alerts: Int? = nil
    ) {
        self.period = period
        self.folder = folder
        self.casesCreated = casesCreated
        self.firstReplyMedian = firstReplyMedian
        self.backlog = backlog
        self.satisfaction = satisfaction
        self.alerts = alerts
    }
}

/// A period as its folder's name says it.
package enum ReportPeriodName: Sendable, Equatable {
    case day(CivilDate)
    /// By its Monday.
    case week(CivilDate)
    /// By its first day.
    case month(CivilDate)
    case range(ClosedRange<CivilDate>)

    var first: CivilDate {
        switch self {
        case .day(let day), .week(let day), .month(let day): day
        case .range(let days): days.lowerBound
        }
    }

    func title(_ format: Formatter) -> String {
        switch self {
        case .day(let day): format.longDate(day)
        case .week(let monday): format.period(.week, monday...(monday + 6))
        case .month(let day): format.month(day)
        case .range(let days): format.range(days)
        }
    }
}

/// The entry page over all reports: days, weeks, months; newest first.
struct CalendarPage {
    let entries: [CalendarEntry]
    let phrases: Phrasebook

    var values: [String: Any] {
        let format = Formatter(locale: phrases.locale)
        let labels = Labels(phrases, agents: [:], definitions: [])
        func section(_ id: String, _ keep: (ReportPeriodName) -> Bool) -> [String: Any]? {
            let chosen = entries.filter { keep($0.period) }.sorted { $0.period.first > $1.period.first }
            guard !chosen.isEmpty else { return nil }
            return [
                "id": id, "title": phrases("calendar_\(id)"), "cases": labels.metric(.casesCreated),
                "first_reply": "\(labels.metric(.firstReply)), \(phrases("median"))",
                "backlog": labels.metric(.backlog),
                "csat": phrases("csat"), "alerts": phrases("col_alerts"),
                "entries": chosen.map { entry -> [String: Any] in
                    [
                        "href": "\(entry.folder)/index.html", "title": entry.period.title(format),
                        "cases": format.count(entry.casesCreated),
                        "first_reply": format.duration(seconds: entry.firstReplyMedian),
                        "backlog": format.count(entry.backlog), "csat": format.percent(entry.satisfaction),
                        "alerts": format.count(entry.alerts.map(Int64.init)),
                    ]
                },
            ]
        }
        let sections = [
            section("days") { if case .day = $0 { true } else { false } },
            section("weeks") { if case .week = $0 { true } else { false } },
            section("months") { if case .month = $0 { true } else { false } },
            section("ranges") { if case .range = $0 { true } else { false } },
        ].compactMap { $0 }
        var out: [String: Any] = [
            "sections": sections, "is_empty": sections.isEmpty, "footer": [phrases("footer_absent")],
        ]
        if entries.contains(where: { if case .day = $0.period { true } else { false } }) {
            out["latest"] = "latest/index.html"
        }
        return out
    }
}
