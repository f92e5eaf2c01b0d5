import Records
import Runtime

/// Runs a column plan over items: values out of columns, checked and set field by field.
struct RowMapper {
    let plan: ColumnPlan
    private(set) var sink: RecordSink
    private let scratch = Scratch()
    /// Field values whose bytes are known not to be valid UTF-8 or to hold NUL are repaired on the way.
    var needsRepair = false
    /// Content of the repeated records of this batch, so that equal ones are written once.
    private var repeated: Set<UInt64> = []
    private var marks: [Int]
    private let sourceBytes = PlanBytes()
    private let source: UnsafeRawBufferPointer

    init(plan: ColumnPlan, context: AdapterContext) {
        source = sourceBytes.keep(Array(context.source.utf8))
        self.plan = plan
        sink = RecordSink(context: context)
        marks = Array(repeating: 0, count: plan.rules.count)
    }

    /// Maps one item, which the caller has begun; on a fault nothing of it is left.
    @inline(__always)
    mutating func map(_ row: some RowFields) -> ItemFault? {
        scratch.reset()
        for index in plan.rules.indices {
            marks[index] = sink.batch.tables[plan.rules[index].table].count
            if let fault = apply(plan.rules[index], row) {
                for done in 0...index { sink.batch.tables[plan.rules[done].table].truncate(to: marks[done]) }
                return fault
            }
        }
        return nil
    }

    @inline(__always)
    private mutating func apply(_ rule: ColumnPlan.Rule, _ row: some RowFields) -> ItemFault? {
        for condition in rule.conditions where !holds(condition, row) { return nil }
        let table = rule.table
        sink.beginRow(table, source)
        for index in rule.operations.indices {
            let operation = rule.operations[index]
            if let fault = perform(operation, rule, table, row) { return fault }
        }
        sink.batch.tables[table].endRow()
        if rule.isRepeated {
            let last = sink.batch.tables[table].count - 1
            let hash = sink.batch.tables[table].contentHash(last) ^ UInt64(table)
            if !repeated.insert(hash).inserted { sink.batch.tables[table].truncate(to: last) }
        }
        return nil
    }

    private func holds(_ condition: ColumnPlan.Condition, _ row: some RowFields) -> Bool {
        switch condition {
        case .never: return false
        case .present(let column):
            guard column >= 0 else { return true }
            return RowMapper.trimmed(row.field(column, scratch)).count > 0
        case .absent(let column): return RowMapper.trimmed(row.field(column, scratch)).count == 0
        case .isOne(let column, let words): return words.contains(RowMapper.trimmed(row.field(column, scratch)))
        case .isNone(let column, let words): return !words.contains(RowMapper.trimmed(row.field(column, scratch)))
        }
    }

    @inline(__always)
    private mutating func perform(
        _ operation: FieldOperation, _ rule: ColumnPlan.Rule, _ table: Int, _ row: some RowFields
    ) -> ItemFault? {
        let position = Int(operation.position)
        switch operation.kind {
        case .constant:
            sink.batch.tables[table].set(position, operation.constant)
            return nil
        case .text, .isoTime, .word:
            guard var value = row.field(Int(operation.column), scratch) else { return absent(operation, rule) }
            if operation.isTrimmed { value = RowMapper.trimmed(value) }
            guard value.count > 0 else { return absent(operation, rule) }
            if operation.kind == .text {
                append(value, position, table)
                return nil
            }
            if operation.kind == .word {
                if let word = rule.vocabularies[Int(operation.field)]?.value(of: value) {
                    sink.batch.tables[table].set(position, word)
                    return nil
                }
            } else {
                if case .time(let time) = sink.times.readISO(value) {
                    sink.batch.tables[table].set(position, integer: time.milliseconds)
                    return nil
                }
            }
            return set(rule.fields[Int(operation.field)], table, row)
        case .joined:
            guard let value = joined(operation, rule, row) else { return absent(operation, rule) }
            append(value, position, table)
            return nil
        case .general: return set(rule.fields[Int(operation.field)], table, row)
        }
    }

