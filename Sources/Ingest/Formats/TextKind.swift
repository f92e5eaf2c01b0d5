import Glibc

/// What kind of text a file holds.
package enum TextKind: String, Sendable, Codable {
    case table
    case jsonLines = "json lines"
    case json
    /// Text that an adapter of its own reads: a chat, a transcript, a mailbox.
    case text
    case empty
    /// Text of a kind that no reader takes (XML, prose).
    case other

    /// Decides by the first characters; tables are told from prose by `TableShape.sniff`.
    static func detect(_ text: UnsafeRawBufferPointer) -> TextKind {
        var start = 0
        while start < text.count, text[start] <= 0x20 { start += 1 }
        guard start < text.count, let base = text.baseAddress else { return .empty }
        switch text[start] {
        case UInt8(ascii: "<"): return .other
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let isArray = text[start] == UInt8(ascii: "[")
            return isLines(text, base, start, isArray) ? .jsonLines : .json
        default: return .table
        }
    }

    /// Whether after the line that `start` stands in another one opens an object.
    private static func continues(_ text: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, _ start: Int) -> Bool {
        guard let found = memchr(base + start, 0x0A, text.count - start) else { return false }
        var at = base.distance(to: UnsafeRawPointer(found)) + 1
        while at < text.count, text[at] <= 0x20 { at += 1 }
        return at < text.count && text[at] == UInt8(ascii: "{")
    }

    /// JSON Lines: of the first lines at least half are whole values, and there is more than one of them.
    private static func isLines(
        _ text: UnsafeRawBufferPointer, _ base: UnsafeRawPointer, _ start: Int, _ isArray: Bool
    ) -> Bool {
        let parser = JSONParser(capacity: 256)
        var at = start
        var lines = 0
        var whole = 0
        while at < text.count, lines < 10 {
            let reach = min(text.count - at, 16 << 20)
            let found = memchr(base + at, 0x0A, reach)
            if found == nil, at + reach < text.count {
                // A line over every limit tells nothing; what came before it decides, else what follows it.
                return lines > 0 ? whole * 2 >= lines && whole > 0 : continues(text, base, at + reach)
            }
            let end = found.map { base.distance(to: UnsafeRawPointer($0)) } ?? at + reach
            let line = UnsafeRawBufferPointer(rebasing: text[at..<end])
            at = end + 1
            if line.allSatisfy({ $0 <= 0x20 }) { continue }
            lines += 1
            if (try? parser.parse(line)) != nil { whole += 1 }
        }
        if lines == 1 { return !isArray && whole == 0 && at < text.count }
        return whole * 2 >= lines && whole > 0
    }
}
