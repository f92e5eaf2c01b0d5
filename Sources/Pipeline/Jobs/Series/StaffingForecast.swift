import Aggregates
import Features
import Models
import Records
import Runtime

/// Arrivals by local hour of the next two weeks, in total and by channel, ready for a staffing calculation.
struct StaffingForecast {
    /// Weeks of history.
    static let weeks = 12
    /// Channels that get a forecast of their own.
    static let greatestChannels = 12
    /// Cases created and messages from customers.
    static let metrics: [Metric] = [.casesCreated, .customerMessages]
    /// Share of all arrivals up to which those in closed hours are chance and not custom.
    static let closedShare = 0.02
    /// Days of history without which nothing is said.
    static let leastDays = 3

    let cells: [HourlyCell]
    let last: CivilDate
    let horizon: Int
    let zone: LocalZone
    /// `nil` where no schedule is configured.
    let opening: BusinessCalendar?
    let effects: DayEffects
    /// The first hour of the last day from which on nothing is known.
    let silentFrom: Int?

    static func history(endingOn last: CivilDate) -> ClosedRange<CivilDate> { (last - (7 * weeks - 1))...last }

    /// The series in order of metric, the total first, then channels by their arrivals.
    ///
    /// - Parameter missing: tells days without data from days without arrivals.
    func forecast(missing builder: SeriesBuilder, _ panel: inout ForecastPanel) -> [StaffingSeries] {
        func isMissing(_ day: CivilDate) -> Bool {
            builder.days.contains(day) ? builder.isMissing[day - builder.days.lowerBound] : true
        }
        let range = StaffingForecast.history(endingOn: last)
        guard let first = cells.lazy.map(\.day).min(), last - first + 1 >= StaffingForecast.leastDays else { return [] }
        let history = max(first, range.lowerBound)...last
        let grid = StaffingGrid(history: history, horizon: horizon, zone: zone, opening: opening)
        var ids: [SeriesID] = []
        var requests: [ForecastPanel.Request] = []
        var keepsClosed: [Bool] = []
        for metric in StaffingForecast.metrics {
            for id in series(metric) {
                let hourly = HourlySeries(
                    cells: cells, metric: metric, days: history,
                    channel: id.dimension == nil ? nil : .some(id.value))
                var rates = hourly.rates(
                    grid.lengths, missing: isMissing,
                    knownUntil: silentFrom.map { 24 * (last - history.lowerBound) + $0 } ?? .max)
                let keeps = grid.arrivesWhileClosed(hourly.values, atMost: StaffingForecast.closedShare)
                if !keeps { grid.forgetExceptions(&rates) }
                ids.append(id)
                keepsClosed.append(keeps)
                requests.append(
                    ForecastPanel.Request(
                        values: rates, factors: factors(id, history), seasons: [24, 168], horizon: 24 * horizon,
                        // Channels are many: one origin tells their candidates apart at half the work.
                        budget: id.dimension == nil ? .standard : ForecastBudget(origins: 1)))
            }
        }
        var out: [StaffingSeries] = []
        for (index, outcome) in panel.forecast(requests).enumerated() {
            var method: ForecastMethod
            let forecast: Forecast
            switch outcome {
            case .made(let ahead):
                method = ForecastMethod(name: ahead.name)
                forecast = ahead.forecast
            case .overBudget, .nothingKnown:
                guard let ahead = ForecastPanel.hourOfWeek(requests[index]) else { continue }
                method = ForecastMethod(name: ahead.name, isFallback: outcome == .overBudget)
                forecast = ahead.forecast
            }
            out.append(
                StaffingSeries(
                    id: ids[index], method: method, hours: grid.hours(forecast, closedAreZero: !keepsClosed[index])))
        }
        return out
    }

