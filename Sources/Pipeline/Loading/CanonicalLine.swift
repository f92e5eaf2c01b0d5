import FoundationEssentials
import Ingest
package import Records
import Runtime

/// Records in the canonical form: one JSON object a line, `type` first, fields in the schema's order, absent ones left out.
package enum CanonicalLine {
    package static func text(_ table: RecordTable, row: Int) -> String {
        var out = "{\"type\":\"\(table.kind.rawValue)\""
        for (index, field) in table.schema.fields.enumerated() {
            guard let value = value(table, index, field.type, row) else { continue }
            out += ",\"\(field.name)\":\(value)"
        }
        return out + (CanonicalWriter.isPartial(table, row) ? ",\"partial\":true}" : "}")
    }

    private static func value(_ table: RecordTable, _ field: Int, _ type: FieldType, _ row: Int) -> String? {
        switch type {
        case .text: table.text(field, row).map(quoted)
        case .json: table.text(field, row)
        case .time: table.time(field, row).map { "\"\($0.iso8601)\"" }
        case .integer: table.integer(field, row).map { "\($0)" }
        case .flag: table.flag(field, row).map { $0 ? "true" : "false" }
        case .real: table.real(field, row).map { "\($0)" }
        }
    }

    /// A JSON string: quotes, backslashes and controls escaped, everything else as it is.
    package static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "\u{2028}": out += "\\u2028"
            case "\u{2029}": out += "\\u2029"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }

    /// The CSV header of a kind and the fields of a row, for `convert --to csv`.
    package static func header(_ schema: RecordSchema) -> String {
        schema.fields.map(\.name).joined(separator: ",")
    }

    package static func csv(_ table: RecordTable, row: Int) -> String {
        table.schema.fields.enumerated().map { index, field in
            switch field.type {
            case .text, .json: Escaping.csv(table.text(index, row) ?? "")
            case .time: table.time(index, row)?.iso8601 ?? ""
            case .integer, .flag: table.integer(index, row).map { "\($0)" } ?? ""
            case .real: table.real(index, row).map { "\($0)" } ?? ""
            }
        }.joined(separator: ",")
    }
}
