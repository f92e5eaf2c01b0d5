/// Text from data made harmless to show: one line, no control or direction characters, of bounded length.
enum PlainLabel {
    static let limit = 120

    /// The label for people. Escaping for HTML comes on top of it.
    ///
    /// Mustache escapes by grapheme, and a combining mark would hide a quote or a bracket from it: a word joiner is set
    /// between the two.
    static func clean(_ text: String, limit: Int = limit) -> String {
        var out = String.UnicodeScalarView()
        var previousIsMarkup = false
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit {
                out.append("…")
                break
            }
            count += 1
            switch scalar.value {
            case 0x0...0x1F, 0x7F...0x9F, 0x2028, 0x2029: out.append(" ")
            case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C, 0xFEFF: out.append("\u{FFFD}")
            default:
                if previousIsMarkup && scalar.value > 0x2FF && !scalar.properties.isGraphemeBase {
                    out.append("\u{2060}")
                }
                out.append(scalar)
            }
            previousIsMarkup = scalar == "<" || scalar == ">" || scalar == "&" || scalar == "\"" || scalar == "'"
        }
        return String(out)
    }
}
