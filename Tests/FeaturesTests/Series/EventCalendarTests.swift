import Features
import Foundation
import Runtime
import Support
import Testing

private func read(_ text: String) throws -> EventCalendar { try EventCalendar(Array(text.utf8), path: "c") }
/// A date written as 2026-02-17.
private func day(_ text: String) -> CivilDate { CivilDate(text) ?? CivilDate(daysSinceEpoch: 0) }

@Suite struct EventCalendarTests {
    @Test func longTablesNameSetsWithLeadAndWake() throws {
        let calendar = try read(
            """
            # a remark
            date,event,kind,lead,lag,basis
            2026-11-11,double_11,peak,1,2,custom
            2026-02-16,"spring, festival",holiday,,,"a ""notice"" of"
            2026-02-17,"spring, festival",holiday,1,0,
            2026-02-14,makeup,workday
            """)
        #expect(
            calendar.sets.map(\.name) == [
                "double_11", "double_11 before", "double_11 after", "spring, festival", "spring, festival before",
                "makeup",
            ])
        #expect(calendar.sets.map(\.kind) == [.peak, .peak, .peak, .holiday, .holiday, .workday])
        #expect(calendar.sets[2].days == [day("2026-11-12"), day("2026-11-13")])
        // The eve of the second day is the first day itself, not a lead.
        #expect(calendar.sets[4].days.isEmpty)
        #expect(calendar.sets(on: day("2026-11-10")) == [1] && !calendar.contains(day("2026-11-09")))
    }

    @Test func wideTablesHoldOnesAndZeros() throws {
        let calendar = try read("date,cny,peak\r\n2026-02-17,1,0\r\n2026-02-18,1,1\r\n2026-02-19,0,\r\n")
        #expect(calendar.sets.map(\.name) == ["cny", "peak"])
        #expect(calendar.sets(on: day("2026-02-18")) == [0, 1] && calendar.sets(on: day("2026-02-19")) == [])
    }

    @Test func internetCalendarsGiveDaysSpansAndYearlyRules() throws {
        let calendar = try read(
            """
            BEGIN:VCALENDAR\r
            VERSION:2.0\r
            BEGIN:VEVENT\r
            UID:1\r
            DTSTART;VALUE=DATE:20260215\r
            DTEND;VALUE=DATE:20260218\r
            SUMMARY:Spring Festi\r
             val\\, 2026\r
            CATEGORIES:Holiday\r
            BEGIN:VALARM\r
            SUMMARY:wake up\r
            END:VALARM\r
            END:VEVENT\r
            BEGIN:VEVENT\r
            DTSTART:20240229T090000Z\r
            RRULE:FREQ=YEARLY;COUNT=2\r
            EXDATE;VALUE=DATE:20240229\r
            SUMMARY:leap\r
            END:VEVENT\r
            BEGIN:VEVENT\r
            DTSTART;VALUE=DATE:20251111\r
            DURATION:P2D\r
            RRULE:FREQ=YEARLY;UNTIL=20271231\r
            RDATE;VALUE=DATE:20260618\r
            SUMMARY:peak\r
            END:VEVENT\r
            END:VCALENDAR\r
            """)
        #expect(calendar.sets.map(\.name) == ["Spring Festival, 2026", "leap", "peak"])
        #expect(calendar.sets[0].days.map(\.description) == ["2026-02-15", "2026-02-16", "2026-02-17"])
        #expect(calendar.sets[0].kind == .holiday)
        #expect(calendar.sets[1].days.map(\.description) == ["2028-02-29"])
        #expect(
            calendar.sets[2].days.map(\.description) == [
                "2025-11-11", "2025-11-12", "2026-06-18", "2026-06-19", "2026-11-11", "2026-11-12", "2027-11-11",
                "2027-11-12",
            ])
    }

    @Test(arguments: [
        ("date,event\n2026-02-30,x\n", 2, "2026-02-30"), ("date,event\n2026-02-01,\n", 2, "name"),
        ("date,event,kind\n2026-02-01,x,feast\n", 2, "feast"), ("date,event,lead\n2026-02-01,x,99\n", 2, "99"),
        ("when,what\n1,2\n", 1, "date"), ("date,a\n2026-02-01,7\n", 2, "7"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2026\nEND:VEVENT\n", 3, "2026"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n", 2, "DTSTART"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nRRULE:FREQ=YEARLY;BYDAY=1MO\nEND:VEVENT\n", 2, "RDATE"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260231\nEND:VEVENT\n", 3, "20260231"),
    ])
    func whatCannotBeFollowedIsNamedWithItsLine(text: String, line: Int, word: String) throws {
        let error = #expect(throws: EventCalendarError.self) { try read(text) }
        guard case .line("c", let found, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found == line && reason.contains(word), "\(reason)")
    }

    @Test func anEmptyFileIsRefusedAndAnEmptyCalendarIsNot() throws {
        #expect(throws: EventCalendarError.unreadable(path: "c", reason: "the calendar has no lines")) {
            try read("\n \n")
        }
        #expect(try read("date,event\n").isEmpty && EventCalendar.empty.sets(on: day("2026-01-01")) == [])
    }
}

