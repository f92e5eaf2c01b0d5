import Records
import Runtime
import Support
import Testing

private let week = (1...5).map { (weekday: $0, hours: "09:00-18:00") }

private func zone(_ name: String) throws -> LocalZone { try #require(LocalZone(identifier: name)) }

/// A wall-clock time `yyyy-MM-ddTHH:MM` in a zone.
private func at(_ text: String, _ zone: LocalZone) throws -> Timestamp {
    let date = try #require(CivilDate(String(text.prefix(10))))
    let hour = try #require(Int64(text.dropFirst(11).prefix(2)))
    let minute = try #require(Int64(text.suffix(2)))
    return zone.instant(local: Int64(date.daysSinceEpoch) * 86_400_000 + hour * 3_600_000 + minute * 60_000).instant
}

@Suite struct BusinessCalendarTests {
    // 2026-11-20 is a Friday.
    @Test(
        arguments: [
            ("2026-11-20T17:30", "2026-11-23T09:10", [], 2_400),
            ("2026-11-20T17:30", "2026-11-23T09:10", [("2026-11-21", "on:09:00-18:00")], 34_800),
            ("2026-11-20T17:30", "2026-11-23T09:10", [("2026-11-21", "on")], 34_800),
            ("2026-11-20T17:30", "2026-11-23T09:10", [("2026-11-21", "on:fri")], 34_800),
            ("2026-11-20T17:30", "2026-11-24T09:10", [("2026-11-23", "off")], 2_400),
            ("2026-11-21T10:00", "2026-11-23T08:30", [], 0),
            ("2026-11-23T09:00", "2026-11-23T09:00", [], 0),
            ("2026-11-23T09:00", "2026-11-23T18:00", [("2026-11-23", "off:12:00-18:00")], 10_800),
            ("2026-11-23T00:00", "2026-11-24T00:00", [("2026-11-23", "10:00-12:00,13:00-14:00")], 10_800),
            ("2026-11-23T00:00", "2026-11-24T00:00", [("2026-11-23", "on:sun")], 0),
            ("2026-11-24T00:00", "2026-11-23T00:00", [], 0),
        ] as [(String, String, [(String, String)], Int64)])
    func workedCases(from: String, to: String, exceptions: [(String, String)], seconds: Int64) throws {
        let zone = try zone("Asia/Shanghai")
        let calendar = try BusinessCalendar(
            zone: zone, weekly: week, exceptions: exceptions.map { (date: $0.0, hours: $0.1) })
        #expect(calendar.milliseconds(from: try at(from, zone), to: try at(to, zone)) == seconds * 1000)
    }

    @Test(arguments: [("2026-03-08", 82_800), ("2026-11-01", 90_000), ("2026-06-01", 86_400)] as [(String, Int64)])
    func daysOfClockChanges(day: String, seconds: Int64) throws {
        let zone = try zone("America/New_York")
        let date = try #require(CivilDate(day))
        let always = BusinessCalendar.always(zone: zone)
        #expect(always.milliseconds(from: zone.start(of: date), to: zone.start(of: date + 1)) == seconds * 1000)
        #expect(always.isOpen(at: zone.start(of: date)))
    }

    @Test func hoursWithinAClockChange() throws {
        let zone = try zone("America/New_York")
        let calendar = try BusinessCalendar(zone: zone, weekly: [(7, "01:00-02:30")])
        for (day, seconds) in [("2026-03-08", 3_600), ("2026-11-01", 9_000), ("2026-06-07", 5_400)] as [(String, Int64)]
        {
            let date = try #require(CivilDate(day))
            // The skipped half hour is never open, the repeated hour is open twice.
            #expect(
                calendar.milliseconds(from: zone.start(of: date), to: zone.start(of: date + 1)) == seconds * 1000,
                "\(day)")
        }
    }

    @Test func nightShiftsAreSplitAtMidnight() throws {
        let zone = try zone("Asia/Shanghai")
        let calendar = try BusinessCalendar(
            zone: zone, weekly: [(5, "22:00-06:00"), (6, "05:00-07:00")], exceptions: [("2026-11-28", "off")])
        // Friday night runs into Saturday, where it touches Saturday's own hours.
        #expect(
            calendar.milliseconds(from: try at("2026-11-20T12:00", zone), to: try at("2026-11-22T00:00", zone))
                == 9 * 3_600_000)
        // A closed Saturday ends the night at midnight.
        #expect(
            calendar.milliseconds(from: try at("2026-11-27T12:00", zone), to: try at("2026-11-29T00:00", zone))
                == 2 * 3_600_000)
        // Sunday night into Monday wraps around the week.
        let wrap = try BusinessCalendar(zone: zone, weekly: [(7, "23:00-01:00")])
        #expect(
            wrap.milliseconds(from: try at("2026-11-22T00:00", zone), to: try at("2026-11-24T00:00", zone)) == 7_200_000
        )
    }

    @Test func exceptionsThatCrossMidnight() throws {
        let zone = try zone("Asia/Shanghai")
        let open = try BusinessCalendar(zone: zone, weekly: week, exceptions: [("2026-11-21", "22:00-02:00")])
        #expect(
            open.milliseconds(from: try at("2026-11-21T00:00", zone), to: try at("2026-11-23T00:00", zone))
                == 14_400_000)
        let closed = try BusinessCalendar(zone: zone, weekly: week, exceptions: [("2026-11-22", "off:20:00-10:00")])
        #expect(
            closed.milliseconds(from: try at("2026-11-22T00:00", zone), to: try at("2026-11-24T00:00", zone))
                == 28_800_000)
        let yields = try BusinessCalendar(
            zone: zone, weekly: week, exceptions: [("2026-11-21", "22:00-02:00"), ("2026-11-22", "off")])
        #expect(
            yields.milliseconds(from: try at("2026-11-21T00:00", zone), to: try at("2026-11-23T00:00", zone))
                == 7_200_000)
    }

    @Test func yearsWithoutHolidays() throws {
        let zone = try zone("Asia/Shanghai")
        let calendar = try BusinessCalendar(
            zone: zone, weekly: week, exceptions: [("2025-10-01", "off")], coveredYears: [2027])
        let days = try #require(CivilDate("2024-12-30"))...(try #require(CivilDate("2027-01-02")))
        #expect(calendar.uncoveredYears(of: days) == [2024, 2026])
        #expect(calendar.coveredYears == [2025, 2027])
    }

    // MARK: Laws

    private func randomCalendar(_ random: inout SeededGenerator, _ zone: LocalZone, shiftedBy days: Int = 0)
        -> BusinessCalendar
    {
        var weekly: [Int: [OpeningHours]] = [:]
        for weekday in 1...7 where Int.random(in: 0...3, using: &random) > 0 {
            weekly[weekday] = (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in
                let start = Int.random(in: 0..<1440, using: &random)
                return OpeningHours(start: start, end: start + Int.random(in: 1...1440, using: &random))
            }
        }
        var exceptions: [CivilDate: BusinessCalendar.Exception] = [:]
        for _ in 0..<20 {
            let date = CivilDate(daysSinceEpoch: 20_400 + Int32.random(in: 0..<365, using: &random))
            let start = Int.random(in: 0..<1440, using: &random)
            let hours = OpeningHours(start: start, end: start + Int.random(in: 1...1440, using: &random))
            let choices: [BusinessCalendar.Exception] = [
                .off, .on, .onLike(weekday: Int.random(in: 1...7, using: &random)), .onDuring(hours.map { [$0] } ?? []),
                .offDuring(hours.map { [$0] } ?? []),
            ]
            exceptions[date + days] = choices[Int.random(in: 0..<5, using: &random)]
        }
        return BusinessCalendar(zone: zone, weekly: weekly, exceptions: exceptions)
    }

    private func instants(_ count: Int, _ random: inout SeededGenerator) -> [Timestamp] {
        (0..<count).map { _ in
            Timestamp(milliseconds: Int64.random(in: 1_762_000_000_000..<1_794_000_000_000, using: &random))
        }.sorted()
    }

    @Test(arguments: ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"], [21, 22, 23, 24] as [UInt64])
    func businessTimeIsAdditiveAndBounded(name: String, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let zone = try zone(name)
        let calendar = randomCalendar(&random, zone)
        let always = BusinessCalendar.always(zone: zone)
        let never = BusinessCalendar(zone: zone, weekly: [:])
        let times = instants(300, &random)
        for index in times.indices.dropFirst(2) {
            let (a, b, c) = (times[index - 2], times[index - 1], times[index])
            let whole = calendar.milliseconds(from: a, to: c)
            #expect(
                whole == calendar.milliseconds(from: a, to: b) + calendar.milliseconds(from: b, to: c), "seed \(seed)")
            #expect(whole >= 0 && whole <= c - a, "seed \(seed)")
            #expect(always.milliseconds(from: a, to: c) == c - a && never.milliseconds(from: a, to: c) == 0)
        }
        let all = try #require(times.first)...(try #require(times.last))
        let sum = zip(times, times.dropFirst()).reduce(0) { $0 + calendar.milliseconds(from: $1.0, to: $1.1) }
        #expect(sum == calendar.milliseconds(from: all.lowerBound, to: all.upperBound))
    }

    @Test(arguments: ["America/New_York", "Asia/Shanghai"], [31, 32] as [UInt64])
    func businessTimeAgreesWithAskingEveryMinute(name: String, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let calendar = randomCalendar(&random, try zone(name))
        for start in instants(6, &random) {
            let from = Timestamp(milliseconds: start.milliseconds / 60_000 * 60_000)
            let minutes = Int64.random(in: 1...6_000, using: &random)
            let slow = (0..<minutes).reduce(Int64(0)) { $0 + (calendar.isOpen(at: from + $1 * 60_000) ? 60_000 : 0) }
            #expect(calendar.milliseconds(from: from, to: from + minutes * 60_000) == slow, "seed \(seed)")
        }
    }

    @Test(arguments: [41, 42, 43] as [UInt64])
    func shiftingEverythingByAWeekChangesNothing(seed: UInt64) throws {
        let zone = try zone("Asia/Shanghai")
        var random = SeededGenerator(seed: seed)
        let calendar = randomCalendar(&random, zone)
        var again = SeededGenerator(seed: seed)
        let shifted = randomCalendar(&again, zone, shiftedBy: 7)
        let times = instants(200, &random)
        let seven: Int64 = 7 * 86_400_000
        for (a, b) in zip(times, times.dropFirst()) {
            #expect(
                calendar.milliseconds(from: a, to: b) == shifted.milliseconds(from: a + seven, to: b + seven),
                "seed \(seed)")
        }
    }

    @Test(arguments: [
        "", "9-18", "09:00", "25:00-26:00", "09:60-10:00", "24:00-25:00", "09:00-18:00,", "a:00-10:00", "9:0-10:00",
        "24:00-01:00", "09:00-18:00-19:00",
    ])
    func badHours(text: String) {
        #expect(OpeningHours.parse(text) == nil)
        #expect(throws: BusinessCalendarError.badHours(text)) { try BusinessCalendar(zone: .utc, weekly: [(1, text)]) }
    }

    @Test func hoursInWords() {
        #expect(OpeningHours.parse("9:00-18:00 , 19:00-20:30")?.map(\.start) == [540, 1140])
        #expect(OpeningHours.parse("00:00-24:00") == [OpeningHours.wholeDay])
        #expect(OpeningHours.parse("22:00-06:00")?.first?.end == 1800)
        #expect(OpeningHours.parse("09:00-09:00")?.first?.end == 540 + 1440)
        #expect(OpeningHours(start: 10, end: 10) == nil && OpeningHours(start: -1, end: 10) == nil)
        #expect(BusinessCalendar.weekday("Sun") == 7 && BusinessCalendar.weekday("monday") == 1)
        #expect(BusinessCalendar.weekday("someday") == nil)
    }

    @Test func errorsSayWhatToWrite() {
        let cases: [(BusinessCalendarError, String)] = [
            (.badWeekday(8), "8"), (.badHours("x"), "09:00-18:00"), (.badDate("x"), "yyyy-MM-dd"),
            (.badException(date: "d", text: "x"), "on:fri"), (.contradiction(date: "2026-01-01"), "2026-01-01"),
        ]
        for (error, part) in cases { #expect(error.description.contains(part)) }
        #expect(throws: BusinessCalendarError.badWeekday(0)) {
            try BusinessCalendar(zone: .utc, weekly: [(0, "09:00-10:00")])
        }
        #expect(throws: BusinessCalendarError.badDate("2026-02-30")) {
            try BusinessCalendar(zone: .utc, weekly: [], exceptions: [("2026-02-30", "off")])
        }
        #expect(throws: BusinessCalendarError.badException(date: "2026-02-03", text: "on:xyz")) {
            try BusinessCalendar(zone: .utc, weekly: [], exceptions: [("2026-02-03", "on:xyz")])
        }
        #expect(throws: BusinessCalendarError.contradiction(date: "2026-02-03")) {
            try BusinessCalendar(zone: .utc, weekly: [], exceptions: [("2026-02-03", "off"), ("2026-02-03", "on")])
        }
    }
}
