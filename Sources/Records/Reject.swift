/// An input item that could not become a record, with what a person needs to mend it.
package struct Reject: Sendable, Codable, Equatable {
    /// Why, as a stable word for tables and scripts.
    package enum Reason: String, Sendable, Codable, CaseIterable {
        case unknownFormat = "unknown_format"
        case unreadable
        case truncated
        case encrypted
        case limitExceeded = "limit_exceeded"
        case unsafeEntry = "unsafe_entry"
        case badEncoding = "bad_encoding"
        case badSyntax = "bad_syntax"
        case wrongColumnCount = "wrong_column_count"
        case missingField = "missing_field"
        case badTime = "bad_time"
        case badValue = "bad_value"
        case timeOutOfRange = "time_out_of_range"
        case unknownType = "unknown_type"
        case missingContent = "missing_content"
    }

    /// The file as the user named it.
    package var file: String
    /// The path inside an archive, empty for a plain file.
    package var entry: String
    /// 1-based line, 0 where lines mean nothing.
    package var line: Int
    /// Byte offset in the (decompressed) input, -1 where unknown.
    package var byteOffset: Int
    /// 1-based ordinal of the item in its file, 0 for the file itself.
    package var ordinal: Int
    package var reason: Reason
    /// What was found and what was expected.
    package var detail: String
    /// The raw item, masked, at most 200 characters, control characters shown.
    package var excerpt: String

    package init(
        file: String, entry: String = "", line: Int = 0, byteOffset: Int = -1, ordinal: Int = 0, reason: Reason,
        detail: String, excerpt: String = ""
    ) {
        self.file = file
        self.entry = entry
        self.line = line
        self.byteOffset = byteOffset
        self.ordinal = ordinal
        self.reason = reason
        self.detail = detail
        self.excerpt = excerpt
    }
}
