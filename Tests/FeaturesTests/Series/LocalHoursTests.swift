import Aggregates
import Features
import Records
import Runtime
import Testing

@Suite struct LocalHoursTests {
    private static let changes: [(zone: String, day: CivilDate, hour: Int, minutes: Int)] = [
        ("Europe/Berlin", CivilDate(year: 2026, month: 3, day: 29), 2, 0),
        ("Europe/Berlin", CivilDate(year: 2026, month: 10, day: 25), 2, 120),
        ("America/New_York", CivilDate(year: 2026, month: 11, day: 1), 1, 120),
        // Half an hour, and a change at midnight.
        ("Australia/Lord_Howe", CivilDate(year: 2026, month: 10, day: 4), 2, 30),
        ("Australia/Lord_Howe", CivilDate(year: 2026, month: 4, day: 5), 1, 90),
        ("America/Sao_Paulo", CivilDate(year: 2018, month: 11, day: 4), 0, 0),
        ("Asia/Shanghai", CivilDate(year: 2026, month: 3, day: 29), 2, 60),
    ]

    @Test(arguments: changes.indices)
    func hoursOfAClockChange(_ index: Int) throws {
        let (name, day, hour, minutes) = LocalHoursTests.changes[index]
        let zone = try #require(LocalZone(identifier: name))
        let hours = LocalHours(days: (day - 1)...(day + 1), zone: zone)
        #expect(hours[day, hour] == minutes)
        let others = (0..<72).filter { $0 != 24 + hour }
        #expect(others.allSatisfy { hours.minutes[$0] == 60 })
    }

    @Test(arguments: ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"])
    func everyDayAddsUpToItsRealLength(_ name: String) throws {
        let zone = try #require(LocalZone(identifier: name))
        let first = CivilDate(year: 2025, month: 1, day: 1)
        let hours = LocalHours(days: first...(first + 729), zone: zone)
        for offset in 0..<730 {
            let real = zone.start(of: first + offset + 1).milliseconds - zone.start(of: first + offset).milliseconds
            #expect(Int64(hours.minutes[24 * offset..<24 * offset + 24].reduce(0, +)) * 60_000 == real)
        }
    }

    @Test func ratesKeepTheUnknownApartFromZero() throws {
        let zone = try #require(LocalZone(identifier: "Europe/Berlin"))
        let spring = CivilDate(year: 2026, month: 3, day: 29)
        let autumn = CivilDate(year: 2026, month: 10, day: 25)
        func cell(_ day: CivilDate, _ hour: Int, _ count: Int64) -> HourlyCell {
            HourlyCell(day: day, hour: hour, channel: "a", metric: .casesCreated, count: count)
        }
        func rates(_ day: CivilDate, missing: CivilDate? = nil, knownUntil: Int = .max) -> [Double] {
            let days = day...(day + 1)
            let series = HourlySeries(
                cells: [cell(day, 1, 4), cell(day, 2, 9), cell(day + 1, 5, 3)], metric: .casesCreated, days: days)
            return series.rates(
                LocalHours(days: days, zone: zone), missing: { $0 == missing }, knownUntil: knownUntil)
        }
        let skipped = rates(spring)
        #expect(skipped.count == 48 && skipped[1] == 4 && skipped[2].isNaN && skipped[3] == 0 && skipped[29] == 3)
        let repeated = rates(autumn)
        #expect(repeated[1] == 4 && (repeated[2] == 4 || repeated[2] == 5) && repeated[3] == 0)
        let cut = rates(autumn, missing: autumn, knownUntil: 30)
        #expect(cut[..<24].allSatisfy(\.isNaN) && cut[29] == 3 && cut[30].isNaN && cut[47].isNaN)
    }
}

@Suite struct PartialDayTests {
    private let day = CivilDate(year: 2026, month: 11, day: 20)

    /// Nine weeks of a desk with `rate` cases in each hour from 8 to 19; the last day ends before `end`.
    private func cells(rate: Int64, weeks: Int = 9, end: Int) -> [HourlyCell] {
        (0..<7 * weeks).flatMap { back in
            (8..<20).compactMap { hour in
                back == 0 && hour >= end
                    ? nil : HourlyCell(day: day - back, hour: hour, channel: nil, metric: .casesCreated, count: rate)
            }
        }
    }

    @Test func aBusyDeskThatFallsSilentAtNoonWasCutOff() {
        #expect(PartialDay.silentFrom(cells(rate: 5, end: 12), day: day) == 12)
    }

    @Test func aQuietEveningIsNoCut() {
        #expect(PartialDay.silentFrom(cells(rate: 5, end: 20), day: day) == nil)
        // Six cases were to be expected from 14 on: chance will do that.
        #expect(PartialDay.silentFrom(cells(rate: 1, end: 14), day: day) == nil)
        #expect(PartialDay.silentFrom(cells(rate: 1, end: 13), day: day) == 13)
    }

    @Test func withoutEnoughSameWeekdaysNothingIsSaid() {
        #expect(PartialDay.silentFrom(cells(rate: 50, weeks: 3, end: 12), day: day) == nil)
        #expect(PartialDay.silentFrom([], day: day) == nil)
        #expect(PartialDay.silentFrom(cells(rate: 50, end: 0), day: day) == nil)
    }
}
