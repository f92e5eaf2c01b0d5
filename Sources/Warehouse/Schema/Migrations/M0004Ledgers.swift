extension Migration {
    /// Files, rejects, runs, settings and the lists of work to do.
    static let ledgers = Migration(name: "0004-ledgers") { dialect in
        LedgerTables.all.flatMap { $0.statements(dialect) }
    }
}

enum LedgerTables {
    private typealias Column = TableDefinition.Column

    static let all: [TableDefinition] = [
        loadFile, reject, run, setting, pendingConversation, dirtyDay, threadLink,
    ]

    static let loadFile = TableDefinition(
        name: "load_file", comment: "Files that were loaded: read = accepted + duplicates + rejected",
        columns: [
            .text("content_hash", "SHA-256 of the bytes"),
            .text("adapter", "Adapter with a fingerprint of its mapping"),
            Column.text("path", "Path as given").required,
            Column.text("source", "Name of the exporting system").required,
            Column.integer("bytes", "Size").required, Column.integer("read", "Items read").required,
            Column.integer("accepted", "Items that brought anything new").required,
            Column.integer("duplicates", "Items that were known").required,
            Column.integer("rejected", "Items that could not be used").required,
            Column.text("run_id", "Run that loaded it").required, Column.time("loaded_at", "Loaded").required,
        ], key: ["content_hash", "adapter"])

    static let reject = TableDefinition(
        name: "reject", comment: "Items that could not be used, with the reason",
        columns: [
            Column.text("content_hash", "File, see load_file").required,
            Column.text("adapter", "Adapter, see load_file").required,
            Column.text("source", "Name of the exporting system").required, Column.time("loaded_at", "Loaded").required,
            Column.text("file", "File as given").required, Column.text("entry", "Path inside an archive").required,
            Column.integer("line", "Line, 0 where lines mean nothing").required,
            Column.integer("byte_offset", "Byte offset, -1 where unknown").required,
            Column.integer("ordinal", "Position of the item, 0 for the file itself").required,
            Column.text("reason", "Reason as a word").required, Column.text("detail", "What was found").required,
            Column.text("excerpt", "The item, masked and cut").required,
        ], indexes: [["content_hash", "adapter"], ["loaded_at"]])

    static let run = TableDefinition(
        name: "run", comment: "Runs of the program",
        columns: [
            .text("run_id", "Name of the run"), Column.text("command", "Command").required,
            Column.text("version", "Version of the program").required, Column.time("started_at", "Started").required,
            .time("finished_at", "Finished"), Column.text("outcome", "running, ok, failed or interrupted").required,
            .integer("exit_code", "Exit status"),
            Column.text("summary", "Everything that the run tells, JSON").required,
        ], key: ["run_id"])

    static let setting = TableDefinition(
        name: "setting", comment: "Settings that stored numbers depend on",
        columns: [.text("name", "Name"), Column.text("value", "Value").required], key: ["name"], isKeyOnly: true)

    static let pendingConversation = TableDefinition(
        name: "pending_conversation", comment: "Conversations whose cases have to be computed anew",
        columns: [.text("source", "Name of the exporting system"), .text("key", "Conversation key")],
        key: ["source", "key"], isKeyOnly: true)

    static let dirtyDay = TableDefinition(
        name: "dirty_day", comment: "Local days whose aggregates have to be computed anew",
        columns: [.integer("day", "Local day as days since 1970-01-01")], key: ["day"])

    static let threadLink = TableDefinition(
        name: "thread_link", comment: "Conversation keys that threading found to be one conversation",
        columns: [
            .text("source", "Name of the exporting system"), .text("key", "Alias"),
            Column.text("canonical", "Key of the whole conversation, never an alias itself").required,
        ], key: ["source", "key"], isKeyOnly: true)
}
