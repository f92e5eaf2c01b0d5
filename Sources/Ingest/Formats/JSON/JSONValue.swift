import Glibc
import Records

/// A cursor onto one value of a parsed JSON text.
///
/// It is three words that point into the parser's tape and the input's bytes: copying is free, nothing is decoded until
/// asked for. It is valid only until the parser's next `parse` and while the parsed bytes live, so it must not be kept.
/// Where an object names a key twice, the last one counts.
package struct JSONValue {
    package enum Kind: UInt8, Sendable { case null, `true`, `false`, number, string, array, object }

    let nodes: UnsafePointer<JSONNode>
    let text: UnsafePointer<UInt8>
    let index: Int

    private var node: JSONNode { nodes[index] }
    package var kind: Kind { nodes[index].kind }
    package var isNull: Bool { kind == .null }

    /// The value of an object's key; `nil` where it is missing or `null`, and for anything that is no object.
    package subscript(_ key: String) -> JSONValue? {
        var key = key
        return key.withUTF8 { member(UnsafeRawBufferPointer($0)) }.flatMap { $0.isNull ? nil : $0 }
    }

    /// Follows keys from object to object; `nil` where one is missing or `null`.
    package subscript(path keys: [String]) -> JSONValue? {
        var value = self
        for key in keys {
            guard let next = value[key] else { return nil }
            value = next
        }
        return value
    }

    /// Whether an object names the key, be its value `null` or not.
    package func has(_ key: String) -> Bool {
        var key = key
        return key.withUTF8 { member(UnsafeRawBufferPointer($0)) } != nil
    }

    /// Whether an object names all the keys.
    package func hasAll(_ keys: String...) -> Bool { keys.allSatisfy(has) }

    /// The value of a key given as bytes, `null` included.
    func member(_ key: UnsafeRawBufferPointer) -> JSONValue? {
        guard kind == .object else { return nil }
        let end = Int(node.next)
        var at = index + 1
        var found: Int?
        while at < end {
            let name = nodes[at]
            if isEqual(name, key) { found = at + 1 }
            at = Int(nodes[at + 1].next)
        }
        return found.map { JSONValue(nodes: nodes, text: text, index: $0) }
    }

    private func isEqual(_ name: JSONNode, _ key: UnsafeRawBufferPointer) -> Bool {
        if name.flags & JSONNode.escaped == 0 {
            guard Int(name.length) == key.count else { return false }
            guard let wanted = key.baseAddress else { return true }
            return memcmp(text + Int(name.start), wanted, key.count) == 0
        }
        var plain: [UInt8] = []
        JSONScan.unescape(bytes(name), into: &plain)
        return plain.count == key.count && plain.elementsEqual(key)
    }

    private func bytes(_ node: JSONNode) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text + Int(node.start), count: Int(node.length))
    }

    /// The characters of a string; `nil` for anything else. A lone surrogate is U+FFFD.
    package var string: String? {
        guard kind == .string else { return nil }
        return withText { String(decoding: $0, as: UTF8.self) }
    }

    /// A string's characters or a number's digits as they were written (so ids above 2^53 keep every digit); `nil` for
    /// the rest and for an empty string.
    package var id: String? {
        guard kind == .string || kind == .number, node.length > 0 else { return nil }
        return withText { String(decoding: $0, as: UTF8.self) }
    }

    /// The characters of a string, else the value's JSON text; `nil` for `null`.
    package var plainText: String? { isNull ? nil : withText { String(decoding: $0, as: UTF8.self) } }

    /// A whole number, also one written inside a string; `nil` where it is none or does not fit 64 bits.
    package var integer: Int64? {
        guard kind == .number || kind == .string else { return nil }
        return withText { Numbers.integer($0) }
    }

    /// A number, also one written inside a string.
    package var real: Double? {
        guard kind == .number || kind == .string else { return nil }
        return withText { Numbers.real($0) }
    }

    /// `true` and `false`; also 0, 1 and the words "true" and "false".
    package var bool: Bool? {
        switch kind {
        case .true: true
        case .false: false
        case .number, .string: withText { Numbers.flag($0) }
        default: nil
        }
    }

    /// The elements of an array; nothing for any other value.
    package var elements: Elements { Elements(value: self) }
    /// The members of an object in their order; nothing for any other value.
    package var members: Members { Members(value: self) }
    /// How many elements or members there are; walks over them.
    package var count: Int {
        kind == .object ? members.reduce(0) { n, _ in n + 1 } : elements.reduce(0) { n, _ in n + 1 }
    }

    /// The value as it was written, white space and all.
    package var source: UnsafeRawBufferPointer {
        let node = node
        guard node.kind == .string else { return bytes(node) }
        return UnsafeRawBufferPointer(start: text + Int(node.start) - 1, count: Int(node.length) + 2)
    }

    /// Offset of the value in the text that was parsed.
    package var offset: Int { kind == .string ? Int(node.start) - 1 : Int(node.start) }

    /// Compact JSON text of the value.
    package var json: String {
        var out: [UInt8] = []
        write(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// A stable id made from the value's content: 16 hexadecimal digits, the same for equal compact text.
    package var stableID: String {
        var out: [UInt8] = []
        write(to: &out)
        var hash = StableHash()
        out.withUnsafeBytes { hash.combine($0) }
        return StableID.text(hash.value)
    }

    /// Appends compact JSON text; escapes are written anew, so that equal values give equal text.
    package func write(to out: inout [UInt8]) {
        // The tape is walked in order with its own stack of open containers, so depth costs no thread stack.
        var open: [(end: Int, isObject: Bool, isFirst: Bool, expectsKey: Bool)] = []
        let end = Int(node.next)
        var at = index
        while at < end || !open.isEmpty {
            if let last = open.last, at == last.end {
                out.append(last.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
                open.removeLast()
                continue
            }
            let current = nodes[at]
            if !open.isEmpty {
                let top = open.count - 1
                if open[top].isObject && !open[top].expectsKey {
                    out.append(UInt8(ascii: ":"))
                    open[top].expectsKey = true
                } else {
                    if !open[top].isFirst { out.append(UInt8(ascii: ",")) }
                    open[top].isFirst = false
                    open[top].expectsKey = !open[top].isObject
                }
            }
            at += 1
            switch current.kind {
            case .array, .object:
                let isObject = current.kind == .object
                out.append(isObject ? UInt8(ascii: "{") : UInt8(ascii: "["))
                open.append((Int(current.next), isObject, true, isObject))
            case .string:
                JSONValue(nodes: nodes, text: text, index: at - 1).withText { JSONScan.appendQuoted($0, to: &out) }
            default: out.append(contentsOf: bytes(current))
            }
        }
    }

    /// Calls `body` with a string's decoded UTF-8, or with the text of any other value; no copy where nothing is escaped.
    package func withText<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        let node = node
        guard node.flags & JSONNode.escaped != 0 else { return try body(bytes(node)) }
        var plain: [UInt8] = []
        plain.reserveCapacity(Int(node.length))
        JSONScan.unescape(bytes(node), into: &plain)
        return try plain.withUnsafeBytes(body)
    }

    /// A string's decoded UTF-8 or another value's text, as bytes that outlive the call.
    func stableText(_ scratch: Scratch) -> UnsafeRawBufferPointer {
        let node = node
        guard node.flags & JSONNode.escaped != 0 else { return bytes(node) }
        var plain: [UInt8] = []
        plain.reserveCapacity(Int(node.length))
        JSONScan.unescape(bytes(node), into: &plain)
        return scratch.keep(plain)
    }

    package struct Elements: Sequence, IteratorProtocol {
        private let value: JSONValue
        private var at: Int
        private let end: Int

        fileprivate init(value: JSONValue) {
            self.value = value
            at = value.index + 1
            end = value.kind == .array ? Int(value.node.next) : at
        }

        package mutating func next() -> JSONValue? {
            guard at < end else { return nil }
            let element = JSONValue(nodes: value.nodes, text: value.text, index: at)
            at = Int(value.nodes[at].next)
            return element
        }
    }

    package struct Members: Sequence, IteratorProtocol {
        private let value: JSONValue
        private var at: Int
        private let end: Int

        fileprivate init(value: JSONValue) {
            self.value = value
            at = value.index + 1
            end = value.kind == .object ? Int(value.node.next) : at
        }

        /// The key as a string value, and its value.
        package mutating func next() -> (key: JSONValue, value: JSONValue)? {
            guard at < end else { return nil }
            let key = JSONValue(nodes: value.nodes, text: value.text, index: at)
            let member = JSONValue(nodes: value.nodes, text: value.text, index: at + 1)
            at = Int(value.nodes[at + 1].next)
            return (key, member)
        }
    }
}
