package import Aggregates
import FoundationEssentials
import Operations
import Records
package import Reports
package import Runtime
import Warehouse

/// Renders pages from aggregates alone and switches them in by rename.
package enum ReportJob {
    package struct Request: Sendable {
        package var period: ReportPeriod
        package var conditions: [DailyCube.Condition] = []
        package init(period: ReportPeriod) { self.period = period }
    }

    /// What a period's pages need beyond the warehouse, gathered once for all periods of a run.
    package struct Shared {
        package var output: String
        package var renderer: ReportRenderer
        package var quality: [SourceQuality]
        package var agentNames: [String: String]
        package var schedule: String?
        package var dataUntil: CivilDate?
        package var models: [ModelSummary]
    }

    /// Days before a period that charts show.
    package static let historyDays = 92

    package static func shared(_ scope: RunScope, models: [ModelSummary]) throws -> Shared {
        let session = scope.session
        let templates = session.configuration.path("templates", workingFolder: session.workingFolder)
        var names: [String: String] = [:]
        for agent in try scope.warehouse.agents() {
            if let name = agent.name, names[agent.id] == nil { names[agent.id] = name }
        }
        return Shared(
            output: session.outputFolder,
            renderer: ReportRenderer(
                locale: ReportLocale(rawValue: session.configuration["locale"]) ?? .en,
                templates: try templates.map { path throws(ReportError) in try TemplateSet(directory: path) }
                    ?? TemplateSet()),
            quality: try scope.warehouse.sourceQuality().map(plainAdapters), agentNames: names,
            schedule: session.configuration.schedule?.name, dataUntil: try LastDay.find(scope.warehouse, session),
            models: try DriftNotes.adding(models, scope.warehouse))
    }

    /// The ledger names adapters with the way they were used (`canonical@0123…!entry`); a page shows the adapter alone.
    private static func plainAdapters(_ quality: SourceQuality) -> SourceQuality {
        var quality = quality
        quality.adapters = Set(quality.adapters.map { String($0.prefix { $0 != "@" }) }).sorted()
        return quality
    }

    /// Renders one period into its folder and gives the folder's path.
    ///
    /// - Parameter cube: cells that reach from the history before the period to its end, where the caller holds them.
    @discardableResult
    package static func run(
        _ scope: RunScope, _ request: Request, shared: Shared, cube: DailyCube? = nil, rejects: String? = nil
    ) throws -> String {
        let input = try gather(scope, request, shared, cube)
        let rendered = try shared.renderer.render(input)
        let folder = "\(shared.output)/\(folderName(request.period))"
        var files = rendered.files
        files["headline.json"] = Array(try Headline(input).json().utf8)
        if let rejects { files["rejects.csv"] = Array(rejects.utf8) }
        try ReportFolder.write(files, to: folder)
        return folder
    }

    private static func gather(
        _ scope: RunScope, _ request: Request, _ shared: Shared, _ cube: DailyCube?
    ) throws -> ReportInput {
        let session = scope.session
        let period = request.period
        let first = min(period.days.lowerBound - historyDays, period.previous.days.lowerBound)
        let history = first...period.days.upperBound
        let all = try cube ?? DailyCube(cells: scope.warehouse.dailyCells(history))
        let cells = request.conditions.isEmpty ? all : Filtering.cells(all, request.conditions)
        let hourly = try scope.warehouse.hourlyCells(min(period.days.lowerBound - 27, first)...period.days.upperBound)
        let channels = request.conditions.filter { $0.dimension == .channel }.map(\.value)
        let profile = session.configuration["profile"]
        let watched = try scope.warehouse.watchedSeries(history)
        return ReportInput(
            period: period, cube: cells,
            hourly: channels.isEmpty ? hourly : hourly.filter { channels.contains($0.channel) },
            watched: watched, alerts: try scope.warehouse.alerts(period.days),
            definitions: MetricCatalogue.definitions(profile: MetricProfile(rawValue: profile) ?? .zendesk),
            models: shared.models, quality: shared.quality, run: scope.run, zone: session.zone.identifier,
            profile: profile, schedule: shared.schedule, dataUntil: shared.dataUntil, agentNames: shared.agentNames,
            staffing: request.conditions.isEmpty ? try scope.warehouse.staffing() : [],
            alertsByDay: alertsByDay(try scope.warehouse.alerts(history), watched))
    }

    /// Alerts that stand by themselves, for every day that the watch has looked at.
    private static func alertsByDay(_ alerts: [Alert], _ watched: [WatchedSeries]) -> [CivilDate: Int] {
        var out: [CivilDate: Int] = [:]
        for series in watched {
            for point in series.points where point.observed != nil && point.expected != nil { out[point.day] = 0 }
        }
        for alert in alerts where alert.leader == nil { out[alert.day, default: 0] += 1 }
        return out
    }

    /// `days/2026-11-20`, `weeks/2026-W47`, `months/2026-11` or `ranges/…`.
    package static func folderName(_ period: ReportPeriod) -> String {
        switch period.kind {
        case .day: "days/\(period.name)"
        case .week: "weeks/\(period.name)"
        case .month: "months/\(period.name)"
        case .range: "ranges/\(period.name)"
        }
    }

    /// Writes the calendar of all folders that exist and points `latest` to the newest day.
    package static func finish(_ scope: RunScope, shared: Shared, latest: CivilDate?) throws {
        let page = shared.renderer.renderCalendar(
            try ReportFolder.entries(shared.output), zone: scope.session.zone.identifier,
            profile: scope.session.configuration["profile"])
        try AtomicFile.write(page, to: "\(shared.output)/index.html")
        if let latest { try AtomicFile.link("\(shared.output)/latest", to: "days/\(latest)") }
    }

    /// The periods that a day belongs to: itself, its week and its month, the latter two up to that day.
    package static func periods(endingOn day: CivilDate) -> [ReportPeriod] {
        let monday = day - (day.weekday - 1)
        let first = CivilDate(year: day.components.year, month: day.components.month, day: 1)
        return [
            ReportPeriod(kind: .day, days: day...day), ReportPeriod(kind: .week, days: monday...day),
            ReportPeriod(kind: .month, days: first...day),
        ]
    }
}

