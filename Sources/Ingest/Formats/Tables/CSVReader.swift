import Glibc
import Records

/// Bounds of table reading.
package struct TableLimits: Sendable, Equatable {
    /// Bytes of one field.
    package var field = 1 << 20
    /// Bytes of one record.
    package var record = 16 << 20
    /// Lines of one record.
    package var lines = 5_000
    /// Columns of one record.
    package var columns = 100_000

    package init() {}
}

/// Cuts delimited text into records and fields, in blocks.
///
/// RFC 4180 quoting; LF, CRLF and CR end a record, mixed as they come; empty lines are passed over. A quote opens a
/// field only as its first byte. What real exports get wrong is bounded: a quote that never closes costs its own line
/// and reading resumes on the next; text after a closing quote is kept as it stands; a field or record beyond the
/// limits is one fault. Nothing is copied: the result are positions over the bytes.
struct CSVReader {
    private let base: UnsafePointer<UInt8>
    private let end: Int
    let delimiter: UInt8
    let limits: TableLimits
    /// Where the next block starts.
    private(set) var position: Int
    private var expectedFields: Int

    init(
        _ text: UnsafeRawBufferPointer, from position: Int = 0, delimiter: UInt8, limits: TableLimits = TableLimits(),
        columns: Int = 16
    ) {
        base = text.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? UnsafePointer(CSVReader.nothing)
        end = text.count
        self.position = min(position, text.count)
        self.delimiter = delimiter
        self.limits = limits
        expectedFields = columns
    }

    nonisolated(unsafe) private static let nothing: UnsafeMutablePointer<UInt8> = {
        let pointer = UnsafeMutablePointer<UInt8>.allocate(capacity: 8)
        pointer.initialize(repeating: 0, count: 8)
        return pointer
    }()

    /// The next records, at most `maximumRows` or about `maximumBytes`; `nil` at the end.
    mutating func next(maximumRows: Int = 8192, maximumBytes: Int = 4 << 20) -> TableBlock? {
        guard position < end else { return nil }
        let start = position
        let text = base + start
        let count = end - start
        let block = TableBlock(base: text, offset: start, capacity: min(maximumRows, 1 << 14) * expectedFields)
        block.rowEnds.reserveCapacity(min(maximumRows, count / 2 + 1))
        block.rowStarts.reserveCapacity(min(maximumRows, count / 2 + 1))
        var at = 0
        while at < count, block.rowCount < maximumRows, at < maximumBytes {
            let byte = text[at]
            if byte == 0x0A || byte == 0x0D {
                at &+= 1
                continue
            }
            let rowStart = at
            let firstField = block.fieldCount
            if let fault = record(text, count, &at, block, firstField) {
                block.dropFields(from: firstField)
                block.faults[block.rowCount] = fault
            }
            block.endRow(startingAt: rowStart)
        }
        block.count = at
        position = start + at
        return block
    }

    /// Reads one record; on a fault `at` is where reading goes on.
    @inline(__always)
    private func record(
        _ text: UnsafePointer<UInt8>, _ end: Int, _ at: inout Int, _ block: TableBlock, _ firstField: Int
    ) -> ItemFault? {
        let start = at
        while true {
            if at < end, text[at] == 0x22 {
                if let fault = quoted(text, end, &at, block, start) { return fault }
            } else {
                let stop = plainEnd(text, at, end)
                block.append(FieldSpan(start: at, end: stop))
                if stop &- at > limits.field { return oversize("field", limits.field, text, end, &at, from: stop) }
                at = stop
            }
            guard at < end else { break }
            let byte = text[at]
            at &+= 1
            if byte != delimiter {
                if byte == 0x0D, at < end, text[at] == 0x0A { at &+= 1 }
                break
            }
            if block.fieldCount &- firstField > limits.columns {
                return oversize("record", limits.columns, text, end, &at, from: at)
            }
            if at == end {
                // The text ends with a delimiter: an empty last field.
                block.append(FieldSpan(start: at, end: at))
                break
            }
        }
        if at &- start > limits.record {
            return ItemFault(.limitExceeded, "record of \(at - start) bytes, the limit is \(limits.record)")
        }
        return nil
    }

