import Ingest
import Records
import Runtime

/// Tells what each input is, without reading it into anything.
package enum InspectJob {
    package struct File: Encodable, Sendable {
        package let path: String
        package let container: String
        package let encoding: String
        package let format: String
        package let adapter: String?
        package let confidence: Double
        package let candidates: [String]
        package let source: String
        package let zone: String
        package let delimiter: String?
        package let columnsMapped: [String]
        package let columnsUnmapped: [String]
        package let rows: Int
        package let rejected: Int
        package let records: [String: Int]
        /// A few records of each kind, masked, as canonical JSON.
        package let sample: [String]
        package let warnings: [String]
        package let refusal: String?
    }

    package static func run(_ session: Session, paths: [String], reading: ReadingOptions) throws -> [File] {
        let reader = ExportReader(try reading.configuration(session))
        let filter = try MaskingFilter(session, isRehearsal: true)
        return try reader.plan(paths, now: session.context.clock()).map { file in
            try session.context.cancellation.check()
            var sample: [String] = []
            var summary = ReadSummary()
            if file.isReadable {
                let batch = reader.sample(of: file, items: 3, filter: filter)
                for table in batch.tables {
                    sample += (0..<min(2, table.count)).map { line(table, $0) }
                }
                summary = try reader.read(
                    file, workers: session.context.workers, context: session.context, filter: ExcerptFilter()
                ) { _ in }
            }
            return File(
                path: file.displayName, container: file.container.rawValue, encoding: file.encoding.map(encoding) ?? "",
                format: file.kind.rawValue, adapter: file.adapter, confidence: file.confidence,
                candidates: file.candidates.map { "\($0.name) \(percent($0.confidence))" }, source: file.source,
                zone: file.zoneRule, delimiter: file.delimiter, columnsMapped: file.columnsMapped,
                columnsUnmapped: file.columnsUnmapped, rows: summary.items, rejected: summary.rejected,
                records: Dictionary(uniqueKeysWithValues: summary.records.map { ($0.key.plural, $0.value) }),
                sample: sample, warnings: file.warnings + summary.warnings.keys.sorted(),
                refusal: file.error?.description ?? file.refusal?.detail)
        }
    }

    private static func line(_ table: RecordTable, _ row: Int) -> String {
        var bytes: [UInt8] = []
        CanonicalWriter().append(table, row, to: &bytes)
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    private static func encoding(_ detected: DetectedCharset) -> String {
        var words = [detected.charset.rawValue]
        if detected.confidence < 1 { words.append("(\(percent(detected.confidence)))") }
        if detected.hasInvalidBytes { words.append("with invalid bytes") }
        if detected.hasNUL { words.append("with NUL bytes") }
        return words.joined(separator: " ")
    }

    /// The lines that a person reads of one file.
    package static func lines(_ file: File) -> [String] {
        var out = [Escaping.terminal(file.path)]
        func line(_ name: String, _ value: String) {
            if !value.isEmpty { out.append("  \(padded(name, 10))\(Escaping.terminal(value))") }
        }
        line("container", file.container)
        line("encoding", file.encoding)
        line("format", file.format + (file.delimiter.map { ", fields parted by '\($0)'" } ?? ""))
        if let adapter = file.adapter { line("adapter", "\(adapter) (\(percent(file.confidence)))") }
        if file.adapter == nil && !file.candidates.isEmpty {
            line("candidates", file.candidates.joined(separator: ", "))
        }
        line("source", file.source)
        line("zone", file.zone)
        if file.rows > 0 { line("rows", "\(file.rows), \(file.rejected) rejected") }
        line("records", file.records.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
        line("mapped", file.columnsMapped.joined(separator: ", "))
        line("unmapped", file.columnsUnmapped.joined(separator: ", "))
        for warning in file.warnings { line("warning", warning) }
        if let refusal = file.refusal { line("refused", refusal) }
        for text in file.sample { line("sample", String(text.prefix(300))) }
        return out
    }
}
