import Foundation
import Records
import Runtime
import Testing

@testable import Ingest

/// Fixtures of chat systems through the whole reader, as lines that can be written down by hand.
@Suite("Adapters of chat systems")
struct MessagingAdapterTests {
    private struct Found {
        var lines: [String] = []
        var rejects: [String] = []
        var warnings: [String] = []
        var items = 0
        /// As the golden files hold it.
        var text: String {
            (["items \(items)"] + lines + rejects.map { "REJECT \($0)" } + warnings.map { "WARN \($0)" })
                .joined(separator: "\n") + "\n"
        }
    }

    private func read(_ names: String...) throws -> Found {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path()
        var configuration = IngestConfiguration()
        configuration.source = "s"
        configuration.sourceZone = "Asia/Shanghai"
        let reader = ExportReader(configuration)
        var found = Found()
        for file in try reader.plan(names.map { "\(folder)/\($0)" }, now: AdapterHarness.now) {
            let summary = try reader.read(file, context: RunContext()) { batch in
                found.lines += AdapterHarness.lines(batch)
                found.rejects += AdapterHarness.rejects(batch)
            }
            found.items += summary.items
            found.warnings += summary.warnings.keys.sorted()
        }
        return found
    }

    @Test(arguments: [
        "wechat/getmsglist.json", "wecom/sync_msg.jsonl", "wecom/archive.jsonl", "wecom/encrypted.json",
        "telegram/result.json", "twitter/page.json", "twitter/statuses.jsonl", "zammad/tickets.json",
        "zammad/articles.json", "chinese/meiqia.json", "chinese/useasy.json", "chinese/51ima.json", "general/calls.csv",
        "general/calls-zh.csv", "general/survey.csv",
        "general/behavior.jsonl", "general/articles.json",
        "whatsapp/android.txt",
        "whatsapp/ios.txt", "transcript/2026-03-02T10-15-00_call77.vtt", "transcript/20260302_101500-call78.srt",
    ])
    func fixture(_ name: String) throws {
        let expected = try AdapterHarness.text("expected/\(name.replacing("/", with: "-")).txt")
        #expect(try read(name).text == expected)
    }

    /// Users, channels and a day's file together: who is staff, guest or robot comes from the users.
    @Test func slackFolder() throws {
        #expect(try read("slack").text == AdapterHarness.text("expected/slack.txt"))
    }

    /// A chat of which neither order of day and month runs backwards is refused; one with a 13th day is read.
    @Test func openDateOrder() throws {
        let adapter = WhatsAppAdapter()
        func prepare(_ text: String) throws -> any PreparedText {
            var text = text
            return try text.withUTF8 {
                try adapter.prepare(UnsafeRawBufferPointer($0), context: AdapterHarness.context())
            }
        }
        #expect(throws: ItemFault.self) { try prepare("1/2/26, 9:04 PM - A: x\n1/3/26, 9:04 PM - A: x\n") }
        #expect(throws: ItemFault.self) { try prepare("13/14/26, 9:04 PM - A: x\n14/13/26, 9:04 PM - A: x\n") }
        _ = try prepare("1/2/26, 9:04 PM - A: x\n13/3/26, 9:04 PM - A: x\n")
        _ = try prepare("3/2/26, 9:04 PM - A: x\n2/3/26, 9:04 PM - A: x\n")
    }

    /// Wherever a chat is cut into blocks, its messages are the same.
    @Test func everyCut() throws {
        let text = try AdapterHarness.text("whatsapp/android.txt")
        var copy = text
        try copy.withUTF8 { buffer in
            let bytes = UnsafeRawBufferPointer(buffer)
            let zone = LocalZone(identifier: "Asia/Shanghai")
            let context = AdapterHarness.context(zone: zone)
            let prepared = try WhatsAppAdapter().prepare(bytes, context: context)
            func lines(_ ranges: [Range<Int>]) -> [String] {
                ranges.flatMap { range -> [String] in
                    var sink = RecordSink(context: context)
                    prepared.map(UnsafeRawBufferPointer(rebasing: bytes[range]), offset: range.lowerBound, to: &sink)
                    return AdapterHarness.lines(sink.take().batch).filter { $0.hasPrefix("message") }
                }
            }
            let whole = lines([0..<bytes.count])
            for position in 1..<bytes.count {
                let cut = prepared.nextItem(bytes, from: position)
                #expect(lines([0..<cut, cut..<bytes.count]) == whole)
            }
        }
    }

    @Test(
        "The start of a call by its file's name",
        arguments: [
            ("2026-03-02T10-15-00_call77.vtt", "call77", 1_772_446_500_000),
            ("20260302_101500-c8.srt", "c8", 1_772_446_500_000),
            ("c9 2026-03-02 10.15.srt", "c9", nil), ("call.srt", "", nil),
        ] as [(String, String, Int64?)])
    func callStart(_ name: String, _ id: String, _ wall: Int64?) {
        let found = CallStart.find(name)
        #expect(found?.wall == wall)
        if wall != nil { #expect(found?.id == id) }
    }
}
