import Foundation
import Support
import Testing

/// What a night does when something is wrong: the promised exit code, a message with the way out, nothing lost.
@Suite struct BadInputTests {
    /// Whether this process may mount a file system.
    private static let canMount: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        return shell("mount -t tmpfs -o size=64k tmpfs \(folder.path) && umount \(folder.path)") == 0
    }()

    private let good = Desk.lines(cases: 6).joined(separator: "\n") + "\n"

    @Test func anUnknownFileIsReportedAndSkipped() throws {
        let desk = try Desk()
        try desk.folder.write("exports/a.jsonl", good)
        try desk.folder.write("exports/picture.bin", "\u{89}PNG nothing that a desk exports \u{1}\u{2}")
        let result = try desk.run("nightly", "exports")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("picture.bin"))
    }

    @Test func nothingUsableIs65() throws {
        let desk = try Desk()
        try desk.folder.write("exports/notes.txt", "just some words\nand more of them\n")
        for command in ["nightly", "ingest"] {
            let result = try desk.run(command, "exports")
            #expect(result.status == 65, "\(command): \(result.errors)")
            #expect(result.errors.contains("notes.txt"))
        }
    }

    @Test func halfAFileKeepsWhatIsWhole() throws {
        let desk = try Desk()
        try desk.folder.write("exports/a.jsonl", good + "{\"type\":\"message\",\"source\":\"desk\",\"id\":\"x")
        let result = try desk.run("ingest", "exports", "--json", "--rejects", "rejects.csv")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\"rejected\":1"))
        let rejects = try #require(desk.folder.read("rejects.csv"))
        #expect(rejects.contains("a.jsonl"))
        #expect(rejects.split(separator: "\n").count == 2)
        let strict = try desk.run("ingest", "exports", "--strict", "--dry-run")
        #expect(strict.status == 65)
    }

    @Test func aTornArchiveKeepsWhatIsWhole() throws {
        let desk = try Desk()
        try desk.folder.write("exports/a.jsonl", Desk.lines(cases: 900).joined(separator: "\n") + "\n")
        let packed = shell(
            "gzip a.jsonl && head -c $(($(wc -c < a.jsonl.gz) * 3 / 4)) a.jsonl.gz > b.gz && rm a.jsonl.gz",
            in: "\(desk.folder.path)/exports")
        #expect(packed == 0)
        let result = try desk.run("ingest", "exports", "--json", "--format", "canonical")
        #expect(result.status == 0, "\(result.errors)")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(document["accepted"] as? Int ?? 0 > 1000)
        #expect(document["rejected"] as? Int ?? 0 >= 1)
    }

    @Test func naiveTimesWithoutAZoneAreRefusedWithTheFlag() throws {
        let desk = try Desk()
        try desk.folder.write(
            "t.mapping.yaml",
            "name: t\nrecognise: [id, at, who]\nrecords:\n  - type: ticket\n    fields: {id: id, created_at: at, requester_id: who}\n"
        )
        try desk.folder.write("t.csv", "id,at,who\n1,2026-03-02 10:00:00,u\n")
        let refused = try desk.run("ingest", "t.csv", "--mapping", "t.mapping.yaml", "--dry-run")
        #expect(refused.status == 65)
        #expect(refused.errors.contains("--source-tz"))
        let told = try desk.run(
            "ingest", "t.csv", "--mapping", "t.mapping.yaml", "--dry-run", "--source-tz", "Asia/Shanghai", "--json")
        #expect(told.status == 0, "\(told.errors)")
        #expect(told.output.contains("\"accepted\":1"))
    }

    @Test func theSecondOfTwoRunsEndsAtOnceWith75() throws {
        let desk = try Desk()
        try desk.folder.write("exports/a.jsonl", good)
        #expect(try desk.run("nightly", "exports", "--quiet").status == 0)
        let holder = ChildProcess(["flock", "\(desk.folder.path)/.cs-analytics/warehouse.sqlite.lock", "sleep", "30"])
        defer { holder.end() }
        Thread.sleep(forTimeInterval: 0.5)
        let result = try desk.run("nightly", "exports")
        #expect(result.status == 75, "\(result.errors)")
        #expect(result.errors.contains("another run"))
    }

    @Test func aDatabaseThatIsAwayIs69() throws {
        let desk = try Desk()
        try desk.folder.write("exports/a.jsonl", good)
        let result = try desk.run(
            "nightly", "exports", "--warehouse", "postgres://nobody:secret@127.0.0.1:1/none?connect_timeout=2")
        #expect(result.status == 69, "\(result.errors)")
        #expect(!result.errors.contains("secret"))
    }

    @Test(.enabled(if: canMount, "mounting a small file system needs root")) func aFullDiskLeavesTheOldReport() throws {
        let desk = try Desk()
        try desk.folder.write("exports/a.jsonl", good)
        #expect(try desk.run("nightly", "exports", "--quiet").status == 0)
        let before = try desk.tables()
        try desk.folder.write("exports/b.jsonl", Desk.lines(cases: 9, seed: 99).joined(separator: "\n") + "\n")
        // A file system of 64 KB takes the place of a full disk.
        let small = "\(desk.folder.path)/small"
        try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: true)
        guard shell("mount -t tmpfs -o size=64k tmpfs \(small)") == 0 else {
            throw SupportError("mounting a small file system was refused")
        }
        defer { _ = shell("umount \(small)") }
        let full = try desk.run("report", "--output", "small")
        #expect(full.status == 74, "\(full.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(small)/days").isEmpty)
        #expect(try desk.tables() == before)
    }

    @Test func aKeyThatDoesNotExistIs78WithTheNearest() throws {
        let desk = try Desk(settings: "timezoen: UTC\n")
        let result = try desk.run("doctor")
        #expect(result.status == 78)
        #expect(result.errors.contains("timezone"))
    }

    @Test(arguments: [
        ["nightly", "--no-such-flag"], ["ingest"], ["metrics", "explain", "frist_reply"], ["no-such-command"],
    ])
    func wrongUsageIs64(arguments: [String]) throws {
        let desk = try Desk()
        let result = try Binary.run(arguments, in: desk.folder.path)
        #expect(result.status == 64, "\(result.errors)")
    }

    @Test func staleInputIs66AfterTheReportWasWritten() throws {
        let desk = try Desk(settings: "freshness:\n  warn: 1h\n  error: 2h\n")
        try desk.folder.write("exports/a.jsonl", good)
        let result = try desk.run("nightly", "exports")
        #expect(result.status == 66, "\(result.errors)")
        #expect(FileManager.default.fileExists(atPath: "\(desk.folder.path)/reports/latest/index.html"))
    }

    @Test func terminationEndsWith143AndTheNextRunCatchesUp() throws {
        let desk = try Desk()
        try desk.folder.write("exports/a.jsonl", Desk.lines(cases: 4000).joined(separator: "\n") + "\n")
        let run = ChildProcess([Binary.path, "nightly", "exports", "--quiet"], in: desk.folder.path)
        Thread.sleep(forTimeInterval: 0.4)
        run.send(SIGTERM)
        #expect(run.wait() == 143)
        let result = try desk.run("ingest", "exports", "--json")
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func quietSaysNothingOnSuccess() throws {
        let desk = try Desk()
        try desk.folder.write("exports/a.jsonl", good)
        let result = try desk.run("nightly", "exports", "--quiet")
        #expect(result.status == 0)
        #expect(result.output.isEmpty)
        #expect(result.errors.isEmpty)
    }

    @Test func standardInputIsRead() throws {
        let desk = try Desk()
        let result = try desk.run("ingest", "-", "--json", input: good)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\"rejected\":0"))
    }
}
