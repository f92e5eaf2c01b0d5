package import Records

/// What is known of an input before it is read: `inspect` prints it, `ExportReader.read` reads it.
package struct PlannedFile: Sendable {
    /// The file as the user named it, `-` for standard input.
    package let path: String
    /// The path inside an archive, archives inside archives parted by `!`; empty for a plain file.
    package let entry: String
    /// SHA-256 of the raw file, 64 hexadecimal digits; an archive's entries share their archive's.
    package let contentHash: String
    package let container: ContainerKind
    /// Bytes of the (decompressed) input.
    package internal(set) var byteCount = 0
    package internal(set) var encoding: DetectedCharset?
    package internal(set) var kind: TextKind = .other
    /// Name of the adapter; `nil` where the file is refused.
    package internal(set) var adapter: String?
    package internal(set) var confidence = 0.0
    package internal(set) var candidates: [Detection.Candidate] = []
    /// The source name that its records get.
    package internal(set) var source = ""
    /// Where the zone of its times comes from, in words.
    package internal(set) var zoneRule = ""
    package internal(set) var delimiter: String?
    package internal(set) var columnsMapped: [String] = []
    package internal(set) var columnsUnmapped: [String] = []
    package internal(set) var warnings: [String] = []
    /// Why it is not read; such a file counts as one rejected item.
    package internal(set) var refusal: Reject?
    /// The refusal as an error that names the way out.
    package internal(set) var error: IngestError?

    /// Whether there is something to read.
    package var isReadable: Bool { refusal == nil }
    /// Path and entry in one.
    package var displayName: String { entry.isEmpty ? path : "\(path)!\(entry)" }

    var text: InputBytes?
    var strategy: ReadingStrategy?
    var context: AdapterContext?

    init(path: String, entry: String, contentHash: String, container: ContainerKind) {
        self.path = path
        self.entry = entry
        self.contentHash = contentHash
        self.container = container
    }

    mutating func refuse(_ reason: Reject.Reason, _ detail: String, excerpt: String = "") {
        refusal = Reject(
            file: path, entry: entry, reason: reason, detail: detail, excerpt: excerpt)
    }
}

/// How the text of a planned file becomes items.
enum ReadingStrategy: Sendable {
    case rows(ColumnPlan, TableShape)
    /// JSON objects through a mapping: the keys by column position, and the path to the items of a page.
    case mappedObjects(ColumnPlan, keys: [[[UInt8]]], items: [String])
    case documents(any DocumentAdapter)
    case text(any TextAdapter, any PreparedText)
}
