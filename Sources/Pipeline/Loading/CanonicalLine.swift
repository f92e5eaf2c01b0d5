import FoundationEssentials
package import Records
import Runtime

/// Records as rows of canonical CSV, and JSON strings; JSON Lines are written by `CanonicalWriter`.
package enum CanonicalLine {
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
