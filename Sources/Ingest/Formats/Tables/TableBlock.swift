/// Where a field's text stands in a block: offset, length and whether it holds doubled quotes.
struct FieldSpan {
    var start: UInt32
    private var packed: UInt32

    @inline(__always)
    init(start: Int, end: Int, hasDoubledQuotes: Bool = false) {
        self.start = UInt32(truncatingIfNeeded: start)
        packed = UInt32(truncatingIfNeeded: end &- start) << 1 | (hasDoubledQuotes ? 1 : 0)
    }

    @inline(__always) var count: Int { Int(packed >> 1) }
    @inline(__always) var hasDoubledQuotes: Bool { packed & 1 != 0 }
}

/// A run of table rows cut into fields, as positions over the input's own bytes.
///
/// The bytes belong to the text that was read, which outlives the block.
final class TableBlock: @unchecked Sendable {
    // @unchecked: the reader fills a block before handing it over, and never touches it again.
    let base: UnsafePointer<UInt8>
    /// Offset of the block in its text.
    let offset: Int
    // One thread fills a block, field by field: the run-time check of exclusive access would cost more than the work.
    @exclusivity(unchecked) private(set) var fields: UnsafeMutablePointer<FieldSpan>
    @exclusivity(unchecked) private var capacity: Int
    @exclusivity(unchecked) private(set) var fieldCount = 0
    /// For each row the number of fields up to its end, and its first byte.
    @exclusivity(unchecked) var rowEnds: [UInt32] = []
    @exclusivity(unchecked) var rowStarts: [UInt32] = []
    /// Rows that could not be cut into fields, by position; such a row has no fields.
    var faults: [Int: ItemFault] = [:]
    /// Fields with text after their closing quote, taken as they stand.
    var literalQuotes = 0
    /// Bytes covered.
    var count = 0

    init(base: UnsafePointer<UInt8>, offset: Int, capacity: Int) {
        self.base = base
        self.offset = offset
        self.capacity = max(64, capacity)
        fields = .allocate(capacity: self.capacity)
    }

    deinit { fields.deallocate() }

    var rowCount: Int { rowEnds.count }

    @inline(__always)
    func append(_ span: FieldSpan) {
        if fieldCount == capacity { grow() }
        (fields + fieldCount).initialize(to: span)
        fieldCount &+= 1
    }

    private func grow() {
        let larger = UnsafeMutablePointer<FieldSpan>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: fields, count: fieldCount)
        fields.deallocate()
        fields = larger
        capacity *= 2
    }

    func dropFields(from first: Int) { fieldCount = min(fieldCount, first) }

    @inline(__always)
    func endRow(startingAt start: Int) {
        rowEnds.append(UInt32(truncatingIfNeeded: fieldCount))
        rowStarts.append(UInt32(truncatingIfNeeded: start))
    }

    /// The fields of a row.
    @inline(__always)
    func row(_ index: Int) -> UnsafeBufferPointer<FieldSpan> {
        let first = index == 0 ? 0 : Int(rowEnds[index - 1])
        return UnsafeBufferPointer(start: fields + first, count: Int(rowEnds[index]) - first)
    }

    @inline(__always)
    func bytes(_ span: FieldSpan) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + Int(span.start), count: span.count)
    }

    /// The raw text of a row, to its end or at most 800 bytes of it.
    func rawRow(_ index: Int) -> UnsafeRawBufferPointer {
        let start = Int(rowStarts[index])
        let end = index + 1 < rowStarts.count ? Int(rowStarts[index + 1]) : count
        return UnsafeRawBufferPointer(start: base + start, count: max(0, min(end - start, 800)))
    }

    /// A field as text, doubled quotes undone.
    func text(_ span: FieldSpan) -> String {
        guard span.hasDoubledQuotes else { return String(decoding: bytes(span), as: UTF8.self) }
        var out: [UInt8] = []
        CSVReader.undouble(bytes(span)) { out.append($0) }
        return String(decoding: out, as: UTF8.self)
    }

    /// A row as texts.
    func texts(_ index: Int) -> [String] { row(index).map(text) }
}
