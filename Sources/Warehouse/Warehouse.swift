package import Aggregates
package import Records
package import Runtime

/// The store of facts, cases, aggregates and ledgers; PostgreSQL and SQLite answer alike.
///
/// Calls block; a value is used from one thread at a time. Every change is one transaction per call unless said
/// otherwise, so that a process that dies leaves what was committed and nothing else. Text order is byte order in both
/// stores, and whatever must agree on both is computed by the caller in Swift.
package protocol Warehouse: AnyObject {
    /// For messages: the address without its password.
    var displayName: String { get }

    // Schema

    /// Brings the schema to the newest version and names the migrations that it ran, followed by the server's warnings
    /// (such as that roles may not be made).
    func migrate() throws -> [String]
    func status() throws -> WarehouseStatus

    // One run at a time, and what ran

    /// The lock of the whole warehouse, or `nil` at once when another process holds it. It ends with the value or the process.
    func tryLock() throws -> (any WarehouseLock)?
    func beginRun(_ run: RunSummary) throws
    func finishRun(_ run: RunSummary) throws
    /// Newest first.
    func runs(limit: Int) throws -> [RunSummary]
    func run(_ id: String) throws -> RunSummary?

    // Settings that the stored numbers depend on (zone, profile, schedule): a change means that cases are computed anew

    func setting(_ name: String) throws -> String?
    func setSetting(_ name: String, to value: String) throws

    // Loading

    /// What is known of a file by content hash and by the way it was read; `nil` when it has not been loaded.
    func loadedFile(contentHash: String, adapter: String) throws -> LoadedFile?
    /// Starts the transaction that loads one file.
    func beginLoad() throws -> any LoadSession
    /// Those of the file loaded last come first.
    func rejects(limit: Int) throws -> [Reject]
    func sourceQuality() throws -> [SourceQuality]

    // From facts to cases

    /// How many (source, conversation key) wait for assembly.
    func pendingCount() throws -> Int
    /// Marks every key pending (after a change of a setting).
    func markAllPending() throws
    /// Marks pending the keys of cases that were scored by another set of models than `models`, or by none.
    func markPending(notScoredBy models: String) throws
    /// Reads the facts of all pending keys in order of (source, key); a snapshot, open while others write.
    /// Message text comes only for customers' messages. A key under which nothing lies any more (its records moved, or
    /// threading made it an alias) gives empty facts: replacing it by no cases takes away what was computed for it.
    func pendingFacts() throws -> any FactCursor
    /// The facts of one conversation key, or of the ticket with this id; every message with its text.
    func facts(source: String?, key: String) throws -> [ConversationFacts]
    /// Which authors are agents or bots by the agent records, per source: id → role word and name and group.
    func agents() throws -> [AgentFact]
    /// Conversations of which a message replies to a message of another one, where either waits for assembly, by source.
    func crossConversationReplies() throws -> [String: [ReplyNode]]
    /// Aliases of conversation keys that threading found: key → canonical key, per source.
    func threadLinks(source: String) throws -> [String: String]
    /// Joins the groups of both ends and marks pending the keys that gain or lose facts.
    func addThreadLinks(source: String, _ links: [String: String]) throws
    /// Replaces everything computed for these conversations, takes them off the pending list and marks dirty every
    /// local day that an old or a new case touches; one transaction.
    ///
    /// A case touches the days of its opening, last event, first reply, resolutions, rating, status changes and messages;
    /// with states (or as an unsolved ticket) all days from opening to its last change, and while it is unsolved up to
    /// the last day of any case. Days by which the calendar of cases grows are dirty too, since stocks exist on each.
    func replaceCases(_ conversations: [AssembledConversation], zone: LocalZone) throws

    // From cases to days

    /// Local days whose aggregates are out of date, ascending.
    func dirtyDays() throws -> [CivilDate]
    func markAllDaysDirty(zone: LocalZone) throws
    /// Cases whose life (opened … last event, and for unsolved tickets up to `days.upperBound`) meets the days; in order
    /// of (source, id).
    func cases(touching days: ClosedRange<CivilDate>, zone: LocalZone) throws -> any CaseCursor
    /// First and last instant of any case.
    func caseSpan() throws -> ClosedRange<Timestamp>?
    /// Replaces the cells of exactly these days and takes the days off the dirty list; one transaction.
    func replaceDays(_ days: [CivilDate], daily: [DailyCell], hourly: [HourlyCell]) throws
    func dailyCells(_ days: ClosedRange<CivilDate>) throws -> [DailyCell]
    func hourlyCells(_ days: ClosedRange<CivilDate>) throws -> [HourlyCell]

    // Series

    func replaceAlerts(_ alerts: [Alert], watched: [WatchedSeries]) throws
    func alerts(_ days: ClosedRange<CivilDate>) throws -> [Alert]
    /// Points of the days, and whole forecasts: they lie ahead of the days.
    func watchedSeries(_ days: ClosedRange<CivilDate>) throws -> [WatchedSeries]
    /// Replaces the arrivals by hour ahead; one transaction.
    func replaceStaffing(_ staffing: [StaffingSeries]) throws
    /// The arrivals by hour ahead that the last run left, in the order in which they were given.
    func staffing() throws -> [StaffingSeries]

    // Export, in order of (source, id)

    func exportCases(kind: ServiceCase.Kind?, openedIn span: Range<Timestamp>?) throws -> any CaseCursor
    /// Rows of messages with their scores in order of (source, conversation key, sent_at, id).
    func exportMessages(sentIn span: Range<Timestamp>?) throws -> any MessageCursor
    func tickets(source: String, ids: [String]) throws -> [TicketFact]

    // Retention

    /// Removes facts, cases and rejects older than the instant and gives the number of rows removed by table.
    ///
    /// Conversations go as a whole, when all their cases ended before the instant and none is unsolved, pending or needed
    /// by a dirty day. Aggregates stay: from then on nothing marks days before the instant dirty.
    func prune(before instant: Timestamp) throws -> [String: Int]
}

