import Glibc
import Records

/// What turns JSON documents into records, by adapter or by mapping.
protocol ObjectMapper: SendableMetatype {
    mutating func map(_ document: JSONValue, line: Int, byteOffset: Int)
    /// A document of which the end is missing: whole items count, the last is rejected.
    mutating func mapTruncated(_ document: JSONValue, fault: JSONFault, text: UnsafeRawBufferPointer, byteOffset: Int)
    mutating func reject(_ fault: ItemFault, text: UnsafeRawBufferPointer, byteOffset: Int)
    mutating func warn(_ text: String)
    mutating func take() -> MappedItems
}

/// Maps JSON objects through a column plan.
struct ObjectMapping: ObjectMapper {
    var rows: RowMapper
    private let keys: [[[UInt8]]]
    private let items: [String]
    private var ordinal = 0

    init(plan: ColumnPlan, keys: [[[UInt8]]], items: [String], _ context: AdapterContext) {
        rows = RowMapper(plan: plan, context: context)
        self.keys = keys
        self.items = items
    }

    mutating func map(_ document: JSONValue, line: Int, byteOffset: Int) {
        guard !items.isEmpty, let list = document[path: items], list.kind == .array else {
            mapItem(document, byteOffset)
            return
        }
        for item in list.elements { mapItem(item, byteOffset) }
    }

    private mutating func mapItem(_ item: JSONValue, _ byteOffset: Int) {
        rows.beginItem()
        ordinal += 1
        let fault =
            item.kind == .object
            ? rows.map(ObjectRow(value: item, keys: keys)) : ItemFault(.badSyntax, "an object is expected")
        if let fault {
            rows.reject(fault, byteOffset: byteOffset + item.offset, ordinal: ordinal, excerpt: item.source)
        }
    }

    mutating func mapTruncated(
        _ document: JSONValue, fault: JSONFault, text: UnsafeRawBufferPointer, byteOffset: Int
    ) {
        if !items.isEmpty, let list = document[path: items], list.kind == .array {
            let whole = Array(list.elements).dropLast()
            for item in whole { mapItem(item, byteOffset) }
        }
        reject(ItemFault(.truncated, fault.description), text: text, byteOffset: byteOffset + fault.offset)
    }

    mutating func reject(_ fault: ItemFault, text: UnsafeRawBufferPointer, byteOffset: Int) {
        rows.beginItem()
        ordinal += 1
        rows.reject(fault, byteOffset: byteOffset, ordinal: ordinal, excerpt: text)
    }

    mutating func warn(_ text: String) { rows.warn(text) }
    mutating func take() -> MappedItems { rows.take() }
}

/// The work of one worker on one block.
enum BlockMapping {
    static func rows(_ block: TableBlock, columns: Int, _ mapper: inout RowMapper) -> MappedItems {
        for row in 0..<block.rowCount {
            mapper.beginItem()
            let fields = block.row(row)
            let fault: ItemFault?
            if fields.count == columns {
                fault = mapper.map(TableRow(block: block, fields: fields))
            } else {
                fault =
                    block.faults[row]
                    ?? ItemFault(.wrongColumnCount, "\(fields.count) columns, the header has \(columns)")
            }
            if let fault {
                mapper.reject(
                    fault, byteOffset: block.offset + Int(block.rowStarts[row]), ordinal: row + 1,
                    excerpt: block.rawRow(row))
            }
        }
        if block.literalQuotes > 0 { mapper.warn("text after a closing quote, kept as it stands") }
        return mapper.take()
    }

    static func text(_ block: TextBlock, _ text: InputBytes, needsRepair: Bool, _ mapper: inout some ObjectMapper) {
        if let fault = block.fault {
            let head = UnsafeRawBufferPointer(rebasing: text.bytes[block.range].prefix(800))
            mapper.reject(fault, text: head, byteOffset: block.range.lowerBound)
            return
        }
        let parser = JSONParser()
        defer { withExtendedLifetime(parser) {} }
        if block.elements.isEmpty {
            eachLine(text.bytes, block.range) { line in
                let isCut = block.isLast && line.upperBound == block.range.upperBound
                document(line, text, parser, needsRepair, isCut: isCut, &mapper)
            }
        } else {
            for element in block.elements {
                document(element, text, parser, needsRepair, isCut: block.isLast, &mapper)
            }
        }
    }

    private static func document(
        _ range: Range<Int>, _ text: InputBytes, _ parser: JSONParser, _ needsRepair: Bool, isCut: Bool,
        _ mapper: inout some ObjectMapper
    ) {
        let raw = UnsafeRawBufferPointer(rebasing: text.bytes[range])
        if needsRepair, !UTF8Check.isValid(raw) {
            let repaired = UTF8Check.repaired(raw)
            mapper.warn("bytes that are not UTF-8 became U+FFFD")
            repaired.withUnsafeBytes { parse($0, range.lowerBound, parser, isCut, &mapper) }
        } else {
            parse(raw, range.lowerBound, parser, isCut, &mapper)
        }
    }

    private static func parse(
        _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ parser: JSONParser, _ isCut: Bool,
        _ mapper: inout some ObjectMapper
    ) {
        do throws(JSONFault) {
            let document = try parser.parse(bytes)
            mapper.map(document, line: 0, byteOffset: offset)
            if parser.duplicateKeys > 0 { mapper.warn("a key twice in one object; the last one counts") }
            if parser.loneSurrogates > 0 { mapper.warn("a lone surrogate became U+FFFD") }
        } catch {
            if error.isTruncation, isCut {
                if let partial = try? parser.parseSalvaging(bytes) {
                    mapper.mapTruncated(partial, fault: error, text: bytes, byteOffset: offset)
                } else {
                    mapper.reject(
                        ItemFault(.truncated, error.description), text: bytes, byteOffset: offset + error.offset)
                }
            } else {
                mapper.reject(
                    ItemFault(error.isLimit ? .limitExceeded : .badSyntax, error.description), text: bytes,
                    byteOffset: offset + error.offset)
            }
        }
    }

    /// The lines of a range that hold more than blanks, without their ends.
    static func eachLine(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
        guard let base = bytes.baseAddress else { return }
        var at = range.lowerBound
        while at < range.upperBound {
            let found = memchr(base + at, 0x0A, range.upperBound - at)
            let end = found.map { base.distance(to: UnsafeRawPointer($0)) } ?? range.upperBound
            var start = at
            var stop = end
            while start < stop, bytes[start] <= 0x20 { start += 1 }
            while stop > start, bytes[stop - 1] <= 0x20 { stop -= 1 }
            if start < stop { body(start..<stop) }
            at = end + 1
        }
    }
}
