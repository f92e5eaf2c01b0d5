package import Records
package import Runtime

/// Where the records of an item go: a batch, with the source filled in and times read by the file's zone.
package struct RecordSink {
    package let context: AdapterContext
    package internal(set) var batch = RecordBatch()
    /// Notes for the run's summary, each with how often it was given.
    package internal(set) var warnings: [String: Int] = [:]
    package var times: TimeReader
    private var item = 0

    package init(context: AdapterContext) {
        self.context = context
        times = TimeReader(zone: context.zone, now: context.now)
    }

    /// Starts the next input item; what follows belongs to it.
    package mutating func beginItem() { item = batch.beginItem() }

    /// Writes one record: `body` sets its fields, each at most once; the source is set already.
    ///
    /// Field positions are those of `TicketField`, `MessageField` and so on.
    package mutating func add<Failure: Error>(
        _ kind: RecordKind, source: String? = nil, _ body: (inout RecordTable) throws(Failure) -> Void
    ) throws(Failure) {
        batch[kind].beginRow(item: item)
        batch[kind].set(0, source ?? context.source)
        try body(&batch[kind])
        batch[kind].endRow()
    }

    /// Begins a row of the current item with the source set.
    @inline(__always)
    mutating func beginRow(_ table: Int, _ source: UnsafeRawBufferPointer) {
        batch.tables[table].beginRow(item: item)
        batch.tables[table].set(0, source)
    }

    /// Counts a note; equal notes are told once with their number.
    package mutating func warn(_ text: String) { warnings[text, default: 0] += 1 }

    /// The time of a JSON value; `nil` where it is missing or empty.
    ///
    /// - Parameter field: the name for the reject's detail.
    package mutating func time(_ value: JSONValue?, _ field: String, as form: TimeForm = .iso) throws(ItemFault)
        -> Timestamp?
    {
        guard let value, !value.isNull else { return nil }
        guard value.kind == .string || value.kind == .number else {
            throw ItemFault(.badTime, "\(field) is no time")
        }
        let reading = value.withText { times.read($0, as: form) }
        return try RecordSink.settle(reading, field, value.plainText ?? "")
    }

    /// The time of a JSON value that must be there.
    package mutating func requiredTime(_ value: JSONValue?, _ field: String, as form: TimeForm = .iso) throws(ItemFault)
        -> Timestamp
    {
        guard let time = try time(value, field, as: form) else { throw .missing(field) }
        return time
    }

    /// The instant of a wall-clock time in the file's zone.
    ///
    /// - Parameter wall: milliseconds since 1970 on the clock of the file.
    mutating func wallTime(_ wall: Int64) throws(ItemFault) -> Timestamp {
        let reading = times.resolve(WrittenTime(wall: wall))
        guard let time = try RecordSink.settle(reading, "time", "") else { throw .missing("time") }
        return time
    }

    static func settle(_ reading: TimeReading, _ field: String, _ text: String) throws(ItemFault) -> Timestamp? {
        switch reading {
        case .time(let time): return time
        case .absent: return nil
        case .malformed: throw ItemFault(.badTime, "\(field): '\(text.prefix(40))' is not a time of the expected form")
        case .outOfRange:
            throw ItemFault(
                .timeOutOfRange, "\(field): '\(text.prefix(40))' is before 1995 or more than two days ahead")
        case .withoutZone:
            throw ItemFault(.badTime, "\(field): '\(text.prefix(40))' has no offset; give --source-tz ZONE")
        }
    }

    /// The id of a JSON value that must be there.
    package func requiredID(_ value: JSONValue?, _ field: String) throws(ItemFault) -> String {
        guard let id = value?.id else { throw .missing(field) }
        return id
    }

    // What the reader does around an adapter's call.

    /// The state to go back to when an item fails.
    func mark() -> [Int] { batch.tables.map(\.count) }

    /// Takes back every row written since `mark`.
    mutating func rollBack(to mark: [Int]) {
        for index in batch.tables.indices where batch.tables[index].count != mark[index] {
            batch.tables[index].truncate(to: mark[index])
        }
    }
}

extension RecordTable {
    /// Sets a text field to the characters of a JSON string or the digits of a number; missing, `null` and empty stay absent.
    package mutating func set(_ field: Int, _ value: JSONValue?) {
        guard let value, !value.isNull else { return }
        value.withText { if $0.count > 0 { set(field, $0) } }
    }

    /// Sets a JSON field (`tags`, `attachments`, `extra`) to the compact text of a value; missing and `null` stay absent.
    package mutating func set(_ field: Int, json value: JSONValue?) {
        guard let value, !value.isNull else { return }
        set(field, value.json)
    }

    package mutating func set(_ field: Int, time value: Timestamp?) { set(field, integer: value?.milliseconds) }
}
