import Foundation
import Ingest
import Records
import Runtime

/// Reads exports and writes canonical files, one per record kind.
package enum ConvertJob {
    package enum Format: String, CaseIterable, Sendable { case jsonl, csv }

    package struct Request: Sendable {
        package var paths: [String]
        package var reading = ReadingOptions()
        package var format: Format
        package var output: String
        package var isPrivacyOff = false
        package init(paths: [String], format: Format, output: String) {
            self.paths = paths
            self.format = format
            self.output = output
        }
    }

    package struct Outcome: Encodable, Sendable {
        package var files: [String] = []
        package var records: [String: Int] = [:]
        package var read = 0
        package var rejected = 0
        package var warnings: [String] = []
    }

    package static func run(_ session: Session, _ request: Request) throws -> Outcome {
        let reader = ExportReader(try request.reading.configuration(session))
        let filter: any RecordFilter =
            request.isPrivacyOff ? ExcerptFilter() : try MaskingFilter(session, isRehearsal: false)
        try AtomicFile.makeFolder(request.output)
        var outcome = Outcome()
        var writers: [RecordKind: CanonicalFile] = [:]
        var rejects: [Reject] = []
        for file in try reader.plan(request.paths, now: session.context.clock()) {
            if let refusal = file.refusal {
                outcome.warnings.append(file.error?.description ?? "\(file.displayName): \(refusal.detail)")
            }
            _ = try reader.read(file, workers: session.context.workers, context: session.context, filter: filter) {
                batch in
                outcome.read += batch.itemCount
                outcome.rejected += batch.rejects.count
                rejects += batch.rejects
                for table in batch.tables where table.count > 0 {
                    let writer =
                        try writers[table.kind]
                        ?? CanonicalFile(
                            path: "\(request.output)/\(table.kind.plural).\(request.format.rawValue)",
                            format: request.format,
                            schema: table.schema)
                    writers[table.kind] = writer
                    try writer.write(table)
                    outcome.records[table.kind.plural, default: 0] += table.count
                }
            }
        }
        for (_, writer) in writers.sorted(by: { $0.key.index < $1.key.index }) {
            outcome.files.append(try writer.finish())
        }
        if !rejects.isEmpty {
            try RejectsFile.write(rejects, to: "\(request.output)/rejects.csv")
            outcome.files.append("\(request.output)/rejects.csv")
        }
        return outcome
    }
}

/// Writes one kind's file under a temporary name and renames it at the end.
private final class CanonicalFile {
    private let path: String
    private let format: ConvertJob.Format
    private let handle: FileHandle

    init(path: String, format: ConvertJob.Format, schema: RecordSchema) throws {
        self.path = path
        self.format = format
        guard FileManager.default.createFile(atPath: path + ".part", contents: nil),
            let handle = FileHandle(forWritingAtPath: path + ".part")
        else { throw FileFault(operation: "create", path: path, code: errno) }
        self.handle = handle
        if format == .csv { try write(CanonicalLine.header(schema) + "\n") }
    }

    func write(_ table: RecordTable) throws {
        var bytes: [UInt8] = []
        for row in 0..<table.count {
            switch format {
            case .jsonl: CanonicalWriter().append(table, row, to: &bytes)
            case .csv: bytes.append(contentsOf: (CanonicalLine.csv(table, row: row) + "\n").utf8)
            }
        }
        try write(String(decoding: bytes, as: UTF8.self))
    }

    private func write(_ text: String) throws {
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch {
            throw FileFault(operation: "write", path: path, code: errno == 0 ? EIO : errno)
        }
    }

    func finish() throws -> String {
        try handle.close()
        guard rename(path + ".part", path) == 0 else {
            throw FileFault(operation: "rename into place", path: path, code: errno)
        }
        return path
    }
}
