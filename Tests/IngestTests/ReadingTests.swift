import Foundation
import Records
import Runtime
import Testing

@testable import Ingest

@Suite struct ReadingTests {
    private static let tickets = #"""
        ticket_id,created_at,channel,customer,status,csat,text
        1,2026-03-02 09:14:09,email,u1,open,,"您好, ""发票"""
        2,2026-03-02 10:00:00,chat,u2,solved,5,thanks
        3,2026-03-02 11:00:00,chat,u2,strange,5,thanks
        4,yesterday,chat,u2,solved,5,thanks
        5,2026-03-02 12:00:00,chat,u2,solved
        6,1970-01-01 12:00:00,chat,u2,solved,,x
        ,2026-03-02 12:00:00,chat,u2,solved,,x

        """#

    @Test func rowsBecomeRecordsOrRejects() throws {
        let folder = TemporaryFolder()
        folder.write("tickets.csv", ReadingTests.tickets)
        let outcome = try ingest([folder.path]) { $0.sourceZone = "Asia/Shanghai" }
        #expect(outcome.files.map(\.adapter) == ["generated-tickets"])
        #expect(outcome.texts(.ticket, "id") == ["1", "2"])
        #expect(outcome.texts(.ticket, "description") == ["您好, \"发票\"", "thanks"])
        #expect(outcome.times(.ticket, "created_at") == ["2026-03-02T01:14:09Z", "2026-03-02T02:00:00Z"])
        #expect(outcome.texts(.rating, "id") == ["2-csat"] && outcome.texts(.rating, "scale") == ["1-5"])
        #expect(
            outcome.rejects.map(\.reason) == [.badValue, .badTime, .wrongColumnCount, .timeOutOfRange, .missingField])
        #expect(outcome.rejects.map(\.line) == [4, 5, 6, 7, 8])
        #expect(outcome.rejects.map(\.ordinal) == [3, 4, 5, 6, 7])
        #expect(outcome.summary.items == 7 && outcome.summary.rejected == 5)
        #expect(outcome.files.first?.columnsMapped.count == 7)
    }

    @Test func naiveTimesWithoutAZoneAreRefused() throws {
        let folder = TemporaryFolder()
        folder.write("tickets.csv", ReadingTests.tickets)
        let refused = try ingest([folder.path])
        #expect(refused.files.first?.error?.description.contains("--source-tz") == true)
        #expect(refused.summary.items == 1 && refused.summary.rejected == 1)
        let configured = try ingest([folder.path]) { $0.zones["generated-tickets"] = "UTC" }
        #expect(configured.times(.ticket, "created_at").first == "2026-03-02T09:14:09Z")
        #expect(throws: IngestError.self) { try ingest([folder.path]) { $0.sourceZone = "Mars/Base" } }
        #expect(throws: IngestError.self) { try ingest([folder.path]) { $0.format = "nothing" } }
        #expect(throws: IngestError.self) { try ingest(["\(folder.path)/none.csv"]) }
    }

    @Test func theSourceIsTheUsersOrTheMappings() throws {
        let folder = TemporaryFolder()
        folder.write("tickets.csv", ReadingTests.tickets)
        let own = try ingest([folder.path]) {
            $0.sourceZone = "UTC"
            $0.source = "shop"
        }
        #expect(own.texts(.ticket, "source").first == "shop")
        #expect(own.files.first?.source == "shop")
    }

    @Test func jsonLinesGoThroughAMapping() throws {
        let folder = TemporaryFolder()
        folder.write(
            "t.jsonl",
            #"{"ticket_id":9007199254740993,"created_at":"2026-03-02 09:14:09","channel":"email","customer":"u1","status":"open","csat":"","text":"a\nb"}"#
                + "\n"
                + #"{"ticket_id":2,"created_at":"2026-03-02 09:14:09","channel":"x","customer":"u1","status":"open","csat":4,"text":"c""#
                + "\n")
        let outcome = try ingest([folder.path]) { $0.sourceZone = "UTC" }
        #expect(outcome.texts(.ticket, "id") == ["9007199254740993"])
        #expect(outcome.texts(.ticket, "description") == ["a\nb"])
        #expect(outcome.rejects.count == 1 && outcome.rejects.first?.line == 2)
    }

    /// Line feeds, many blocks and every number of workers give the same.
    @Test(arguments: ["csv", "jsonl", "json"])
    func workersDoNotMatter(_ form: String) throws {
        let folder = TemporaryFolder()
        var text =
            form == "csv"
            ? "message_id,conversation_id,channel,role,agent_id,created_at,text\n" : form == "json" ? "[" : ""
        for index in 0..<30_000 {
            let time = Timestamp(milliseconds: 1_767_225_600_000 + Int64(index) * 1000).iso8601
            let role = index % 7 == 3 ? "nobody" : index % 2 == 0 ? "customer" : "agent"
            let words = index % 11 == 0 ? "one, two\\n三" : "plain text \(index)"
            if form == "csv" {
                text +=
                    "m\(index),c\(index / 5),web,\(role),a1,\(time),\"\(words.replacingOccurrences(of: "\\n", with: "\n"))\"\n"
            } else {
                text +=
                    "{\"message_id\":\"m\(index)\",\"conversation_id\":\"c\(index / 5)\",\"channel\":\"web\",\"role\":\"\(role)\",\"agent_id\":\"a1\",\"created_at\":\"\(time)\",\"text\":\"\(words)\"}"
                    + (form == "jsonl" ? "\n" : index == 29_999 ? "]" : ",\n")
            }
        }
        folder.write("messages.\(form)", text)
        let one = try ingest([folder.path], workers: 1)
        let three = try ingest([folder.path], workers: 3)
        #expect(one.summary == three.summary)
        #expect(one.texts(.message, "id") == three.texts(.message, "id"))
        #expect(one.texts(.message, "text") == three.texts(.message, "text"))
        #expect(one.rejects == three.rejects)
        #expect(one.batches.map(\.itemCount) == three.batches.map(\.itemCount))
        #expect(one.batches.count > 2)
        #expect(one.summary.items == 30_000)
        #expect(one.summary.rejected == (0..<30_000).filter { $0 % 7 == 3 }.count)
        #expect(Set(one.texts(.conversation, "id")).count > 5000)
        // Only what an agent wrote carries the agent's id.
        #expect(one.texts(.message, "author_id").compactMap { $0 }.count < 15_000)
    }

    @Test(.enabled(if: corpora != nil, "CS_ANALYTICS_CORPORA"))
    func helpdesk() throws {
        let outcome = try ingest(["\(corpora ?? "")/ops/helpdesk/helpdesk.csv"])
        #expect(outcome.summary.items == 21_348 && outcome.summary.rejected == 0)
        #expect(Set(outcome.texts(.ticket, "id")).count == 4580)
        #expect(outcome.times(.ticket, "created_at").allSatisfy { $0 == nil })
        let fields = outcome.texts(.ticketEvent, "field")
        #expect(fields.filter { $0 == "activity" }.count == 21_348)
        let words = Set(zip(fields, outcome.texts(.ticketEvent, "to")).filter { $0.0 == "status" }.map(\.1))
        #expect(words == ["solved", "closed"])
        // The log holds 127 lines twice; no two other events share an id.
        var known = Deduplicator()
        var accepted = 0
        for batch in outcome.batches { accepted += known.add(batch) }
        #expect(accepted == 21_348 - 127)
        // The mean case duration, from the events as they were read.
        var spans: [String: (Int64, Int64)] = [:]
        for batch in outcome.batches {
            let table = batch[.ticketEvent]
            for row in 0..<table.count {
                guard let id = table.text(TicketEventField.ticketID, row),
                    let at = table.integer(TicketEventField.at, row)
                else { continue }
                let span = spans[id] ?? (at, at)
                spans[id] = (min(span.0, at), max(span.1, at))
            }
        }
        let mean = spans.values.reduce(0.0) { $0 + Double($1.1 - $1.0) } / Double(spans.count) / 86_400_000
        #expect(abs(mean - 40.858) < 0.0005)
    }

    @Test func halfAFileKeepsWhatIsWhole() throws {
        let folder = TemporaryFolder()
        let line = #"{"type":"agent","source":"s","id":"a1"}"#
        folder.write("lines.jsonl", line + "\n" + line.dropLast(5))
        folder.write("array.json", "[" + line + "," + line + "," + line.dropLast(5))
        let outcome = try ingest([folder.path])
        #expect(outcome.texts(.agent, "id").count == 3)
        #expect(outcome.rejects.map(\.reason) == [.truncated, .truncated])
    }

    @Test func whatNobodyReadsIsReportedWithCandidates() throws {
        let folder = TemporaryFolder()
        folder.write("a.csv", "x,y\n1,2\n")
        folder.write("b.csv", "ticket_id,created_at,channel,customer\n1,2026-01-01,x,y\n")
        folder.write("c.xml", "<a/>")
        folder.write("d.json", "{\"x\":1}")
        folder.write("e.bin", [0x25, 0x50, 0x44, 0x46, 0x2D])
        folder.write("f.csv", "")
        folder.write("g.json", "[")
        folder.write("h.json", "[]")
        let outcome = try ingest([folder.path])
        #expect(outcome.rejects.count == 8)
        #expect(Set(outcome.rejects.map(\.reason)) == [.unknownFormat, .badSyntax])
        #expect(outcome.rejects.first { $0.file.hasSuffix("b.csv") }?.detail.contains("generated-tickets") == true)
        #expect(outcome.summary.items == outcome.summary.rejected)
    }

    @Test func foldersGlobsAndKnownFiles() throws {
        let folder = TemporaryFolder()
        let line = #"{"type":"agent","source":"s","id":"a1"}"#
        folder.write("b/2.jsonl", line)
        folder.write("a/1.jsonl", line)
        folder.write(".hidden", line)
        folder.write("x.mapping.yaml", "name: x\nrecords: []\n")
        let all = try InputSource.discover([folder.path])
        #expect(all.map(\.path) == ["\(folder.path)/a/1.jsonl", "\(folder.path)/b/2.jsonl"])
        #expect(try InputSource.discover(["\(folder.path)/*/1.jsonl", "\(folder.path)/a"]).count == 1)
        let plan = try ExportReader().plan([folder.path], now: testNow) { _ in true }
        #expect(plan.isEmpty)
        let hashes = try ExportReader().plan([folder.path], now: testNow).map(\.contentHash)
        #expect(Set(hashes).count == 1 && hashes.first == ContentHasher.hexDigest(of: line))
    }

    @Test func aMappingBesideTheInputsIsTaken() throws {
        let folder = TemporaryFolder()
        folder.write("calls.csv", "no;start;line\n17;02/03/2026 09:04;north\n")
        folder.write(
            "calls.mapping.yaml",
            """
            name: calls
            source: desk
            timezone: Asia/Shanghai
            recognise: [no, start, line]
            records:
              - type: call
                fields:
                  id: no
                  queued_at: {column: start, format: "dd/MM/yyyy HH:mm"}
                  queue: {column: line, values: {north: N}, otherwise: drop}
            """)
        let outcome = try ingest([folder.path])
        #expect(outcome.times(.call, "queued_at") == ["2026-03-02T01:04:00Z"])
        #expect(outcome.texts(.call, "queue") == ["N"] && outcome.texts(.call, "source") == ["desk"])
        #expect(outcome.files.first?.zoneRule.contains("Asia/Shanghai") == true)
    }

    struct Marker: RecordFilter {
        func apply(to batch: inout RecordBatch) {
            for index in batch.rejects.indices { batch.rejects[index].excerpt = "masked" }
        }
    }

    @Test func theFilterSeesEveryBatch() throws {
        let folder = TemporaryFolder()
        folder.write("tickets.csv", ReadingTests.tickets)
        var configuration = IngestConfiguration()
        configuration.mappings = try MappingAdapter.load(folder: sampleMappings)
        configuration.sourceZone = "UTC"
        let reader = ExportReader(configuration)
        let file = try #require(try reader.plan([folder.path], now: testNow).first)
        var excerpts: Set<String> = []
        _ = try reader.read(file, context: RunContext(), filter: Marker()) {
            excerpts.formUnion($0.rejects.map(\.excerpt))
        }
        #expect(excerpts == ["masked"])
        #expect(reader.sample(of: file, items: 2)[.ticket].count == 2)
    }

    @Test func cancellationEndsAtABatch() throws {
        let folder = TemporaryFolder()
        folder.write("tickets.csv", ReadingTests.tickets)
        var configuration = IngestConfiguration()
        configuration.mappings = try MappingAdapter.load(folder: sampleMappings)
        configuration.sourceZone = "UTC"
        let reader = ExportReader(configuration)
        let file = try #require(try reader.plan([folder.path], now: testNow).first)
        let cancellation = Cancellation()
        cancellation.cancel(signal: 15)
        #expect(throws: Interruption.self) {
            try reader.read(file, context: RunContext(cancellation: cancellation)) { _ in }
        }
    }

    @Test(arguments: [true, false])
    func aLineBeyondEveryLimitStillLeavesJSONLines(_ isFirst: Bool) throws {
        let folder = TemporaryFolder()
        let line = #"{"type":"agent","source":"s","id":"a1"}"#
        let long = "{\"t\":\"" + String(repeating: "x", count: 40 << 20) + "\"}"
        folder.write("lines.jsonl", (isFirst ? [long, line, line] : [line, long, line]).joined(separator: "\n"))
        let outcome = try ingest([folder.path]) { $0.format = "canonical" }
        #expect(outcome.texts(.agent, "id").count == 2)
        #expect(outcome.rejects.map(\.reason) == [.limitExceeded])
    }

    @Test func linesBeyondTheLimitCostThemselvesOnly() throws {
        let folder = TemporaryFolder()
        let line = #"{"type":"agent","source":"s","id":"a1"}"#
        let long = "{\"t\":\"" + String(repeating: "x", count: 3 << 20) + "\"}"
        folder.write("lines.jsonl", [line, long, line].joined(separator: "\n"))
        folder.write("array.json", "[" + [line, long, line].joined(separator: ",") + "]")
        let outcome = try ingest([folder.path]) { $0.lineLimit = 2 << 20 }
        #expect(outcome.texts(.agent, "id").count == 4)
        #expect(outcome.rejects.map(\.reason) == [.limitExceeded, .limitExceeded])
    }
}