/// Cells that meet conditions on their segment.
enum Filtering {
    /// Keeps what the conditions ask for; cells of a cuboid that leaves a dimension out cannot answer and are dropped.
    static func cells(_ cube: DailyCube, _ conditions: [DailyCube.Condition]) -> DailyCube {
        DailyCube(
            cells: cube.cells.filter { cell in
                conditions.allSatisfy { condition in
                    switch (cell.cuboid, condition.dimension) {
                    case (.topic, .agent), (.agent, .category), (.agent, .intent): false
                    default: cell.segment[condition.dimension] == condition.value
                    }
                }
            })
    }
}

/// The numbers by which the calendar lists a period, kept beside its pages.
struct Headline: Codable {
    var kind: String
    var from: CivilDate
    var to: CivilDate
    var casesCreated: Int64
    var firstReplyMedianSeconds: Double?
    var backlog: Int64
    var satisfaction: Double?
    var alerts: Int

    init(_ input: ReportInput) {
        let days = input.period.days
        kind = input.period.kind.rawValue
        from = days.lowerBound
        to = days.upperBound
        casesCreated = input.cube.total(.casesCreated, days).calendar.sum
        firstReplyMedianSeconds = input.cube.total(.firstReply, days).calendar.sketch.quantile(0.5).map { $0 / 1000 }
        backlog = input.cube.total(.backlog, days.upperBound...days.upperBound).calendar.sum
        let good = input.cube.total(.ratingsGood, days).calendar.sum
        let bad = input.cube.total(.ratingsBad, days).calendar.sum
        satisfaction = good + bad > 0 ? Double(good) / Double(good + bad) : nil
        alerts = input.alerts.count
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    var entry: CalendarEntry {
        let name: ReportPeriodName
        let folder: ReportPeriod
        switch kind {
        case "day":
            name = .day(from)
            folder = ReportPeriod(kind: .day, days: from...to)
        case "week":
            name = .week(from)
            folder = ReportPeriod(kind: .week, days: from...to)
        case "month":
            name = .month(from)
            folder = ReportPeriod(kind: .month, days: from...to)
        default:
            name = .range(from...to)
            folder = ReportPeriod(kind: .range, days: from...to)
        }
        return CalendarEntry(
            period: name, folder: ReportJob.folderName(folder), casesCreated: casesCreated,
            firstReplyMedian: firstReplyMedianSeconds, backlog: backlog, satisfaction: satisfaction, alerts: alerts)
    }
}
