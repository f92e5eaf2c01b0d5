/// The header names of a table, found by name without regard to letter case, blanks around it or a byte-order mark.
package struct TableHeader: Sendable, Equatable {
    /// Names as they stand in the file, duplicates and empty ones renamed.
    package let names: [String]
    private let positions: [String: Int]

    package init(_ names: [String]) {
        self.names = names
        var positions: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            let key = TableHeader.normalised(name)
            if positions[key] == nil { positions[key] = index }
        }
        self.positions = positions
    }

    package func index(of name: String) -> Int? { positions[TableHeader.normalised(name)] }
    package func has(_ name: String) -> Bool { index(of: name) != nil }
    package func hasAll(_ names: [String]) -> Bool { names.allSatisfy(has) }
    /// How many of the names the header has.
    package func count(of names: [String]) -> Int { names.reduce(0) { $0 + (has($1) ? 1 : 0) } }
    /// The first of the names that the header has.
    package func first(of names: [String]) -> String? { names.first(where: has) }

    static func normalised(_ name: String) -> String {
        var scalars = Substring(name).unicodeScalars
        while let first = scalars.first, first == "\u{FEFF}" || first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars).lowercased()
    }
}
