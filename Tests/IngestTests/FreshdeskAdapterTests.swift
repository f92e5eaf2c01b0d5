import Records
import Testing

@testable import Ingest

@Suite struct FreshdeskAdapterTests {
    private let adapter = FreshdeskAdapter()

    private func read(_ name: String) throws -> MappedItems {
        adapter.records(of: try AdapterHarness.text("freshdesk/\(name)"), context: AdapterHarness.context())
    }

    /// The description is the first message; outbound mails are the agent's; an own state is open; spam is deleted.
    @Test func tickets() throws {
        let found = try read("tickets.json")
        #expect(
            AdapterHarness.lines(found.batch) == [
                #"conversation id=1001 channel=web opened_at=2026-03-02T01:00:00Z closed_at=2026-03-04T01:00:00Z subject=物流三天没有更新 customer_id=43001 group=61 tags=["shipping"] product=9 updated_at=2026-03-04T01:00:00Z status=closed assignee_id=501"#,
                "conversation id=1002 channel=email opened_at=2026-03-02T02:00:00Z subject=Your subscription customer_id=43002 tags=[] updated_at=2026-03-02T02:00:00Z status=open assignee_id=502",
                "conversation id=1003 channel=email opened_at=2026-03-02T04:00:00Z subject=WIN A PRIZE customer_id=43009 tags=[] updated_at=2026-03-02T04:00:00Z status=deleted",
                "message id=1001-description conversation_id=1001 sent_at=2026-03-02T01:00:00Z role=customer author_id=43001 text=单号查不到， 请帮忙看看 is_public=1",
                "message id=1002-description conversation_id=1002 sent_at=2026-03-02T02:00:00Z role=agent author_id=502 text=We noticed your card expired & wrote to you. is_public=1",
                "message id=2003 conversation_id=1002 sent_at=2026-03-02T03:00:00Z role=customer author_id=43002 text=Paid now is_public=1 updated_at=2026-03-02T03:00:00Z",
                "message id=1003-description conversation_id=1003 sent_at=2026-03-02T04:00:00Z role=customer author_id=43009 text=click is_public=1",
                #"ticket id=1001 created_at=2026-03-02T01:00:00Z status=closed conversation_id=1001 subject=物流三天没有更新 description=单号查不到， 请帮忙看看 priority=normal category=物流 group=61 assignee_id=501 requester_id=43001 channel=web tags=["shipping"] updated_at=2026-03-04T01:00:00Z extra={"due_by":"2026-03-05T01:00:00Z","fr_due_by":"2026-03-03T01:00:00Z","is_escalated":false,"fr_escalated":false,"custom_fields":{"cf_order":"A-100"}} product=9 solved_at=2026-03-03T01:00:00Z first_reply_at=2026-03-02T01:20:00Z"#,
                #"ticket id=1002 created_at=2026-03-02T02:00:00Z status=open conversation_id=1002 subject=Your subscription description=We noticed your card expired & wrote to you. priority=urgent assignee_id=502 requester_id=43002 channel=email tags=[] updated_at=2026-03-02T02:00:00Z extra={"status":12,"fr_escalated":true}"#,
                #"ticket id=1003 created_at=2026-03-02T04:00:00Z status=deleted conversation_id=1003 subject=WIN A PRIZE description=click priority=low requester_id=43009 channel=email tags=[] updated_at=2026-03-02T04:00:00Z extra={"fr_escalated":false,"spam":true}"#,
                #"customer id=43001 identities=[{"kind":"email","value":"zm@example.com"},{"kind":"phone","value":"010-60682673"}] name=赵敏"#,
            ])
        #expect(found.batch.rejects.isEmpty && found.warnings.isEmpty)
    }

    /// Private notes, automatic answers, both shapes of ratings, agents and contacts.
    @Test func conversationsRatingsAndPeople() throws {
        let batch = try read("side.json").batch
        #expect(
            AdapterHarness.lines(batch) == [
                #"message id=2001 conversation_id=1001 sent_at=2026-03-02T01:20:00Z role=agent author_id=501 text=您好，已联系快递 is_public=1 attachments=[{"name":"route.pdf","type":"application/pdf","size":"10"}] updated_at=2026-03-02T01:20:00Z"#,
                "message id=2002 conversation_id=1001 sent_at=2026-03-02T01:25:00Z role=agent author_id=501 text=催一下仓库 is_public=0 updated_at=2026-03-02T01:25:00Z",
                "message id=2004 conversation_id=1001 sent_at=2026-03-02T01:00:05Z role=system author_id=501 text=Your ticket is being worked on is_public=1 updated_at=2026-03-02T01:00:05Z",
                "rating id=3001 at=2026-03-04T02:00:00Z score=103 scale=freshdesk conversation_id=1001 ticket_id=1001 agent_id=501 comment=解决了 updated_at=2026-03-04T02:00:00Z",
                "rating id=3002 at=2026-03-04T03:00:00Z score=-103 scale=freshdesk conversation_id=1002 ticket_id=1002 updated_at=2026-03-04T03:00:00Z",
                #"customer id=43001 identities=[{"kind":"email","value":"zm@example.com"},{"kind":"phone","value":"13800138000"}] name=赵敏 updated_at=2025-06-01T00:00:00Z"#,
                "agent id=501 name=Chen Jie role=agent updated_at=2025-06-01T00:00:00Z",
            ])
        let people = AdapterHarness.people(adapter, try AdapterHarness.text("freshdesk/side.json"))
        #expect(people.role(of: "501") == .agent && people.count == 1)
    }

    @Test(arguments: [
        (2, "open"), (3, "pending"), (4, "solved"), (5, "closed"), (6, "pending"), (7, "hold"), (31, "open"),
    ])
    func statusNumbers(_ number: Int, _ status: String) {
        let text =
            #"{"id":1,"requester_id":2,"responder_id":3,"fr_due_by":null,"status":\#(number),"priority":1,"source":3,"created_at":"2026-03-02T01:00:00Z"}"#
        let table = adapter.records(of: text, context: AdapterHarness.context()).batch[.ticket]
        #expect(table.text(TicketField.status, 0) == status)
        #expect(table.text(TicketField.channel, 0) == "phone")
        #expect((table.text(TicketField.extra, 0) != nil) == (number == 31))
    }

    @Test(arguments: [
        (
            #"{"id":1,"requester_id":2,"responder_id":3,"fr_due_by":null,"created_at":"2026-03-02T01:00:00Z"}"#,
            "missing_field: ticket.status is missing"
        ),
        (
            #"{"id":1,"requester_id":2,"responder_id":3,"fr_due_by":null,"status":"odd","created_at":"2026-03-02T01:00:00Z"}"#,
            "bad_value: ticket.status is neither a number nor a known word"
        ),
        (
            #"{"id":1,"incoming":null,"private":false,"ticket_id":5,"created_at":"2026-03-02T01:00:00Z"}"#,
            "missing_field: conversation.incoming is missing"
        ),
        (
            #"{"id":1,"survey_id":1,"ticket_id":5,"created_at":"2026-03-02T01:00:00Z"}"#,
            "missing_field: satisfaction_rating.ratings is missing"
        ),
        (
            #"{"x":1}"#,
            "unknown_type: none of Freshdesk's objects: ticket, conversation, satisfaction rating, contact, agent"
        ),
    ])
    func faults(_ text: String, _ expected: String) {
        let found = adapter.records(of: text, context: AdapterHarness.context())
        #expect(AdapterHarness.rejects(found.batch) == ["1 \(expected)"])
        #expect(found.batch.recordCount == 0)
    }

    /// Cells of `HH:MM:SS` above 24 hours, stamps that stand for durations, leading zeros, words for nobody.
    @Test func table() throws {
        let found = try AdapterHarness.records(
            FreshdeskTableAdapter(), csv: try AdapterHarness.text("freshdesk/tickets.csv"),
            context: AdapterHarness.context(zone: LocalZone(identifier: "Asia/Shanghai")))
        #expect(AdapterHarness.lines(found.batch) == FreshdeskAdapterTests.tableLines)
        #expect(found.batch.rejects.isEmpty)
    }

    static let tableLines = [
        #"conversation id=1001 channel=web opened_at=2026-03-02T01:00:00Z closed_at=2026-03-04T01:00:00Z subject=物流三天没有更新 customer_id=0043001 group=物流组 tags=["shipping","late"] product=耳机 updated_at=2026-03-04T01:00:00Z status=closed assignee_id=陈杰"#,
        "conversation id=1004 channel=email opened_at=2026-03-02T02:00:00Z subject=𠮷野家优惠券 customer_id=0043002 updated_at=2026-03-05T02:00:00Z status=pending",
        "conversation id=1005 channel=other opened_at=2026-03-02T03:00:00Z subject=Own state customer_id=0043002 updated_at=2026-03-05T02:00:00Z status=open",
        "message id=1001-description conversation_id=1001 sent_at=2026-03-02T01:00:00Z role=customer author_id=0043001 text=单号查不到，\n请帮忙看看 is_public=1",
        "message id=1004-description conversation_id=1004 sent_at=2026-03-02T02:00:00Z role=customer author_id=0043002 text=怎么用 is_public=1",
        "message id=1005-description conversation_id=1005 sent_at=2026-03-02T03:00:00Z role=customer author_id=0043002 text=What now is_public=1",
        #"ticket id=1001 created_at=2026-03-02T01:00:00Z status=closed conversation_id=1001 subject=物流三天没有更新 description=单号查不到，\#n请帮忙看看 priority=normal category=物流 group=物流组 assignee_id=陈杰 requester_id=0043001 channel=web tags=["shipping","late"] updated_at=2026-03-04T01:00:00Z product=耳机 solved_at=2026-03-03T01:00:00Z first_reply_at=2026-03-02T01:20:00Z"#,
        "ticket id=1004 created_at=2026-03-02T02:00:00Z status=pending conversation_id=1004 subject=𠮷野家优惠券 description=怎么用 priority=urgent requester_id=0043002 channel=email updated_at=2026-03-05T02:00:00Z",
        "ticket id=1005 created_at=2026-03-02T03:00:00Z status=open conversation_id=1005 subject=Own state description=What now priority=low requester_id=0043002 channel=other updated_at=2026-03-05T02:00:00Z",
        "rating id=1001-rating at=2026-03-04T01:00:00Z score=good conversation_id=1001 ticket_id=1001",
        #"customer id=0043001 identities=[{"kind":"email","value":"zm@example.com"}] name=赵敏"#,
        #"customer id=0043002 identities=[{"kind":"email","value":"ll@example.com"}] name=李雷"#,
        #"customer id=0043002 identities=[{"kind":"email","value":"han@example.com"}] name=Han"#,
    ]
}
