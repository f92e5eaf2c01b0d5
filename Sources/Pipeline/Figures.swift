/// A share as per cent with two decimals, a dash where there is none.
package func percent(_ share: Double?) -> String {
    guard let share, share.isFinite else { return "-" }
    let hundredths = Int((share * 10_000).rounded())
    let rest = abs(hundredths % 100)
    return "\(hundredths < 0 ? "-" : "")\(abs(hundredths / 100)).\(rest < 10 ? "0" : "")\(rest)%"
}

/// The text with spaces behind it up to a width in characters.
package func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}
