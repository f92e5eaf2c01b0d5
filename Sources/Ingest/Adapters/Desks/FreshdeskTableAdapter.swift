import Records

/// Freshdesk's (and Freshservice's) CSV export of tickets.
///
/// Shape: header lists of the vendor's page on exporting tickets and of its community. Times are the desk's local clock
/// without an offset, so `--source-tz` must tell. The cells `… (in hrs)` are `HH:MM:SS` with hours above 24 and often
/// empty: they are not read, times are computed from the stamps ("Initial response time" is one). Encodings vary
/// (UTF-8, GB18030): the reader settles that before.
package struct FreshdeskTableAdapter: TableAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "freshdesk.csv", reads: "Freshdesk: CSV export of tickets",
            shapeSource: "vendor's page on exporting tickets", zone: .needed)
    }

    package func confidence(for header: TableHeader) -> Double {
        guard header.has("Ticket ID") else { return 0 }
        if header.has("Resolution time (in hrs)") || header.has("First response time (in hrs)") { return 0.98 }
        let known = [
            "Created time", "Resolved time", "Closed time", "Last update time", "Initial response time", "Due by Time",
            "Agent interactions", "Customer interactions", "Resolution status", "First response status",
            "Survey results",
        ]
        return header.count(of: known) >= 4 ? 0.85 : 0
    }

    package func mapping(for header: TableHeader) -> TableMapping {
        func column(_ field: String, _ name: String) -> FieldRule {
            FieldRule(field, .column(name), absentWords: absent)
        }
        let absent = ["-", "--", "No Agent", "No Group", "N/A"]
        let customer: FieldSource = .first([.column("Contact ID"), .column("Email"), .column("Full name")])
        let channel = FieldRule("channel", .column("Source"), values: DeskWords.channels, unmapped: .becomes("other"))
        // A state of the account's own counts as open, as in the API's form.
        let status = FieldRule(
            "status", .column("Status"), values: DeskWords.statuses, unmapped: .becomes("open"), isRequired: true)
        let tags = FieldRule("tags", .column("Tags"), separators: ",")

        let conversation = RecordRule(
            .conversation,
            fields: [
                .column("id", "Ticket ID"), channel,
                FieldRule("opened_at", .column("Created time"), isRequired: true),
                FieldRule("closed_at", .first([.column("Closed time"), .column("Resolved time")])),
                .column("subject", "Subject"), FieldRule("customer_id", customer), column("group", "Group"), tags,
                column("product", "Product"), column("updated_at", "Last update time"), status,
                column("assignee_id", "Agent"),
            ])
        let ticket = RecordRule(
            .ticket,
            fields: [
                .column("id", "Ticket ID"), FieldRule("created_at", .column("Created time"), isRequired: true), status,
                .column("conversation_id", "Ticket ID"), .column("subject", "Subject"),
                .column("description", "Description"),
                FieldRule("priority", .column("Priority"), values: DeskWords.priorities), column("category", "Type"),
                column("group", "Group"), column("assignee_id", "Agent"), FieldRule("requester_id", customer), channel,
                tags, column("updated_at", "Last update time"), column("product", "Product"),
                FieldRule("solved_at", .first([.column("Resolved time"), .column("Closed time")])),
                column("first_reply_at", "Initial response time"),
            ])
        // The description is the customer's first message, under the same id as in the API's form.
        let message = RecordRule(
            .message, when: [.present("Description")],
            fields: [
                FieldRule("id", .joined([.column("Ticket ID"), .constant("-description")])),
                .column("conversation_id", "Ticket ID"), .column("sent_at", "Created time"),
                FieldRule("role", .constant("customer")), FieldRule("author_id", customer),
                .column("text", "Description"), FieldRule("is_public", .constant("true")),
            ])
        let rating = RecordRule(
            .rating,
            when: [
                .present("Survey results"),
                .isNone("Survey results", of: ["-", "--", "N/A", "Not answered", "No response", "Not taken"]),
            ],
            fields: [
                FieldRule("id", .joined([.column("Ticket ID"), .constant("-rating")])),
                FieldRule(
                    "at",
                    .first([
                        .column("Closed time"), .column("Resolved time"), .column("Last update time"),
                        .column("Created time"),
                    ])),
                FieldRule("score", .column("Survey results"), values: FreshdeskTableAdapter.scores),
                .column("conversation_id", "Ticket ID"), .column("ticket_id", "Ticket ID"),
            ])
        let person = RecordRule(
            .customer, when: [.present("Contact ID")], isRepeated: true,
            fields: [
                .column("id", "Contact ID"), .column("name", "Full name"),
                FieldRule(
                    "identities",
                    .joined([.constant("[{\"kind\":\"email\",\"value\":\""), .column("Email"), .constant("\"}]")])),
            ])
        return TableMapping([conversation, ticket, message, rating] + (header.has("Contact ID") ? [person] : []))
    }

    /// The answers of the default survey.
    private static let scores = [
        "Extremely Happy": "good", "Very Happy": "good", "Happy": "good", "Awesome": "good", "Satisfied": "good",
        "Extremely satisfied": "good", "Neutral": "neutral", "Just okay": "neutral",
        "Neither happy nor unhappy": "neutral",
        "Unhappy": "bad", "Very unhappy": "bad", "Extremely unhappy": "bad", "Not good": "bad", "Dissatisfied": "bad",
        "非常满意": "good", "满意": "good", "一般": "neutral", "不满意": "bad", "非常不满意": "bad",
    ]
}
