import Foundation
import Records
import Support
import Testing

@testable import Ingest

@Suite struct ArchiveTests {
    private static let evil = corpora.map { "\($0)/arch/evil" } ?? ""

    /// What reading an archive within this process gives: whole entries and rejects.
    private func walk(_ path: String, _ limits: ArchiveLimits = ArchiveLimits()) throws -> (
        entries: [String], rejects: [Reject.Reason], names: [String], bytes: Int
    ) {
        let input = try InputBytes.map(path: path)
        var entries: [String] = []
        var rejects: [Reject.Reason] = []
        var names: [String] = []
        var current = ""
        var bytes = 0
        try ArchiveCage(executable: nil, limits: limits).read(input, kind: ContainerKind.detect(input.bytes)) { event in
            switch event {
            case .entry(let name): current = name
            case .data(let data): bytes += data.count
            case .endEntry: entries.append(current)
            case .reject(let path, let reason, _):
                rejects.append(reason)
                names.append(path)
            }
        }
        return (entries, rejects, names, bytes)
    }

    @Test(
        .enabled(if: corpora != nil, "CS_ANALYTICS_CORPORA"),
        arguments: [
            ("slip_dotdot.zip", ["good.csv"], [Reject.Reason.unsafeEntry]),
            ("slip_abs.zip", ["good.csv"], [.unsafeEntry]),
            ("slip_backslash.zip", ["good.csv"], [.unsafeEntry]), ("dup_names.zip", ["a.csv", "a.csv#2"], []),
            ("case_collide.zip", ["A.csv", "a.csv"], []), ("long_name.zip", [], [.unsafeEntry]),
            ("gbk_names.zip", ["工单导出.csv", "聊天记录/2026-01.json"], []), ("bomb_flat_1GB.zip", [], [.limitExceeded]),
            ("bomb_overlap_20GB.zip", [], [.limitExceeded]), ("bomb_gz_1GB.csv.gz", [], [.limitExceeded]),
            ("hardlink.tar.gz", [], [.unsafeEntry]), ("device.tar.gz", ["ok.csv"], [.unsafeEntry, .unsafeEntry]),
            ("truncated.tar.gz", [], [.truncated]), ("truncated.zip", ["good.csv"], [.unsafeEntry, .truncated]),
        ] as [(String, [String], [Reject.Reason])])
    func hostile(_ file: String, _ entries: [String], _ rejects: [Reject.Reason]) throws {
        let found = try walk("\(ArchiveTests.evil)/\(file)")
        if !file.hasPrefix("bomb_overlap") { #expect(found.entries.sorted() == entries.sorted()) }
        #expect(found.rejects == rejects)
    }

    @Test(.enabled(if: corpora != nil, "CS_ANALYTICS_CORPORA"), arguments: ["symlink.zip", "symlink_dir.tar.gz"])
    func linksAreRejected(_ file: String) throws {
        #expect(try walk("\(ArchiveTests.evil)/\(file)").rejects == [.unsafeEntry])
    }

    @Test(.enabled(if: corpora != nil, "CS_ANALYTICS_CORPORA"))
    func entriesAndNestingAreLimited() throws {
        var limits = ArchiveLimits()
        limits.entries = 500
        let many = try walk("\(ArchiveTests.evil)/many_200k_files.tar.gz", limits)
        #expect(many.entries.count == 500 && many.rejects == [.limitExceeded])
        let nested = try ingest(["\(ArchiveTests.evil)/nested_12.zip"])
        #expect(nested.files.map(\.entry) == ["n11.zip!n10.zip!n9.zip"])
        #expect(nested.rejects.map(\.reason) == [.limitExceeded])
    }

    private static let line = #"{"type":"agent","source":"s","id":"a1","name":"Lina"}"#

    private func archive(_ folder: TemporaryFolder, _ command: [String]) -> Bool {
        ChildProcess(command, in: folder.path).wait() == 0
    }

    @Test(arguments: [
        ("a.tar", ["tar", "cf", "a.tar", "d"], "d/x.jsonl"),
        ("a.tar.gz", ["tar", "czf", "a.tar.gz", "d"], "d/x.jsonl"),
        ("a.tar.xz", ["tar", "cJf", "a.tar.xz", "d"], "d/x.jsonl"),
        ("a.tar.bz2", ["tar", "cjf", "a.tar.bz2", "d"], "d/x.jsonl"),
        ("a.tar.zst", ["bsdtar", "-a", "-cf", "a.tar.zst", "d"], "d/x.jsonl"),
        ("a.7z", ["bsdtar", "-a", "-cf", "a.7z", "d"], "d/x.jsonl"),
        ("x.jsonl.gz", ["sh", "-c", "gzip -c d/x.jsonl > x.jsonl.gz"], "x.jsonl"),
        ("a.zip", ["python3", "-m", "zipfile", "-c", "a.zip", "d"], "d/x.jsonl"),
    ])
    func everyContainerGivesTheSameRecords(_ name: String, _ command: [String], _ entry: String) throws {
        let folder = TemporaryFolder()
        folder.write("d/x.jsonl", ArchiveTests.line + "\n")
        try #require(archive(folder, command), "\(command.first ?? "") is needed")
        let outcome = try ingest(["\(folder.path)/\(name)"])
        #expect(outcome.files.map(\.entry) == [entry])
        #expect(outcome.texts(.agent, "id") == ["a1"])
        #expect(outcome.rejects.isEmpty)
    }

    @Test func archivesInArchives() throws {
        let folder = TemporaryFolder()
        folder.write("d/x.jsonl", ArchiveTests.line + "\n")
        try #require(
            archive(folder, ["sh", "-c", "tar czf in.tgz d && rm -r d && tar cf out.tar in.tgz && rm in.tgz"]))
        let outcome = try ingest([folder.path])
        #expect(outcome.files.map(\.entry) == ["in.tgz!d/x.jsonl"])
        #expect(outcome.texts(.agent, "name") == ["Lina"])
    }

