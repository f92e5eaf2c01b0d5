import Aggregates
import Features
import Models
import Records
import Runtime
import Testing

@testable import Pipeline

@Suite struct StaffingForecastTests {
    /// A Saturday; the night after it clocks in Berlin go forward, and from 01:59 to 03:00.
    private static let spring = CivilDate(year: 2026, month: 3, day: 28)
    /// The day before clocks go back.
    private static let autumn = CivilDate(year: 2026, month: 10, day: 24)

    /// Eight cases in each hour from 8 to 18 on workdays and one in every other hour, in two channels.
    private static func cells(_ last: CivilDate, weeks: Int = 6, night: Int64 = 1, until: Int = 24) -> [HourlyCell] {
        (0..<7 * weeks).flatMap { back -> [HourlyCell] in
            let day = last - back
            return (0..<(back == 0 ? until : 24)).flatMap { hour -> [HourlyCell] in
                let isBusy = day.weekday <= 5 && (8..<18).contains(hour)
                return [("chat", isBusy ? 6 : 0), ("email", isBusy ? 2 : night)].filter { $0.1 > 0 }.map {
                    HourlyCell(day: day, hour: hour, channel: $0.0, metric: .casesCreated, count: $0.1)
                }
            }
        }
    }

    private static func forecast(
        _ cells: [HourlyCell], last: CivilDate, opening: BusinessCalendar? = nil, budget: Int = .max, workers: Int = 1,
        silentFrom: Int? = nil
    ) throws -> [StaffingSeries] {
        let zone = try #require(LocalZone(identifier: "Europe/Berlin"))
        var panel = ForecastPanel(budget: budget, workers: workers)
        let history = (last - 41)...last
        let cube = DailyCube(
            cells: history.lowerBound.daysSinceEpoch <= history.upperBound.daysSinceEpoch
                ? (0...41).map {
                    DailyCell(
                        day: last - $0, cuboid: .topic, metric: .casesCreated, segment: SegmentKey(),
                        calendar: Tally(count: 1, sum: 1))
                } : [])
        return StaffingForecast(
            cells: cells, last: last, horizon: 14, zone: zone, opening: opening,
            effects: DayEffects(.empty, cube: cube, history: history), silentFrom: silentFrom
        ).forecast(missing: SeriesBuilder(cube: cube, days: history), &panel)
    }

    private static func office(_ zone: String = "Europe/Berlin") throws -> BusinessCalendar {
        try BusinessCalendar(
            zone: try #require(LocalZone(identifier: zone)),
            weekly: (1...5).map { (weekday: $0, hours: "08:00-18:00") },
            exceptions: [(date: "2026-04-03", hours: "off")])
    }

    @Test func aDayOfTwentyThreeHoursHasTwentyThree() throws {
        let series = try Self.forecast(Self.cells(Self.spring), last: Self.spring, budget: 0)
        let total = try #require(series.first)
        #expect(series.map(\.id.value) == [nil, "chat", "email"] && total.method.isFallback)
        #expect(total.hours.count == 14 * 24 - 1)
        let sunday = total.hours.filter { $0.day == Self.spring + 1 }
        #expect(sunday.map(\.hour) == Array(0..<24).filter { $0 != 2 })
        // Monday after the change is as busy as ever at 9 o'clock local time.
        let monday = try #require(total.hours.first { $0.day == Self.spring + 2 && $0.hour == 9 })
        #expect(abs(monday.expected - 8) < 1 && monday.lower95 <= 8 && monday.upper95 >= 8)
    }

    @Test func aRepeatedHourHoldsTwice() throws {
        let total = try #require(try Self.forecast(Self.cells(Self.autumn), last: Self.autumn, budget: 0).first)
        #expect(total.hours.count == 14 * 24)
        let sunday = total.hours.filter { $0.day == Self.autumn + 1 }
        #expect(sunday[2].minutes == 120 && abs(sunday[2].expected - 2 * sunday[3].expected) < 0.2)
        #expect(sunday[2].lower80 >= 0)
    }

    @Test func closedHoursAreZerosWhereNothingComesInThem() throws {
        let opening = try Self.office()
        let series = try Self.forecast(
            Self.cells(Self.spring, night: 0), last: Self.spring, opening: opening, budget: 0)
        let total = try #require(series.first)
        for hour in total.hours {
            let isOffice =
                hour.day.weekday <= 5 && (8..<18).contains(hour.hour)
                && hour.day != CivilDate(year: 2026, month: 4, day: 3)
            #expect(hour.isOpen == isOffice)
            if isOffice {
                #expect(abs(hour.expected - 8) < 1)
            } else {
                #expect(hour.expected == 0 && hour.upper95 == 0)
            }
        }
    }

    @Test func mailThatComesAtNightIsNotLost() throws {
        let series = try Self.forecast(
            Self.cells(Self.spring, night: 2), last: Self.spring, opening: try Self.office(), budget: 0)
        let email = try #require(series.first { $0.id.value == "email" })
        let night = try #require(email.hours.first { $0.day == Self.spring + 3 && $0.hour == 3 })
        #expect(!night.isOpen && abs(night.expected - 2) < 0.3)
        // Chat has nothing at night: its closed hours are zeros.
        let chat = try #require(series.first { $0.id.value == "chat" })
        #expect(chat.hours.filter { !$0.isOpen }.allSatisfy { $0.expected == 0 })
    }

