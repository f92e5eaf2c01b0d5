import Records
import Testing

@testable import Ingest

@Suite struct ZendeskAdapterTests {
    private let adapter = ZendeskAdapter()

    private func read(_ name: String, people: People = People()) throws -> MappedItems {
        adapter.records(of: try AdapterHarness.text("zendesk/\(name)"), context: AdapterHarness.context(people: people))
    }

    /// Wrapped and bare lines mixed, an id above 2^53, a rating as object and as text, a ticket over 1 MB.
    @Test func fullExport() throws {
        let found = try read("export.jsonl")
        #expect(
            AdapterHarness.lines(found.batch) == [
                #"conversation id=90113 channel=email opened_at=2026-03-02T01:14:09Z subject=发票抬头写错了 customer_id=7701 group=5 tags=["invoice","vip"] updated_at=2026-03-02T03:40:55Z status=solved assignee_id=88"#,
                #"conversation id=9007199254740993 channel=chat opened_at=2026-03-02T05:00:00Z closed_at=2026-03-02T09:30:00Z subject=Refund for order customer_id=9007199254740995 tags=[] updated_at=2026-03-03T05:00:00Z status=closed"#,
                #"conversation id=90114 channel=web opened_at=2026-03-02T06:00:00Z subject=Login customer_id=7703 tags=["login"] updated_at=2026-03-02T06:30:00Z status=pending assignee_id=89"#,
                #"message id=1 conversation_id=90113 sent_at=2026-03-02T01:14:09Z role=customer author_id=7701 text=请改成公司抬头 is_public=1 attachments=[{"name":"抬头.png","type":"image/png","size":"2048"}]"#,
                "message id=2 conversation_id=90113 sent_at=2026-03-02T01:14:10Z role=system text=已收到您的请求 is_public=1",
                "message id=3 conversation_id=90113 sent_at=2026-03-02T01:30:00Z role=agent author_id=88 text=查一下税号 is_public=0",
                "message id=4 conversation_id=90113 sent_at=2026-03-02T01:40:00Z role=customer author_id=7702 text=我是财务，麻烦尽快 is_public=1",
                "message id=5 conversation_id=90113 sent_at=2026-03-02T03:40:55Z role=agent author_id=88 text=已改好，请查收\n谢谢 & 再见 is_public=1",
                "message id=11 conversation_id=90114 sent_at=2026-03-02T06:00:00Z role=customer author_id=7703 text=I cannot log in is_public=1",
                "message id=12 conversation_id=90114 sent_at=2026-03-02T06:05:00Z role=bot author_id=90 text=Have you tried a reset? is_public=1",
                #"ticket id=90113 created_at=2026-03-02T01:14:09Z status=solved conversation_id=90113 subject=发票抬头写错了 description=请改成公司抬头 priority=normal category=incident group=5 assignee_id=88 requester_id=7701 channel=email tags=["invoice","vip"] updated_at=2026-03-02T03:40:55Z extra={"submitter_id":7701,"brand_id":3,"custom_fields":[{"id":36001,"value":"A-7"}],"email_cc_ids":[7702]}"#,
                #"ticket id=9007199254740993 created_at=2026-03-02T05:00:00Z status=closed conversation_id=9007199254740993 subject=Refund for order description=Where is my refund? requester_id=9007199254740995 channel=chat tags=[] updated_at=2026-03-03T05:00:00Z extra={"submitter_id":88} solved_at=2026-03-02T09:30:00Z first_reply_at=2026-03-02T05:12:00Z"#,
                #"ticket id=90114 created_at=2026-03-02T06:00:00Z status=pending conversation_id=90114 subject=Login description=I cannot log in priority=high assignee_id=89 requester_id=7703 channel=web tags=["login"] updated_at=2026-03-02T06:30:00Z extra={"submitter_id":7703}"#,
                "ticket_event ticket_id=90114 id=702 at=2026-03-02T06:00:00Z field=status to=new actor_id=7703 actor_role=customer",
                "ticket_event ticket_id=90114 id=711 at=2026-03-02T06:30:00Z field=status from=new to=pending actor_id=89 actor_role=agent",
                "ticket_event ticket_id=90114 id=712 at=2026-03-02T06:30:00Z field=assignee to=89 actor_id=89 actor_role=agent",
                "rating id=501 at=2026-03-02T04:00:00Z score=good scale=bad-good conversation_id=90113 ticket_id=90113 comment=很快 updated_at=2026-03-02T04:00:10Z",
                "rating id=90114-rating at=2026-03-02T06:30:00Z score=bad scale=bad-good conversation_id=90114 ticket_id=90114",
            ])
        #expect(
            AdapterHarness.rejects(found.batch) == [
                "3 missing_content: the export left out ticket 90200: Ticket is larger than 1 MB"
            ])
        #expect(found.warnings.values.reduce(0, +) == 1)
    }

    /// The same ticket twice with different `updated_at`, both kept for the warehouse; users and groups side-loaded.
    @Test func incrementalPage() throws {
        let found = try read("page.json")
        let common =
            #"id=90113 created_at=2026-03-02T01:14:09Z status=%s conversation_id=90113 subject=发票抬头写错了 description=请改成公司抬头 group=票据组 assignee_id=88 requester_id=7701 channel=whatsapp tags=[] updated_at=%t extra={"submitter_id":7701}"#
        func ticket(_ status: String, _ time: String) -> String {
            "ticket " + common.replacing("%s", with: status).replacing("%t", with: time)
        }
        let lines = AdapterHarness.lines(found.batch)
        #expect(
            Array(lines.dropFirst(2)) == [
                ticket("open", "2026-03-02T02:00:00Z"), ticket("hold", "2026-03-02T03:40:55Z"),
                #"customer id=7701 identities=[{"kind":"email","value":"wxm@example.com"},{"kind":"phone","value":"+8613800138000"},{"kind":"external_id","value":"C-1"}] name=王小明"#,
                "agent id=88 name=林娜 group=5 role=admin updated_at=2026-01-01T00:00:00Z",
            ])
        #expect(lines.first?.hasPrefix("conversation id=90113 channel=whatsapp") == true)
        #expect(found.batch.itemCount == 2)
    }

    /// Audits alone: history, comments that have no file of their own, and rules that act as nobody.
    @Test func audits() throws {
        let batch = try read("audits.json").batch
        #expect(
            AdapterHarness.lines(batch) == [
                "message id=801 conversation_id=90115 sent_at=2026-03-03T08:00:00Z role=agent author_id=88 text=Calling you about your parcel is_public=1",
                "ticket_event ticket_id=90115 id=802 at=2026-03-03T08:00:00Z field=status to=open actor_id=88 actor_role=agent",
                "ticket_event ticket_id=90115 id=803 at=2026-03-03T08:00:00Z field=group to=5 actor_id=88 actor_role=agent",
                "ticket_event ticket_id=90115 id=811 at=2026-03-03T09:00:00Z field=status from=open to=solved actor_role=system",
                "ticket_event ticket_id=90115 id=812 at=2026-03-03T09:00:00Z field=priority from=low to=high actor_role=system",
            ])
    }

    @Test func eventStream() throws {
        let found = try read("ticket_events.json")
        #expect(
            AdapterHarness.lines(found.batch) == [
                "message id=901 conversation_id=90116 sent_at=2026-03-03T08:00:00Z role=customer author_id=7704 text=耳机坏了 is_public=1",
                "ticket_event ticket_id=90116 id=902 at=2026-03-03T08:00:00Z field=status to=new actor_id=7704 actor_role=customer",
                "ticket_event ticket_id=90116 id=911 at=2026-03-03T09:00:00Z field=assignee to=88 actor_id=88 actor_role=agent",
                "ticket_event ticket_id=90116 id=912 at=2026-03-03T09:00:00Z field=status from=new to=solved actor_id=88 actor_role=agent",
            ])
        // The role of 88 is assumed, twice, and said.
        #expect(found.warnings.values.reduce(0, +) == 2)
    }

    @Test func filesBesideTheTickets() throws {
        let found = try read("side.jsonl")
        #expect(
            AdapterHarness.lines(found.batch) == [
                "message id=31 conversation_id=90117 sent_at=2026-03-02T01:05:00Z role=agent author_id=88 text=Hello is_public=1",
                "ticket id=90117 created_at=2026-03-02T01:00:00Z conversation_id=90117 solved_at=2026-03-04T01:00:00Z",
                "rating id=501 at=2026-03-02T04:00:00Z score=good scale=bad-good conversation_id=90113 ticket_id=90113 agent_id=88 comment=nice updated_at=2026-03-02T04:00:10Z",
                #"customer id=7701 identities=[{"kind":"email","value":"wxm@example.com"}] name=Wang"#,
                "agent id=88 name=Lina group=5 role=agent",
            ])
        #expect(found.batch.rejects.isEmpty)
    }

    /// A users file tells who speaks, also where an agent is the requester.
    @Test func usersFileSettlesRoles() throws {
        let people = AdapterHarness.people(adapter, try AdapterHarness.text("zendesk/side.jsonl"))
        #expect(people.role(of: "88") == .agent && people.role(of: "7701") == .customer && people.count == 2)
        let text =
            #"{"id":1,"requester_id":88,"submitter_id":88,"created_at":"2026-03-02T01:00:00Z","status":"new","via":{},"comments":[{"id":5,"author_id":88,"public":true,"created_at":"2026-03-02T01:00:00Z","body":"a"},{"id":6,"author_id":7701,"public":true,"created_at":"2026-03-02T02:00:00Z","body":"b"},{"id":7,"author_id":99,"public":true,"created_at":"2026-03-02T02:00:00Z","body":"c"}]}"#
        let known = adapter.records(of: text, context: AdapterHarness.context(people: people)).batch[.message]
        #expect((0..<3).map { known.text(MessageField.role, $0) } == ["agent", "customer", "agent"])
        let alone = adapter.records(of: text, context: AdapterHarness.context()).batch[.message]
        #expect((0..<3).map { alone.text(MessageField.role, $0) } == ["customer", "agent", "agent"])
    }

    @Test(arguments: [
        (
            #"{"ticket":{"id":1,"requester_id":2,"via":{},"status":"new"}}"#,
            "missing_field: ticket.created_at is missing"
        ),
        (
            #"{"ticket":{"id":1,"requester_id":2,"via":{},"status":"lost","created_at":"2026-03-02T01:00:00Z"}}"#,
            "bad_value: ticket.status 'lost' is unknown"
        ),
        (
            #"{"ticket":{"id":1,"requester_id":2,"via":{},"status":"new","created_at":"2026-03-02 01:00"}}"#,
            "bad_time: ticket.created_at: '2026-03-02 01:00' has no offset; give --source-tz ZONE"
        ),
        (
            #"{"comments":[{"id":1,"author_id":2,"public":true,"audit_id":3,"body":"x","created_at":"2026-03-02T01:00:00Z"}]}"#,
            "missing_field: comment.ticket_id is missing"
        ),
        (#"{"id":7,"subject":"x"}"#, "missing_field: ticket.requester_id is missing"),
        (#"{"a":1}"#, "unknown_type: none of Zendesk's objects: ticket, audit, comment, user, rating, metrics"),
        ("[1]", "bad_syntax: an object is expected"),
    ])
    func faults(_ text: String, _ expected: String) {
        let found = adapter.records(of: text, context: AdapterHarness.context())
        #expect(AdapterHarness.rejects(found.batch) == ["1 \(expected)"])
        #expect(found.batch.recordCount == 0)
    }

    /// A header with a byte-order mark, blanks and letter case of its own, ids with leading zeros, no comments.
    @Test func table() throws {
        let found = try AdapterHarness.records(
            ZendeskTableAdapter(), csv: try AdapterHarness.text("zendesk/tickets.csv"),
            context: AdapterHarness.context(zone: LocalZone(identifier: "Asia/Shanghai")))
        #expect(
            AdapterHarness.lines(found.batch) == [
                #"conversation id=90113 channel=email opened_at=2026-03-02T01:14:00Z closed_at=2026-03-02T03:40:00Z subject=发票抬头写错了, 请改 customer_id=7701 group=票据组 tags=["invoice","vip"] updated_at=2026-03-02T03:40:00Z status=solved assignee_id=林娜"#,
                "conversation id=90118 channel=web opened_at=2026-03-03T02:00:00Z subject=Broken mug customer_id=7705 updated_at=2026-03-03T02:00:00Z status=hold",
                #"ticket id=90113 created_at=2026-03-02T01:14:00Z status=solved conversation_id=90113 subject=发票抬头写错了, 请改 priority=normal category=incident group=票据组 assignee_id=林娜 requester_id=7701 channel=email tags=["invoice","vip"] updated_at=2026-03-02T03:40:00Z solved_at=2026-03-02T03:40:00Z"#,
                "ticket id=90118 created_at=2026-03-03T02:00:00Z status=hold conversation_id=90118 subject=Broken mug requester_id=7705 channel=web updated_at=2026-03-03T02:00:00Z",
                "rating id=90113-rating at=2026-03-02T03:40:00Z score=good scale=bad-good conversation_id=90113 ticket_id=90113",
                #"customer id=7701 identities=[{"kind":"email","value":"wxm@example.com"}] name=王小明"#,
                #"customer id=7705 identities=[{"kind":"email","value":"bob@example.com"}] name=Bob"#,
            ])
        #expect(
            AdapterHarness.rejects(found.batch) == [
                "3 bad_value: conversation.status: 'Escalated' is not among the values of the mapping"
            ])
    }

    @Test func tableWithoutZoneIsRefusedByItem() throws {
        let found = try AdapterHarness.records(
            ZendeskTableAdapter(), csv: try AdapterHarness.text("zendesk/tickets.csv"),
            context: AdapterHarness.context())
        #expect(
            found.batch.recordCount == 0
                && found.batch.rejects.allSatisfy {
                    $0.detail.contains("--source-tz") || $0.detail.contains("Escalated")
                })
    }
}