    private func absent(_ operation: FieldOperation, _ rule: ColumnPlan.Rule) -> ItemFault? {
        operation.isRequired ? .missing(rule.fields[Int(operation.field)].name) : nil
    }

    private func joined(_ operation: FieldOperation, _ rule: ColumnPlan.Rule, _ row: some RowFields)
        -> UnsafeRawBufferPointer?
    {
        let range = Int(operation.column)..<Int(operation.column + operation.count)
        var total = 0
        for index in range {
            let part = rule.parts[index]
            let bytes = part.column < 0 ? part.constant : RowMapper.trimmed(row.field(part.column, scratch))
            guard bytes.count > 0 else { return nil }
            total &+= bytes.count
        }
        let room = scratch.room(total)
        var at = 0
        for index in range {
            let part = rule.parts[index]
            let bytes = part.column < 0 ? part.constant : RowMapper.trimmed(row.field(part.column, scratch))
            guard let from = bytes.baseAddress, let to = room.baseAddress else { return nil }
            (to + at).copyMemory(from: from, byteCount: bytes.count)
            at &+= bytes.count
        }
        return UnsafeRawBufferPointer(room)
    }

    @inline(never)
    private mutating func set(_ field: ColumnPlan.Field, _ table: Int, _ row: some RowFields) -> ItemFault? {
        for condition in field.conditions where !holds(condition, row) { return absent(field) }
        guard var value = resolve(field.source, row) else { return absent(field) }
        if field.isTrimmed { value = RowMapper.trimmed(value) }
        guard value.count > 0 else { return absent(field) }
        if let words = field.absentWords, words.contains(RowMapper.trimmed(value)) { return absent(field) }
        if field.type == .time {
            let reading = sink.times.read(value, as: field.rule.time)
            if case .time(let time) = reading {
                sink.batch.tables[table].set(field.position, integer: time.milliseconds)
                return nil
            }
            if reading == .absent { return absent(field) }
            return RowMapper.fault(reading, field, value)
        }
        if let replacements = field.replacements {
            if let found = replacements.value(of: value) {
                value = found
            } else {
                switch field.rule.unmapped {
                case .keep: break
                case .drop: return absent(field)
                case .becomes(let word): value = scratch.keep(word.utf8)
                case .reject: return RowMapper.badValue(field, value, "is not among the values of the mapping")
                }
            }
        }
        return setTyped(field, table, value)
    }

    private mutating func setTyped(_ field: ColumnPlan.Field, _ table: Int, _ value: UnsafeRawBufferPointer)
        -> ItemFault?
    {
        switch field.type {
        case .text:
            guard let vocabulary = field.vocabulary else {
                append(value, field.position, table)
                return nil
            }
            guard let word = vocabulary.value(of: value) else {
                return RowMapper.badValue(field, value, "is not a word of the canonical form; map it with values")
            }
            sink.batch.tables[table].set(field.position, word)
        case .json: return setJSON(field, table, value)
        case .integer:
            guard let number = Numbers.integer(value) else { return RowMapper.badValue(field, value, "is not whole") }
            sink.batch.tables[table].set(field.position, integer: number)
        case .flag:
            guard let flag = Numbers.flag(value) else { return RowMapper.badValue(field, value, "is not a flag") }
            sink.batch.tables[table].set(field.position, integer: flag ? 1 : 0)
        case .real:
            guard let number = Numbers.real(value) else { return RowMapper.badValue(field, value, "is not a number") }
            sink.batch.tables[table].set(field.position, real: number)
        case .time: break
        }
        return nil
    }

