import Foundation
import Records
import Runtime

@testable import Ingest

/// The folder of public test material, where there is one.
let corpora: String? = ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"]

/// Sample mappings of the package.
let sampleMappings = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("datasets/samples/mappings").path

func filesOf(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
}

func contents(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map(Array.init) ?? [] }

/// A folder that is gone after the test.
final class TemporaryFolder {
    let path: String
    init() {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("ingest-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) -> String {
        let file = "\(path)/\(name)"
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: file, contents: Data(bytes))
        return file
    }

    @discardableResult
    func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }
}

/// A moment after all times in the tests.
let testNow = Timestamp(milliseconds: 1_795_000_000_000)

struct Outcome {
    var files: [PlannedFile] = []
    var summary = ReadSummary()
    var batches: [RecordBatch] = []

    var rejects: [Reject] { batches.flatMap(\.rejects) }
    func texts(_ kind: RecordKind, _ field: String) -> [String?] {
        guard let position = kind.schema.index(of: field) else { return [] }
        return batches.flatMap { batch in (0..<batch[kind].count).map { batch[kind].text(position, $0) } }
    }
    func times(_ kind: RecordKind, _ field: String) -> [String?] {
        guard let position = kind.schema.index(of: field) else { return [] }
        return batches.flatMap { batch in
            (0..<batch[kind].count).map { batch[kind].time(position, $0)?.iso8601 }
        }
    }
}

/// Plans and reads paths with the sample mappings.
func ingest(
    _ paths: [String], workers: Int = 1, _ change: (inout IngestConfiguration) -> Void = { _ in }
) throws -> Outcome {
    var configuration = IngestConfiguration()
    configuration.mappings = try MappingAdapter.load(folder: sampleMappings)
    change(&configuration)
    let reader = ExportReader(configuration)
    var outcome = Outcome()
    outcome.files = try reader.plan(paths, now: testNow)
    for file in outcome.files {
        outcome.summary.add(
            try reader.read(file, workers: workers, context: RunContext(workers: workers)) {
                outcome.batches.append($0)
            })
    }
    return outcome
}

/// Rows of a table as texts, with what was found about it.
func table(_ bytes: [UInt8]) throws -> (shape: TableShape, rows: [[String]], faults: [ItemFault])? {
    let input = try inMemory(bytes)
    let (text, _) = try Transcoder.utf8(input, CharsetDetector.detect(input.bytes))
    guard let shape = TableShape.sniff(text.bytes) else { return nil }
    var reader = CSVReader(text.bytes, from: shape.dataOffset, delimiter: shape.delimiter)
    var rows: [[String]] = []
    var faults: [ItemFault] = []
    while let block = reader.next() {
        for row in 0..<block.rowCount {
            if let fault = block.faults[row] { faults.append(fault) } else { rows.append(block.texts(row)) }
        }
    }
    withExtendedLifetime(text) {}
    return (shape, rows, faults)
}

func inMemory(_ bytes: [UInt8]) throws -> InputBytes {
    var spool = try Spool()
    try spool.write(bytes)
    return try spool.map()
}

extension Array where Element == UInt8 {
    /// Parses as JSON and gives what `body` makes of it.
    func json<R>(_ body: (JSONValue) throws -> R) throws -> R {
        let parser = JSONParser()
        return try withUnsafeBytes { try body(try parser.parse($0)) }
    }
}

extension String {
    func json<R>(_ body: (JSONValue) throws -> R) throws -> R { try Array(utf8).json(body) }
}
