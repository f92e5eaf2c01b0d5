/// A mailbox of a header: a display name and an address, each where it is there.
struct MailAddress: Equatable, Sendable {
    var name: String?
    var address: String?

    /// The mailboxes of an address header (RFC 5322, 3.4, with the obsolete forms that mail still carries); groups give
    /// their members.
    static func list(_ raw: UnsafeRawBufferPointer) -> [MailAddress] {
        var parser = Parser(raw: raw)
        return parser.run()
    }

    static func list(_ raw: String) -> [MailAddress] {
        var raw = raw
        return raw.withUTF8 { list(UnsafeRawBufferPointer($0)) }
    }

    private struct Parser {
        let raw: UnsafeRawBufferPointer
        var index = 0
        var words: [UInt8] = []
        /// Parts of a name that were quoted are no encoded words' neighbours, but are decoded all the same.
        var angle: [UInt8]?
        var comment: [UInt8] = []
        var out: [MailAddress] = []

        mutating func run() -> [MailAddress] {
            while index < raw.count, out.count < 10_000 {
                let byte = raw[index]
                switch byte {
                case UInt8(ascii: "\""): quoted()
                case UInt8(ascii: "("): readComment()
                case UInt8(ascii: "<"): readAngle()
                case UInt8(ascii: ","), UInt8(ascii: ";"):
                    index += 1
                    finish()
                case UInt8(ascii: ":") where angle == nil && isGroup():
                    // What stood before was the name of a group.
                    index += 1
                    words.removeAll()
                    comment.removeAll()
                default:
                    words.append(byte)
                    index += 1
                }
            }
            finish()
            return out
        }

        /// A colon opens a group unless it stands inside an address.
        private func isGroup() -> Bool { !words.contains(UInt8(ascii: "@")) }

        private mutating func quoted() {
            index += 1
            var text: [UInt8] = []
            while index < raw.count, raw[index] != UInt8(ascii: "\"") {
                if raw[index] == UInt8(ascii: "\\"), index + 1 < raw.count { index += 1 }
                if raw[index] != 0x0D && raw[index] != 0x0A { text.append(raw[index]) }
                index += 1
            }
            index += 1
            // A quoted local part stays quoted; a quoted name loses its marks.
            if index < raw.count, raw[index] == UInt8(ascii: "@") {
                words += [UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]
            } else {
                words += text
            }
        }

        private mutating func readComment() {
            var depth = 0
            while index < raw.count {
                let byte = raw[index]
                index += 1
                if byte == UInt8(ascii: "\\"), index < raw.count {
                    comment.append(raw[index])
                    index += 1
                } else if byte == UInt8(ascii: "(") {
                    if depth > 0 { comment.append(byte) }
                    depth += 1
                } else if byte == UInt8(ascii: ")") {
                    depth -= 1
                    if depth == 0 { return }
                    comment.append(byte)
                } else {
                    comment.append(byte)
                }
            }
        }

        private mutating func readAngle() {
            index += 1
            var text: [UInt8] = []
            var isQuoted = false
            while index < raw.count, isQuoted || raw[index] != UInt8(ascii: ">") {
                if raw[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
                if raw[index] > 0x20 || isQuoted { text.append(raw[index]) }
                index += 1
            }
            index += 1
            // A source route (`@a,@b:c@d`) is passed over.
            if text.first == UInt8(ascii: "@"), let colon = text.firstIndex(of: UInt8(ascii: ":")) {
                text.removeFirst(colon + 1)
            }
            angle = text
        }

        private mutating func finish() {
            defer {
                words.removeAll(keepingCapacity: true)
                comment.removeAll(keepingCapacity: true)
                angle = nil
            }
            func text(_ bytes: [UInt8]) -> String? {
                let decoded = bytes.withUnsafeBytes { EncodedWords.decode($0) }
                return decoded.isEmpty ? nil : decoded
            }
            if let angle {
                out.append(MailAddress(name: text(words) ?? text(comment), address: text(angle)))
                return
            }
            let bare = words.filter { $0 > 0x20 }
            if bare.contains(UInt8(ascii: "@")) {
                // Blanks inside a bare address mean nothing, but words before it are a name without its brackets.
                let parts = words.split { $0 <= 0x20 }
                if words.contains(UInt8(ascii: "\"")) {
                    out.append(MailAddress(name: text(comment), address: text(words)))
                } else if parts.count > 1, let address = parts.last, address.contains(UInt8(ascii: "@")),
                    address.count > 1,
                    address.first != UInt8(ascii: "@"),
                    !parts.dropLast().contains(where: { $0.last == UInt8(ascii: ".") || $0.last == UInt8(ascii: "@") })
                {
                    out.append(
                        MailAddress(
                            name: text(Array(parts.dropLast().joined(separator: [0x20]))), address: text(Array(address))
                        ))
                } else {
                    out.append(MailAddress(name: text(comment), address: text(bare)))
                }
            } else if let name = text(words) {
                out.append(MailAddress(name: name, address: nil))
            } else if let name = text(comment) {
                out.append(MailAddress(name: name, address: nil))
            }
        }
    }
}
