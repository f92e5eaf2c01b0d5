import Foundation
import Records
import Runtime

@testable import Ingest

/// Fixtures of the adapters, and their records as lines that can be written down by hand.
enum AdapterHarness {
    /// 2026-03-10T00:00:00Z: the clock of every test.
    static let now = Timestamp(milliseconds: 1_773_100_800_000)

    static func bytes(_ name: String, file: String = #filePath) throws -> [UInt8] {
        let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Fixtures")
        return Array(try Data(contentsOf: folder.appending(path: name)))
    }

    static func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    static func context(zone: LocalZone? = nil, people: People = People()) -> AdapterContext {
        AdapterContext(source: "s", file: "fixture", zone: zone, now: now, people: people)
    }

    /// The documents of a JSON or JSON Lines text, one after the other.
    static func eachDocument(_ text: String, _ body: (JSONValue) -> Void) {
        let parser = JSONParser()
        var text = text
        text.withUTF8 { buffer in
            let bytes = UnsafeRawBufferPointer(buffer)
            if let document = try? parser.parse(bytes) {
                if document.kind == .array { document.elements.forEach(body) } else { body(document) }
                return
            }
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                if let document = try? parser.parse(UnsafeRawBufferPointer(rebasing: line)) { body(document) }
            }
        }
    }

    /// Name and confidence of the adapter that the standard registry takes for a fixture's documents.
    static func detected(_ text: String) -> String {
        var scores: [String: Double] = [:]
        var count = 0.0
        eachDocument(text) { document in
            count += 1
            for adapter in AdapterRegistry.standard.documents {
                scores[adapter.descriptor.name, default: 0] += adapter.confidence(for: document)
            }
        }
        let sure = scores.filter { $0.value / count >= Detection.acceptance }.map(\.key).sorted()
        return sure.joined(separator: ",")
    }

    static func people(_ adapter: any DocumentAdapter, _ text: String) -> People {
        var people = People()
        eachDocument(text) { document in
            for person in adapter.people(in: document) { people.note(person.id, person.role) }
        }
        return people
    }

    /// Runs a table adapter over a CSV text.
    static func records(_ adapter: any TableAdapter, csv: String, context: AdapterContext) throws -> MappedItems {
        var csv = csv
        return try csv.withUTF8 { buffer in
            let bytes = UnsafeRawBufferPointer(buffer)
            guard let shape = TableShape.sniff(bytes) else { throw IngestTestFault(description: "no table") }
            let plan = try ColumnPlan(adapter.mapping(for: shape.header), header: shape.header)
            var mapper = RowMapper(plan: plan, context: context)
            var reader = CSVReader(bytes, from: shape.dataOffset, delimiter: shape.delimiter)
            var ordinal = 0
            while let block = reader.next() {
                for row in 0..<block.rowCount {
                    mapper.beginItem()
                    ordinal += 1
                    let fields = TextRow(fields: block.texts(row).map { Array($0.utf8) })
                    if let fault = mapper.map(fields) {
                        mapper.reject(fault, byteOffset: 0, ordinal: ordinal, excerpt: bytes)
                    }
                }
            }
            return mapper.take()
        }
    }

    static func header(csv: String) throws -> TableHeader {
        var csv = csv
        return try csv.withUTF8 { buffer in
            guard let shape = TableShape.sniff(UnsafeRawBufferPointer(buffer)) else {
                throw IngestTestFault(description: "no table")
            }
            return shape.header
        }
    }

    /// `kind id=… field=…` in the order of the schema, the source and absent fields left out.
    static func lines(_ batch: RecordBatch) -> [String] {
        var out: [String] = []
        for kind in RecordKind.allCases {
            let table = batch[kind]
            for row in 0..<table.count {
                var parts = [kind.rawValue]
                for (field, schema) in table.schema.fields.enumerated().dropFirst() {
                    let value: String?
                    switch schema.type {
                    case .text, .json: value = table.text(field, row)
                    case .time: value = table.time(field, row)?.iso8601
                    case .integer, .flag: value = table.integer(field, row).map(String.init)
                    case .real: value = table.real(field, row).map { "\($0)" }
                    }
                    if let value { parts.append("\(schema.name)=\(value)") }
                }
                out.append(parts.joined(separator: " "))
            }
        }
        return out
    }

    static func rejects(_ batch: RecordBatch) -> [String] {
        batch.rejects.map { "\($0.ordinal) \($0.reason.rawValue): \($0.detail)" }
    }
}

struct IngestTestFault: Error, CustomStringConvertible { let description: String }

/// A row that holds its own fields.
struct TextRow: RowFields {
    let fields: [[UInt8]]
    func field(_ column: Int, _ scratch: Scratch) -> UnsafeRawBufferPointer? {
        column < fields.count ? scratch.keep(fields[column]) : nil
    }
    func hash(_ scratch: Scratch) -> UInt64 {
        var hash = StableHash()
        for field in fields { field.withUnsafeBytes { hash.combine($0) } }
        return hash.value
    }
}
