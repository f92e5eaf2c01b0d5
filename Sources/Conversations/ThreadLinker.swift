package import Runtime

/// Finds which conversation keys are one thread: by replies and references, then by subject and participants.
///
/// Mail exports often give each mail, or each subject, a key of its own. The result does not depend on the order in
/// which nodes are added.
package struct ThreadLinker: Sendable {
    /// What is known of one conversation key.
    package struct Node: Sendable, Equatable {
        package var key: String
        /// Time of its first message.
        package var at: Timestamp
        /// Ids of the messages that lie under the key.
        package var messageIDs: [String]
        /// Ids that they reply to or refer to (`In-Reply-To`, `References`).
        package var references: [String]
        package var subject: String?
        /// Who took part besides the desk's own addresses.
        package var participants: Set<String>

        package init(
            key: String, at: Timestamp, messageIDs: [String] = [], references: [String] = [], subject: String? = nil,
            participants: Set<String> = []
        ) {
            self.key = key
            self.at = at
            self.messageIDs = messageIDs
            self.references = references
            self.subject = subject
            self.participants = participants
        }
    }

    /// Longest time between two keys that subject and participant may link, in milliseconds.
    package var window: Int64
    private var nodes: [Node] = []

    package init(window: Int64 = 14 * 86_400_000) { self.window = window }

    package mutating func add(_ node: Node) { nodes.append(node) }

    /// For every key that belongs to another one's thread: the key of the thread's earliest node.
    package func links() -> [String: String] {
        let sorted = nodes.sorted {
            $0.at != $1.at ? $0.at < $1.at : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
        var sets = DisjointSets(count: sorted.count)

        // The same key in two loads is one node; a reference to a mail that nobody has still joins those that cite it.
        var byKey: [String: Int] = [:]
        var byMessage: [String: Int] = [:]
        for (index, node) in sorted.enumerated() {
            join(&sets, &byKey, node.key, index)
            for id in node.messageIDs + node.references where !id.isEmpty { join(&sets, &byMessage, id, index) }
        }

        var bySubject: [String: [Int]] = [:]
        for (index, node) in sorted.enumerated() {
            let subject = MailSubject.normalised(node.subject ?? "")
            guard !subject.isEmpty, !node.participants.isEmpty else { continue }
            bySubject[subject, default: []].append(index)
        }
        for indices in bySubject.values {
            // Latest node of each participant so far: chains stay within the window link by link.
            var latest: [String: Int] = [:]
            for index in indices {
                for participant in sorted[index].participants {
                    if let earlier = latest[participant], sorted[index].at - sorted[earlier].at <= window {
                        sets.union(earlier, index)
                    }
                    latest[participant] = index
                }
            }
        }

        var links: [String: String] = [:]
        for (index, node) in sorted.enumerated() {
            // The root of a set is its smallest index, which is the earliest node.
            let canonical = sorted[sets.find(index)].key
            if canonical != node.key { links[node.key] = canonical }
        }
        return links
    }

    private func join(_ sets: inout DisjointSets, _ seen: inout [String: Int], _ name: String, _ index: Int) {
        if let other = seen[name] { sets.union(other, index) } else { seen[name] = index }
    }
}

/// Union–find whose root is the smallest member.
struct DisjointSets {
    private var parent: [Int]
    init(count: Int) { parent = Array(0..<count) }

    mutating func find(_ index: Int) -> Int {
        var index = index
        while parent[index] != index {
            parent[index] = parent[parent[index]]
            index = parent[index]
        }
        return index
    }

    mutating func union(_ a: Int, _ b: Int) {
        let (x, y) = (find(a), find(b))
        if x < y { parent[y] = x } else { parent[x] = y }
    }
}

/// A mail subject without what replying and forwarding put before it.
package enum MailSubject {
    private static let prefixes = [
        "re", "fw", "fwd", "aw", "wg", "sv", "vs", "antw", "ref", "rif", "tr", "回复", "回覆", "答复", "答覆", "转发", "轉寄", "轉發",
    ].map { Array($0.unicodeScalars) }

    /// Lower-case ASCII, single spaces, all leading `Re:`, `Fwd:`, `回复：`, `Re[2]:` and the like taken off.
    package static func normalised(_ subject: String) -> String {
        var scalars: [Unicode.Scalar] = []
        for scalar in subject.unicodeScalars {
            if scalar.properties.isWhitespace {
                if let last = scalars.last, last != " " { scalars.append(" ") }
            } else if ("A"..."Z").contains(scalar) {
                scalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value + 32)))
            } else {
                scalars.append(scalar)
            }
        }
        if scalars.last == " " { scalars.removeLast() }
        var start = 0
        while let end = prefixEnd(scalars, from: start) { start = end }
        var out = String.UnicodeScalarView()
        out.append(contentsOf: scalars[start...])
        return String(out)
    }

    private static func prefixEnd(_ text: [Unicode.Scalar], from start: Int) -> Int? {
        for prefix in prefixes where text.count - start > prefix.count {
            guard text[start..<(start + prefix.count)].elementsEqual(prefix) else { continue }
            var index = start + prefix.count
            if index < text.count, text[index] == "[" || text[index] == "(" {
                index += 1
                while index < text.count, ("0"..."9").contains(text[index]) { index += 1 }
                guard index < text.count, text[index] == "]" || text[index] == ")" else { continue }
                index += 1
            }
            if index < text.count, text[index] == " " { index += 1 }
            guard index < text.count, text[index] == ":" || text[index] == "：" else { continue }
            index += 1
            while index < text.count, text[index] == " " { index += 1 }
            return index
        }
        return nil
    }
}