@Suite struct CalendarEffectsTests {
    private let start = CivilDate(year: 2025, month: 1, day: 6)

    private func calendar(_ offsets: [Int]) -> EventCalendar {
        EventCalendar([.init(name: "peak", kind: .peak, days: offsets.map { start + $0 })])
    }

    private func history(_ base: Double, factor: Double, on peaks: [Int], days: Int = 200) -> CalendarEffects.History {
        let week = [1.2, 1.1, 1, 1, 1.1, 0.5, 0.4]
        return .init(
            start: start,
            values: (0..<days).map { (base * week[$0 % 7] * (peaks.contains($0) ? factor : 1)).rounded() })
    }

    @Test func theFormulaHoldsToTheLastDigit() throws {
        // Two series, one day: 240 and 9 against usual 100 and 6; w = 30.
        let values = { (usual: Double, actual: Double) in
            CalendarEffects.History(
                start: self.start, values: Array(repeating: usual, count: 40) + [actual] + [usual])
        }
        let effects = CalendarEffects.fit([values(100, 240), values(6, 9)], calendar: calendar([40]))
        let pooled = 249.0 / 106
        #expect(abs(effects.pooled[0] - pooled) < 1e-12)
        #expect(abs(effects.factor(start + 40, series: 0) - (240 + 30 * pooled) / 130) < 1e-12)
        #expect(abs(effects.factor(start + 40, series: 1) - (9 + 30 * pooled) / 36) < 1e-12)
        #expect(effects.factor(start + 39, series: 0) == 1 && effects.factor(start + 40) == effects.pooled[0])
    }

    @Test func effectsAreLearntTakenOutAndPutBack() {
        let peaks = [60, 61, 150, 151, 230]
        let series = [history(200, factor: 2.5, on: peaks), history(300, factor: 1.4, on: peaks)]
        let effects = CalendarEffects.fit(series, calendar: calendar(peaks))
        #expect(abs(effects.factor(start + 230, series: 0) - 2.5) < 0.15)
        #expect(abs(effects.factor(start + 230, series: 1) - 1.4) < 0.1)
        let adjusted = effects.adjusted(series[0], series: 0)
        for day in 0..<200 {
            #expect(abs(adjusted[day] - series[0].values[day] / effects.factor(start + day, series: 0)) < 1e-9)
        }
        #expect(abs(adjusted[60] / adjusted[53] - 1) < 0.08)
        #expect(effects.factors(from: start + 229, count: 3, series: 0)[0] == 1)
    }

