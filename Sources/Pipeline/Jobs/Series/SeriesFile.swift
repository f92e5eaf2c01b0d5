package import Features
import FoundationEssentials
import Ingest
import Runtime

/// Which columns of a long table hold what.
package struct SeriesColumns: Sendable {
    package var id: String
    package var time: String
    package var value: String

    package static let usual = SeriesColumns(id: "unique_id", time: "ds", value: "y")

    package init(id: String, time: String, value: String) {
        self.id = id
        self.time = time
        self.value = value
    }
}

/// The series of a long CSV in the field's usual columns.
package struct SeriesFile: Sendable {
    /// In the order in which they first stand in the file.
    package let series: [LongSeries]
    /// Whether the file names its series; without an id column it is one series.
    package let hasIDs: Bool
    package let warnings: [String]

    /// Reads a long table.
    ///
    /// Times are dates, dates with a time of day, or plain numbers; an empty value, `NA` and `NaN` are missing. A file
    /// with a time and a value but other names for them (`timestamp`, `date`, `t`; `value`) is understood too.
    ///
    /// - Throws: `JobFailure` with the file, the record, what was found there and what was expected.
    package static func read(_ path: String, columns: SeriesColumns = .usual) throws -> SeriesFile {
        guard let table = try PlainTable(path: path) else {
            throw JobFailure(
                .unusableInput,
                "\(path): no table; expected a header with \(columns.id), \(columns.time) and \(columns.value)")
        }
        let (id, time, value) = try place(columns, in: table)
        var reader = SeriesReader(path: path, columns: columns)
        if id == nil { reader.openNameless((path.split(separator: "/").last.map(String.init) ?? path)) }
        try table.forEachRow { row in
            try reader.take(row, id: id, time: time, value: value)
        }
        return SeriesFile(series: reader.series, hasIDs: id != nil, warnings: table.warnings)
    }

    private static func place(_ columns: SeriesColumns, in table: PlainTable) throws -> (Int?, Int, Int) {
        func find(_ wanted: String, usual: String, others: [String]) throws -> Int {
            if let column = table.column(wanted) { return column }
            if wanted == usual, let column = others.lazy.compactMap(table.column).first { return column }
            throw JobFailure(
                .unusableInput,
                "\(table.path): no column \(wanted) (found \(table.header.prefix(12).joined(separator: ", "))); "
                    + "name yours with --id-column, --time-column and --value-column")
        }
        let usual = SeriesColumns.usual
        let id = table.column(columns.id)
        if id == nil, columns.id != usual.id { _ = try find(columns.id, usual: usual.id, others: []) }
        return (
            id, try find(columns.time, usual: usual.time, others: ["timestamp", "date", "time", "t"]),
            try find(columns.value, usual: usual.value, others: ["value"])
        )
    }
}

/// Collects the rows of a long table by series.
private struct SeriesReader {
    let path: String
    let columns: SeriesColumns
    var series: [LongSeries] = []
    private var places: [String: Int] = [:]
    /// The series of the last row: long tables hold one series after another.
    private var current = -1
    private var currentID: [UInt8] = []
    private var form: AxisForm?

    init(path: String, columns: SeriesColumns) {
        self.path = path
        self.columns = columns
    }

    private var nameless: String?

    mutating func openNameless(_ name: String) {
        nameless = name.hasSuffix(".csv") ? String(name.dropLast(4)) : name
    }

    mutating func take(_ row: PlainTable.Row, id: Int?, time: Int, value: Int) throws {
        guard row.count > max(time, value) else {
            throw fault(row, "\(row.count) fields", "fields up to column \(max(time, value) + 1)")
        }
        let coordinate = try coordinate(row, time)
        select(row, id)
        let bytes = row.bytes(value)
        guard let number = SeriesReader.isMissing(bytes) ? .nan : PlainTable.number(bytes) else {
            throw fault(
                row, "\(columns.value) \"\(Escaping.terminal(row.text(value)))\"", "a number, or nothing for missing")
        }
        series[current].times.append(coordinate)
        series[current].stamps.append(row.text(time))
        series[current].values.append(number)
    }

    private mutating func select(_ row: PlainTable.Row, _ id: Int?) {
        if let id {
            let bytes = row.bytes(id)
            if current >= 0, bytes.elementsEqual(currentID) { return }
            currentID = Array(bytes)
            open(row.text(id))
        } else if current < 0 {
            open(nameless ?? "series")
        }
    }

    private mutating func open(_ id: String) {
        if let place = places[id] {
            current = place
            return
        }
        current = series.count
        places[id] = current
        series.append(LongSeries(id: id, form: form ?? .number))
    }

    private mutating func coordinate(_ row: PlainTable.Row, _ column: Int) throws -> Double {
        let bytes = row.bytes(column)
        if form == nil { form = SeriesReader.form(bytes) }
        switch form {
        case .number?:
            if let number = PlainTable.number(bytes) { return number }
        case .date?:
            if let time = PlainTable.time(bytes) { return Double(time.wall / 86_400_000) }
        case .dateTime(_, _, let suffix)?:
            if let time = PlainTable.time(bytes) {
                // Stamps with different offsets (a clock change) share the first one's clock.
                let shift = time.offset.map { offset in offset - (SeriesReader.offset(suffix) ?? offset) } ?? 0
                return Double(time.wall - shift) / 1000
            }
        case nil: break
        }
        throw fault(
            row, "\(columns.time) \"\(Escaping.terminal(row.text(column)))\"",
            "a date (2026-03-02), a timestamp (2026-03-02 14:00) or a number, alike in all rows")
    }

    private func fault(_ row: PlainTable.Row, _ found: String, _ expected: String) -> JobFailure {
        JobFailure(.unusableInput, "\(path), record \(row.number): found \(found), expected \(expected)")
    }

    private static func form(_ bytes: UnsafeRawBufferPointer) -> AxisForm? {
        if PlainTable.number(bytes) != nil { return .number }
        guard PlainTable.time(bytes) != nil else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let head = text.prefix { $0 != "T" && $0 != "t" && $0 != " " }
        guard head.count < text.count else { return .date }
        let separator = Array(text.utf8)[head.utf8.count]
        let clock = text.dropFirst(head.count + 1)
        let time = clock.prefix { $0.isNumber || $0 == ":" || $0 == "." || $0 == "," }
        return .dateTime(
            separator: separator, hasSeconds: time.count(where: { $0 == ":" }) > 1,
            suffix: String(clock.dropFirst(time.count)))
    }

    private static func offset(_ suffix: String) -> Int64? {
        var text = "1970-01-02T00:00:00\(suffix)"
        return text.withUTF8 { PlainTable.time(UnsafeRawBufferPointer($0))?.offset }
    }

    private static func isMissing(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= 4 else { return false }
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "", " ", "na", "nan", "null", "none": return true
        default: return false
        }
    }
}
