import Foundation
import Records
import Runtime
import Testing

@testable import Ingest

@Suite("Singer taps")
struct SingerTests {
    /// Records go to the adapter of the system behind the tap; the last state is what the tap is told.
    @Test func zendesk() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/singer/zendesk.jsonl")
            .path()
        let reader = ExportReader()
        let file = try #require(try reader.plan([path], now: AdapterHarness.now).first)
        #expect(file.adapter == "singer")
        #expect(file.source == "zendesk")
        var lines: [String] = []
        let summary = try reader.read(file, context: RunContext()) { lines += AdapterHarness.lines($0) }
        #expect(summary.items == 7 && summary.rejected == 0)
        #expect(lines.contains { $0.hasPrefix("ticket id=90113") && $0.contains("status=solved") })
        #expect(lines.contains { $0.hasPrefix("message id=1 conversation_id=90113") && $0.contains("请改成公司抬头") })
        #expect(summary.warnings.keys.contains { $0.contains("stream tags") })
        #expect(file.singerState == #"{"bookmarks":{"tickets":{"generated_timestamp":1772421999}}}"#)
    }

    @Test func unknownRecordsAreRefused() throws {
        let folder = TemporaryFolder()
        let path = folder.write(
            "a.jsonl", #"{"type":"RECORD","stream":"x","record":{"a":1}}"# + "\n{\"type\":\"STATE\",\"value\":{}}\n")
        let file = try #require(try ExportReader().plan([path], now: AdapterHarness.now).first)
        #expect(!file.isReadable)
        #expect(file.refusal?.detail.contains("Singer") == true)
    }
}
