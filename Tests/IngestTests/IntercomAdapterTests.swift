import Records
import Testing

@testable import Ingest

@Suite struct IntercomAdapterTests {
    private let adapter = IntercomAdapter()

    /// The source as first message, bots and automatic mails that are no human's, notes, reopening, a cut list of parts.
    @Test func conversations() throws {
        let found = adapter.records(
            of: try AdapterHarness.text("intercom/conversations.json"), context: AdapterHarness.context())
        #expect(
            AdapterHarness.lines(found.batch) == [
                #"conversation id=215470001 channel=chat opened_at=2026-03-02T01:00:00Z closed_at=2026-03-02T03:00:00Z customer_id=5f1 group=31 tags=["coupon","优惠"] updated_at=2026-03-02T03:00:00Z extra={"priority":"not_priority","sla_applied":{"sla_name":"chat","sla_status":"hit"},"custom_attributes":{"Plan":"pro"}} status=closed assignee_id=814"#,
                #"conversation id=215470002 channel=email opened_at=2026-03-03T01:06:40Z subject=Re: Invoice updated_at=2026-03-03T01:08:20Z extra={"priority":"priority","waiting_since":1772500000,"snoozed_until":1772600000,"parts_truncated":true} status=hold"#,
                "message id=215470001-source conversation_id=215470001 sent_at=2026-03-02T01:00:00Z role=customer author_id=5f1 text=你好，优惠券用不了 is_public=1",
                "message id=p1 conversation_id=215470001 sent_at=2026-03-02T01:00:05Z role=bot author_id=77 text=Hi, I am the bot is_public=1 updated_at=2026-03-02T01:00:05Z",
                "message id=p3 conversation_id=215470001 sent_at=2026-03-02T01:01:40Z role=agent author_id=815 text=for you is_public=0",
                "message id=p4 conversation_id=215470001 sent_at=2026-03-02T01:03:20Z role=agent author_id=814 text=券已过期？ is_public=0",
                #"message id=p5 conversation_id=215470001 sent_at=2026-03-02T01:05:00Z role=agent author_id=814 text=请刷新页面… is_public=1 attachments=[{"name":"shot.png","type":"image/png","size":"88"}] updated_at=2026-03-02T01:06:40Z"#,
                "message id=p7 conversation_id=215470001 sent_at=2026-03-02T01:30:00Z role=customer author_id=5f1 text=还是不行 is_public=1",
                "message id=p8 conversation_id=215470001 sent_at=2026-03-02T03:00:00Z role=agent author_id=814 text=Done now is_public=1",
                "message id=215470002-source conversation_id=215470002 sent_at=2026-03-03T01:06:40Z role=bot author_id=814 text=Pay please is_public=1",
                "message id=q1 conversation_id=215470002 sent_at=2026-03-03T01:07:30Z role=customer author_id=6a2 is_public=1",
                "message id=q3 conversation_id=215470002 sent_at=2026-03-03T01:08:10Z role=bot author_id=816 text=AI says is_public=1",
                "ticket_event ticket_id=215470001 id=p2-assignment at=2026-03-02T01:00:10Z field=group to=31 actor_id=77 actor_role=bot",
                "ticket_event ticket_id=215470001 id=p3-assignment at=2026-03-02T01:01:40Z field=assignee to=814 actor_id=815 actor_role=agent",
                "ticket_event ticket_id=215470001 id=p6-status at=2026-03-02T01:13:20Z field=status to=closed actor_id=814 actor_role=agent",
                "ticket_event ticket_id=215470001 id=p7-status at=2026-03-02T01:30:00Z field=status to=open actor_id=5f1 actor_role=customer",
                "ticket_event ticket_id=215470001 id=p8-status at=2026-03-02T03:00:00Z field=status to=closed actor_id=814 actor_role=agent",
                "ticket_event ticket_id=215470002 id=q2-status at=2026-03-03T01:08:20Z field=status to=hold actor_id=814 actor_role=agent",
                "rating id=215470001-rating at=2026-03-02T03:10:00Z score=5 scale=1-5 conversation_id=215470001 agent_id=814 comment=谢谢",
                #"customer id=5f1 identities=[{"kind":"email","value":"zj@example.com"}] name=周杰"#,
                "customer id=6a2 name=Ann",
                "agent id=815 name=Max role=agent", "agent id=814 name=Lina role=agent",
                "agent id=814 name=Lina role=agent",
            ])
        #expect(found.batch.rejects.isEmpty)
        #expect(found.warnings.values.reduce(0, +) == 1)
    }

    @Test func loneConversationAndStates() {
        func status(_ state: String) -> String? {
            let table = adapter.records(
                of:
                    #"{"type":"conversation","id":"7","created_at":1772413200,\#(state),"source":{"type":"whatsapp","author":{"type":"lead","id":"9"},"body":""},"contacts":[],"conversation_parts":{"conversation_parts":[]}}"#,
                context: AdapterHarness.context()
            ).batch[.conversation]
            return table.isEmpty ? nil : table.text(ConversationField.status, 0)
        }
        #expect(status(#""state":"open""#) == "open")
        #expect(status(#""open":false"#) == "closed")
        #expect(status(#""open":true"#) == "open")
        #expect(status(#""state":"lost""#) == nil)
    }

    @Test(arguments: [
        (#"{"type":"admin","id":"1"}"#, "unknown_type: a conversation with conversation_parts is expected"),
        (#"{"type":"conversation","conversation_parts":[]}"#, "missing_field: conversation.id is missing"),
        (
            #"{"id":"1","created_at":1772413200000,"conversation_parts":[]}"#,
            "time_out_of_range: conversation.created_at: '1772413200000' is before 1995 or more than two days ahead"
        ),
    ])
    func faults(_ text: String, _ expected: String) {
        let found = adapter.records(of: text, context: AdapterHarness.context())
        #expect(AdapterHarness.rejects(found.batch) == ["1 \(expected)"])
        #expect(found.batch.recordCount == 0)
    }
}
