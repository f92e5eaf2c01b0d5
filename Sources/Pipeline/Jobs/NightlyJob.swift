import Aggregates
import FoundationEssentials
import Records
import Runtime
import Warehouse

/// The whole road under one lock and one run id: ingest, cases, aggregate, forecast, report.
package enum NightlyJob {
    package struct Outcome: Encodable, Sendable {
        /// The folder of the newest day's pages, `nil` when there are no data at all.
        package var report: String?
        package var ingest: IngestJob.Outcome
        package var cases: Int
        package var days: Int
        package var alerts: Int
        package var warnings: [String]
        package var seconds: Double
    }

    package static func run(_ session: Session, _ request: IngestJob.Request) throws -> Outcome {
        try RunScope.perform(session) { scope in try night(&scope, request) }
    }

    private static func night(_ scope: inout RunScope, _ request: IngestJob.Request) throws -> Outcome {
        let session = scope.session
        let began = session.context.clock()
        // A calendar that cannot be read is told before an hour of work, not after it.
        _ = try CalendarSetting.calendar(session)
        let (models, modelWarnings) = try scope.stage("models") { _ in try ModelSet.load(session) }
        scope.run.models = models.summaries
        scope.run.warnings += modelWarnings
        Milestone.pass("models")

        let ingested = try scope.stage("ingest") { try IngestJob.run($0, request) }
        scope.run.inputs = ingested.files
        scope.run.records = ingested.records
        scope.run.warnings += ingested.warnings
        if !ingested.files.isEmpty && !ingested.hasUsableInput {
            throw JobFailure(
                .unusableInput, "no input could be used: \(ingested.warnings.first ?? "every item was rejected")")
        }

        let cases = try scope.stage("cases") { try CasesJob.run($0, models: models) }
        scope.run.warnings += DriftNotes.warnings(cases.drift)
        let days = try scope.stage("aggregate") { try AggregateJob.run($0) }
        scope.run.warnings += days.warnings
        try noteFreshness(&scope)

        let last = try LastDay.find(scope.warehouse, session)
        let cube = try scope.stage("read aggregates") { scope in
            try last.map { DailyCube(cells: try scope.warehouse.dailyCells(($0 - (ForecastJob.historyDays - 1))...$0)) }
        }
        let forecast = try scope.stage("forecast") { try ForecastJob.run($0, cube: cube) }
        scope.run.warnings += forecast.warnings
        let report = try scope.stage("report") { scope in
            try render(scope, models: models.summaries, cube: cube, last: last, changed: days.days, ingested)
        }
        try checkFreshness(scope)
        return Outcome(
            report: report, ingest: ingested, cases: cases.cases, days: days.days.count, alerts: forecast.alerts,
            warnings: scope.run.warnings, seconds: Double(session.context.clock() - began) / 1000)
    }

    /// The newest day with its week and month, and whatever pages of other periods hold a day that changed.
    private static func render(
        _ scope: RunScope, models: [ModelSummary], cube: DailyCube?, last: CivilDate?, changed: [String],
        _ ingested: IngestJob.Outcome
    ) throws -> String? {
        let shared = try ReportJob.shared(scope, models: models)
        try AtomicFile.makeFolder(shared.output)
        var report: String?
        if let last {
            for period in ReportJob.periods(endingOn: last) {
                try scope.session.context.cancellation.check()
                let rejects = period.kind == .day ? RejectsFile.text(ingested.rejects) : nil
                let folder = try ReportJob.run(
                    scope, ReportJob.Request(period: period), shared: shared, cube: cube, rejects: rejects)
                if period.kind == .day { report = folder }
            }
            let changedDays = Set(changed.compactMap(CivilDate.init))
            let fresh = Set(ReportJob.periods(endingOn: last).map(ReportJob.folderName))
            for headline in try ReportFolder.headlines(shared.output) {
                guard let kind = ReportPeriod.Kind(rawValue: headline.kind) else { continue }
                let period = ReportPeriod(kind: kind, days: headline.from...headline.to)
                if fresh.contains(ReportJob.folderName(period)) || !changedDays.contains(where: period.days.contains) {
                    continue
                }
                try scope.session.context.cancellation.check()
                try ReportJob.run(scope, ReportJob.Request(period: period), shared: shared)
            }
        }
        try ReportJob.finish(scope, shared: shared, latest: last)
        return report
    }

    private static func noteFreshness(_ scope: inout RunScope) throws {
        guard let limit = scope.session.configuration.age("freshness.warn"), let age = try age(scope), age > limit
        else {
            return
        }
        scope.run.warnings.append(
            "the newest record is \(age / 3_600_000) hours old; the limit is \(scope.session.configuration["freshness.warn"])"
        )
    }

    private static func checkFreshness(_ scope: RunScope) throws {
        guard let limit = scope.session.configuration.age("freshness.error"), let age = try age(scope), age > limit
        else {
            return
        }
        throw JobFailure(
            .noNewInput,
            "the newest record is \(age / 3_600_000) hours old; the limit is \(scope.session.configuration["freshness.error"]) (setting freshness.error). The report was written"
        )
    }

    private static func age(_ scope: RunScope) throws -> Int64? {
        try scope.warehouse.caseSpan().map { scope.session.context.clock() - $0.upperBound }
    }
}
