extension Migration {
    /// What assembly and models make of the facts.
    static let cases = Migration(name: "0002-cases") { dialect in CaseTables.all.flatMap { $0.statements(dialect) } }
}

enum CaseTables {
    private typealias Column = TableDefinition.Column

    static let all: [TableDefinition] = [serviceCase, messageScore]

    /// The durations of a case by name, in the order of their columns.
    private static let durations: [(name: String, comment: String)] = [
        ("first_reply", "Until the first public reply of an agent"),
        ("first_resolution", "Until solved for the first time"),
        ("full_resolution", "Until solved for the last time"),
        ("requester_wait", "Spent new, open or on hold"),
        ("agent_work", "Spent new or open"),
        ("agent_wait", "Spent pending"),
        ("on_hold", "Spent on hold"),
        ("solve_time", "From opening to solving as the source says it"),
        ("case_duration", "From the first event to the last"),
    ]

    private static let durationColumns: [Column] = durations.flatMap { duration -> [Column] in
        [
            .integer("\(duration.name)_ms", "\(duration.comment), milliseconds of the calendar; NULL until it ended"),
            .integer("\(duration.name)_business_ms", "\(duration.comment), milliseconds of the business schedule"),
        ]
    }

    static let serviceCase = TableDefinition(
        name: "service_case", comment: "One customer's matter: a ticket with its conversation, or a conversation",
        columns: [
            .text("source", "Name of the exporting system"),
            .text("id", "Ticket's or conversation's id; for a cut session stream@start"),
            .text("kind", "ticket or conversation"),
            Column.text("conversation_key", "Key under which its facts lie").required,
            .text("channel", "Channel"), .text("group_name", "Group of agents"), .text("assignee", "Agent in charge"),
            .text("customer", "Customer"), .text("product", "Product or brand"), .text("language", "Language"),
            .text("priority", "Priority"), .text("status", "Last status"),
            .text("source_category", "Category as the source says it"), .text("category", "Category by the model"),
            .text("intent", "Intent by the model"), .text("sentiment", "negative, neutral or positive by the model"),
            Column.integer("negative_messages", "Customer's messages of negative feeling").required,
            Column.integer("neutral_messages", "Customer's messages of neutral feeling").required,
            Column.integer("positive_messages", "Customer's messages of positive feeling").required,
            .text("scored_by", "Set of models that labelled the case"),
            Column.time("opened_at", "Opened").required, Column.time("last_event_at", "Last event").required,
            .time("first_reply_at", "First public reply"), .text("first_reply_agent", "Who replied first"),
            .time("first_resolved_at", "Solved for the first time"),
            .time("last_resolved_at", "Solved for the last time"),
            .text("resolved_by", "Who solved it last"),
        ] + durationColumns + [
            .integer("replies", "Public replies of agents; NULL where unknown"),
            .integer("reopens", "Times that a solved ticket was opened again; NULL where unknown"),
            .integer("handoffs", "Changes of the agent in charge; NULL where unknown"),
            Column.integer("participants", "People and programs who wrote").required,
            Column.integer("messages", "Messages").required,
            .text("rating", "good, neutral or bad"), .time("rated_at", "Rated"), .text("rating_agent", "Rated agent"),
            Column.blob(
                "states",
                "Status history: per entry LEB128 zigzag distance in ms from the entry before (the first from the epoch), "
                    + "byte of the status (position among new, open, pending, hold, solved, closed, deleted), "
                    + "LEB128 length of the actor + 1 (0 for none), actor in UTF-8"
            ).required,
            Column.blob(
                "activity",
                "Messages by quarter of an hour: per entry LEB128 zigzag distance in quarters from the entry before, byte "
                    + "role code + 16 if public, LEB128 length of the agent + 1 (0 for none), agent in UTF-8, LEB128 count"
            ).required,
            Column.time("last_touch_at", "Last instant of anything in the case").required,
            Column.integer("is_unsolved", "1 for a case whose last state is unsolved: it counts towards a backlog")
                .required,
        ],
        key: ["source", "id", "kind"],
        indexes: [["source", "conversation_key"], ["opened_at"], ["last_touch_at"]])

    static let messageScore = TableDefinition(
        name: "message_score", comment: "What the models say of customers' messages",
        columns: [
            .text("source", "Name of the exporting system"), .text("conversation_key", "Key of the conversation"),
            .text("message_id", "Message"), .text("intent", "Intent"),
            Column.real("intent_confidence", "Confidence in the intent, 0 to 1").required,
            .text("sentiment", "negative, neutral or positive"),
            Column.real("sentiment_confidence", "Confidence in the sentiment, 0 to 1").required,
        ], key: ["source", "conversation_key", "message_id"], isKeyOnly: true)
}