    /// A JSON field takes JSON as it is; other text is split, or becomes an array of one.
    private mutating func setJSON(_ field: ColumnPlan.Field, _ table: Int, _ value: UnsafeRawBufferPointer)
        -> ItemFault?
    {
        let repaired = needsRepair ? repair(value) : value
        var out: [UInt8] = []
        // A value points into its parser.
        let parser = JSONParser(capacity: 64)
        defer { withExtendedLifetime(parser) {} }
        if let first = repaired.first, first == UInt8(ascii: "[") || first == UInt8(ascii: "{"),
            let document = try? parser.parse(repaired)
        {
            document.write(to: &out)
        } else {
            out.append(UInt8(ascii: "["))
            let separators = Set(field.rule.separators.utf8)
            for part in repaired.split(whereSeparator: separators.contains) {
                let part = RowMapper.trimmed(UnsafeRawBufferPointer(rebasing: part))
                if part.count == 0 { continue }
                if out.count > 1 { out.append(UInt8(ascii: ",")) }
                JSONScan.appendQuoted(part, to: &out)
            }
            out.append(UInt8(ascii: "]"))
            if out.count == 2 { return absent(field) }
        }
        out.withUnsafeBytes { sink.batch.tables[table].set(field.position, $0) }
        return nil
    }

    @inline(__always)
    private mutating func append(_ value: UnsafeRawBufferPointer, _ position: Int, _ table: Int) {
        sink.batch.tables[table].set(position, needsRepair ? repair(value) : value)
    }

    private func repair(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UTF8Check.isClean(value) ? value : scratch.keep(UTF8Check.repaired(value))
    }

    private func absent(_ field: ColumnPlan.Field) -> ItemFault? {
        field.isRequired ? .missing(field.name) : nil
    }

    @inline(__always)
    private func resolve(_ source: ColumnPlan.Source, _ row: some RowFields) -> UnsafeRawBufferPointer? {
        if case .column(let index) = source { return row.field(index, scratch) }
        return resolveOther(source, row)
    }

    private func resolveOther(_ source: ColumnPlan.Source, _ row: some RowFields) -> UnsafeRawBufferPointer? {
        switch source {
        case .absent: return nil
        case .column(let index): return row.field(index, scratch)
        case .constant(let bytes): return scratch.keep(bytes)
        case .first(let sources):
            for source in sources {
                if let value = resolveOther(source, row), RowMapper.trimmed(value).count > 0 { return value }
            }
            return nil
        case .joined(let sources):
            var all: [UInt8] = []
            for source in sources {
                guard let value = resolveOther(source, row), value.count > 0 else { return nil }
                all.append(contentsOf: value)
            }
            return scratch.keep(all)
        case .rowHash(let salt):
            var digits: [UInt8] = []
            StableID.append(row.hash(scratch) &+ salt &* 0x9E37_79B9_7F4A_7C15, to: &digits)
            return scratch.keep(digits)
        }
    }

    @inline(__always)
    static func trimmed(_ bytes: UnsafeRawBufferPointer?) -> UnsafeRawBufferPointer {
        guard let bytes else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        var start = 0
        var end = bytes.count
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start &+= 1 }
        while end > start, bytes[end &- 1] == 0x20 || bytes[end &- 1] == 0x09 { end &-= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    private static func badValue(_ field: ColumnPlan.Field, _ value: UnsafeRawBufferPointer, _ what: String)
        -> ItemFault
    {
        ItemFault(.badValue, "\(field.name): '\(Excerpt.shown(value).prefix(40))' \(what)")
    }

    private static func fault(_ reading: TimeReading, _ field: ColumnPlan.Field, _ value: UnsafeRawBufferPointer)
        -> ItemFault
    {
        do throws(ItemFault) {
            _ = try RecordSink.settle(reading, field.name, Excerpt.shown(value))
            return ItemFault(.badTime, field.name)
        } catch { return error }
    }

    mutating func beginItem() { sink.beginItem() }

    mutating func reject(_ fault: ItemFault, byteOffset: Int, ordinal: Int, excerpt: UnsafeRawBufferPointer) {
        sink.reject(fault, line: 0, byteOffset: byteOffset, ordinal: ordinal, excerpt: excerpt)
    }

    mutating func warn(_ text: String) { sink.warn(text) }

    mutating func take() -> MappedItems {
        repeated.removeAll(keepingCapacity: true)
        return sink.take()
    }
}
