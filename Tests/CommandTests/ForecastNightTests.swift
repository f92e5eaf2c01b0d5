import Foundation
import Support
import Testing

/// What a night leaves of the days and hours ahead, with the program itself.
@Suite(.serialized) struct ForecastNightTests {
    /// Six weeks of a desk, a dozen cases a day.
    private static let lines: [String] = {
        var random = Dice(state: 5)
        let formatter = ISO8601DateFormatter()
        var out: [String] = []
        for day in 0..<42 {
            for _ in 0..<(10 + random.below(5)) {
                let hour = 9 + random.below(10)
                let second = 1_780_243_200 + day * 86_400 + (hour - 8) * 3600 + random.below(3600)
                let at = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(second)))
                let id = "c\(out.count)"
                out.append(
                    "{\"type\":\"conversation\",\"source\":\"desk\",\"id\":\"\(id)\",\"channel\":\"\(["email", "chat"][random.below(2)])\",\"opened_at\":\"\(at)\"}"
                )
                out.append(
                    "{\"type\":\"message\",\"source\":\"desk\",\"id\":\"\(id)-m\",\"conversation_id\":\"\(id)\",\"sent_at\":\"\(at)\",\"role\":\"customer\",\"author_id\":\"u\",\"text\":\"hello\"}"
                )
            }
        }
        return out
    }()

    private func night(_ settings: String, _ workers: String = "1") throws -> [String: String] {
        let desk = try Desk(settings: settings)
        try desk.folder.write("exports/all.jsonl", Self.lines.joined(separator: "\n") + "\n")
        let result = try desk.run("nightly", "exports", "--quiet", "-j", workers)
        #expect(result.status == 0, "\(result.errors)")
        return try desk.tables().filter { $0.key.hasPrefix("days/") }
    }

    private func table(_ name: String, _ tables: [String: String]) throws -> [[String]] {
        let text = try #require(tables.first { $0.key.hasSuffix("/\(name)") }?.value)
        return text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    @Test func daysAndHoursAheadDoNotDependOnWorkers() throws {
        let tables = try night("forecast:\n  budget: 1\n")
        #expect(tables == (try night("forecast:\n  budget: 1\n", "2")))
        let models = try table("anomalies_forecast_models.csv", tables)
        // The first wave of series is begun whatever it costs; hours come after it, when nothing is left.
        #expect(models.dropFirst().map { $0.last }.contains("0"))
        let staffing = try table("staffing.csv", tables)
        let totals = staffing.filter { $0[0] == "cases_created" && $0[1] == "total" }
        #expect(totals.count == 336 && totals.allSatisfy { $0.last == "1" })
        let sum = totals.reduce(0.0) { $0 + (Double($1[7]) ?? 0) }
        #expect(abs(sum / 14 - 12) < 1.5)
        #expect(totals.allSatisfy { (Double($0[10]) ?? -1) >= 0 && (Double($0[8]) ?? -1) >= (Double($0[10]) ?? 0) })
        let channels = Set(staffing.dropFirst().filter { $0[1] == "channel" }.map { $0[2] })
        #expect(channels == ["chat", "email"])
    }

    @Test func withoutABudgetEverythingIsSimple() throws {
        let tables = try night("forecast:\n  budget: 0\n")
        #expect(try table("anomalies_forecast_models.csv", tables).dropFirst().allSatisfy { $0.last == "1" })
        #expect(try table("staffing.csv", tables).dropFirst().allSatisfy { $0.last == "1" })
    }

    @Test func aCalendarThatIsNotThereIsASettingsError() throws {
        let desk = try Desk(settings: "calendar: atlantis\n")
        try desk.folder.write("exports/all.jsonl", Self.lines.prefix(40).joined(separator: "\n") + "\n")
        let result = try desk.run("nightly", "exports", "--quiet")
        #expect(result.status == 78 && result.errors.contains("atlantis"), "\(result.errors)")
    }
}
