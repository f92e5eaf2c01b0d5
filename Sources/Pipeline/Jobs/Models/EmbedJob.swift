import FoundationEssentials
import LinearAlgebra
import Models
import Runtime
import Text

/// Turns lines of text into the sentence vectors of an encoder, as a NumPy file.
package enum EmbedJob {
    package struct Outcome: Encodable, Sendable {
        package let encoder: String
        package let weightsSHA256: String
        package let rows: Int
        package let columns: Int
        package let tokens: Int
        package let seconds: Double
        package let sentencesPerSecond: Double
        package let output: String?

        enum CodingKeys: String, CodingKey {
            case encoder, rows, columns, tokens, seconds, output
            case weightsSHA256 = "weights_sha256"
            case sentencesPerSecond = "sentences_per_second"
        }
    }

    /// - Parameters:
    ///   - file: a path, or `-` for standard input.
    ///   - output: where to write the vectors, single precision, a row for each text; `nil` to measure only.
    package static func run(
        _ session: Session, encoder folder: String, file: String, format: PredictJob.Format, textColumn: String,
        limit: Int?, output: String?
    ) throws -> Outcome {
        let encoder = try SentenceEncoder(folder: folder)
        var texts = try PredictJob.read(file, format, textColumn)
        if let limit, limit < texts.count {
            // Evenly spread, since files are often sorted by label.
            texts = texts.selecting((0..<limit).map { $0 * texts.count / limit })
        }
        let began = ContinuousClock.now
        let vectors = encoder.embeddings(of: texts, workers: session.context.workers)
        let took = (ContinuousClock.now - began).components
        let seconds = Double(took.seconds) + Double(took.attoseconds) * 1e-18
        if let output {
            try AtomicFile.write(numpy(vectors.values, rows: vectors.rows, columns: vectors.columns), to: output)
        }
        return Outcome(
            encoder: folder, weightsSHA256: encoder.weightsSHA256, rows: vectors.rows, columns: vectors.columns,
            tokens: encoder.tokenize(texts).reduce(0) { $0 + $1.count }, seconds: seconds,
            sentencesPerSecond: Double(texts.count) / max(seconds, 1e-9), output: output)
    }

    /// A matrix in NumPy's format, version 1.0.
    static func numpy(_ values: [Float], rows: Int, columns: Int) -> [UInt8] {
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
        while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
        header += "\n"
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes += Array(header.utf8)
        bytes.reserveCapacity(bytes.count + values.count * 4)
        values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        return bytes
    }
}
