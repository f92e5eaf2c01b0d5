import Aggregates
import Features
import Runtime

/// What the days of the calendar do to each series of the desk, learnt over all of them together.
struct DayEffects: Sendable {
    private let effects: CalendarEffects?
    private let positions: [SeriesID: Int]

    /// Learns from the daily values of the watched series and of arrivals by channel; nothing without a calendar.
    init(_ calendar: EventCalendar, cube: DailyCube, history: ClosedRange<CivilDate>) {
        guard !calendar.isEmpty else {
            effects = nil
            positions = [:]
            return
        }
        let builder = SeriesBuilder(cube: cube, days: history)
        var series = builder.watched()
        series.append(builder.series(SeriesID(metric: .customerMessages)))
        series += builder.series(.customerMessages, by: .channel, atMost: StaffingForecast.greatestChannels)
        var positions: [SeriesID: Int] = [:]
        var histories: [CalendarEffects.History] = []
        for one in series where positions[one.id] == nil {
            positions[one.id] = histories.count
            histories.append(
                CalendarEffects.History(
                    start: one.start, values: one.values.map { $0 ?? .nan }, isCount: one.kind == .count))
        }
        self.positions = positions
        effects = CalendarEffects.fit(histories, calendar: calendar)
    }

    /// The factors of successive days for a series; `nil` without a calendar.
    func factors(_ id: SeriesID, from start: CivilDate, count: Int) -> [Double]? {
        effects?.factors(from: start, count: count, series: positions[id])
    }
}
