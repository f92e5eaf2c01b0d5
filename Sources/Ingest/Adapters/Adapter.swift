package import Records
package import Runtime

/// What a person should know of an adapter: `ingest --list-adapters` prints it.
package struct AdapterDescriptor: Sendable {
    /// Name for `--format`, such as `zendesk.csv`.
    package let name: String
    /// What it reads, in one phrase.
    package let reads: String
    /// Where the knowledge of the shape comes from.
    package let shapeSource: String
    package let zone: ZoneRule
    /// The source name that records get where the user gives none, such as `zendesk`.
    package let defaultSource: String

    package init(name: String, reads: String, shapeSource: String, zone: ZoneRule, defaultSource: String? = nil) {
        self.name = name
        self.reads = reads
        self.shapeSource = shapeSource
        self.zone = zone
        self.defaultSource = defaultSource ?? String(name.prefix { $0 != "." })
    }
}

/// Where the zone of a system's times comes from.
package enum ZoneRule: Sendable, Equatable, CustomStringConvertible {
    /// Every time carries its offset or counts from the epoch; a naive one among them is refused with its item.
    case stated
    /// Times without an offset are in this IANA zone by the system's own definition.
    case fixed(String)
    /// Times carry no offset and the system does not say whose clock it was: `--source-tz` or configuration must tell.
    case needed

    package var description: String {
        switch self {
        case .stated: "offset in each time"
        case .fixed(let name): name
        case .needed: "needs --source-tz"
        }
    }
}

/// What the two kinds of adapter share.
package protocol Adapter: Sendable {
    var descriptor: AdapterDescriptor { get }
}

/// An adapter for tables, recognised by its header names.
///
/// It is a value that describes a mapping; the reader compiles it to a plan over column positions and runs that over
/// the bytes of the fields.
package protocol TableAdapter: Adapter {
    /// 0 (certainly not) to 1 (certainly); from `Detection.acceptance` on the adapter is taken.
    func confidence(for header: TableHeader) -> Double
    /// The mapping for a table with this header.
    func mapping(for header: TableHeader) -> TableMapping
}

/// An adapter for JSON documents: one function from an object to records.
package protocol DocumentAdapter: Adapter {
    /// 0 to 1 for one document: a line of JSON Lines, an element of a top-level array, or the whole value.
    ///
    /// The reader asks for the first documents of a file and takes the mean.
    func confidence(for document: JSONValue) -> Double

    /// The array inside a document that holds its items, where the document is a page of them (`tickets`, `payload`);
    /// `nil` where the document itself is the item.
    func items(in document: JSONValue) -> JSONValue?

    /// Writes the records of one item. A thrown `ItemFault` takes back what was written for the item and makes it one
    /// reject; what is only worth a note goes to `records.warn`.
    ///
    /// - Parameters:
    ///   - item: the object to map.
    ///   - document: the page that it stood in (for side-loaded users); the item itself where there is no page.
    func map(_ item: JSONValue, in document: JSONValue, to records: inout RecordSink) throws(ItemFault)

    /// The people that a document names with their role, read before anything else so that messages can be told apart.
    ///
    /// Called in a first pass over files whose documents `namesPeople`.
    func people(in document: JSONValue) -> [(id: String, role: Role)]
    /// The groups that a document names, read in the same pass.
    func groups(in document: JSONValue) -> [(id: String, name: String)]
    var namesPeople: Bool { get }
}

extension DocumentAdapter {
    package func items(in document: JSONValue) -> JSONValue? { nil }
    package func people(in document: JSONValue) -> [(id: String, role: Role)] { [] }
    package func groups(in document: JSONValue) -> [(id: String, name: String)] { [] }
    package var namesPeople: Bool { false }
}

/// Why an item cannot become records; it becomes a reject with this reason.
package struct ItemFault: Error, Sendable, Equatable {
    package let reason: Reject.Reason
    /// What was found and what was expected; no personal data.
    package let detail: String

    package init(_ reason: Reject.Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    package static func missing(_ field: String) -> ItemFault { ItemFault(.missingField, "\(field) is missing") }
}

/// What an adapter may know of the file it reads.
package struct AdapterContext: Sendable {
    /// The `source` of every record.
    package let source: String
    /// The file as the user named it, and the path inside an archive (empty for a plain file).
    package let file: String
    package let entry: String
    /// The zone of naive times, already settled by rule, flag or configuration.
    package let zone: LocalZone?
    package let now: Timestamp
    /// People whose role is known: from `agents:` in the configuration and from users files of the same run.
    package let people: People
    /// The key to encrypted messages, where the environment gives one.
    package let envelopeKey: String?

    package init(
        source: String, file: String = "", entry: String = "", zone: LocalZone? = nil, now: Timestamp = .now(),
        people: People = People(), envelopeKey: String? = nil
    ) {
        self.source = source
        self.file = file
        self.entry = entry
        self.zone = zone
        self.now = now
        self.people = people
        self.envelopeKey = envelopeKey
    }
}

/// The roles of people and the names of groups by their id in a source.
package struct People: Sendable {
    private var roles: [String: Role] = [:]
    private var groups: [String: String] = [:]

    package init(agents: [String] = []) { for id in agents { roles[id] = .agent } }

    package mutating func note(_ id: String, _ role: Role) { roles[id] = role }
    package func role(of id: String?) -> Role? { id.flatMap { roles[$0] } }
    /// Whether a mail address, or its domain as `@shop.example`, belongs to staff.
    package func isStaff(_ address: String?) -> Bool {
        guard let address = address?.lowercased() else { return false }
        if roles[address] == .agent { return true }
        return address.lastIndex(of: "@").map { roles[String(address[$0...])] == .agent } ?? false
    }
    package mutating func noteGroup(_ id: String, _ name: String) { groups[id] = name }
    package func groupName(_ id: String?) -> String? { id.flatMap { groups[$0] } }
    package var isEmpty: Bool { roles.isEmpty }
    package var count: Int { roles.count }
}