    @Test func aSmallSeriesTakesTheFactorOfTheMany() {
        let peaks = [100]
        let many = (0..<20).map { _ in history(200, factor: 3, on: peaks) }
        let effects = CalendarEffects.fit(many + [history(1, factor: 0, on: peaks)], calendar: calendar(peaks))
        #expect(effects.factor(start + 100, series: 20) > 2.5)
        // One unknown day, and one before any history: the factor of the many, or none.
        let unseen = CalendarEffects.fit(many, calendar: calendar([3]))
        #expect(unseen.factor(start + 3, series: 0) == 1)
    }

    @Test(arguments: [1e-12, 1, 1e12])
    func measuresKeepTheirUnits(scale: Double) {
        let peaks = [80, 120]
        let plain = history(200, factor: 2, on: peaks)
        let scaled = CalendarEffects.History(
            start: start, values: plain.values.map { $0 * scale }, isCount: false)
        let effects = CalendarEffects.fit([scaled], calendar: calendar(peaks))
        #expect(abs(effects.factor(start + 80, series: 0) - 2) < 0.1)
    }

    @Test func missingDaysAndEmptySeriesSayNothing() {
        var gaps = history(200, factor: 2, on: [80])
        gaps.values[80] = .nan
        let effects = CalendarEffects.fit(
            [gaps, .init(start: start, values: []), .init(start: start, values: [.nan, .nan])],
            calendar: calendar([80]))
        #expect((0..<3).allSatisfy { effects.factor(start + 80, series: $0) == 1 })
        #expect(CalendarEffects.fit([], calendar: calendar([80])).factor(start + 80) == 1)
    }
}

@Suite struct ChinaCalendarTests {
    private func calendar(_ name: String) throws -> EventCalendar {
        let path = "\(Binary.checkout)/datasets/calendars/\(name).csv"
        return try EventCalendar(Array(try Data(contentsOf: URL(fileURLWithPath: path))), path: path)
    }

    /// Days off in all and on weekdays, make-up workdays, statutory days of the law in force.
    @Test(arguments: [(2024, 28, 19, 8, 11), (2025, 28, 18, 5, 13), (2026, 33, 19, 6, 13)])
    func theNoticesAddUp(year: Int, off: Int, offOnWeekdays: Int, workdays: Int, statutory: Int) throws {
        let calendar = try calendar("china-\(year)")
        let holidays = calendar.sets.filter { $0.kind == .holiday }.flatMap(\.days)
        let makeups = calendar.sets.filter { $0.kind == .workday }.flatMap(\.days)
        #expect(holidays.count == off && Set(holidays).count == off && makeups.count == workdays)
        #expect((holidays + makeups).allSatisfy { $0.components.year == year })
        #expect(Set(holidays).isDisjoint(with: makeups))
        // Every make-up workday is a Saturday or Sunday.
        #expect(makeups.allSatisfy { $0.weekday >= 6 })
        #expect(holidays.count { $0.weekday <= 5 } == offOnWeekdays)
        // Days off on weekdays that the law does not grant are worked at weekends.
        #expect(offOnWeekdays - workdays == statutory)
        #expect(
            calendar.sets.filter { $0.kind == .holiday }.allSatisfy { set in
                zip(set.days.dropFirst(), set.days).allSatisfy { $0 - $1 == 1 }
            })
    }

    @Test func theRuleMadeYearHoldsTheStatutoryDaysAndNoExchange() throws {
        let calendar = try calendar("china-2027-statutory")
        #expect(calendar.sets.allSatisfy { $0.kind == .holiday } && calendar.sets.flatMap(\.days).count == 13)
        #expect(calendar.sets.first { $0.name == "spring_festival" }?.days.count == 4)
    }

    @Test func shoppingPeaksHaveLeadAndWake() throws {
        let calendar = try calendar("shopping-peaks")
        let names = calendar.sets.map(\.name)
        #expect(names.contains("double_11") && names.contains("double_11 before") && names.contains("june_18 after"))
        #expect(calendar.sets.first { $0.name == "double_11 after" }?.days.count == 24)
    }
}
