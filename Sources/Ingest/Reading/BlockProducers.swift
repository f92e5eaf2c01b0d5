import Glibc
import Records

/// A run of JSON text: whole lines, or whole elements of a top-level array.
struct TextBlock: Sendable {
    /// Items as ranges of the text, for elements; empty where the block is lines.
    var elements: [Range<Int>] = []
    var range: Range<Int>
    /// Something over its limit: one rejected item, not to be parsed.
    var fault: ItemFault?
    var isLast = false
}

/// Gives the rows of a table block by block; used by one thread.
final class RowProducer: @unchecked Sendable {
    // @unchecked: the pipeline calls `next` from its one reader thread only.
    private var reader: CSVReader
    private let text: InputBytes
    private var forgotten = 0

    init(_ text: InputBytes, _ shape: TableShape, limits: TableLimits) {
        self.text = text
        reader = CSVReader(
            text.bytes, from: shape.dataOffset, delimiter: shape.delimiter, limits: limits,
            columns: shape.header.names.count)
    }

    func next() -> TableBlock? {
        let block = reader.next()
        text.forgetBehind(reader.position, &forgotten)
        return block
    }
}

/// Cuts JSON Lines into blocks of whole lines of about a megabyte.
final class LineProducer: @unchecked Sendable {
    // @unchecked: the pipeline calls `next` from its one reader thread only.
    private let text: InputBytes
    private let limit: Int
    private var position = 0
    private var forgotten = 0
    private let blockSize: Int

    init(_ text: InputBytes, limit: Int, blockSize: Int = 1 << 20) {
        self.text = text
        self.limit = limit
        self.blockSize = blockSize
    }

    func next() -> TextBlock? {
        let bytes = text.bytes
        guard let base = bytes.baseAddress, position < bytes.count else { return nil }
        defer { text.forgetBehind(position, &forgotten) }
        let start = position
        let target = start + blockSize
        if target >= bytes.count {
            position = bytes.count
            return lines(start..<bytes.count)
        }
        // The last line break before the target; a longer line is looked for forwards up to the limit.
        var last = target
        while last > start, bytes[last - 1] != 0x0A { last -= 1 }
        if last > start {
            position = last
            return lines(start..<position)
        }
        let reach = min(bytes.count - target, max(0, limit - blockSize))
        if let found = memchr(base + target, 0x0A, reach) {
            position = base.distance(to: UnsafeRawPointer(found)) + 1
            return lines(start..<position)
        }
        if target + reach == bytes.count {
            position = bytes.count
            return lines(start..<bytes.count)
        }
        // Over the limit: passed over in steps, so that the pages do not pile up.
        position = target + reach
        while position < bytes.count {
            let step = min(bytes.count - position, 8 << 20)
            if let found = memchr(base + position, 0x0A, step) {
                position = base.distance(to: UnsafeRawPointer(found)) + 1
                break
            }
            position += step
            text.forget(upTo: position, from: start)
        }
        return TextBlock(
            range: start..<position,
            fault: ItemFault(.limitExceeded, "line of \(position - start) bytes, the limit is \(limit)"))
    }

    private func lines(_ range: Range<Int>) -> TextBlock {
        TextBlock(range: range, isLast: range.upperBound == text.count)
    }
}

/// Cuts a JSON document: the elements of a top-level array in blocks, anything else as one item.
final class DocumentProducer: @unchecked Sendable {
    // @unchecked: the pipeline calls `next` from its one reader thread only.
    private let text: InputBytes
    private let lineLimit: Int
    private let documentLimit: Int
    private var position = 0
    private var isArray = false
    private var isStarted = false
    private var isFinished = false
    private var forgotten = 0

    init(_ text: InputBytes, lineLimit: Int, documentLimit: Int) {
        self.text = text
        self.lineLimit = lineLimit
        self.documentLimit = documentLimit
    }

