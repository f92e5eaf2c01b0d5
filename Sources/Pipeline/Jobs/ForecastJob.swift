package import Aggregates
import Models
import Records
package import Runtime
package import Warehouse

/// Compares the watched series with their baseline and looks two weeks ahead.
package enum ForecastJob {
    /// Days of history that the baseline learns from.
    package static let historyDays = 200
    /// Nights that may raise alerts: later records can change any of them.
    private static let alertDays = 120

    package struct Outcome: Encodable, Sendable {
        package let series: Int
        package let alerts: Int
    }

    /// - Parameter cube: the cells of the history, where the caller holds them already.
    package static func run(_ scope: RunScope, cube: DailyCube? = nil) throws -> Outcome {
        let session = scope.session
        guard let last = try LastDay.find(scope.warehouse, session) else {
            try scope.warehouse.replaceAlerts([], watched: [])
            return Outcome(series: 0, alerts: 0)
        }
        session.context.progress.begin(stage: "forecast", total: nil)
        let days = (last - (historyDays - 1))...last
        let cube = try cube ?? DailyCube(cells: scope.warehouse.dailyCells(days))
        let first = max(days.lowerBound, cube.span?.lowerBound ?? days.lowerBound)
        let nights = (0..<alertDays).map { last - $0 }.reversed().filter { $0 >= first }
        let (watched, alerts) = SeriesWatch().run(cube: cube, history: first...max(first, last), nights: nights)
        try scope.warehouse.replaceAlerts(alerts, watched: watched)
        return Outcome(series: watched.count, alerts: alerts.count)
    }
}

/// The last complete local day in the data.
package enum LastDay {
    /// The last local day on which anything happened, but never the day that is still going on; `nil` without any case.
    package static func find(_ warehouse: any Warehouse, _ session: Session) throws -> CivilDate? {
        guard let span = try warehouse.caseSpan() else { return nil }
        let newest = session.zone.day(of: span.upperBound)
        let yesterday = session.zone.day(of: session.context.clock()) - 1
        let oldest = session.zone.day(of: span.lowerBound)
        return max(min(newest, yesterday), oldest)
    }
}
