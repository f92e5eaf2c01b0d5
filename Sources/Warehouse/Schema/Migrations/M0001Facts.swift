extension Migration {
    /// One table per kind of record.
    static let facts = Migration(name: "0001-facts") { dialect in FactTables.all.flatMap { $0.statements(dialect) } }
}

/// The tables of facts: columns by the names of the canonical form, then what decides between two versions.
enum FactTables {
    private typealias Column = TableDefinition.Column

    private static let source = Column.text("source", "Name of the exporting system")
    private static let updatedAt = Column.time("updated_at", "Version: of two versions the later one stays")
    private static let extra = Column.text("extra", "Fields that the canonical form does not know, JSON, masked")
    private static let hash = Column.integer(
        "content_hash", "Hash over all fields: the greater one stays where updated_at is equal"
    ).required

    static let all: [TableDefinition] = [
        conversation, message, ticket, ticketEvent, rating, call, behavior, customer, agent, article,
    ]

    private static let conversation = TableDefinition(
        name: "conversation", comment: "Conversations as their sources describe them",
        columns: [
            source, .text("id", "Id in the source"), .text("channel", "Channel, such as chat or email"),
            .time("opened_at", "Opened"), .time("closed_at", "Closed"), .text("subject", "Subject, masked"),
            .text("customer_id", "Customer, a pseudonym where the id is private"), .text("group", "Group of agents"),
            .text("tags", "Tags, JSON"), .text("product", "Product or brand"), .text("language", "Language"),
            updatedAt, extra, .text("status", "Status in the words of the source"),
            .text("assignee_id", "Agent in charge"), hash,
        ], key: ["source", "id"])

    private static let message = TableDefinition(
        name: "message", comment: "Messages; their text is masked before it is written",
        columns: [
            source, .text("id", "Id in the source"), .text("conversation_id", "Conversation").required,
            .time("sent_at", "Sent").required, .text("role", "customer, agent, bot or system").required,
            .text("author_id", "Author, a pseudonym where the id is private"), .text("text", "Text, masked"),
            .integer("is_public", "1 seen by the customer, 0 internal note"), .text("attachments", "Attachments, JSON"),
            .text("reply_to", "Id of the message that this one answers"), updatedAt, extra, hash,
        ], key: ["source", "id"], indexes: [["source", "conversation_id"]])

    private static let ticket = TableDefinition(
        name: "ticket", comment: "Tickets in their last known state",
        columns: [
            source, .text("id", "Id in the source"), .time("created_at", "Created"),
            .text("status", "new, open, pending, hold, solved, closed or deleted"),
            .text("conversation_id", "Conversation that belongs to the ticket"), .text("subject", "Subject, masked"),
            .text("description", "First text, masked"), .text("priority", "Priority"),
            .text("category", "Category as the source says it"), .text("group", "Group of agents"),
            .text("assignee_id", "Agent in charge"), .text("requester_id", "Customer"), .text("channel", "Channel"),
            .text("tags", "Tags, JSON"), updatedAt, extra, .text("product", "Product or brand"),
            .text("language", "Language"), .time("solved_at", "Solved, where the source says so"),
            .time("first_reply_at", "First reply, where the source says so"), hash,
            Column.text("conversation_key", "conversation_id, or the id of a ticket that has none").required,
        ], key: ["source", "id"], indexes: [["source", "conversation_key"]])

    private static let ticketEvent = TableDefinition(
        name: "ticket_event", comment: "History of tickets",
        columns: [
            source, .text("ticket_id", "Ticket"), .text("id", "Id in the source"), .time("at", "Happened").required,
            .text("field", "What changed: status, assignee, group, priority, activity or a field of the source")
                .required,
            .text("from", "Value before"), .text("to", "Value after"), .text("actor_id", "Who did it"),
            .text("actor_role", "customer, agent, bot or system"), updatedAt, hash,
        ], key: ["source", "ticket_id", "id"])

    private static let rating = TableDefinition(
        name: "rating", comment: "Customers' ratings",
        columns: [
            source, .text("id", "Id in the source"), .time("at", "Given").required,
            .text("score", "Score in the words of the source").required, .text("scale", "Scale of the score"),
            .text("conversation_id", "Rated conversation"), .text("ticket_id", "Rated ticket"),
            .text("agent_id", "Rated agent"), .text("comment", "Comment, masked"), updatedAt, hash,
        ], key: ["source", "id"], indexes: [["source", "conversation_id"], ["source", "ticket_id"]])

    private static let call = TableDefinition(
        name: "call", comment: "Telephone calls",
        columns: [
            source, .text("id", "Id in the source"), .time("queued_at", "Entered the queue").required,
            .time("answered_at", "Answered"), .time("ended_at", "Ended"), .text("queue", "Queue"),
            .text("agent_id", "Agent"), .text("customer_id", "Customer"), .text("outcome", "How it ended"), updatedAt,
            hash,
        ], key: ["source", "id"])

    private static let behavior = TableDefinition(
        name: "behavior", comment: "What visitors did on pages",
        columns: [
            source, .text("id", "Id in the source"), .time("at", "Happened").required,
            .text("visitor_id", "Visitor").required, .text("action", "Action").required, .text("page", "Page, masked"),
            .real("dwell_seconds", "Seconds on the page"), .text("device_id", "Device"),
            .text("customer_id", "Customer"), .text("value", "Value of the action, masked"), updatedAt, hash,
        ], key: ["source", "id"])

    private static let customer = TableDefinition(
        name: "customer", comment: "Customers; names and contacts are pseudonyms",
        columns: [
            source, .text("id", "Id in the source"), .text("identities", "Kinds and pseudonyms of contacts, JSON"),
            .text("name", "Pseudonym of the name"), .text("attributes", "Attributes, JSON, masked"), updatedAt, hash,
        ], key: ["source", "id"])

    private static let agent = TableDefinition(
        name: "agent", comment: "People and programs that answer for the desk",
        columns: [
            source, .text("id", "Id in the source"), .text("name", "Name"), .text("group", "Group of agents"),
            .text("role", "agent or bot"), .text("skills", "Skills, JSON"), updatedAt, hash,
        ], key: ["source", "id"])

    private static let article = TableDefinition(
        name: "article", comment: "Articles of the knowledge base",
        columns: [
            source, .text("id", "Id in the source"), Column.text("title", "Title").required,
            Column.text("body", "Text").required, .text("category", "Category"), .text("language", "Language"),
            .text("url", "Address"), updatedAt, hash,
        ], key: ["source", "id"])
}
