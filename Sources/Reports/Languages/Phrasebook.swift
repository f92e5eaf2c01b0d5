import Mustache

/// The strings of one language by key, for Swift and for templates (`{{t.key}}`).
struct Phrasebook: Sendable, MustacheParent {
    let locale: ReportLocale
    private let table: [String: String]

    init(_ locale: ReportLocale) {
        self.locale = locale
        table = locale.table
    }

    /// The string of a key. An unknown key shows itself in white brackets, which tests look for.
    func callAsFunction(_ key: String) -> String { table[key] ?? "⟦\(key)⟧" }

    /// The string of a key with `{0}`, `{1}` … filled in.
    func callAsFunction(_ key: String, _ arguments: String...) -> String {
        var out = ""
        var rest = Substring(self(key))
        while let open = rest.firstIndex(of: "{") {
            out += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"),
                let index = Int(rest[rest.index(after: rest.startIndex)..<close]), arguments.indices.contains(index)
            else {
                out += "{"
                rest = rest.dropFirst()
                continue
            }
            out += arguments[index]
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }

    /// The string of a key, or `nil` where the language has none.
    func optional(_ key: String) -> String? { table[key] }

    func child(named key: String) -> Any? { self(key) }
}