    /// The child's side of the protocol, run within this process on real descriptors.
    @Test func theCageSpeaksItsProtocol() throws {
        let folder = TemporaryFolder()
        folder.write("d/x.jsonl", ArchiveTests.line)
        try #require(archive(folder, ["tar", "czf", "a.tgz", "d"]))
        let input = open("\(folder.path)/a.tgz", O_RDONLY)
        let output = open("\(folder.path)/frames", O_RDWR | O_CREAT, 0o600)
        #expect(ArchiveCage.serve(kind: .gzip, limits: ArchiveLimits(), input: input, output: output) == 0)
        close(input)
        close(output)
        let frames = contents("\(folder.path)/frames")
        #expect(frames.first == ArchiveCage.Frame.entry.rawValue)
        #expect(frames.last == 0 && frames.count > ArchiveTests.line.utf8.count)
        #expect(ArchiveCage.serve(arguments: ["nonsense"]) == 64)
    }

    @Test func aChildThatIsNoCageIsAReject() throws {
        let folder = TemporaryFolder()
        folder.write("d/x.jsonl", ArchiveTests.line)
        try #require(archive(folder, ["tar", "czf", "a.tgz", "d"]))
        let outcome = try ingest(["\(folder.path)/a.tgz"]) { $0.executable = "/bin/true" }
        #expect(outcome.rejects.map(\.reason) == [.unreadable])
        #expect(throws: IngestError.self) {
            try ingest(["\(folder.path)/a.tgz"]) { $0.executable = "/nowhere/program" }
        }
    }

    @Test func limitsGoOverTheCommandLine() {
        var limits = ArchiveLimits()
        limits.entries = 7
        #expect(ArchiveLimits(arguments: limits.arguments) == limits)
        #expect(ArchiveLimits(arguments: ["1", "x"]) == nil)
    }

    @Test(arguments: [
        ("a/b.csv", true), ("/etc/x", false), ("../x", false), ("a\\b", false), ("C:/x", false), ("", false),
        ("a..b/c", true),
    ])
    func names(_ name: String, _ isSafe: Bool) { #expect((EntryName.fault(name) == nil) == isSafe) }
}
