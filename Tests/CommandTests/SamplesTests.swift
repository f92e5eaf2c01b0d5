import Foundation
import Support
import Testing

/// The sample shop: what its datasheet says is planted is what a night finds.
@Suite(.serialized) struct SamplesTests {
    private static let night = Result { () -> TemporaryFolder in
        let folder = try TemporaryFolder()
        let desk = try Desk()
        // The labelled sets of the small desk: training takes no time, and labels do not matter here.
        let environment = [
            "CS_ANALYTICS_WAREHOUSE": "sqlite:\(folder.path)/w.sqlite", "CS_ANALYTICS_OUTPUT": "\(folder.path)/reports",
            "CS_ANALYTICS_MODELS": "\(folder.path)/models", "CS_ANALYTICS_DATASETS": "\(desk.folder.path)/data",
            "CS_ANALYTICS_PRIVACY_KEY_FILE": "\(folder.path)/privacy.key",
        ]
        let samples = "\(Binary.checkout)/datasets/samples"
        let result = try Binary.run(
            ["nightly", "\(samples)/exports", "--config", "\(samples)/cs-analytics.yaml", "--json"], in: folder.path,
            environment: environment)
        guard result.status == 0 else { throw SupportError(result.errors) }
        try folder.write("night.json", result.output)
        let alerts = try Binary.run(
            [
                "report", "--from", "2026-08-23", "--to", "2026-11-20", "--config", "\(samples)/cs-analytics.yaml",
                "--quiet",
            ],
            in: folder.path, environment: environment)
        guard alerts.status == 0 else { throw SupportError(alerts.errors) }
        return folder
    }

    private func table(_ name: String) throws -> [[String: String]] {
        let text = try #require(try Self.night.get().read("reports/ranges/2026-08-23_2026-11-20/csv/\(name).csv"))
        let lines = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let header = try #require(lines.first)
        return lines.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { a, _ in a }) }
    }

    @Test func dirtyRowsAreRejectedAndRepeatedOnesKnown() throws {
        let text = try #require(try Self.night.get().read("night.json"))
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let ingest = try #require(document["ingest"] as? [String: Any])
        let count = { (key: String) in ingest[key] as? Int ?? -1 }
        #expect(count("rejected") == 3)
        #expect(count("read") == count("accepted") + count("duplicates") + count("rejected"))
        #expect(count("duplicates") >= 13)
        #expect(
            (document["warnings"] as? [String])?.filter { $0.contains("!=") || $0.contains("identity") }.isEmpty == true
        )
    }

    @Test func outageAndPeakAreFoundAndQuietDaysAreNot() throws {
        let alerts = try table("anomalies_alerts")
        let days = Set(alerts.filter { $0["series"] == "cases_created" }.compactMap { $0["day"] })
        #expect(days.contains("2026-10-29"))
        #expect(days.contains("2026-11-11"))
        // The holiday week may be called unusual too; nothing else in ninety days.
        let planted = ["2026-10-0", "2026-10-29", "2026-11-1"]
        #expect(days.filter { day in !planted.contains { day.hasPrefix($0) } }.count <= 2, "\(days.sorted())")
    }

    @Test func botsAreNoFirstReply() throws {
        // A bot answers within three seconds in three of the systems: the median of people is minutes.
        let figures = try table("key_figures")
        let median = try #require(figures.first { $0["figure"] == "first_reply" }?["value"].flatMap(Double.init))
        #expect(median > 120)
    }

    @Test func slowAndFastAgentsAreToldApart() throws {
        let agents = try table("agents")
        func reply(_ name: String) -> Double? {
            agents.first { $0.values.contains(name) }.flatMap { row in
                row.first { $0.key.contains("first_reply") && $0.key.contains("median") }.flatMap { Double($0.value) }
            }
        }
        let slow = try #require(reply("8805"), "\(agents.first ?? [:])")
        let fast = try #require(reply("8801"))
        #expect(slow > fast)
    }
}
