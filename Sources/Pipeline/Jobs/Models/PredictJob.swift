import Foundation
import Models
import Runtime
import Text

/// Labels lines of text, as JSON Lines in the order of the input.
package enum PredictJob {
    package enum Format: String, CaseIterable, Sendable { case text, tsv, csv, jsonl }

    /// - Parameters:
    ///   - file: a path, or `-` for standard input.
    ///   - emit: called with one JSON line after another.
    package static func run(
        _ session: Session, model: String, file: String, format: Format, textColumn: String,
        emit: (String) throws -> Void
    ) throws {
        let classifier = try ModelFolder.load(model).classifier
        let texts = try read(file, format, textColumn)
        let shown = classifier.labels.count <= 10 ? classifier.labels.count : 3
        for start in stride(from: 0, to: texts.count, by: 1024) {
            try session.context.cancellation.check()
            let block = texts.selecting(Array(start..<min(start + 1024, texts.count)))
            for (prediction, top) in classifier.predict(block, top: shown, workers: session.context.workers) {
                let top = top.map {
                    "{\"label\":\(quoted(classifier.labels[Int($0.label)])),\"confidence\":\($0.confidence)}"
                }
                let label = classifier.labels[Int(prediction.label)]
                let abstained = prediction.isUnknown ? ",\"abstained\":true" : ""
                try emit(
                    "{\"label\":\(quoted(label)),\"confidence\":\(prediction.confidence)\(abstained),\"top\":[\(top.joined(separator: ","))]}"
                )
            }
        }
    }

    /// The texts of a file, or of standard input where it is `-`.
    static func read(_ file: String, _ format: Format, _ textColumn: String) throws -> TextBatch {
        let data = file == "-" ? try FileHandle.standardInput.readToEnd() : FileManager.default.contents(atPath: file)
        guard let data else { throw JobFailure(.unusableInput, "cannot read \(file)") }
        return try texts([UInt8](data), file, format, textColumn)
    }

    private static func texts(_ input: [UInt8], _ name: String, _ format: Format, _ column: String) throws -> TextBatch
    {
        switch format {
        case .text:
            // Every line is a text, an empty one too; the end of the last line is not a further one.
            var lines = input.split(separator: 10, omittingEmptySubsequences: false)
            if lines.last?.isEmpty == true { lines.removeLast() }
            return TextBatch(lines.map { String(decoding: $0.last == 13 ? $0.dropLast() : $0, as: UTF8.self) })
        case .tsv, .csv, .jsonl:
            var reader = LabelledDataReader(textColumn: column)
            reader.needsLabels = false
            return try reader.read(bytes: input, path: name.contains(".") ? name : "input.\(format.rawValue)").texts
        }
    }

    static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(text) else { return "\"\"" }
        return String(decoding: data, as: UTF8.self)
    }
}
