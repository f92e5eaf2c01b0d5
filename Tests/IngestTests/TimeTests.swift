import Records
import Runtime
import Testing

@testable import Ingest

@Suite struct TimeTests {
    private func read(_ text: String, _ form: TimeForm = .iso, zone: String? = nil) -> TimeReading {
        var reader = TimeReader(zone: zone.flatMap(LocalZone.init(identifier:)), now: testNow)
        return Array(text.utf8).withUnsafeBytes { reader.read($0, as: form) }
    }

    private func shown(_ reading: TimeReading) -> String {
        if case .time(let time) = reading { return time.iso8601 }
        return "\(reading)"
    }

    @Test(arguments: [
        ("2026-03-02T01:14:09Z", "2026-03-02T01:14:09Z"), ("2026-03-02 01:14:09.250Z", "2026-03-02T01:14:09.250Z"),
        ("2026-03-02T01:14:09.123456+08:00", "2026-03-01T17:14:09.123Z"),
        ("2026-03-02T01:14:09+0800", "2026-03-01T17:14:09Z"),
        ("2026-03-02T01:14:09-05", "2026-03-02T06:14:09Z"), ("2012-10-09 14:50:17+00:00", "2012-10-09T14:50:17Z"),
        ("2026-03-02 01:14 UTC", "2026-03-02T01:14:00Z"), ("2026-02-29T00:00:00Z", "malformed"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("2026-13-01T00:00:00Z", "malformed"), ("2026-03-02T24:00:00Z", "malformed"),
        ("2026-03-02T01:60:00Z", "malformed"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"), ("yesterday", "malformed"), ("", "malformed"),
        ("2026-03-02T01:14:09", "withoutZone"), ("1994-12-31T23:59:59Z", "outOfRange"),
        ("2099-01-01T00:00:00Z", "outOfRange"),
        ("2026-03-02T01:14:09Zx", "malformed"), ("2026-03-02T01:14:09+08:", "malformed"),
    ])
    func iso(_ text: String, _ expected: String) {
        let reading = text.isEmpty ? read("   ") : read(text)
        #expect(shown(reading) == (text.isEmpty ? "absent" : expected))
    }

    @Test(arguments: [
        ("2026-03-02 09:14:09", "2026-03-02T01:14:09Z"), ("2026/3/2 9:04", "2026-03-02T01:04:00Z"),
        ("2026-03-02", "2026-03-01T16:00:00Z"),
        ("2026.3.2 09:04:05", "2026-03-02T01:04:05Z"), ("2026-03-02T09:14:09Z", "2026-03-02T09:14:09Z"),
    ])
    func naiveTimesTakeTheZone(_ text: String, _ expected: String) {
        #expect(shown(read(text, zone: "Asia/Shanghai")) == expected)
    }

    @Test func gapsAndOverlapsTakeTheEarlierOffset() {
        // 2026-03-29 02:30 does not exist in Berlin, 2026-10-25 02:30 exists twice.
        var reader = TimeReader(zone: LocalZone(identifier: "Europe/Berlin"), now: testNow)
        func read(_ text: String) -> String {
            shown(Array(text.utf8).withUnsafeBytes { reader.read($0, as: .iso) })
        }
        #expect(read("2026-03-29 02:30:00") == "2026-03-29T01:30:00Z")
        #expect(read("2026-10-25 02:30:00") == "2026-10-25T00:30:00Z")
        #expect(reader.ambiguous == 2)
        #expect(read("2026-10-25 04:30:00") == "2026-10-25T03:30:00Z")
    }

    /// The cached conversion agrees with the zone's own, hour by hour over two years.
    @Test(arguments: ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
    func cacheAgreesWithTheZone(_ name: String) throws {
        let zone = try #require(LocalZone(identifier: name))
        var reader = TimeReader(zone: zone, now: testNow)
        for hour in 0..<(24 * 730) {
            let wall = 1_700_000_000_000 / 3_600_000 * 3_600_000 + Int64(hour) * 3_600_000
            let text = Timestamp(milliseconds: wall).iso8601.dropLast()
            let reading = Array(text.utf8).withUnsafeBytes { reader.read($0, as: .iso) }
            #expect(reading == .time(zone.instant(local: wall).instant), "\(text)")
        }
    }

    @Test(arguments: [
        ("1772421249", TimeForm.unixSeconds, "2026-03-02T03:14:09Z"),
        ("1772421249250", .unixMilliseconds, "2026-03-02T03:14:09.250Z"),
        ("1772421249.000200", .unixSeconds, "2026-03-02T03:14:09Z"), ("0", .unixSeconds, "absent"),
        ("", .unixSeconds, "absent"),
        ("1772421249250", .unixSeconds, "outOfRange"), ("1772421249", .unixMilliseconds, "outOfRange"),
        ("x", .unixSeconds, "malformed"),
        ("9223372036854775807", .unixSeconds, "outOfRange"),
    ])
    func numbers(_ text: String, _ form: TimeForm, _ expected: String) { #expect(shown(read(text, form)) == expected) }

    @Test(arguments: [
        ("dd/MM/yyyy HH:mm", "13/02/2026 08:05", "2026-02-13T08:05:00Z"),
        ("M/d/yy, h:mm a", "2/3/26, 9:04 PM", "2026-02-03T21:04:00Z"),
        ("yyyy年M月d日 ah:mm", "2026年3月2日 下午9:04", "2026-03-02T21:04:00Z"), ("EEE", "", "none"),
        ("dd MMM yyyy HH:mm:ss Z", "02 Mar 2026 01:14:09 +0800", "2026-03-01T17:14:09Z"),
        ("dd.MM.yyyy", "31.02.2026", "malformed"),
        ("yyyy-MM-dd HH:mm:ss.SSS", "2026-03-02 01:14:09.5", "2026-03-02T01:14:09.500Z"),
        ("dd/MM/yyyy", "1/2/2026x", "malformed"),
    ])
    func patterns(_ pattern: String, _ text: String, _ expected: String) throws {
        guard let pattern = TimePattern(pattern) else {
            #expect(expected == "none")
            return
        }
        #expect(shown(read(text, .pattern(pattern), zone: "UTC")) == expected)
    }

    @Test func mutationsNeverTrap() {
        let text = Array("2026-03-02T01:14:09.250+08:00".utf8)
        for at in text.indices {
            for byte in [0x20, 0x30, 0x39, 0x2D, 0x3A, 0xFF] as [UInt8] {
                var changed = text
                changed[at] = byte
                _ = changed.withUnsafeBytes { ISOTime.parse($0) }
                _ = Array(changed[..<at]).withUnsafeBytes { ISOTime.parse($0) }
            }
        }
    }
}
