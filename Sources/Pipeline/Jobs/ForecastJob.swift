package import Aggregates
import Features
import Models
import Records
package import Runtime
package import Warehouse

/// Watches the series of the desk, and looks two weeks ahead: by day for each of them, by hour for arrivals.
package enum ForecastJob {
    /// Days of history that is learnt from: 32 weeks.
    package static let historyDays = 224
    /// Days ahead.
    package static let horizon = 14
    /// Nights that may raise alerts: later records can change any of them.
    private static let alertDays = 120

    package struct Outcome: Encodable, Sendable {
        package var series = 0
        package var alerts = 0
        /// Series of arrivals by hour.
        package var staffing = 0
        package var warnings: [String] = []
    }

    /// - Parameter cube: the cells of the history, where the caller holds them already.
    package static func run(_ scope: RunScope, cube: DailyCube? = nil) throws -> Outcome {
        let session = scope.session
        guard let last = try LastDay.find(scope.warehouse, session) else {
            try scope.warehouse.replaceAlerts([], watched: [])
            try scope.warehouse.replaceStaffing([])
            return Outcome()
        }
        session.context.progress.begin(stage: "forecast", total: nil)
        let days = (last - (historyDays - 1))...last
        let cube = try cube ?? DailyCube(cells: scope.warehouse.dailyCells(days))
        let first = max(days.lowerBound, cube.span?.lowerBound ?? days.lowerBound)
        let history = first...max(first, last)
        let calendar = try CalendarSetting.calendar(session)

        let nights = (0..<alertDays).map { last - $0 }.reversed().filter { $0 >= first }
        var watch = SeriesWatch()
        watch.calendar = calendar
        watch.forecastDays = horizon
        let shownDays = watch.shownDays
        // The whole history comes back, for the models; what is stored is cut below.
        watch.shownDays = historyDays
        let found = watch.run(cube: cube, history: history, nights: nights)
        var watched = found.watched
        try session.context.cancellation.check()

        let hourly = try scope.warehouse.hourlyCells(StaffingForecast.history(endingOn: last))
        let silentFrom = PartialDay.silentFrom(hourly, day: last)
        let budget = 1000 * session.configuration.integer("forecast.budget")
        var panel = ForecastPanel(budget: budget, workers: session.context.workers)
        let effects = DayEffects(calendar, cube: cube, history: history)
        let late = DailyForecast(effects: effects, horizon: horizon, last: last, isLastPartial: silentFrom != nil)
            .replaceForecasts(of: &watched, &panel)
        for index in watched.indices { watched[index].points = Array(watched[index].points.suffix(shownDays)) }
        try session.context.cancellation.check()

        let staffing = StaffingForecast(
            cells: hourly, last: last, horizon: horizon, zone: session.zone,
            opening: try ScheduleBuilder.build(session)?.calendar, effects: effects, silentFrom: silentFrom
        ).forecast(missing: SeriesBuilder(cube: cube, days: history), &panel)
        try scope.warehouse.replaceAlerts(found.alerts, watched: watched)
        try scope.warehouse.replaceStaffing(staffing)

        var outcome = Outcome(series: watched.count, alerts: found.alerts.count, staffing: staffing.count)
        outcome.warnings = warnings(
            last: last, silentFrom: silentFrom, late: late, of: watched.count, staffing: staffing, budget: budget)
        return outcome
    }

    private static func warnings(
        last: CivilDate, silentFrom: Int?, late: Int, of watched: Int, staffing: [StaffingSeries], budget: Int
    ) -> [String] {
        var out: [String] = []
        if let silentFrom {
            out.append(
                "nothing came on \(last) from \(silentFrom):00 on, when much was to be expected: the day is taken for incomplete and forecasts leave it out"
            )
        }
        let coarse = staffing.filter(\.method.isFallback).count
        // A budget of nothing is a wish, not a surprise.
        if budget > 0 && late + coarse > 0 {
            out.append(
                "the forecast budget was spent: \(late) of \(watched) daily and \(coarse) of \(staffing.count) hourly series have the simple forecast (setting forecast.budget)"
            )
        }
        return out
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