/// Held while it lives.
package protocol WarehouseLock: AnyObject {}

/// One file on its way into the warehouse, in one transaction with its ledger row.
package protocol LoadSession: AnyObject {
    /// Upserts a batch: of two versions of a record the later `updated_at` wins (absent is earliest), then the greater
    /// content hash. Keys that changed become pending. Says for each input item whether anything of it was new.
    func append(_ batch: RecordBatch) throws -> BatchOutcome
    func append(rejects: [Reject]) throws
    /// Writes the ledger row and commits.
    func commit(_ file: LoadedFile) throws
    func rollback()
}

/// What became of the items of a batch.
package struct BatchOutcome: Sendable, Equatable {
    /// Items of which at least one record was new or newer.
    package var accepted: Int
    /// Items all of whose records were known in the same or a later version.
    package var duplicates: Int
    /// Records written, by kind.
    package var records: [RecordKind: Int]
    package init(accepted: Int, duplicates: Int, records: [RecordKind: Int]) {
        self.accepted = accepted
        self.duplicates = duplicates
        self.records = records
    }
}

/// A file that was loaded.
package struct LoadedFile: Sendable, Equatable {
    /// SHA-256 of the file's bytes.
    package var contentHash: String
    /// Adapter with a fingerprint of its mapping: the same bytes read another way are another load.
    package var adapter: String
    package var path: String
    package var source: String
    package var bytes: Int64
    package var read: Int
    package var accepted: Int
    package var duplicates: Int
    package var rejected: Int
    package var runID: String
    package var loadedAt: Timestamp

    package init(
        contentHash: String, adapter: String, path: String, source: String, bytes: Int64, read: Int, accepted: Int,
        duplicates: Int, rejected: Int, runID: String, loadedAt: Timestamp
    ) {
        self.contentHash = contentHash
        self.adapter = adapter
        self.path = path
        self.source = source
        self.bytes = bytes
        self.read = read
        self.accepted = accepted
        self.duplicates = duplicates
        self.rejected = rejected
        self.runID = runID
        self.loadedAt = loadedAt
    }
}

/// Gives facts conversation by conversation; `nil` at the end.
package protocol FactCursor: AnyObject {
    func next() throws -> ConversationFacts?
}

package protocol CaseCursor: AnyObject {
    func next() throws -> ServiceCase?
}

package protocol MessageCursor: AnyObject {
    func next() throws -> ExportedMessage?
}

/// A message with its scores, as exports show it.
package struct ExportedMessage: Sendable, Equatable {
    package var source: String
    package var message: MessageFact
    package var score: MessageScore?
    package init(source: String, message: MessageFact, score: MessageScore?) {
        self.source = source
        self.message = message
        self.score = score
    }
}

/// What threading needs to know of one conversation key.
package struct ReplyNode: Sendable, Equatable {
    package var key: String
    package var firstMessageAt: Timestamp
    /// Ids of its messages that others reply to, and the ids that its own messages reply to.
    package var messageIDs: [String]
    package var references: [String]
    package init(key: String, firstMessageAt: Timestamp, messageIDs: [String], references: [String]) {
        self.key = key
        self.firstMessageAt = firstMessageAt
        self.messageIDs = messageIDs
        self.references = references
    }
}

/// A person or program that answers for the desk.
package struct AgentFact: Sendable, Equatable {
    package var source: String
    package var id: String
    package var name: String?
    package var group: String?
    package var role: Role
    package init(source: String, id: String, name: String?, group: String?, role: Role) {
        self.source = source
        self.id = id
        self.name = name
        self.group = group
        self.role = role
    }
}

/// What `db status` and `doctor` show.
package struct WarehouseStatus: Sendable, Equatable {
    /// `SQLite 3.40.1` or `PostgreSQL 15.18`.
    package var server: String
    package var applied: [String]
    package var missing: [String]
    package var rows: [String: Int64]
    package var pending: Int
    package var dirtyDays: Int
    package init(
        server: String, applied: [String], missing: [String], rows: [String: Int64], pending: Int, dirtyDays: Int
    ) {
        self.server = server
        self.applied = applied
        self.missing = missing
        self.rows = rows
        self.pending = pending
        self.dirtyDays = dirtyDays
    }
}
