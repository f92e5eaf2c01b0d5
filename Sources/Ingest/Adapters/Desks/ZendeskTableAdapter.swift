import Records

/// Zendesk's CSV export of tickets: one row a ticket, no comments and no description.
///
/// Shape: the vendor's page on exporting data to CSV and the header lists of its community. Header names differ in
/// letter case (`ID`, `Id`) and in the units they name; times are the account's local clock without an offset, so
/// `--source-tz` must tell. Its durations are rounded and are not read: times are computed from the stamps.
package struct ZendeskTableAdapter: TableAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "zendesk.csv", reads: "Zendesk: CSV export of tickets",
            shapeSource: "vendor's page on CSV exports", zone: .needed)
    }

    package func confidence(for header: TableHeader) -> Double {
        guard header.hasAll(["Id", "Requester"]) else { return 0 }
        if header.hasAll(["Group stations", "Assignee stations"]) { return 0.98 }
        let known = [
            "Submitter", "Assignee", "Satisfaction Score", "Solved at", "Assigned at", "Initially assigned at", "Via",
            "Ticket type", "Updated at", "Created at", "Reopens", "Replies",
        ]
        return header.count(of: known) >= 7 ? 0.8 : 0
    }

    package func mapping(for header: TableHeader) -> TableMapping {
        func column(_ field: String, _ name: String) -> FieldRule {
            FieldRule(field, .column(name), absentWords: ["-"])
        }
        let channel = FieldRule("channel", .column("Via"), values: DeskWords.channels, unmapped: .becomes("other"))
        let status = FieldRule(
            "status", .column("Status"), values: DeskWords.statuses, unmapped: .reject, isRequired: true)
        let customer = FieldRule(
            "customer_id", .first([.column("Requester ID"), .column("Requester email"), .column("Requester")]))
        let opened = FieldRule("created_at", .column("Created at"), isRequired: true)
        let tags = FieldRule("tags", .column("Tags"), separators: " ,")
        var conversationOpened = opened
        conversationOpened.field = "opened_at"
        var requester = customer
        requester.field = "requester_id"
        var closed = column("closed_at", "Solved at")
        closed.absentWords = ["-"]

        let conversation = RecordRule(
            .conversation,
            fields: [
                .column("id", "Id"), channel, conversationOpened, closed, .column("subject", "Subject"), customer,
                column("group", "Group"), tags, column("updated_at", "Updated at"), status,
                column("assignee_id", "Assignee"),
            ])
        let ticket = RecordRule(
            .ticket,
            fields: [
                .column("id", "Id"), opened, status, .column("conversation_id", "Id"), .column("subject", "Subject"),
                FieldRule("priority", .column("Priority"), values: DeskWords.priorities, absentWords: ["-"]),
                FieldRule("category", .column("Ticket type"), values: ZendeskTableAdapter.types, absentWords: ["-"]),
                column("group", "Group"),
                column("assignee_id", "Assignee"), requester, channel, tags, column("updated_at", "Updated at"),
                column("solved_at", "Solved at"),
            ])
        let rating = RecordRule(
            .rating,
            when: [
                .isOne(
                    "Satisfaction Score", of: ["Good", "Bad", "Good with comment", "Bad with comment"])
            ],
            fields: [
                FieldRule("id", .joined([.column("Id"), .constant("-rating")])),
                FieldRule(
                    "at", .first([.column("Solved at"), .column("Updated at"), .column("Created at")]),
                    absentWords: ["-"]),
                FieldRule(
                    "score", .column("Satisfaction Score"),
                    values: [
                        "Good": "good", "Bad": "bad", "Good with comment": "good", "Bad with comment": "bad",
                    ]), FieldRule("scale", .constant("bad-good")), .column("conversation_id", "Id"),
                .column("ticket_id", "Id"),
            ])
        var records = [conversation, ticket, rating]
        if header.has("Requester ID") {
            records.append(
                RecordRule(
                    .customer, when: [.present("Requester ID")],
                    fields: [
                        .column("id", "Requester ID"), .column("name", "Requester"),
                        FieldRule(
                            "identities",
                            .joined([
                                .constant("[{\"kind\":\"email\",\"value\":\""), .column("Requester email"),
                                .constant("\"}]"),
                            ])),
                    ]))
        }
        return TableMapping(records)
    }

    /// The types as the API writes them.
    private static let types = ["Incident": "incident", "Question": "question", "Problem": "problem", "Task": "task"]
}
