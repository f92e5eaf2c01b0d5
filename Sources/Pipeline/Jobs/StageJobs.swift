package import Aggregates
import Records
package import Runtime
import Warehouse

/// The stages of a night one by one, each under the run lock.
package enum StageJobs {
    package static func score(_ session: Session) throws -> CasesJob.Outcome {
        try RunScope.perform(session) { scope in
            let (models, warnings) = try scope.stage("models") { _ in try ModelSet.load(session) }
            scope.run.models = models.summaries
            scope.run.warnings += warnings
            return try scope.stage("cases") { try CasesJob.run($0, models: models) }
        }
    }

    package static func aggregate(_ session: Session, from: CivilDate?, to: CivilDate?) throws -> AggregateJob.Outcome {
        try RunScope.perform(session) { scope in
            var range: ClosedRange<CivilDate>?
            if from != nil || to != nil, let span = try scope.warehouse.caseSpan() {
                let first = from ?? session.zone.day(of: span.lowerBound)
                let last = to ?? session.zone.day(of: span.upperBound)
                guard first <= last else { throw JobFailure(.usage, "--to \(last) is before --from \(first)") }
                range = first...last
            }
            let outcome = try scope.stage("aggregate") { try AggregateJob.run($0, range: range) }
            scope.run.warnings += outcome.warnings
            return outcome
        }
    }

    package static func forecast(_ session: Session) throws -> ForecastJob.Outcome {
        try RunScope.perform(session) { scope in try scope.stage("forecast") { try ForecastJob.run($0) } }
    }

    /// Renders the newest day with its week and month, or a range, and gives the folders.
    package static func report(
        _ session: Session, from: CivilDate?, to: CivilDate?, conditions: [DailyCube.Condition]
    ) throws -> [String] {
        try RunScope.perform(session) { scope in
            try scope.stage("report") { scope in
                let (models, _) = try ModelSet.load(session)
                let shared = try ReportJob.shared(scope, models: models.summaries)
                guard let last = try LastDay.find(scope.warehouse, session) else {
                    throw JobFailure(.unusableInput, "the warehouse holds no case yet; run ingest or nightly first")
                }
                var periods = ReportJob.periods(endingOn: last)
                if from != nil || to != nil {
                    let end = to ?? last
                    let start = from ?? end
                    guard start <= end else { throw JobFailure(.usage, "--to \(end) is before --from \(start)") }
                    periods = [ReportPeriod(kind: start == end ? .day : .range, days: start...end)]
                }
                try AtomicFile.makeFolder(shared.output)
                let folders = try periods.map { period in
                    var request = ReportJob.Request(period: period)
                    request.conditions = conditions
                    return try ReportJob.run(scope, request, shared: shared)
                }
                try ReportJob.finish(scope, shared: shared, latest: from == nil && to == nil ? last : nil)
                return folders
            }
        }
    }
}

extension IngestJob {
    /// `ingest` as a run of its own.
    package static func runAlone(_ session: Session, _ request: Request) throws -> Outcome {
        try RunScope.perform(session) { scope in
            let outcome = try scope.stage("ingest") { try run($0, request) }
            scope.run.inputs = outcome.files
            scope.run.records = outcome.records
            scope.run.warnings += outcome.warnings
            return outcome
        }
    }
}

extension IngestJob.Outcome {
    /// What a person reads at the end.
    package var sentence: String {
        let known = files.count { $0.isKnown }
        let more = known > 0 ? " (\(known) of \(files.count) files known already)" : ""
        return "read \(read) = accepted \(accepted) + duplicates \(duplicates) + rejected \(rejected)\(more)"
    }
}