    func next() -> TextBlock? {
        let bytes = text.bytes
        if !isStarted {
            isStarted = true
            skipSpace()
            guard position < bytes.count else { return nil }
            isArray = bytes[position] == UInt8(ascii: "[")
            if isArray { position += 1 }
        }
        guard !isFinished, position < bytes.count else { return truncatedArray() }
        guard isArray else {
            isFinished = true
            let fault =
                bytes.count - position > documentLimit
                ? ItemFault(
                    .limitExceeded, "document of \(bytes.count - position) bytes, the limit is \(documentLimit)") : nil
            return TextBlock(
                elements: [position..<bytes.count], range: position..<bytes.count, fault: fault, isLast: true)
        }
        return elements()
    }

    /// An array that never closed: what was whole has been given, the rest is one reject.
    private func truncatedArray() -> TextBlock? {
        guard isArray, !isFinished else { return nil }
        isFinished = true
        return TextBlock(
            range: text.count..<text.count, fault: ItemFault(.truncated, "the array does not close"), isLast: true)
    }

    private func elements() -> TextBlock? {
        let bytes = text.bytes
        let start = position
        var found: [Range<Int>] = []
        while position < bytes.count, position - start < 1 << 20, found.count < 8192 {
            skipSpace()
            guard position < bytes.count else { break }
            if bytes[position] == UInt8(ascii: "]") {
                position += 1
                isFinished = true
                skipSpace()
                if position < bytes.count {
                    // Whatever follows is an item of its own that cannot be read.
                    found.append(position..<min(bytes.count, position + lineLimit))
                    position = bytes.count
                }
                break
            }
            if bytes[position] == UInt8(ascii: ","), !found.isEmpty || start > 1 {
                position += 1
                skipSpace()
            }
            let first = position
            guard let end = JSONScan.elementEnd(bytes, first) else {
                position = bytes.count
                isFinished = true
                if first < bytes.count { found.append(first..<bytes.count) }
                break
            }
            if end == first {
                // A comma or bracket that does not belong here: an item of its own, so that reading goes on.
                position = first + 1
                found.append(first..<first)
                continue
            }
            position = end
            if end - first > lineLimit {
                if found.isEmpty {
                    return TextBlock(
                        range: first..<end,
                        fault: ItemFault(
                            .limitExceeded, "element of \(end - first) bytes, the limit is \(lineLimit)"))
                }
                position = first
                break
            }
            found.append(first..<end)
        }
        text.forgetBehind(position, &forgotten)
        if found.isEmpty && isFinished { return nil }
        return TextBlock(elements: found, range: start..<position, isLast: isFinished)
    }

    private func skipSpace() {
        let bytes = text.bytes
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }
}

extension InputBytes {
    /// Lets go of pages well behind the reading position, now and then.
    func forgetBehind(_ position: Int, _ forgotten: inout Int) {
        let margin = 64 << 20
        guard position - forgotten > 2 * margin else { return }
        forget(upTo: position - margin, from: forgotten)
        forgotten = position - margin
    }
}

extension JSONScan {
    /// The offset of the comma or bracket that ends the element at `start`; `nil` where the text ends first.
    ///
    /// Only strings and nesting are looked at; whether the element is well formed is the parser's business.
    static func elementEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        let end = bytes.count
        var depth = 0
        var at = start
        while at < end {
            switch base[at] {
            case UInt8(ascii: "\""):
                at += 1
                while true {
                    at = plainEnd(base, at, end)
                    guard at < end else { return nil }
                    if base[at] == UInt8(ascii: "\"") { break }
                    at += base[at] == UInt8(ascii: "\\") ? 2 : 1
                    guard at < end else { return nil }
                }
                at += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return at }
                depth -= 1
                at += 1
            case UInt8(ascii: ","):
                if depth == 0 { return at }
                at += 1
            default: at += 1
            }
        }
        return nil
    }
}

/// Line numbers of byte offsets, asked in rising order; lines end with LF, CRLF or CR.
struct LineCounter {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private var line = 1

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func line(at target: Int) -> Int {
        if target < offset {
            offset = 0
            line = 1
        }
        let end = min(target, bytes.count)
        while offset < end {
            let byte = bytes[offset]
            if byte == 0x0A {
                line += 1
            } else if byte == 0x0D, offset + 1 >= bytes.count || bytes[offset + 1] != 0x0A {
                line += 1
            }
            offset += 1
        }
        return line
    }
}
