import Aggregates
import Records
package import Runtime
import Warehouse

/// Recomputes and renders a range of days.
package enum BackfillJob {
    package struct Outcome: Encodable, Sendable {
        package var days: Int
        package var folders: [String]
        package var warnings: [String]
    }

    package static func run(_ session: Session, range: ClosedRange<CivilDate>) throws -> Outcome {
        try RunScope.perform(session) { scope in
            let (models, warnings) = try scope.stage("models") { _ in try ModelSet.load(session) }
            scope.run.models = models.summaries
            _ = try scope.stage("cases") { try CasesJob.run($0, models: models) }
            // What is dirty outside the range is brought up to date too, so that every page agrees with every other.
            let dirty = try scope.stage("aggregate") { try AggregateJob.run($0) }
            let days = try scope.stage("aggregate") { try AggregateJob.run($0, range: range) }
            let forecast = try scope.stage("forecast") { try ForecastJob.run($0) }
            scope.run.warnings += warnings + dirty.warnings + days.warnings + forecast.warnings
            let folders = try scope.stage("report") { try render($0, range, models) }
            return Outcome(days: days.days.count, folders: folders, warnings: scope.run.warnings)
        }
    }

    private static func render(
        _ scope: RunScope, _ range: ClosedRange<CivilDate>, _ models: ModelSet
    ) throws -> [String] {
        let shared = try ReportJob.shared(scope, models: models.summaries)
        try AtomicFile.makeFolder(shared.output)
        guard let last = try LastDay.find(scope.warehouse, scope.session) else { return [] }
        var folders: [String] = []
        var seen: Set<String> = []
        var day = min(range.upperBound, last)
        while day >= range.lowerBound {
            for period in ReportJob.periods(endingOn: day) {
                // Weeks and months are rendered once, up to their last day within the data.
                let name = ReportJob.folderName(period)
                guard seen.insert(name).inserted else { continue }
                try scope.session.context.cancellation.check()
                let whole = completed(period, last)
                folders.append(try ReportJob.run(scope, ReportJob.Request(period: whole), shared: shared))
            }
            day = day - 1
        }
        try ReportJob.finish(scope, shared: shared, latest: last)
        return folders
    }

    /// The period up to its own end or the last day of the data.
    private static func completed(_ period: ReportPeriod, _ last: CivilDate) -> ReportPeriod {
        let first = period.days.lowerBound
        switch period.kind {
        case .week: return ReportPeriod(kind: .week, days: first...min(first + 6, last))
        case .month:
            let (year, month, _) = first.components
            let end = first + (CivilDate.daysIn(month: month, year: year) - 1)
            return ReportPeriod(kind: .month, days: first...min(end, last))
        default: return period
        }
    }
}
