import Foundation
import Support
import Testing

/// However the same input comes – twice, in parts, backwards, with more workers, into the other store, through a run
/// that was killed – every table has the same bytes.
@Suite(.serialized) struct SameBytesTests {
    private static let lines = Desk.lines()

    private static func undisturbed() throws -> [String: String] {
        let desk = try Desk()
        try desk.folder.write("exports/all.jsonl", lines.joined(separator: "\n") + "\n")
        let result = try desk.run("nightly", "exports", "--quiet")
        #expect(result.status == 0, "\(result.errors)")
        return try desk.tables()
    }

    private static let expected = Result { try undisturbed() }

    private func check(_ desk: Desk, warehouse: String? = nil) throws {
        let expected = try Self.expected.get()
        let found = try desk.tables(warehouse: warehouse)
        #expect(expected.count > 20)
        #expect(found.keys.sorted() == expected.keys.sorted())
        for (name, text) in expected { #expect(found[name] == text, "\(name) differs") }
    }

    @Test func theSameInputTwice() throws {
        let desk = try Desk()
        try desk.folder.write("exports/all.jsonl", Self.lines.joined(separator: "\n") + "\n")
        for _ in 1...2 { #expect(try desk.run("nightly", "exports", "--quiet").status == 0) }
        try check(desk)
    }

    @Test func theSameRecordsAgainInAnotherFile() throws {
        let desk = try Desk()
        try desk.folder.write("exports/a.jsonl", Self.lines.joined(separator: "\n") + "\n")
        try desk.folder.write("exports/b.jsonl", "\n" + Self.lines.joined(separator: "\n") + "\n")
        #expect(try desk.run("nightly", "exports", "--quiet").status == 0)
        let found = try desk.tables()
        for (name, text) in try Self.expected.get() where !name.contains("quality") {
            #expect(found[name] == text, "\(name) differs")
        }
    }

    @Test(arguments: [false, true]) func twoHalvesOnTwoNights(isLaterFirst: Bool) throws {
        let desk = try Desk()
        let middle = Self.lines.count / 2
        let halves = [Self.lines[..<middle], Self.lines[middle...]].map { $0.joined(separator: "\n") + "\n" }
        for half in isLaterFirst ? halves.reversed() : halves {
            try desk.folder.write("exports/\(half.utf8.count).jsonl", half)
            let result = try desk.run("nightly", "exports", "--quiet")
            #expect(result.status == 0, "\(result.errors)")
        }
        try check(desk)
    }

    @Test func backwardsWithTwoWorkers() throws {
        let desk = try Desk()
        try desk.folder.write("exports/all.jsonl", Self.lines.reversed().joined(separator: "\n") + "\n")
        #expect(try desk.run("nightly", "exports", "--quiet", "-j", "2").status == 0)
        try check(desk)
    }

    @Test(.enabled(if: ThrowawayPostgres.isInstalled, "PostgreSQL's server programs are not installed"))
    func intoPostgreSQL() throws {
        let desk = try Desk()
        let database = try ThrowawayPostgres.shared().makeDatabase()
        try desk.folder.write("exports/all.jsonl", Self.lines.joined(separator: "\n") + "\n")
        let result = try desk.run("nightly", "exports", "--quiet", "-j", "2", "--warehouse", database)
        #expect(result.status == 0, "\(result.errors)")
        try check(desk, warehouse: database)
    }

    @Test(arguments: [
        "models", "ingest-batch", "load-batch", "load-commit", "ingest-file", "replace-cases", "replace-days",
        "report-staged", "report-switched", "report-switched:2",
    ])
    func killedAndRunAgain(milestone: String) throws {
        let desk = try Desk()
        try desk.folder.write("exports/all.jsonl", Self.lines.joined(separator: "\n") + "\n")
        let killed = try desk.run("nightly", "exports", "--quiet", environment: ["CS_ANALYTICS_KILL_AT": milestone])
        #expect(killed.status == 128 + 9, "the run should have died at \(milestone): \(killed.errors)")
        let result = try desk.run("nightly", "exports", "--quiet")
        #expect(result.status == 0, "\(result.errors)")
        try check(desk)
    }

    @Test(
        .enabled(if: ThrowawayPostgres.isInstalled, "PostgreSQL's server programs are not installed"),
        arguments: ["load-commit", "replace-cases", "replace-days"])
    func killedOnPostgreSQL(milestone: String) throws {
        let desk = try Desk()
        let database = try ThrowawayPostgres.shared().makeDatabase()
        try desk.folder.write("exports/all.jsonl", Self.lines.joined(separator: "\n") + "\n")
        let killed = try desk.run(
            "nightly", "exports", "--quiet", "--warehouse", database, environment: ["CS_ANALYTICS_KILL_AT": milestone])
        #expect(killed.status == 128 + 9, "\(killed.errors)")
        var result = try desk.run("nightly", "exports", "--quiet", "--warehouse", database)
        // The server notices a dead client within moments; until then the lock is held and the answer is 75.
        for _ in 0..<50 where result.status == 75 {
            Thread.sleep(forTimeInterval: 0.1)
            result = try desk.run("nightly", "exports", "--quiet", "--warehouse", database)
        }
        #expect(result.status == 0, "\(result.errors)")
        try check(desk, warehouse: database)
    }
}