    @Test func hoursThatAreNotKnownYetAreNoZeros() throws {
        // A Friday of which the data end at noon.
        let friday = Self.spring - 1
        let cells = Self.cells(friday, until: 12)
        #expect(PartialDay.silentFrom(cells, day: friday) == 12)
        let known = try #require(
            try Self.forecast(cells, last: friday, budget: 0, silentFrom: 12).first?.hours.first {
                $0.day == friday + 7 && $0.hour == 14
            })
        let fooled = try #require(
            try Self.forecast(cells, last: friday, budget: 0).first?.hours.first {
                $0.day == friday + 7 && $0.hour == 14
            })
        #expect(known.expected > fooled.expected && abs(known.expected - 8) < 0.5)
    }

    @Test func aHolidayOfTheHistoryIsForgotten() throws {
        // Good Friday lies inside the history now: closed and silent, while Fridays are open.
        let last = CivilDate(year: 2026, month: 4, day: 11)
        let holiday = CivilDate(year: 2026, month: 4, day: 3)
        let cells = Self.cells(last, night: 0).filter { $0.day != holiday }
        let total = try #require(
            try Self.forecast(cells, last: last, opening: try Self.office(), budget: 0).first)
        let friday = try #require(total.hours.first { $0.day.weekday == 5 && $0.hour == 10 })
        #expect(abs(friday.expected - 8) < 0.5)
    }

    @Test func tooLittleIsSaidNothingOf() throws {
        #expect(try Self.forecast([], last: Self.spring).isEmpty)
        let two = Self.cells(Self.spring).filter { $0.day > Self.spring - 2 }
        #expect(try Self.forecast(two, last: Self.spring).isEmpty)
    }
}

@Suite struct DailyForecastTests {
    private let last = CivilDate(year: 2026, month: 10, day: 4)

    private func watched(_ values: [Double?], _ metric: Metric = .casesCreated) -> WatchedSeries {
        let start = last - (values.count - 1)
        return WatchedSeries(
            id: SeriesID(metric: metric),
            points: values.enumerated().map {
                SeriesPoint(day: start + $0, observed: $1, expected: nil, lower: nil, upper: nil)
            },
            forecast: (0..<14).map {
                SeriesPoint(day: last + 1 + $0, observed: nil, expected: -1, lower: nil, upper: nil)
            })
    }

    private func run(_ series: [WatchedSeries], budget: Int = .max, isPartial: Bool = false) -> ([WatchedSeries], Int) {
        var series = series
        var panel = ForecastPanel(budget: budget, workers: 1)
        let effects = DayEffects(.empty, cube: DailyCube(cells: []), history: last...last)
        let late = DailyForecast(effects: effects, horizon: 14, last: last, isLastPartial: isPartial)
            .replaceForecasts(of: &series, &panel)
        return (series, late)
    }

    /// Forty days of a week that repeats, after ten days before the series began.
    private let values: [Double?] = (0..<50).map { $0 < 10 ? nil : Double([30, 28, 26, 24, 28, 12, 6][($0 - 10) % 7]) }

    @Test func theModelIsNamedAndTheWeekIsInPlace() {
        let (series, late) = run([watched(values)])
        #expect(late == 0 && series[0].method?.isFallback == false && series[0].method?.name.isEmpty == false)
        #expect(series[0].forecast.count == 14 && series[0].forecast[0].day == last + 1)
        for (h, point) in series[0].forecast.enumerated() {
            let usual = Double([30, 28, 26, 24, 28, 12, 6][(40 + h) % 7])
            #expect(abs((point.expected ?? -9) - usual) < 6)
            #expect((point.lower ?? -1) >= 0 && (point.upper ?? 0) >= (point.expected ?? 1))
        }
    }

    @Test func aPartialLastDayDoesNotPullTheForecastDown() {
        var cut = values
        cut[49] = 1
        let fooled = run([watched(cut)]).0[0].forecast.reduce(0) { $0 + ($1.expected ?? 0) }
        let told = run([watched(cut)], isPartial: true).0[0]
        let whole = run([watched(values)]).0[0].forecast.reduce(0) { $0 + ($1.expected ?? 0) }
        let sum = told.forecast.reduce(0) { $0 + ($1.expected ?? 0) }
        #expect(abs(sum - whole) < abs(fooled - whole) && told.forecast.first?.day == last + 1)
        // A stock stands where it stands.
        let stock = run([watched(cut, .backlog)], isPartial: true).0[0]
        #expect(stock.forecast == run([watched(cut, .backlog)]).0[0].forecast)
    }

    @Test func beyondTheBudgetTheBaselineStays() {
        let (series, late) = run([watched(values), watched([1, 2, 3])], budget: 0)
        #expect(late == 2 && series.allSatisfy { $0.method == ForecastMethod(name: "DGLM[7]", isFallback: true) })
        #expect(series[0].forecast.allSatisfy { $0.expected == -1 })
        // Three days are too few for a choice, whatever the budget.
        let short = run([watched([1, 2, 3])])
        #expect(short.1 == 0 && short.0[0].method == ForecastMethod(name: "DGLM[7]"))
    }
}
