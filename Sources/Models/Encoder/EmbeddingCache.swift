internal import LinearAlgebra
internal import Synchronization
internal import Text

/// Sentence vectors by their text, so that a run which learns several times from the same rows embeds each once.
final class EmbeddingCache: Sendable {
    private struct Key: Hashable {
        let first: UInt64
        let second: UInt64
    }

    private let known = Mutex<[Key: [Float]]>([:])
    /// Numbers that are kept at most; 400 MB.
    private static let capacity = 100_000_000

    /// The views of texts, as `SentenceEncoder.views` gives them; a cache serves one encoder and one list of views.
    func views(
        _ views: [SentenceEncoder.View], of texts: TextBatch, _ encoder: SentenceEncoder, workers: Int
    ) -> Matrix<Float> {
        let columns = views.count * encoder.configuration.width
        let keys = (0..<texts.count).map { index in
            texts.withText(index) { Key(first: ByteHash.hash($0, seed: 1), second: ByteHash.hash($0, seed: 2)) }
        }
        var result = Matrix<Float>(rows: texts.count, columns: columns)
        var missing: [Int] = []
        known.withLock { known in
            for (row, key) in keys.enumerated() {
                guard let vector = known[key] else {
                    missing.append(row)
                    continue
                }
                result.values.replaceSubrange((row * columns)..<((row + 1) * columns), with: vector)
            }
        }
        if missing.isEmpty { return result }
        let found = encoder.views(views, of: texts.selecting(missing), isNormalized: true, workers: workers)
        known.withLock { known in
            for (place, row) in missing.enumerated() {
                let vector = found.row(place)
                result.values.replaceSubrange((row * columns)..<((row + 1) * columns), with: vector)
                if known.count < EmbeddingCache.capacity / columns { known[keys[row]] = Array(vector) }
            }
        }
        return result
    }
}
