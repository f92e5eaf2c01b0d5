/// The two examples that every command's help ends with.
func examples(_ first: String, _ second: String) -> String {
    "Examples:\n  \(first)\n  \(second)"
}

extension String {
    /// The text with spaces behind it up to a width in characters.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
