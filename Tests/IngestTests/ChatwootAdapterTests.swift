import Records
import Testing

@testable import Ingest

@Suite struct ChatwootAdapterTests {
    private let adapter = ChatwootAdapter()

    private func read(_ name: String) throws -> MappedItems {
        adapter.records(of: try AdapterHarness.text("chatwoot/\(name)"), context: AdapterHarness.context())
    }

    /// 0 is no time; a list's only message is read where it is the first, not where it is the last of many; contact 5
    /// and agent 5 are two people.
    @Test func conversations() throws {
        let found = try read("conversations.json")
        #expect(
            AdapterHarness.lines(found.batch) == [
                #"conversation id=41 channel=chat opened_at=2026-03-02T03:14:09Z customer_id=contact-5 group=售后 tags=["退货"] updated_at=2026-03-02T03:15:01.250Z extra={"uuid":"0b6e","additional_attributes":{"browser":{"browser_name":"Chrome"}},"custom_attributes":{"order":"A-1"},"inbox_id":3} status=solved assignee_id=5"#,
                #"conversation id=42 channel=email opened_at=2026-03-02T05:40:00Z subject=Money customer_id=contact-6 tags=[] extra={"additional_attributes":{"mail_subject":"Money"},"inbox_id":4,"waiting_since":"2026-03-02T05:40:00Z","snoozed_until":"2026-03-03T05:40:00Z"} status=hold"#,
                "message id=9100 conversation_id=42 sent_at=2026-03-02T05:40:00Z role=customer author_id=contact-6 text=I want my money back is_public=1",
                #"ticket id=41 created_at=2026-03-02T03:14:09Z status=solved conversation_id=41 priority=urgent group=售后 assignee_id=5 requester_id=contact-5 channel=chat tags=["退货"] updated_at=2026-03-02T03:15:01.250Z first_reply_at=2026-03-02T03:14:35Z"#,
                "ticket id=42 created_at=2026-03-02T05:40:00Z status=hold conversation_id=42 subject=Money requester_id=contact-6 channel=email tags=[]",
                #"customer id=contact-5 identities=[{"kind":"phone","value":"+8613800138000"},{"kind":"external_id","value":"wx-1"}] name=孙悦"#,
                #"customer id=contact-6 identities=[{"kind":"email","value":"tom@example.com"}] name=Tom"#,
                "agent id=5 name=Dan D. role=agent",
            ])
        #expect(found.warnings == ["conversations that hold only their last message: export the messages too": 1])
    }

    /// Incoming, template, outgoing by a person, a bot and a rule, activity, note, deleted, answered survey.
    @Test func messages() throws {
        let found = try read("messages.json")
        #expect(
            AdapterHarness.lines(found.batch) == [
                #"message id=9001 conversation_id=41 sent_at=2026-03-02T03:14:09Z role=customer author_id=contact-5 text=怎么退货？ is_public=1 attachments=[{"type":"image","size":"99"}]"#,
                "message id=9002 conversation_id=41 sent_at=2026-03-02T03:14:10Z role=bot text=我们通常几分钟内回复 is_public=1",
                "message id=9003 conversation_id=41 sent_at=2026-03-02T03:14:35Z role=agent author_id=5 text=请发一下订单号 is_public=1 reply_to=9001",
                "message id=9005 conversation_id=41 sent_at=2026-03-02T03:14:36Z role=system text=Dan self-assigned this conversation is_public=1",
                "message id=9006 conversation_id=41 sent_at=2026-03-02T03:14:40Z role=agent author_id=5 text=check stock is_public=0",
                "message id=9007 conversation_id=41 sent_at=2026-03-02T03:14:41Z role=bot text=Hello from the flow is_public=1",
                "message id=9008 conversation_id=41 sent_at=2026-03-02T03:14:42Z role=system text=by rule is_public=1",
                "message id=9009 conversation_id=41 sent_at=2026-03-02T03:15:00Z role=agent author_id=5 is_public=1",
                "message id=9010 conversation_id=41 sent_at=2026-03-02T03:15:10Z role=bot text=Please rate is_public=1 updated_at=2026-03-02T03:16:40Z",
                "rating id=9010-csat at=2026-03-02T03:16:40Z score=4 scale=1-5 conversation_id=41 ticket_id=41 comment=好",
                #"customer id=contact-5 identities=[{"kind":"phone","value":"+8613800138000"}] name=孙悦"#,
                "agent id=5 name=Dan D. role=agent", "agent id=5 name=Dan role=agent",
            ])
        #expect(found.batch.rejects.isEmpty && found.batch.itemCount == 9)
    }

    /// A visitor with a name alone is a customer by the conversation, not by each message.
    @Test func visitorsWithoutContactValues() {
        let text =
            #"{"id":1,"inbox_id":2,"waiting_since":0,"status":"open","created_at":1772421249,"meta":{"sender":{"id":8,"name":"Visitor"}},"messages":[{"id":3,"message_type":0,"conversation_id":1,"private":false,"created_at":1772421249,"content":"hi","sender":{"id":8,"name":"Visitor"}}]}"#
        let found = adapter.records(of: text, context: AdapterHarness.context())
        #expect(found.batch[.customer].count == 1 && found.batch[.message].count == 1)
        #expect(found.batch[.customer].text(CustomerField.name, 0) == "Visitor")
    }

    @Test(arguments: [
        (
            #"{"id":1,"inbox_id":2,"waiting_since":0,"status":"open","created_at":0}"#,
            "missing_field: conversation.created_at is missing"
        ),
        (
            #"{"id":1,"inbox_id":2,"waiting_since":0,"status":"gone","created_at":1772421249}"#,
            "bad_value: conversation.status 'gone' is unknown"
        ),
        (
            #"{"id":1,"inbox_id":2,"waiting_since":0,"created_at":1772421249}"#,
            "missing_field: conversation.status is missing"
        ),
        (
            #"{"id":1,"message_type":9,"conversation_id":2,"private":false,"created_at":1772421249}"#,
            "bad_value: message.message_type '9' is unknown"
        ),
        (
            #"{"id":1,"message_type":null,"conversation_id":2,"private":false,"created_at":1772421249}"#,
            "missing_field: message.message_type is missing"
        ),
        (
            #"{"id":1,"message_type":0,"conversation_id":2,"private":false,"created_at":0}"#,
            "missing_field: message.created_at is missing"
        ),
        (#"{"id":1}"#, "unknown_type: neither a conversation nor a message of Chatwoot"),
    ])
    func faults(_ text: String, _ expected: String) {
        let found = adapter.records(of: text, context: AdapterHarness.context())
        #expect(AdapterHarness.rejects(found.batch) == ["1 \(expected)"])
        #expect(found.batch.recordCount == 0)
    }
}
