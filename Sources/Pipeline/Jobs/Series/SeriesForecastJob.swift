import Features
import LinearAlgebra
import Models
package import Runtime

/// Forecasts every series of a long table.
package enum SeriesForecastJob {
    package struct Request: Sendable {
        package var path: String
        package var columns = SeriesColumns.usual
        /// Steps ahead.
        package var horizon: Int
        /// Steps of the season and of a longer one; found from the step where empty, none where `[1]`.
        package var seasons: [Int] = []
        package var model = SeriesModelRequest()
        /// Interval levels in percent, as the output names them.
        package var levels: [Double] = [80, 95]
        package var calendarPath: String?
        /// Rolling origins at most for the automatic choice.
        package var origins: Int?

        package init(path: String, horizon: Int) {
            self.path = path
            self.horizon = horizon
        }
    }

    package struct Outcome: Sendable {
        package var series: [SeriesForecast] = []
        package var warnings: [String] = []
        /// Rolling origins at most that the automatic choice may use.
        package var origins = 0
        package var levels: [Double] = []
        package var seconds = 0.0
    }

    /// Forecasts all series of a file in its order; the outcome does not depend on the number of workers.
    package static func run(_ request: Request, _ context: RunContext) throws -> Outcome {
        guard (1...100_000).contains(request.horizon) else {
            throw JobFailure(.usage, "--horizon \(request.horizon): expected a number of steps from 1 to 100000")
        }
        let clock = ContinuousClock()
        let began = clock.now
        let file = try SeriesFile.read(request.path, columns: request.columns)
        let calendar = try request.calendarPath.map(CalendarFile.read) ?? .empty
        let grids = file.series.map(\.regular)
        let effects = ForecastCalendar(grids, calendar: calendar)
        let budget = request.origins.map { ForecastBudget(origins: $0) } ?? .standard
        var outcome = Outcome()
        outcome.warnings = file.warnings
        outcome.levels = request.levels
        outcome.origins = budget.origins
        if request.calendarPath != nil && !effects.isUsed {
            outcome.warnings.append("\(request.path): no daily series; the calendar is left out")
        }
        context.progress.begin(stage: "forecast", total: grids.count)
        let newest = SeriesForecastJob.newestEnd(grids)
        let maker = SeriesForecaster(request: request, budget: budget)
        outcome.series = ParallelLoop.map(count: grids.count, workers: context.workers) { index in
            if context.cancellation.isCancelled { return SeriesForecast(id: file.series[index].id) }
            let grid = grids[index]
            var forecast = maker.forecast(
                file.series[index], grid, factors: effects.factors(index, grid, request.horizon))
            if let newest, let note = SeriesForecastJob.staleness(grid, newest: newest, horizon: request.horizon) {
                forecast.notes.append(note)
            }
            context.progress.advance(by: 1)
            return forecast
        }
        try context.cancellation.check()
        for forecast in outcome.series {
            outcome.warnings += forecast.notes.map { "\(forecast.id): \($0)" }
        }
        let elapsed = began.duration(to: clock.now).components
        outcome.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        return outcome
    }

    /// The latest end of all series on one kind of axis, in its coordinates; `nil` where the axes differ.
    private static func newestEnd(_ grids: [RegularSeries]) -> Double? {
        guard let first = grids.first?.axis, first.form != .number, grids.allSatisfy({ $0.axis.form == first.form })
        else { return nil }
        return grids.map { $0.axis.coordinate(at: max(0, $0.values.count - 1)) }.max()
    }

    /// A word about a series that ended long before the others.
    private static func staleness(_ grid: RegularSeries, newest: Double, horizon: Int) -> String? {
        let last = grid.values.count - 1
        let behind = grid.axis.index(of: newest).index - last
        guard last >= 0, behind > max(horizon, 28) else { return nil }
        return
            "ended at \(grid.axis.text(at: last)), \(behind) steps before the latest series; its forecast begins there"
    }
}

/// The calendar's part in forecasts: daily values are divided by their days' factors, forecasts multiplied.
struct ForecastCalendar: Sendable {
    private let effects: CalendarEffects?
    /// By series, its position in the fit.
    private let positions: [Int?]

    var isUsed: Bool { effects != nil }

    init(_ grids: [RegularSeries], calendar: EventCalendar) {
        var positions: [Int?] = []
        var histories: [CalendarEffects.History] = []
        for grid in grids {
            let isDaily = grid.axis.form == .date && grid.axis.step == .days(1) && !grid.values.isEmpty
            positions.append(isDaily ? histories.count : nil)
            guard isDaily else { continue }
            histories.append(
                CalendarEffects.History(
                    start: ForecastCalendar.start(grid), values: grid.values,
                    isCount: SeriesProfile(grid.values).isCount))
        }
        self.positions = positions
        effects = calendar.isEmpty || histories.isEmpty ? nil : CalendarEffects.fit(histories, calendar: calendar)
    }

    private static func start(_ grid: RegularSeries) -> CivilDate {
        CivilDate(daysSinceEpoch: Int32(clamping: Int(grid.axis.start)))
    }

    /// The factors of the days of the history and of the forecast; `nil` without a calendar.
    func factors(_ index: Int, _ grid: RegularSeries, _ horizon: Int) -> [Double]? {
        guard let effects, let position = positions[index] else { return nil }
        return effects.factors(
            from: ForecastCalendar.start(grid), count: grid.values.count + horizon, series: position)
    }
}
