import Foundation
import Support
import Testing

@Suite struct SeriesForecastCommandTests {
    private struct Row: Equatable {
        let id: String
        let stamp: String
        let numbers: [Double?]
    }

    private struct Document: Decodable {
        struct Series: Decodable {
            let unique_id: String
            let model: String
            let order: [String: Int]?
            let coefficients: [String: Double]
            let loglik: Double?
            let aicc: Double?
            let members: [Member]?
            let origins: Int
            let fits: Int
            let warnings: [String]
        }
        struct Member: Decodable {
            let name: String
            let weight: Double
        }
        struct Budget: Decodable { let origins: Int }
        let schema_version: Int
        let budget: Budget
        let series: [Series]
    }

    private func rows(_ text: String) -> [Row] {
        text.split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Row(id: cells[0], stamp: cells[1], numbers: cells.dropFirst(2).map { Double($0) })
        }
    }

    private func forecast(_ table: String, _ arguments: [String]) throws -> Binary.Result {
        let folder = try TemporaryFolder()
        try folder.write("series.csv", table)
        return try Binary.run(["series", "forecast", "series.csv"] + arguments, in: folder.path)
    }

    /// A daily table of a weekly pattern with a little movement.
    private func daily(_ id: String, days: Int, level: Double) -> String {
        (0..<days).map { day in
            let stamp = Date(timeIntervalSince1970: Double(20_500 + day) * 86_400).formatted(
                .iso8601.year().month().day())
            return "\(id),\(stamp),\(level + Double([3, 1, 0, 0, -1, -2, -1][day % 7]) + Double(day * 7 % 5) / 5)\n"
        }.joined()
    }

    @Test("columns, order of series and dates are as promised")
    func table() throws {
        let table = "unique_id,ds,y\n" + daily("zulu", days: 60, level: 50) + daily("alpha", days: 40, level: 20)
        let result = try forecast(table, ["--horizon", "3"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("unique_id,ds,yhat,lo-80,hi-80,lo-95,hi-95\n"))
        let found = rows(result.output)
        #expect(found.map(\.id) == ["zulu", "zulu", "zulu", "alpha", "alpha", "alpha"])
        #expect(found[0].stamp == "2026-04-17")
        for row in found {
            let numbers = try #require(row.numbers.compactMap(\.self).count == 5 ? row.numbers.compactMap(\.self) : nil)
            #expect(numbers[3] <= numbers[1] && numbers[1] <= numbers[0] && numbers[0] <= numbers[2])
            #expect(numbers[2] <= numbers[4])
        }
    }

    @Test(
        "months go on by months, quarters by quarters, numbers by their step",
        arguments: [
            (["2025-10-31", "2025-11-30", "2025-12-31", "2026-01-31"], "2026-02-28"),
            (["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"], "2026-01-01"),
            (["2026-03-02 21:00:00", "2026-03-02 22:00:00", "2026-03-02 23:00:00"], "2026-03-03 00:00:00"),
            (["1", "2", "3", "4"], "5"),
        ])
    func stepping(stamps: [String], next: String) throws {
        let table = "unique_id,ds,y\n" + stamps.enumerated().map { "a,\($1),\($0 + 3)\n" }.joined()
        let result = try forecast(table, ["--horizon", "1"])
        #expect(rows(result.output).map(\.stamp) == [next])
    }

    @Test("the number of workers changes nothing")
    func workers() throws {
        let table =
            "unique_id,ds,y\n" + (0..<6).map { daily("s\($0)", days: 50 + 7 * $0, level: Double(10 * $0)) }.joined()
        let one = try forecast(table, ["--horizon", "9", "-j", "1"])
        let three = try forecast(table, ["--horizon", "9", "-j", "3"])
        #expect(one.status == 0 && one.output == three.output)
    }

    @Test(
        "fixed orders give R's likelihood, and the JSON says what was fitted",
        .enabled(if: ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"] != nil, "needs CS_ANALYTICS_CORPORA"))
    func fixedOrders() throws {
        let corpora = ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"] ?? ""
        let folder = try TemporaryFolder()
        let result = try Binary.run(
            [
                "series", "forecast", "\(corpora)/ts/classic/logAirPassengers.csv", "--horizon", "3", "--season", "12",
                "--order", "0,1,1", "--seasonal-order", "0,1,1", "--json",
            ], in: folder.path)
        let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
        let series = try #require(document.series.first)
        #expect(document.schema_version == 1)
        #expect(series.order == ["p": 0, "d": 1, "q": 1, "P": 0, "D": 1, "Q": 1, "m": 12])
        #expect(abs(try #require(series.loglik) - 244.69953) < 1e-3)
        #expect(abs(try #require(series.coefficients["ma1"]) + 0.401828) < 1e-3)
    }

    @Test("auto tells its budget, its candidates and their weights")
    func choice() throws {
        let result = try forecast("unique_id,ds,y\n" + daily("a", days: 80, level: 40), ["--horizon", "7", "--json"])
        let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
        let series = try #require(document.series.first)
        #expect(document.budget.origins == 6)
        #expect(series.origins > 0 && series.fits > 0)
        let members = try #require(series.members)
        #expect(members.contains { $0.name.contains("naive") })
        #expect(abs(members.reduce(0) { $0 + $1.weight } - 1) < 1e-9)
    }

    @Test("every model answers", arguments: ["arima", "ets", "theta", "mstl", "seasonal-naive"])
    func models(name: String) throws {
        let result = try forecast(
            "unique_id,ds,y\n" + daily("a", days: 60, level: 40), ["--horizon", "7", "--model", name])
        #expect(result.status == 0, "\(result.errors)")
        for row in rows(result.output) { #expect(abs((row.numbers[0] ?? 0) - 40) < 6) }
    }

    @Test("a model that the series is too short for gives way to auto, and says so")
    func tooShort() throws {
        let result = try forecast(
            "unique_id,ds,y\na,2026-01-01,4\na,2026-01-02,5\na,2026-01-03,4\n", ["--horizon", "2", "--model", "mstl"])
        #expect(result.status == 0)
        #expect(result.errors.contains("auto was taken"))
        #expect(rows(result.output).count == 2)
    }

    @Test("missing, repeated, unordered and ended series are told and do no harm")
    func badRows() throws {
        let table = """
            unique_id,ds,y
            a,2026-01-03,12
            a,2026-01-01,10
            a,2026-01-02,
            a,2026-01-04,11
            a,2026-01-04,13
            a,2026-01-05,12
            a,2026-01-06,12
            a,2026-01-07,11
            empty,2026-01-07,
            old,2024-01-01,5
            old,2024-01-02,5

            """
        let result = try forecast(table, ["--horizon", "2"])
        #expect(result.status == 0)
        #expect(result.errors.contains("a: 1 rows repeat a time"))
        #expect(result.errors.contains("old: ended at 2024-01-02"))
        #expect(result.errors.contains("empty: no value"))
        let found = rows(result.output)
        #expect(found.filter { $0.id == "a" }.allSatisfy { ($0.numbers[0] ?? 0) > 9 })
        #expect(found.filter { $0.id == "a" }.map(\.stamp) == ["2026-01-08", "2026-01-09"])
        #expect(found.filter { $0.id == "empty" }.allSatisfy { $0.numbers[0] == nil })
        #expect(found.filter { $0.id == "old" }.map(\.stamp) == ["2024-01-03", "2024-01-04"])
    }

    @Test("the calendar's peak is forecast where its day comes")
    func calendar() throws {
        let folder = try TemporaryFolder()
        var table = "unique_id,ds,y\n"
        var calendar = "date,event\n"
        for id in ["a", "b"] {
            for day in 0..<100 {
                let stamp = Date(timeIntervalSince1970: Double(20_500 + day) * 86_400)
                    .formatted(.iso8601.year().month().day())
                table += "\(id),\(stamp),\(day % 20 == 19 ? 300 : 100 + day % 3)\n"
                if day % 20 == 19 && id == "a" { calendar += "\(stamp),sale\n" }
            }
        }
        calendar += "2026-05-28,sale\n"
        try folder.write("series.csv", table)
        try folder.write("calendar.csv", calendar)
        let result = try Binary.run(
            ["series", "forecast", "series.csv", "--horizon", "5", "--calendar", "calendar.csv"], in: folder.path)
        #expect(result.status == 0, "\(result.errors)")
        let found = rows(result.output).filter { $0.id == "a" }
        for row in found {
            let expected = row.stamp == "2026-05-28" ? 300.0 : 101
            #expect(abs((row.numbers[0] ?? 0) - expected) < 25, "\(row)")
        }
        #expect(found.contains { $0.stamp == "2026-05-28" })
    }

    @Test(
        "wrong arguments are refused with what was expected",
        arguments: [
            ["--horizon", "0"], ["--horizon", "3", "--order", "1,2"], ["--horizon", "3", "--level", "95,120"],
            ["--horizon", "3", "--method", "guess"], ["--horizon", "3", "--season", "x"],
            ["--horizon", "3", "--model", "ets", "--order", "0,1,1"], ["--horizon", "3", "--origins", "-1"],
        ])
    func refusals(arguments: [String]) throws {
        let result = try forecast("unique_id,ds,y\na,1,2\n", arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains("expected") || result.errors.contains("belong") || result.errors.contains("--"))
        #expect(result.output.isEmpty)
    }
}
