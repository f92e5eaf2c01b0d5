import Glibc

/// What a parser refuses: where (byte offset from the start of the text) and what it expected there.
package struct JSONFault: Error, Sendable, CustomStringConvertible {
    package let offset: Int
    package let message: String
    /// The text ended inside a value.
    package var isTruncation = false
    /// A bound was passed (depth, size) rather than a rule broken.
    package var isLimit = false

    package var description: String { "\(message) at byte \(offset)" }
}

/// One value on the tape: where its text stands and where the value after it begins.
struct JSONNode {
    var kind: JSONValue.Kind
    var flags: UInt8
    /// Offset of the first byte of the value's text; a string's is the one after its quote.
    var start: UInt32
    /// Bytes of text; a string's without its quotes.
    var length: UInt32
    /// Tape position after the whole value.
    var next: UInt32

    static let escaped: UInt8 = 1
    static let hasDuplicateKeys: UInt8 = 2
    static let hasLoneSurrogate: UInt8 = 4
}

/// A strict RFC 8259 parser that writes a tape of nodes over the input's own bytes.
///
/// Nothing is copied and no object is made per value. The tape is reused from one `parse` to the next, so a `JSONValue`
/// is valid until the next call, and only as long as the bytes that were parsed are. Depth is limited to
/// `depthLimit`; the parser keeps its own stack, so deep input cannot overflow the thread's.
package final class JSONParser {
    package static let depthLimit = 512

    private var nodes: UnsafeMutablePointer<JSONNode>
    private var capacity: Int
    private var count = 0
    private var stack: [UInt32] = []
    /// A small hash table of the keys of one object: generation in the upper half, tape position in the lower.
    private let seen: UnsafeMutablePointer<UInt64>
    private var generation: UInt64 = 0
    /// Objects that named a key twice in the last parse; the last one counts.
    package private(set) var duplicateKeys = 0
    /// Escaped surrogates without their other half in the last parse; read as U+FFFD.
    package private(set) var loneSurrogates = 0

    package init(capacity: Int = 1024) {
        self.capacity = max(16, capacity)
        nodes = .allocate(capacity: self.capacity)
        seen = .allocate(capacity: 256)
        seen.initialize(repeating: 0, count: 256)
        stack.reserveCapacity(64)
    }

    deinit {
        nodes.deallocate()
        seen.deallocate()
    }

    /// Parses exactly one value with white space around it.
    package func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONFault) -> JSONValue {
        guard let base = bytes.baseAddress, bytes.count > 0 else {
            throw JSONFault(offset: 0, message: "empty text, expected a value", isTruncation: true)
        }
        guard bytes.count < Int(UInt32.max) else {
            throw JSONFault(offset: 0, message: "text of \(bytes.count) bytes is over 4 GiB", isLimit: true)
        }
        let text = base.assumingMemoryBound(to: UInt8.self)
        count = 0
        stack.removeAll(keepingCapacity: true)
        duplicateKeys = 0
        loneSurrogates = 0
        var at = try value(text, bytes.count, 0)
        skipSpace(text, bytes.count, &at)
        guard at == bytes.count else {
            throw JSONFault(offset: at, message: "\(shown(text, at)) after the value, expected the end")
        }
        return JSONValue(nodes: UnsafePointer(nodes), text: text, index: 0)
    }

    /// Parses a text whose end is missing: what is there, with every open container closed where the text ends.
    ///
    /// The last element of the innermost containers may be less than it was; the caller must not take it for whole.
    /// - Throws: the fault, where it is another than a missing end or nothing was begun.
    func parseSalvaging(_ bytes: UnsafeRawBufferPointer) throws(JSONFault) -> JSONValue {
        do throws(JSONFault) {
            return try parse(bytes)
        } catch {
            guard error.isTruncation, !stack.isEmpty,
                let text = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            else { throw error }
            while let container = stack.last {
                if nodes[Int(container)].kind == .object { dropDanglingKey(container) }
                close(container, bytes.count, text)
            }
            return JSONValue(nodes: UnsafePointer(nodes), text: text, index: 0)
        }
    }

    private func dropDanglingKey(_ container: UInt32) {
        var at = Int(container) + 1
        while at < count {
            if at + 1 >= count {
                count = at
                return
            }
            at = Int(nodes[at + 1].next)
        }
    }

    /// Parses one value and gives the offset after it; what follows is not looked at.
    private func value(_ text: UnsafePointer<UInt8>, _ end: Int, _ start: Int) throws(JSONFault) -> Int {
        var at = start
        skipSpace(text, end, &at)
        // Each turn reads one value; closing brackets then unwind as far as they can.
        while true {
            guard at < end else { throw truncated(at, "a value") }
            var isContainerOpen = false
            switch text[at] {
            case UInt8(ascii: "\""): at = try string(text, end, at)
            case UInt8(ascii: "{"):
                let opened = try open(.object, at)
                at += 1
                skipSpace(text, end, &at)
                guard at < end else { throw truncated(at, "a key or '}'") }
                if text[at] == UInt8(ascii: "}") {
                    at += 1
                    close(opened, at, text)
                } else {
                    at = try key(text, end, at)
                    isContainerOpen = true
                }
            case UInt8(ascii: "["):
                let opened = try open(.array, at)
                at += 1
                skipSpace(text, end, &at)
                guard at < end else { throw truncated(at, "a value or ']'") }
                if text[at] == UInt8(ascii: "]") {
                    at += 1
                    close(opened, at, text)
                } else {
                    isContainerOpen = true
                }
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): at = try number(text, end, at)
            case UInt8(ascii: "t"): at = try literal("true", .true, text, end, at)
            case UInt8(ascii: "f"): at = try literal("false", .false, text, end, at)
            case UInt8(ascii: "n"): at = try literal("null", .null, text, end, at)
            default: throw JSONFault(offset: at, message: "\(shown(text, at)) found, expected a value")
            }
            if isContainerOpen { continue }
            // After a value: a comma goes on, a bracket closes, at depth nought the value is done.
            while true {
                guard let container = stack.last else { return at }
                skipSpace(text, end, &at)
                let isObject = nodes[Int(container)].kind == .object
                guard at < end else { throw truncated(at, isObject ? "',' or '}'" : "',' or ']'") }
                let byte = text[at]
                if byte == UInt8(ascii: ",") {
                    at += 1
                    skipSpace(text, end, &at)
                    if isObject {
                        guard at < end else { throw truncated(at, "a key") }
                        at = try key(text, end, at)
                    }
                    break
                }
                guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw JSONFault(
                        offset: at,
                        message: "\(shown(text, at)) found, expected \(isObject ? "',' or '}'" : "',' or ']'")")
                }
                at += 1
                close(container, at, text)
            }
        }
    }

    private func open(_ kind: JSONValue.Kind, _ at: Int) throws(JSONFault) -> UInt32 {
        guard stack.count < JSONParser.depthLimit else {
            throw JSONFault(
                offset: at, message: "nested deeper than \(JSONParser.depthLimit) levels", isLimit: true)
        }
        let index = append(kind, start: at, length: 0)
        stack.append(index)
        return index
    }

    private func close(_ container: UInt32, _ end: Int, _ text: UnsafePointer<UInt8>) {
        stack.removeLast()
        let node = nodes + Int(container)
        node.pointee.next = UInt32(truncatingIfNeeded: count)
        node.pointee.length = UInt32(truncatingIfNeeded: end) &- node.pointee.start
        if node.pointee.kind == .object { noteDuplicates(container, text) }
    }

    @inline(__always)
    private func append(_ kind: JSONValue.Kind, flags: UInt8 = 0, start: Int, length: Int) -> UInt32 {
        if count == capacity { grow() }
        let index = count
        (nodes + index).initialize(
            to: JSONNode(
                kind: kind, flags: flags, start: UInt32(truncatingIfNeeded: start),
                length: UInt32(truncatingIfNeeded: length), next: UInt32(truncatingIfNeeded: index &+ 1)))
        count = index &+ 1
        return UInt32(truncatingIfNeeded: index)
    }

    private func grow() {
        let larger = UnsafeMutablePointer<JSONNode>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: nodes, count: count)
        nodes.deallocate()
        nodes = larger
        capacity *= 2
    }

    /// Reads a key and its colon; gives the offset of the value.
    @inline(__always)
    private func key(_ text: UnsafePointer<UInt8>, _ end: Int, _ start: Int) throws(JSONFault) -> Int {
        guard text[start] == UInt8(ascii: "\"") else {
            throw JSONFault(offset: start, message: "\(shown(text, start)) found, expected a key in quotes")
        }
        var at = try string(text, end, start)
        skipSpace(text, end, &at)
        guard at < end else { throw truncated(at, "':'") }
        guard text[at] == UInt8(ascii: ":") else {
            throw JSONFault(offset: at, message: "\(shown(text, at)) found, expected ':'")
        }
        at += 1
        skipSpace(text, end, &at)
        return at
    }

    private func string(_ text: UnsafePointer<UInt8>, _ end: Int, _ quote: Int) throws(JSONFault) -> Int {
        let start = quote + 1
        var at = start
        var flags: UInt8 = 0
        while true {
            at = JSONScan.plainEnd(text, at, end)
            guard at < end else { throw truncated(end, "the closing quote of the string at byte \(quote)") }
            let byte = text[at]
            if byte == UInt8(ascii: "\"") { break }
            guard byte == UInt8(ascii: "\\") else {
                throw JSONFault(offset: at, message: "\(shown(text, at)) inside a string, expected it escaped")
            }
            flags |= JSONNode.escaped
            guard at + 1 < end else { throw truncated(at, "an escape") }
            switch text[at + 1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
                UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                at += 2
            case UInt8(ascii: "u"):
                guard at + 6 <= end else { throw truncated(at, "four hexadecimal digits") }
                guard let unit = JSONScan.hexadecimal(text, at + 2) else {
                    throw JSONFault(offset: at, message: "\\u without four hexadecimal digits")
                }
                if unit & 0xF800 == 0xD800 {
                    if unit < 0xDC00, at + 12 <= end, text[at + 6] == UInt8(ascii: "\\"),
                        text[at + 7] == UInt8(ascii: "u"), let low = JSONScan.hexadecimal(text, at + 8),
                        low & 0xFC00 == 0xDC00
                    {
                        at += 6
                    } else {
                        flags |= JSONNode.hasLoneSurrogate
                        loneSurrogates += 1
                    }
                }
                at += 6
            default: throw JSONFault(offset: at, message: "unknown escape \\\(shown(text, at + 1))")
            }
        }
        _ = append(.string, flags: flags, start: start, length: at - start)
        return at + 1
    }

    private func number(_ text: UnsafePointer<UInt8>, _ end: Int, _ start: Int) throws(JSONFault) -> Int {
        var at = start
        if text[at] == UInt8(ascii: "-") { at += 1 }
        guard at < end else { throw truncated(at, "a digit") }
        if text[at] == UInt8(ascii: "0") {
            at += 1
        } else {
            try digits(text, end, &at)
        }
        if at < end, text[at] == UInt8(ascii: ".") {
            at += 1
            try digits(text, end, &at)
        }
        if at < end, text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < end, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
            try digits(text, end, &at)
        }
        _ = append(.number, start: start, length: at - start)
        return at
    }

    @inline(__always)
    private func digits(_ text: UnsafePointer<UInt8>, _ end: Int, _ at: inout Int) throws(JSONFault) {
        guard at < end else { throw truncated(at, "a digit") }
        guard text[at] &- 48 <= 9 else {
            throw JSONFault(offset: at, message: "\(shown(text, at)) in a number, expected a digit")
        }
        while at < end, text[at] &- 48 <= 9 { at += 1 }
    }

    private func literal(
        _ word: StaticString, _ kind: JSONValue.Kind, _ text: UnsafePointer<UInt8>, _ end: Int, _ start: Int
    ) throws(JSONFault) -> Int {
        let length = word.utf8CodeUnitCount
        for offset in 0..<length {
            guard start + offset < end else { throw truncated(start, "\(word)") }
            guard text[start + offset] == word.utf8Start[offset] else {
                throw JSONFault(offset: start, message: "unknown word, expected \(word)")
            }
        }
        _ = append(kind, start: start, length: length)
        return start + length
    }

    /// Counts a repeated key of an object; objects of more than 128 members are not looked through.
    private func noteDuplicates(_ container: UInt32, _ text: UnsafePointer<UInt8>) {
        let end = nodes[Int(container)].next
        generation &+= 1
        var index = container + 1
        var members = 0
        while index < end {
            members += 1
            guard members <= 128 else { return }
            let node = nodes[Int(index)]
            let bytes = UnsafeRawBufferPointer(start: text + Int(node.start), count: Int(node.length))
            var slot = JSONScan.shortHash(bytes)
            while seen[slot] >> 32 == generation {
                let other = nodes[Int(seen[slot] & 0xFFFF_FFFF)]
                if other.length == node.length,
                    memcmp(text + Int(other.start), text + Int(node.start), bytes.count) == 0
                {
                    duplicateKeys += 1
                    break
                }
                slot = (slot + 1) & 255
            }
            seen[slot] = generation << 32 | UInt64(index)
            index = nodes[Int(index) + 1].next
        }
    }

    @inline(__always)
    private func skipSpace(_ text: UnsafePointer<UInt8>, _ end: Int, _ at: inout Int) {
        while at < end {
            let byte = text[at]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            at &+= 1
        }
    }

    @inline(never)
    private func truncated(_ at: Int, _ expected: String) -> JSONFault {
        JSONFault(offset: at, message: "the text ends, expected \(expected)", isTruncation: true)
    }

    @inline(never)
    private func shown(_ text: UnsafePointer<UInt8>, _ at: Int) -> String {
        let byte = text[at]
        return byte >= 0x20 && byte < 0x7F
            ? "'\(Unicode.Scalar(byte))'" : "byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))"
    }
}
