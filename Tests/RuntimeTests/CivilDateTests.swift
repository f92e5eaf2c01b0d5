import Foundation
import Runtime
import Support
import Testing

@Suite struct CivilDateTests {
    @Test(arguments: [
        ("1970-01-01", 0, 4), ("1969-12-31", -1, 3), ("2000-02-29", 11016, 2), ("2026-11-20", 20777, 5),
        ("1900-03-01", -25508, 4), ("0001-01-01", -719162, 1), ("9999-12-31", 2_932_896, 5),
    ])
    func knownDates(text: String, days: Int32, weekday: Int) throws {
        let date = try #require(CivilDate(text))
        #expect(date.daysSinceEpoch == days)
        #expect(date.weekday == weekday)
        #expect(date.description == text)
    }

    @Test func everyDayOfFourCenturiesFollowsTheOneBefore() {
        var (year, month, day) = (1800, 1, 1)
        var date = CivilDate(year: year, month: month, day: day)
        for _ in 0..<146_097 {
            #expect(date.components == (year, month, day))
            #expect(CivilDate(year: year, month: month, day: day) == date)
            day += 1
            if day > CivilDate.daysIn(month: month, year: year) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
            let next = date + 1
            #expect(next.weekday == date.weekday % 7 + 1)
            #expect(next - date == 1 && next > date)
            date = next
        }
    }

    @Test(arguments: [
        "", "2026", "2026-1-01", "2026-13-01", "2026-00-10", "2026-02-29", "2026-04-31", "2026-01-00", "26-01-01",
        "+202-01-01", "2026-+1-01", "2026-01-+1", "-026-01-01", "2026-01-01 ", "2026-01-01-", "２０２６-01-01",
        "0000-01-01",
    ])
    func refuses(text: String) { #expect(CivilDate(text) == nil) }

    @Test(arguments: [
        ("2026-01-01", 2026, 1), ("2025-12-29", 2026, 1), ("2026-12-31", 2026, 53), ("2027-01-03", 2026, 53),
        ("2021-01-03", 2020, 53), ("2024-12-30", 2025, 1), ("2026-11-20", 2026, 47),
    ])
    func isoWeeks(text: String, year: Int, week: Int) throws {
        let date = try #require(CivilDate(text))
        #expect(date.isoWeek == (year, week))
    }

    @Test func isoWeeksAgreeWithFoundation() throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        for days in stride(from: -20_000, to: 40_000, by: 13) {
            let parts = calendar.dateComponents(
                [.yearForWeekOfYear, .weekOfYear], from: Date(timeIntervalSince1970: Double(days) * 86_400))
            let week = CivilDate(daysSinceEpoch: Int32(days)).isoWeek
            #expect(week.year == parts.yearForWeekOfYear && week.week == parts.weekOfYear)
        }
    }
}

@Suite struct TimestampTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (1_772_413_449_250, "2026-03-02T01:04:09.250Z"), (-62_135_596_800_000, "0001-01-01T00:00:00Z"),
            (59_040, "1970-01-01T00:00:59.040Z"),
        ] as [(Int64, String)])
    func iso8601(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
    }

    @Test func arithmeticAndOrder() {
        let a = Timestamp(seconds: 10)
        #expect(a + 500 > a && (a + 500) - a == 500 && a.milliseconds == 10_000)
        #expect(abs(Timestamp.now() - Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))) < 5_000)
    }

    @Test(arguments: [(-7, 3, -3, 2), (7, 3, 2, 1), (-6, 3, -2, 0), (0, 5, 0, 0)] as [(Int64, Int64, Int64, Int64)])
    func flooredDivision(value: Int64, divisor: Int64, quotient: Int64, remainder: Int64) {
        #expect(value.quotientAndRemainderFloored(dividingBy: divisor) == (quotient, remainder))
    }
}