    /// The total of a metric, and its channels where there are several.
    private func series(_ metric: Metric) -> [SeriesID] {
        var sums: [String?: Int64] = [:]
        for cell in cells where cell.metric == metric { sums[cell.channel, default: 0] += cell.count }
        guard !sums.isEmpty else { return [] }
        let total = SeriesID(metric: metric)
        guard sums.count > 1 else { return [total] }
        let channels = sums.map { (id: SeriesID(metric: metric, dimension: .channel, value: $0.key), sum: $0.value) }
            .sorted { $0.sum != $1.sum ? $0.sum > $1.sum : $0.id < $1.id }
        return [total] + channels.prefix(StaffingForecast.greatestChannels).map(\.id)
    }

    /// The factor of each hour's day.
    private func factors(_ id: SeriesID, _ history: ClosedRange<CivilDate>) -> [Double]? {
        let days = history.upperBound - history.lowerBound + 1 + horizon
        return effects.factors(id, from: history.lowerBound, count: days)?.flatMap { repeatElement($0, count: 24) }
    }
}

/// The hours of history and future with their real length and whether the desk is open in them.
struct StaffingGrid {
    let history: ClosedRange<CivilDate>
    let horizon: Int
    let lengths: LocalHours
    /// 24 a day over history and future.
    private let isOpen: [Bool]
    private let hasCalendar: Bool

    init(history: ClosedRange<CivilDate>, horizon: Int, zone: LocalZone, opening: BusinessCalendar?) {
        self.history = history
        self.horizon = horizon
        let days = history.lowerBound...(history.upperBound + horizon)
        let lengths = LocalHours(days: days, zone: zone)
        self.lengths = lengths
        hasCalendar = opening != nil
        isOpen = lengths.minutes.indices.map { index in
            guard let opening, lengths.minutes[index] > 0 else { return lengths.minutes[index] > 0 }
            let day = days.lowerBound + index / 24
            let wall = Int64(day.daysSinceEpoch) * 86_400_000 + Int64(index % 24) * 3_600_000
            let start = zone.instant(local: wall).instant
            let end = Timestamp(milliseconds: start.milliseconds + Int64(lengths.minutes[index]) * 60_000)
            return opening.milliseconds(from: start, to: end) > 0
        }
    }

    /// Whether more than a share of the arrivals of the history came in closed hours: mail, say, which waits.
    func arrivesWhileClosed(_ counts: [Int64], atMost share: Double) -> Bool {
        guard hasCalendar else { return true }
        var all: Int64 = 0
        var closed: Int64 = 0
        for (index, count) in counts.enumerated() {
            all += count
            if !isOpen[index] { closed += count }
        }
        return Double(closed) > share * Double(all)
    }

    /// Makes unknown what holidays silenced: closed hours of the history that are open in most weeks.
    func forgetExceptions(_ rates: inout [Double]) {
        var open = [Int](repeating: 0, count: 168)
        var all = open
        for index in rates.indices {
            all[index % 168] += 1
            if isOpen[index] { open[index % 168] += 1 }
        }
        for index in rates.indices where !isOpen[index] && 2 * open[index % 168] > all[index % 168] {
            rates[index] = .nan
        }
    }

    /// The hours ahead that exist; rates become arrivals in the hour's real length.
    func hours(_ forecast: Forecast, closedAreZero: Bool) -> [StaffingHour] {
        let first = 24 * (history.upperBound - history.lowerBound + 1)
        let levels = forecast.intervals
        return forecast.mean.indices.compactMap { h in
            let minutes = lengths.minutes[first + h]
            guard minutes > 0, levels.count == 2 else { return nil }
            let open = isOpen[first + h]
            let scale = closedAreZero && !open ? 0 : Double(minutes) / 60
            return StaffingHour(
                day: history.upperBound + 1 + h / 24, hour: h % 24, minutes: minutes, isOpen: open,
                expected: scale * forecast.mean[h], lower80: scale * levels[0].lower[h],
                upper80: scale * levels[0].upper[h], lower95: scale * levels[1].lower[h],
                upper95: scale * levels[1].upper[h])
        }
    }
}
