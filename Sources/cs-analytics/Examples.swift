/// The two examples that every command's help ends with.
///
/// ArgumentParser has no place for them behind the options: they travel in the discussion, with spaces that do not wrap,
/// and `HelpText` moves them to the end.
func examples(_ first: String, _ second: String) -> String {
    let lines = ["Examples:", "  \(first)", "  \(second)"]
    return lines.map { line in String(line.map { $0 == " " ? HelpText.hardSpace : $0 }) }.joined(separator: "\n")
}

/// The help that ArgumentParser writes, with the examples behind everything else.
enum HelpText {
    static let hardSpace: Character = "\u{A0}"

    static func examplesLast(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.map { $0 == hardSpace ? " " : $0 })
        }
        guard let first = lines.firstIndex(of: "Examples:"), first + 2 < lines.count else {
            return lines.joined(separator: "\n")
        }
        var rest = lines
        rest.removeSubrange(first...first + 2)
        // One blank line is enough where the examples stood between two.
        if first > 0, first < rest.count, rest[first - 1].isEmpty, rest[first].isEmpty { rest.remove(at: first) }
        while rest.last?.isEmpty == true { rest.removeLast() }
        return (rest + [""] + lines[first...first + 2]).joined(separator: "\n")
    }
}

extension String {
    /// The text with spaces behind it up to a width in characters.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
