import FoundationEssentials

/// The one JSON document that a command prints with `--json`.
package enum JSONOutput {
    /// Sorted keys, `schema_version` and `run_id` in front of the value's own members.
    package static func document(_ value: some Encodable, runID: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = String(decoding: try encoder.encode(value), as: UTF8.self)
        let head = "{\"schema_version\":1,\"run_id\":\"\(runID)\""
        return body == "{}" ? head + "}" : head + "," + body.dropFirst()
    }
}
