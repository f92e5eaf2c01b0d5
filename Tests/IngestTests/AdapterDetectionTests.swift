import Foundation
import Records
import Runtime
import Testing

@testable import Ingest

@Suite struct AdapterDetectionTests {
    static let fixtures = [
        ("zendesk/export.jsonl", "zendesk.json"), ("zendesk/page.json", "zendesk.json"),
        ("zendesk/audits.json", "zendesk.json"), ("zendesk/ticket_events.json", "zendesk.json"),
        ("zendesk/side.jsonl", "zendesk.json"), ("zendesk/tickets.csv", "zendesk.csv"),
        ("freshdesk/tickets.json", "freshdesk.json"), ("freshdesk/side.json", "freshdesk.json"),
        ("freshdesk/tickets.csv", "freshdesk.csv"), ("freshdesk/tickets-gb18030.csv", "freshdesk.csv"),
        ("intercom/conversations.json", "intercom.json"), ("chatwoot/conversations.json", "chatwoot.json"),
        ("chatwoot/messages.json", "chatwoot.json"), ("wechat/getmsglist.json", "wechat.mp"),
        ("wecom/sync_msg.jsonl", "wecom.kf"), ("wecom/archive.jsonl", "wecom.archive"),
        ("wecom/encrypted.json", "wecom.archive"), ("slack/users.json", "slack"),
        ("slack/general/2026-03-02.json", "slack"), ("telegram/result.json", "telegram"),
        ("twitter/page.json", "twitter"), ("twitter/statuses.jsonl", "twitter"), ("zammad/tickets.json", "zammad.json"),
        ("zammad/articles.json", "zammad.json"), ("chinese/meiqia.json", "meiqia"), ("chinese/useasy.json", "useasy"),
        ("chinese/51ima.json", "51ima"), ("whatsapp/android.txt", "whatsapp"), ("whatsapp/ios.txt", "whatsapp"),
        ("transcript/2026-03-02T10-15-00_call77.vtt", "transcript"),
        ("transcript/20260302_101500-call78.srt", "transcript"), ("general/calls.csv", "calls.csv"),
        ("general/calls-zh.csv", "calls.csv"), ("general/survey.csv", "survey.csv"),
        ("general/behavior.jsonl", "behavior.jsonl"), ("general/articles.json", "articles"),
        ("singer/zendesk.jsonl", "singer"),
    ]

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path()

    /// Each fixture is itself, and no other adapter is sure of it.
    @Test(arguments: fixtures) func fixtureIsItself(_ name: String, _ adapter: String) throws {
        if name.hasSuffix(".csv") {
            guard name != "freshdesk/tickets-gb18030.csv" else { return }
            let header = try AdapterHarness.header(csv: try AdapterHarness.text(name))
            let sure = AdapterRegistry.standard.tables.filter { $0.confidence(for: header) >= Detection.acceptance }
            #expect(sure.map(\.descriptor.name) == [adapter])
        } else if name.hasSuffix(".json") || name.hasSuffix(".jsonl") {
            let found = AdapterHarness.detected(try AdapterHarness.text(name))
            #expect(found == adapter)
        }
    }

    /// The whole reader on the files as they lie there.
    @Test(arguments: fixtures) func readerTakesTheFile(_ name: String, _ adapter: String) throws {
        var configuration = IngestConfiguration()
        configuration.sourceZone = "Asia/Shanghai"
        let plan = try ExportReader(configuration).plan(
            ["\(AdapterDetectionTests.folder)/\(name)"], now: AdapterHarness.now)
        #expect(plan.map(\.adapter) == [adapter])
        #expect(plan.first?.isReadable == true)
    }

    /// GB18030 with a character outside the BMP gives the same records as UTF-8.
    @Test func gb18030IsTheSame() throws {
        var configuration = IngestConfiguration()
        configuration.sourceZone = "Asia/Shanghai"
        configuration.source = "s"
        let reader = ExportReader(configuration)
        let plan = try reader.plan(
            ["\(AdapterDetectionTests.folder)/freshdesk/tickets-gb18030.csv"], now: AdapterHarness.now)
        let file = try #require(plan.first)
        var lines: [String] = []
        _ = try reader.read(file, context: RunContext()) { lines += AdapterHarness.lines($0) }
        #expect(lines == FreshdeskAdapterTests.tableLines)
    }

    @Test func naiveTimesNeedAZone() throws {
        let plan = try ExportReader().plan(
            ["\(AdapterDetectionTests.folder)/freshdesk/tickets.csv"], now: AdapterHarness.now)
        #expect(plan.first?.isReadable == false)
        #expect(plan.first?.refusal?.detail.contains("--source-tz") == true)
    }

    @Test(arguments: [
        "{}", "[]", #"{"type":"message","source":"x"}"#, #"{"tickets":[]}"#, #"{"users":[{"id":1,"name":"a"}]}"#,
        #"{"payload":[1]}"#, #"{"id":1,"name":"x"}"#, #"{"conversations":[{"id":1}]}"#, #"{"ticket":{"id":1}}"#,
    ])
    func othersAreNotTaken(_ text: String) {
        let desks = ["zendesk", "freshdesk", "intercom", "chatwoot"]
        let found = AdapterHarness.detected(text)
        #expect(!desks.contains { found.contains($0) })
    }

    @Test func everyAdapterDescribesItself() {
        for adapter in AdapterRegistry.standard.adapters {
            #expect(!adapter.descriptor.reads.isEmpty && !adapter.descriptor.shapeSource.isEmpty)
        }
        #expect(Set(AdapterRegistry.standard.names).count == AdapterRegistry.standard.names.count)
    }
}
