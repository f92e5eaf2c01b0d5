package import Runtime

/// The span of days that a set of pages speaks of.
package struct ReportPeriod: Sendable, Equatable {
    package enum Kind: String, Sendable { case day, week, month, range }
    package var kind: Kind
    package var days: ClosedRange<CivilDate>

    package init(kind: Kind, days: ClosedRange<CivilDate>) {
        self.kind = kind
        self.days = days
    }

    package var count: Int { days.upperBound - days.lowerBound + 1 }

    /// `2026-11-20`, `2026-W47`, `2026-11` or `2026-11-01_2026-11-20`.
    package var name: String {
        let first = days.lowerBound
        switch kind {
        case .day: return first.description
        case .week:
            let (year, week) = first.isoWeek
            return "\(year)-W\(week < 10 ? "0" : "")\(week)"
        case .month: return String(first.description.prefix(7))
        case .range: return "\(first)_\(days.upperBound)"
        }
    }

    /// What the period is compared with: the day before, the same weekdays of the week before, the month before (as many
    /// days of it as have passed of an unfinished month), or the days of the same number that end the day before.
    package var previous: ReportPeriod {
        switch kind {
        case .day, .range:
            return ReportPeriod(kind: kind, days: (days.lowerBound - count)...(days.lowerBound - 1))
        case .week:
            return ReportPeriod(kind: .week, days: (days.lowerBound - 7)...(days.upperBound - 7))
        case .month:
            let end = days.lowerBound - 1
            let first = CivilDate(year: end.components.year, month: end.components.month, day: 1)
            let isWhole = (days.upperBound + 1).components.day == 1
            return ReportPeriod(kind: .month, days: first...(isWhole ? end : min(end, first + (count - 1))))
        }
    }

    /// For a day: the same weekday of the week before.
    package var sameWeekday: ReportPeriod? {
        kind == .day ? ReportPeriod(kind: .day, days: (days.lowerBound - 7)...(days.upperBound - 7)) : nil
    }
}

/// Everything that pages are rendered from; a report needs nothing else.
package struct ReportInput: Sendable {
    package var period: ReportPeriod
    /// Cells of the period, the one before it and the history that charts show.
    package var cube: DailyCube
    package var hourly: [HourlyCell]
    package var watched: [WatchedSeries]
    /// Alerts whose day lies in the period.
    package var alerts: [Alert]
    package var definitions: [MetricDefinition]
    package var models: [ModelSummary]
    package var quality: [SourceQuality]
    package var run: RunSummary
    package var zone: String
    package var profile: String
    /// Name of the business schedule in force, `nil` where none is configured.
    package var schedule: String?
    /// The last local day for which there are data.
    package var dataUntil: CivilDate?
    /// Display names of agents by id, where known.
    package var agentNames: [String: String]
    /// Arrivals by hour of the days after the last complete one.
    package var staffing: [StaffingSeries]
    /// Alerts that stand by themselves on each watched day of the history; days that nobody watched are not there.
    package var alertsByDay: [CivilDate: Int]

    package init(
        period: ReportPeriod, cube: DailyCube, hourly: [HourlyCell], watched: [WatchedSeries], alerts: [Alert],
        definitions: [MetricDefinition], models: [ModelSummary], quality: [SourceQuality], run: RunSummary,
        zone: String, profile: String, schedule: String?, dataUntil: CivilDate?, agentNames: [String: String],
        staffing: [StaffingSeries] = [], alertsByDay: [CivilDate: Int] = [:]
    ) {
        self.period = period
        self.cube = cube
        self.hourly = hourly
        self.watched = watched
        self.alerts = alerts
        self.definitions = definitions
        self.models = models
        self.quality = quality
        self.run = run
        self.zone = zone
        self.profile = profile
        self.schedule = schedule
        self.dataUntil = dataUntil
        self.agentNames = agentNames
        self.staffing = staffing
        self.alertsByDay = alertsByDay
    }
}
