import Foundation
import Support
import Testing

@Suite struct SeriesAnomaliesTests {
    private func rows(_ text: String) -> [[String]] {
        text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    /// Ten desks over 150 days from 2026-01-05; desk 3 has a spike, desk 4 a missing value, rows of desk 5 are reversed.
    private func daily(days: Int = 150) -> String {
        var out = "unique_id,ds,y\n"
        for desk in 0..<10 {
            var lines: [String] = []
            for day in 0..<days {
                let week = [60, 55, 50, 50, 55, 30, 20][day % 7] * (desk + 1)
                let wobble = (day * 7_919 + desk * 104_729) % 13 - 6
                var value = "\(week + week * wobble / 100)"
                if desk == 3 && day == 140 { value = "900" }
                if desk == 4 && day == 120 { value = "" }
                let date = Date(timeIntervalSince1970: 1_767_571_200 + Double(day) * 86_400)
                lines.append("desk \(desk),\(date.formatted(.iso8601.year().month().day())),\(value)")
            }
            out += (desk == 5 ? lines.reversed() : lines).joined(separator: "\n") + "\n"
        }
        return out
    }

    @Test func everyRowIsJudgedInTheOrderOfTheFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("daily.csv", daily())
        let result = try Binary.run(["series", "anomalies", "daily.csv"], in: folder.path)
        #expect(result.status == 0, "\(result.errors)")
        let given = rows(daily())
        let found = rows(result.output)
        #expect(found[0] == ["unique_id", "ds", "y", "expected", "score", "p_value", "is_anomaly", "alert_id"])
        #expect(found.count == given.count)
        for (a, b) in zip(given.dropFirst(), found.dropFirst()) { #expect(a == Array(b.prefix(3))) }
        let called = found.dropFirst().filter { $0[6] == "1" }
        #expect(called.count == 1 && called[0][0] == "desk 3" && called[0][1] == "2026-05-25", "\(called)")
        #expect(called[0][7] == "desk 3@2026-05-25" && Double(called[0][5]) ?? 1 < 1e-4)
        let missing = try #require(found.first { $0[0] == "desk 4" && $0[2].isEmpty })
        #expect(missing[3...5].allSatisfy(\.isEmpty) && missing[6] == "0")
        let json = try Binary.run(["series", "anomalies", "daily.csv", "--json"], in: folder.path)
        #expect(
            json.output.contains("\"alert_id\":\"desk 3@2026-05-25\"") && json.output.contains("\"state\":\"over\""))
    }

    @Test func theScoresOfAPrefixAreThePrefixOfTheScores() throws {
        let folder = try TemporaryFolder()
        func output(_ name: String, _ text: String) throws -> [String: [String]] {
            try folder.write(name, text)
            let result = try Binary.run(["series", "anomalies", name], in: folder.path)
            #expect(result.status == 0, "\(result.errors)")
            return Dictionary(
                rows(result.output).dropFirst().map { ("\($0[0]) \($0[1])", Array($0.dropFirst(3))) },
                uniquingKeysWith: { $1 })
        }
        let whole = try output("whole.csv", daily())
        for (key, value) in try output("part.csv", daily(days: 141)) { #expect(whole[key] == value, "\(key)") }
        func minutes(_ count: Int) -> String {
            var out = "timestamp,value\n"
            for index in 0..<count {
                let value = 40 + (index % 288) / 10 + index * 7_919 % 11 + (index == 1_300 ? 400 : 0)
                let minute = index * 5
                let hour = minute / 60 % 24
                let day = minute / 1_440 + 1
                out +=
                    "2026-03-\(day < 10 ? "0" : "")\(day) \(hour < 10 ? "0" : "")\(hour):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00,\(value)\n"
            }
            return out
        }
        let stream = try output("stream.csv", minutes(2_000))
        #expect(stream.values.contains { $0[3] == "1" })
        for length in [150, 1_301, 1_500] {
            let part = try output("stream.csv", minutes(length))
            #expect(part.count == length)
            for (key, value) in part { #expect(stream[key] == value, "\(key)") }
        }
    }

    @Test func levelShiftsAreWrittenWithTheirMeans() throws {
        let folder = try TemporaryFolder()
        let text =
            "ds,y\n" + (0..<60).map { "\($0 + 1900),\(($0 < 25 ? 100 : 160) + $0 * 7 % 5)" }.joined(separator: "\n")
        try folder.write("years.csv", text)
        let result = try Binary.run(["series", "changepoints", "years.csv"], in: folder.path)
        #expect(result.status == 0, "\(result.errors)")
        let found = rows(result.output)
        #expect(found[0] == ["unique_id", "ds", "before", "after"] && found.count == 2)
        #expect(found[1][0] == "years" && found[1][1] == "1925" && found[1][2] == "102" && found[1][3] == "162")
        let json = try Binary.run(
            ["series", "changepoints", "years.csv", "--json", "--penalty", "1e9"], in: folder.path)
        #expect(json.output.contains("\"changepoints\":[]"))
    }

    @Test(arguments: [
        (["series", "anomalies", "none.csv"], Int32(65), "none.csv"),
        (["series", "anomalies", "daily.csv", "--fdr", "2"], 64, "--fdr"),
        (["series", "anomalies", "daily.csv", "--season", "x"], 64, "--season"),
        (["series", "anomalies", "daily.csv", "--calendar", "none.ics"], 65, "none.ics"),
        (["series", "anomalies", "daily.csv", "--calendar", "bad.csv"], 65, "bad.csv:2"),
        (["series", "changepoints", "daily.csv", "--value-column", "z"], 65, "z"),
        (["series", "changepoints", "daily.csv", "--penalty=-1"], 64, "--penalty"),
    ])
    func whatIsWrongIsNamed(arguments: [String], status: Int32, word: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("daily.csv", "unique_id,ds,y\na,2026-01-01,5\n")
        try folder.write("bad.csv", "date,event\n2026-13-01,x\n")
        let result = try Binary.run(arguments, in: folder.path)
        #expect(result.status == status && result.errors.contains(word), "\(result.status): \(result.errors)")
    }
}
