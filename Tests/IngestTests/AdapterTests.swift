import Foundation
import Records
import Runtime
import Testing

@testable import Ingest

@Suite struct AdapterTests {
    private let context = AdapterContext(source: "given", now: testNow)

    /// One line of each kind with all its fields.
    private static let lines = [
        #"{"type":"conversation","source":"s","id":"c1","channel":"chat","opened_at":"2026-03-02T01:14:09Z","tags":["a","b"],"mood":"fine"}"#,
        #"{"type":"message","source":"s","id":"m1","conversation_id":"c1","sent_at":"2026-03-02T09:14:09+08:00","role":"customer","text":"hi","is_public":true}"#,
        #"{"type":"ticket","source":"s","id":"9007199254740993","created_at":"2026-03-02T01:14:09Z","status":"open"}"#,
        #"{"type":"ticket_event","source":"s","ticket_id":"t1","at":"2026-03-02T01:14:09Z","field":"status","to":"solved"}"#,
        #"{"type":"rating","source":"s","id":"r1","at":"2026-03-02T01:14:09Z","score":5}"#,
        #"{"type":"call","source":"s","id":"k1","queued_at":"2026-03-02T01:14:09Z","outcome":"answered"}"#,
        #"{"type":"behavior","source":"s","at":"2026-03-02T01:14:09Z","visitor_id":"v","action":"view","dwell_seconds":1.5}"#,
        #"{"type":"customer","source":"s","id":"u1","identities":[{"kind":"email","value":"a@b.c"}],"attributes":{"tier":"gold"}}"#,
        #"{"type":"agent","source":"s","id":"a1","skills":["x"]}"#,
        #"{"type":"article","source":"s","id":"h1","title":"T","body":"B"}"#,
    ]

