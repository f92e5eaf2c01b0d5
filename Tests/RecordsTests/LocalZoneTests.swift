import Foundation
import Records
import Runtime
import Support
import Testing

private let zones = [
    "Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Sao_Paulo", "Europe/Moscow",
    "Asia/Kolkata", "Pacific/Apia", "Africa/Cairo", "Asia/Pyongyang", "Asia/Tehran", "Africa/Casablanca",
]

@Suite struct LocalZoneTests {
    @Test(arguments: ["+08:00", "UTC+8", "EST", "Mars/Olympus", "", "CST", "Asia"])
    func refusesWhatIsNoIANAName(name: String) { #expect(LocalZone(identifier: name) == nil) }

    @Test func utc() {
        #expect(LocalZone(identifier: "UTC") == .utc && LocalZone(identifier: "Z") == .utc)
        #expect(LocalZone.utc.offset(at: Timestamp(seconds: 1_000_000)) == 0)
        #expect(LocalZone.utc.offsetSpans.count == 1)
    }

    @Test(arguments: zones)
    func offsetsAgreeWithFoundation(name: String) throws {
        let zone = try #require(LocalZone(identifier: name))
        let oracle = try #require(TimeZone(identifier: name))
        var random = SeededGenerator(seed: 11)
        for _ in 0..<3_000 {
            let seconds = Int64.random(in: 0..<2_200_000_000, using: &random)
            let instant = Timestamp(seconds: seconds)
            let expected = oracle.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
            #expect(zone.offset(at: instant) == Int64(expected) * 1000, "\(name) at \(instant.iso8601), seed 11")
        }
        // Right at each change and one millisecond before.
        for span in zone.offsetSpans.dropFirst() {
            for instant in [span.start, span.start - 1000] {
                let expected = oracle.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant / 1000)))
                #expect(zone.offset(at: Timestamp(milliseconds: instant)) == Int64(expected) * 1000)
            }
        }
    }

    @Test(arguments: zones)
    func wallTimesRoundTripUnlessAClockChanged(name: String) throws {
        let zone = try #require(LocalZone(identifier: name))
        var random = SeededGenerator(seed: 12)
        for _ in 0..<3_000 {
            let instant = Timestamp(milliseconds: Int64.random(in: 0..<2_200_000_000_000, using: &random))
            let found = zone.instant(local: zone.local(instant))
            if !found.isAmbiguous { #expect(found.instant == instant, "\(name) \(instant.iso8601), seed 12") }
            #expect(zone.local(found.instant) == zone.local(instant))
        }
    }

    @Test(arguments: zones)
    func everyInstantLiesWithinItsDay(name: String) throws {
        let zone = try #require(LocalZone(identifier: name))
        var date = try #require(CivilDate("1986-01-01"))
        let last = try #require(CivilDate("2037-01-01"))
        var start = zone.start(of: date)
        while date < last {
            let next = zone.start(of: date + 1)
            if next > start {
                #expect(zone.day(of: start) == date, "\(name) \(date)")
                #expect(zone.day(of: start + -1) < date, "\(name) \(date)")
                #expect(zone.day(of: next + -1) == date, "\(name) \(date)")
            } else {
                // Samoa left out a whole day.
                #expect(name == "Pacific/Apia" && date.description == "2011-12-30", "\(name) \(date)")
            }
            start = next
            date = date + 1
        }
    }

    @Test func daysOfClockChanges() throws {
        let zone = try #require(LocalZone(identifier: "America/New_York"))
        let spring = try #require(CivilDate("2026-03-08"))
        let autumn = try #require(CivilDate("2026-11-01"))
        #expect(zone.start(of: spring + 1) - zone.start(of: spring) == 82_800_000)
        #expect(zone.start(of: autumn + 1) - zone.start(of: autumn) == 90_000_000)
        // 02:30 does not exist in spring, 01:30 exists twice in autumn.
        let gap = zone.instant(local: Int64(spring.daysSinceEpoch) * 86_400_000 + 9_000_000)
        #expect(gap.isAmbiguous && gap.instant.iso8601 == "2026-03-08T07:30:00Z")
        let twice = zone.instant(local: Int64(autumn.daysSinceEpoch) * 86_400_000 + 5_400_000)
        #expect(twice.isAmbiguous && twice.instant.iso8601 == "2026-11-01T05:30:00Z")
        #expect(zone.hour(of: twice.instant) == 1)
    }

    @Test func midnightThatIsSkipped() throws {
        let zone = try #require(LocalZone(identifier: "America/Sao_Paulo"))
        let day = try #require(CivilDate("2018-11-04"))
        #expect(zone.start(of: day).iso8601 == "2018-11-04T03:00:00Z")
        #expect(zone.day(of: zone.start(of: day)) == day)
    }
}