    /// Reads a field that opens with a quote; leaves `at` on the delimiter or line end after it.
    private func quoted(
        _ text: UnsafePointer<UInt8>, _ end: Int, _ at: inout Int, _ block: TableBlock, _ recordStart: Int
    ) -> ItemFault? {
        let open = at
        var cursor = open + 1
        var isDoubled = false
        while true {
            // A field may be far over its limit and still be closed; four records' worth are looked through for that.
            let reach = min(end - cursor, limits.record &* 4)
            guard reach > 0, let found = memchr(text + cursor, 0x22, reach) else {
                return unclosed(text, end, &at, recordStart, open)
            }
            let quote = UnsafeRawPointer(text).distance(to: UnsafeRawPointer(found))
            if quote + 1 < end, text[quote + 1] == 0x22 {
                isDoubled = true
                cursor = quote + 2
                continue
            }
            var after = quote + 1
            while after < end, text[after] == 0x20 { after += 1 }
            if after == end || text[after] == delimiter || text[after] == 0x0A || text[after] == 0x0D {
                let length = quote - open - 1
                if length > 4096 {
                    if length > limits.field {
                        return oversize("field", limits.field, text, end, &at, from: after)
                    }
                    if lineBreaks(text, open, quote) >= limits.lines {
                        return unclosed(text, end, &at, recordStart, open)
                    }
                }
                block.append(FieldSpan(start: open + 1, end: quote, hasDoubledQuotes: isDoubled))
                at = after
                return nil
            }
            // Text after the closing quote. Within one line it is kept as it stands; over several lines the quote that
            // was found belongs to a later record, and this one's never closed.
            if memchr(text + open, 0x0A, quote - open) != nil || memchr(text + open, 0x0D, quote - open) != nil {
                return unclosed(text, end, &at, recordStart, open)
            }
            let stop = plainEnd(text, quote, end)
            block.append(FieldSpan(start: open, end: stop))
            block.literalQuotes += 1
            at = stop
            return nil
        }
    }

    /// The record's quote never closes: its first line is given up, and reading goes on after that.
    private func unclosed(
        _ text: UnsafePointer<UInt8>, _ end: Int, _ at: inout Int, _ recordStart: Int, _ open: Int
    ) -> ItemFault {
        at = lineEnd(text, open, end)
        return ItemFault(.badSyntax, "a quote opens and does not close within the limits of a record")
    }

    /// A field or record over its limit: the rest of the record is passed over.
    private func oversize(
        _ what: String, _ limit: Int, _ text: UnsafePointer<UInt8>, _ end: Int, _ at: inout Int, from: Int
    ) -> ItemFault {
        at = lineEnd(text, from, end)
        return ItemFault(.limitExceeded, "\(what) over the limit of \(limit)")
    }

    /// The offset after the line break that follows `start`.
    private func lineEnd(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var at = start
        while at < end {
            let byte = text[at]
            at += 1
            if byte == 0x0A { return at }
            if byte == 0x0D { return at < end && text[at] == 0x0A ? at + 1 : at }
        }
        return end
    }

    private func lineBreaks(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var lines = 0
        var at = start
        while at < end {
            if text[at] == 0x0A { lines += 1 }
            at += 1
        }
        return lines
    }

    /// The first delimiter, LF or CR from `start` on, or `end`; eight bytes in one step.
    @inline(__always)
    private func plainEnd(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        let delimiters = ones &* UInt64(delimiter)
        let raw = UnsafeRawPointer(text)
        var at = start
        while at &+ 8 <= end {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let a = word ^ delimiters
            let b = word ^ (ones &* 0x0A)
            let c = word ^ (ones &* 0x0D)
            let hit = ((a &- ones) & ~a | (b &- ones) & ~b | (c &- ones) & ~c) & highs
            if hit != 0 { return at &+ (hit.trailingZeroBitCount >> 3) }
            at &+= 8
        }
        while at < end {
            let byte = text[at]
            if byte == delimiter || byte == 0x0A || byte == 0x0D { return at }
            at &+= 1
        }
        return end
    }

    /// Gives the bytes of a field with each pair of quotes as one.
    @inline(__always)
    static func undouble(_ bytes: UnsafeRawBufferPointer, _ emit: (UInt8) -> Void) {
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            emit(byte)
            at &+= byte == 0x22 && at &+ 1 < bytes.count && bytes[at &+ 1] == 0x22 ? 2 : 1
        }
    }
}