    @Test func canonicalReadsAllTenKinds() {
        let found = CanonicalAdapter().records(of: AdapterTests.lines.joined(separator: "\n"), context: context)
        #expect(found.batch.rejects.isEmpty)
        for kind in RecordKind.allCases { #expect(found.batch[kind].count == 1, "\(kind)") }
        #expect(found.batch[.conversation].text(ConversationField.extra, 0) == #"{"mood":"fine"}"#)
        #expect(found.batch[.conversation].text(ConversationField.tags, 0) == #"["a","b"]"#)
        #expect(found.batch[.message].time(MessageField.sentAt, 0)?.iso8601 == "2026-03-02T01:14:09Z")
        #expect(found.batch[.message].flag(MessageField.isPublic, 0) == true)
        #expect(found.batch[.ticket].text(TicketField.id, 0) == "9007199254740993")
        #expect(found.batch[.ticketEvent].text(TicketEventField.id, 0)?.count == 16)
        #expect(found.batch[.behavior].real(BehaviorField.dwellSeconds, 0) == 1.5)
        #expect(found.batch[.rating].text(RatingField.score, 0) == "5")
        #expect(found.batch[.agent].text(AgentField.source, 0) == "s")
    }

    @Test(arguments: [
        (#"{"source":"s","id":"1"}"#, Reject.Reason.missingField),
        (#"{"type":"thing","source":"s","id":"1"}"#, .unknownType),
        (#"{"type":"ticket","source":"s","id":"1","status":"open"}"#, .missingField),
        (#"{"type":"ticket","source":"s","id":"1","created_at":"2026-03-02T01:14:09","status":"open"}"#, .badTime),
        (#"{"type":"ticket","source":"s","id":"1","created_at":"2026-03-02T01:14:09Z","status":"wild"}"#, .badValue),
        (#"{"type":"ticket","source":"s","id":"1","created_at":1772421249,"status":"open"}"#, .badTime),
        (#"{"type":"ticket","source":"s","id":"","created_at":"2026-03-02T01:14:09Z","status":"open"}"#, .missingField),
        (#"{"type":"ticket","source":"s","id":[],"created_at":"2026-03-02T01:14:09Z","status":"open"}"#, .badValue),
        (
            #"{"type":"ticket","source":"s","id":"1","created_at":"1990-03-02T01:14:09Z","status":"open"}"#,
            .timeOutOfRange
        ),
        (
            #"{"type":"message","source":"s","id":"1","conversation_id":"c","sent_at":"2026-03-02T01:14:09Z","role":"boss"}"#,
            .badValue
        ),
        (
            #"{"type":"message","source":"s","id":"1","conversation_id":"c","sent_at":"2026-03-02T01:14:09Z","role":"agent","is_public":"maybe"}"#,
            .badValue
        ),
        (
            #"{"type":"conversation","source":"s","id":"1","channel":"c","opened_at":"2026-03-02T01:14:09Z","tags":"a"}"#,
            .badValue
        ),
        (
            #"{"type":"behavior","source":"s","at":"2026-03-02T01:14:09Z","visitor_id":"v","action":"x","dwell_seconds":"long"}"#,
            .badValue
        ),
        ("[1]", .badSyntax), (#"{"type":"#, .badSyntax),
    ])
    func canonicalFaults(_ line: String, _ reason: Reject.Reason) {
        let found = CanonicalAdapter().records(of: AdapterTests.lines[8] + "\n" + line, context: context)
        #expect(found.batch.rejects.map(\.reason) == [reason])
        #expect(found.batch.recordCount == 1)
    }

    /// What is written reads back as the same records, and a second time as the same bytes.
    @Test func canonicalRoundTrip() {
        let partial = #"{"type":"ticket","source":"s","id":"p\"1","subject":"a\nb","partial":true}"#
        let found = CanonicalAdapter().records(
            of: (AdapterTests.lines + [partial]).joined(separator: "\n"), context: context)
        var once: [UInt8] = []
        CanonicalWriter().append(found.batch, to: &once)
        let again = CanonicalAdapter().records(of: String(decoding: once, as: UTF8.self), context: context)
        var twice: [UInt8] = []
        CanonicalWriter().append(again.batch, to: &twice)
        #expect(again.batch.rejects.isEmpty && again.batch.recordCount == 11)
        #expect(once == twice)
        #expect(String(decoding: once, as: UTF8.self).contains(#""partial":true"#))
    }

    @Test func aPartialRecordNeedsItsKeyAlone() {
        let found = CanonicalAdapter().records(
            of: #"{"type":"ticket","source":"s","id":"1","partial":true}"#, context: context)
        #expect(found.batch.rejects.isEmpty && found.batch[.ticket].count == 1)
    }

    @Test func theSchemaFileNamesEveryField() throws {
        let path = URL(fileURLWithPath: sampleMappings).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/canonical.schema.json").path
        try contents(path).json { schema in
            #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
            for kind in RecordKind.allCases {
                let definition = try #require(schema["$defs"]?[kind.rawValue], "\(kind)")
                let properties = try #require(definition["properties"])
                for field in kind.schema.fields { #expect(properties.has(field.name), "\(kind).\(field.name)") }
                let required = Set(definition["required"]?.elements.compactMap(\.string) ?? [])
                let expected = Set(
                    kind.schema.fields.filter { CanonicalAdapter.isRequired($0, of: kind) }.map(\.name) + ["type"])
                let relaxed: Set<String> =
                    kind == .ticket ? ["created_at", "status"] : kind == .conversation ? ["channel", "opened_at"] : []
                #expect(required == expected.subtracting(relaxed), "\(kind)")
            }
        }
    }

    @Test(arguments: [
        ("name: x", "records is missing"), ("records: []", "name is missing"), ("", "is empty"),
        ("name: x\nrecords:\n  - type: thing\n    fields: {id: a}", "line 3: type thing"),
        ("name: x\nfoo: 1\nrecords: []", "no key foo"), ("name: x\ntimezone: Mars\nrecords: []", "timezone Mars"),
        ("name: x\nrecords:\n  - type: ticket\n    fields: {id: a, colour: b}", "no field colour"),
        ("name: x\nrecords:\n  - type: ticket\n    fields: {subject: b}", "ticket.id is required"),
        ("name: x\nrecords:\n  - type: call\n    fields: {id: a, queued_at: {column: b, format: qqq}}", "format qqq"),
        ("name: x\nrecords:\n  - type: ticket\n    fields: {id: {values: {a: b}}}", "needs column"),
        (
            "name: x\nrecords:\n  - type: ticket\n    when: [{column: a}]\n    fields: {id: a}",
            "needs is, not or present"
        ),
        ("name: [x", "is no YAML"), ("name: x\nrecords: 1", "expected to be a list"),
    ])
    func mappingsThatCannotBeUsed(_ text: String, _ message: String) {
        do {
            _ = try MappingAdapter(yaml: text, file: "m.yaml")
            Issue.record("accepted: \(text)")
        } catch {
            #expect(error.description.hasPrefix("m.yaml: "))
            #expect(error.description.contains(message), "\(error.description)")
        }
    }

    @Test func everythingThatAMappingCanSay() throws {
        let folder = TemporaryFolder()
        folder.write(
            "m.mapping.yaml",
            """
            name: all
            timezone: offset
            recognise: [Id, When]
            records:
              - type: conversation
                repeated: true
                when: [{column: Kind, not: [skip]}]
                fields:
                  id: Id
                  tags: {column: Tags, split: ",;"}
                  subject: {first: [Title, Alt]}
                  updated_at: When
                  closed_at: {column: Ms, format: milliseconds}
                  status: {column: State, values: {已解决: solved}, otherwise: open}
                  product: {column: Product, absent: ["-", n/a]}
              - type: behavior
                when: [{column: Page, present: true}, {column: Kind, is: [view]}]
                fields:
                  at: When
                  visitor_id: {join: [Id, {constant: "/"}, Kind]}
                  action: {constant: view}
                  page: Page
                  dwell_seconds: Dwell
              - type: message
                when: [{column: Page, present: false}]
                fields:
                  id: {hash: row}
                  conversation_id: Id
                  sent_at: When
                  role: {column: Who, values: {staff: agent}, otherwise: reject}
                  is_public: Public
                  text: {column: Title, required: true}
            """)
        folder.write(
            "a.csv",
            """
            Id,When,Kind,Tags,Title,Alt,Ms,State,Product,Page,Dwell,Who,Public
            1,2026-03-02T01:14:09Z,view,"a, b;c",,second,1772421249250,已解决,-,/home,2.5,,
            1,2026-03-02T01:14:09Z,view,"a, b;c",,second,1772421249250,已解决,-,/home,2.5,,
            2,2026-03-02T01:14:09Z,skip,,hello,,0,other,N/A,,,staff,yes
            3,2026-03-02T01:14:09Z,x,"[""q""]",hello,,,other,P,,,guest,no
            4,2026-03-02T01:14:09Z,x,,,,,,,,,staff,no
            5,2026-03-02T01:14:09Z,view,,t,,,,,/p,much,,

            """)
        let outcome = try ingest([folder.path])
        #expect(outcome.texts(.conversation, "id") == ["1"])
        #expect(outcome.texts(.conversation, "tags") == [#"["a","b","c"]"#])
        #expect(outcome.texts(.conversation, "subject") == ["second"])
        #expect(outcome.times(.conversation, "closed_at") == ["2026-03-02T03:14:09.250Z"])
        #expect(
            outcome.texts(.conversation, "status") == ["solved"] && outcome.texts(.conversation, "product") == [nil])
        #expect(outcome.texts(.behavior, "visitor_id") == ["1/view", "1/view"])
        #expect(outcome.texts(.behavior, "id").first??.count == 16)
        #expect(outcome.texts(.message, "conversation_id") == ["2"])
        #expect(outcome.rejects.map(\.reason) == [.badValue, .missingField, .badValue])
    }

    @Test func duplicatesAndLaterVersionsAreTold() {
        func batch(_ id: String, _ updated: Int64, _ subject: String) -> RecordBatch {
            var batch = RecordBatch()
            let item = batch.beginItem()
            batch[.ticket].beginRow(item: item)
            batch[.ticket].set(TicketField.source, "s")
            batch[.ticket].set(TicketField.id, id)
            batch[.ticket].set(TicketField.subject, subject)
            batch[.ticket].set(TicketField.updatedAt, integer: updated)
            batch[.ticket].endRow()
            return batch
        }
        var known = Deduplicator(limit: 2)
        #expect(known.add(batch("1", 1, "a")) == 1)
        #expect(known.add(batch("1", 1, "a")) == 0)
        #expect(known.add(batch("1", 2, "b")) == 1)
        #expect(known.add(batch("1", 1, "z")) == 0)
        // Beyond the limit keys are not remembered, and count as new.
        #expect(known.add(batch("2", 1, "a")) == 1)
        #expect(known.add(batch("3", 1, "a")) == 1 && known.add(batch("3", 1, "a")) == 1)
    }

    @Test func peopleTellRoles() {
        var people = People(agents: ["7"])
        people.note("8", .customer)
        #expect(people.role(of: "7") == .agent && people.role(of: "8") == .customer && people.role(of: nil) == nil)
        #expect(people.count == 2 && !people.isEmpty)
    }

    @Test func everyAdapterDescribesItself() {
        for adapter in AdapterRegistry.standard.adapters {
            #expect(!adapter.descriptor.reads.isEmpty && !adapter.descriptor.shapeSource.isEmpty)
            #expect(AdapterRegistry.standard.adapter(named: adapter.descriptor.name) != nil)
        }
        #expect(ZoneRule.needed.description.contains("--source-tz"))
    }
}
