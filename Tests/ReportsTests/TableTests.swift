import Aggregates
import Foundation
import Runtime
import Testing

@testable import Reports

struct TableTests {
    /// Every table of a page stands in CSV with the same numbers, cell by cell.
    @Test(arguments: [ReportLocale.en, .zhHans])
    func pageEqualsCSV(_ locale: ReportLocale) throws {
        let rendered = try RenderedPages(RenderedPages.day, locale)
        var found = 0
        for (name, html) in rendered.pages {
            for part in html.components(separatedBy: "<table id=\"t-").dropFirst() {
                let id = try #require(part.components(separatedBy: "\"").first)
                let body = part.components(separatedBy: "</table>")[0]
                let cells = body.components(separatedBy: "data-value=\"").dropFirst().map {
                    $0.components(separatedBy: "\"")[0]
                }
                let table = try #require(rendered.report.tables.first { $0.id == id }, "\(name): \(id)")
                let csv = rendered.text(table.path)
                let lines = csv.split(separator: "\n", omittingEmptySubsequences: true).dropFirst()
                #expect(lines.count == table.rows.count, "\(id)")
                let fields = lines.flatMap {
                    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                }
                if !csv.contains("\"") { #expect(fields == Array(cells), "\(id)") }
                #expect(cells.count == table.rows.count * table.columns.count, "\(id)")
                found += 1
            }
        }
        // Arrivals by hour are too many for a page: it links to their file.
        let onPages = rendered.report.tables.filter { $0.id != "staffing" }
        #expect(found == onPages.count)
        #expect(Set(onPages.map(\.id)).count == found, "each table has its own file")
    }

    @Test func nothingOfTheRunIsInCSV() throws {
        var other = RenderedPages.day
        other.run.runID = "another"
        other.run.startedAt = Timestamp(seconds: 1)
        other.run.finishedAt = nil
        other.run.inputs = other.run.inputs.reversed() + other.run.inputs
        other.quality.reverse()
        other.hourly.reverse()
        other.cube = DailyCube(cells: other.cube.cells.reversed())
        let one = try RenderedPages(RenderedPages.day, .en).report
        let two = try RenderedPages(other, .en).report
        for (path, bytes) in one.files where path.hasPrefix("csv/") { #expect(two.files[path] == bytes, "\(path)") }
        #expect(one.files["index.html"] != two.files["index.html"])
    }

    @Test func machineForms() {
        let cells: [(ReportTable.Cell, String)] = [
            (.count(-1234), "-1234"), (.count(nil), ""), (.seconds(1.23456), "1.235"), (.seconds(0), "0"),
            (.seconds(nil), ""), (.ratio(0.5), "0.5"), (.share(1), "1"), (.number(1e-7, digits: 4), "0"),
            (.number(-0.25, digits: 1), "-0.25"), (.change(-0.125, .less), "-0.125"), (.points(nil, .more), ""),
            (.day(CivilDate(year: 2026, month: 2, day: 3)), "2026-02-03"), (.label("shown", raw: nil), ""),
        ]
        for (cell, raw) in cells { #expect(cell.raw == raw) }
    }

    @Test func csvQuotesAndNeutralises() {
        let table = ReportTable(
            id: "x", title: "X", columns: [.init("name", "Name", isNumeric: false), .init("n", "n")],
            rows: [
                [.label("a", raw: "=cmd|' /C calc'!A0"), .count(-3)], [.label("b", raw: "a,\"b\"\nc"), .count(nil)],
                [.label("c", raw: "-5"), .count(1)],
            ])
        #expect(table.csv == "name,n\n'=cmd|' /C calc'!A0,-3\n\"a,\"\"b\"\"\nc\",\n-5,1\n")
    }

    @Test(arguments: [
        (1.0, 1.5, ReportTable.Favour.more, "good"), (1.0, 1.5, .less, "bad"), (2.0, 1.0, .less, "good"),
        (2.0, 1.0, .more, "bad"), (1.0, 1.001, .more, "flat"), (1.0, 3.0, .neither, "flat"),
    ])
    func verdicts(_ old: Double, _ new: Double, _ favour: ReportTable.Favour, _ verdict: String) throws {
        let change = try #require(Change(from: old, to: new, favour: favour))
        #expect(change.verdict == verdict)
        #expect(change.arrow == (new > old ? "▲" : "▼"))
    }

    @Test func noChangeFromNothing() {
        #expect(Change(from: nil, to: 3, favour: .more) == nil)
        #expect(Change(from: 0, to: 3, favour: .more) == nil)
        #expect(Change(from: 3, to: nil, favour: .more) == nil)
        #expect(Change(from: 0.5, to: 0.75, favour: .more, isPoints: true)?.ratio == 0.25)
    }
}
