package import Aggregates
import Foundation
import Records
package import Runtime
import Warehouse

/// One row per thing, the same numbers as the pages.
package enum ExportJob {
    package enum What: String, CaseIterable, Sendable { case conversations, messages, tickets, daily }
    package enum Format: String, CaseIterable, Sendable { case csv, json }

    package struct Request: Sendable {
        package var what: What
        package var format: Format
        package var from: CivilDate?
        package var to: CivilDate?
        package var conditions: [DailyCube.Condition] = []
        /// A byte-order mark in front, for spreadsheets.
        package var isForExcel = false
        package init(what: What, format: Format) {
            self.what = what
            self.format = format
        }
    }

    /// Streams rows to `emit`, a piece of text at a time.
    ///
    /// - Returns: the number of rows.
    package static func run(_ session: Session, _ request: Request, emit: @escaping (String) throws -> Void) throws
        -> Int
    {
        let warehouse = try RunScope.open(session)
        let zone = session.zone
        var span: Range<Timestamp>?
        if request.from != nil || request.to != nil {
            let lower = request.from.map(zone.start(of:)) ?? Timestamp(milliseconds: .min)
            let upper = request.to.map { zone.start(of: $0 + 1) } ?? Timestamp(milliseconds: .max)
            span = lower..<max(lower, upper)
        }
        let writer = RowWriter(columns: columns(request.what), request: request, emit: emit)
        try writer.begin()
        switch request.what {
        case .conversations, .tickets:
            let cursor = try warehouse.exportCases(kind: request.what == .tickets ? .ticket : nil, openedIn: span)
            while let item = try cursor.next() {
                if matches(item, request.conditions) { try writer.write(CaseRow.values(item)) }
                try session.context.cancellation.check()
            }
        case .messages:
            let cursor = try warehouse.exportMessages(sentIn: span)
            while let row = try cursor.next() {
                try writer.write(MessageRow.values(row))
                try session.context.cancellation.check()
            }
        case .daily:
            let first = request.from ?? CivilDate(year: 1970, month: 1, day: 1)
            let last = request.to ?? CivilDate(year: 2100, month: 1, day: 1)
            let cells = try warehouse.dailyCells(first...max(first, last))
            for cell in Filtering.cells(DailyCube(cells: cells), request.conditions).cells {
                try writer.write(DailyRow.values(cell))
            }
        }
        try writer.end()
        return writer.rows
    }

    private static func matches(_ item: ServiceCase, _ conditions: [DailyCube.Condition]) -> Bool {
        conditions.allSatisfy { condition in
            let value: String? =
                switch condition.dimension {
                case .channel: item.channel
                case .group: item.group
                case .agent: item.assignee
                case .category: item.labels.category ?? item.sourceCategory
                case .intent: item.labels.intent
                }
            return value == condition.value
        }
    }

    private static func columns(_ what: What) -> [String] {
        switch what {
        case .conversations, .tickets: CaseRow.columns
        case .messages: MessageRow.columns
        case .daily: DailyRow.columns
        }
    }
}

/// A value of a row: text that spreadsheets must not run, or a number as it stands.
package enum RowValue: Sendable, Equatable {
    case text(String?)
    case number(String?)
}

/// Writes rows as CSV, or as one JSON document with `rows`.
private final class RowWriter {
    private let columns: [String]
    private let request: ExportJob.Request
    private let emit: (String) throws -> Void
    private(set) var rows = 0
    private var buffer = ""

    init(columns: [String], request: ExportJob.Request, emit: @escaping (String) throws -> Void) {
        self.columns = columns
        self.request = request
        self.emit = emit
    }

    func begin() throws {
        switch request.format {
        case .csv: buffer = (request.isForExcel ? "\u{FEFF}" : "") + columns.joined(separator: ",") + "\n"
        case .json: buffer = "{\"schema_version\":1,\"rows\":["
        }
    }

    func write(_ values: [RowValue]) throws {
        switch request.format {
        case .csv:
            buffer +=
                values.map {
                    switch $0 {
                    case .text(let text): Escaping.csv(text ?? "")
                    case .number(let text): text ?? ""
                    }
                }.joined(separator: ",") + "\n"
        case .json:
            buffer += rows == 0 ? "\n{" : ",\n{"
            buffer +=
                zip(columns, values).compactMap { name, value -> String? in
                    switch value {
                    case .text(let text): text.map { "\"\(name)\":\(CanonicalLine.quoted($0))" }
                    case .number(let text): text.map { "\"\(name)\":\($0)" }
                    }
                }.joined(separator: ",") + "}"
        }
        rows += 1
        if buffer.utf8.count > 1 << 16 { try flush() }
    }

    func end() throws {
        if request.format == .json { buffer += "\n]}\n" }
        try flush()
    }

    private func flush() throws {
        try emit(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
