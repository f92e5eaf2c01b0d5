package import LinearAlgebra
internal import Runtime
package import Text

/// A transformer encoder of the BERT family from a Hugging Face folder: turns texts into vectors.
///
/// The folder holds `config.json`, `vocab.txt` and `model.safetensors`, and, for a sentence model, `modules.json` and
/// `1_Pooling/config.json`. Devlin et al., "BERT: pre-training of deep bidirectional transformers", 2019; Reimers and
/// Gurevych, "Sentence-BERT", 2019.
package final class SentenceEncoder: Sendable {
    /// The folder that it was read from.
    package let folder: String
    package let configuration: EncoderConfiguration
    /// SHA-256 of `model.safetensors`.
    package let weightsSHA256: String
    /// SHA-256 of `vocab.txt`.
    package let vocabularySHA256: String
    package let tokenizer: WordPieceTokenizer
    let weights: EncoderWeights

    /// The weights' file within the folder.
    package static let weightsFile = "model.safetensors"

    /// Reads a folder; damaged files, tensors of other shapes and numbers that are not finite are errors.
    package init(folder: String) throws(ModelError) {
        let folder = ModelFolder.withoutSlash(folder)
        configuration = try EncoderConfiguration.read(folder)
        let vocabularyPath = "\(folder)/vocab.txt"
        let vocabulary = try FileBytes.read(vocabularyPath)
        tokenizer = try WordPieceTokenizer(
            vocabulary: vocabulary, settings: configuration.tokenizer, path: vocabularyPath)
        guard tokenizer.tokens.count <= configuration.vocabularySize else {
            throw .unsupported(
                path: vocabularyPath,
                reason: "\(tokenizer.tokens.count) tokens, but the model has \(configuration.vocabularySize)")
        }
        let tensors = try MappedTensors("\(folder)/\(SentenceEncoder.weightsFile)")
        weights = try EncoderWeights(tensors, configuration)
        weightsSHA256 = tensors.sha256()
        vocabularySHA256 = TextClassifierFile.identity(of: vocabulary)
        self.folder = folder
    }

    /// One way of making a sentence's vector: a pooling over the tokens of a layer.
    package struct View: Sendable, Hashable, Codable {
        package var pooling: EncoderConfiguration.Pooling
        /// The layer counted from the end; 0 is the last.
        package var layerFromEnd: Int

        package init(_ pooling: EncoderConfiguration.Pooling, layerFromEnd: Int = 0) {
            self.pooling = pooling
            self.layerFromEnd = layerFromEnd
        }
    }

    /// The sentence vectors as the folder's own settings say, a row each, in the texts' order.
    ///
    /// The same numbers for every number of workers.
    package func embeddings(of texts: TextBatch, workers: Int = 1) -> Matrix<Float> {
        views([View(configuration.pooling)], of: texts, isNormalized: configuration.isNormalized, workers: workers)
    }

    /// Several vectors of each sentence side by side in a row.
    /// - Parameter isNormalized: whether each vector is scaled to length one.
    package func views(
        _ views: [View], of texts: TextBatch, isNormalized: Bool, workers: Int = 1
    ) -> Matrix<Float> {
        precondition(views.allSatisfy { (0..<configuration.layers).contains($0.layerFromEnd) }, "layers that exist")
        let columns = views.count * configuration.width
        let tokenized = tokenize(texts, workers: workers)
        let chunks = chunks(of: tokenized)
        let parts = ParallelLoop.map(count: chunks.count, workers: workers) { part -> [Float] in
            var pass = EncoderPass(self)
            return pass.run(chunks[part].map { tokenized[$0] }, views: views, isNormalized: isNormalized)
        }
        var result = Matrix<Float>(rows: texts.count, columns: columns)
        for (chunk, rows) in zip(chunks, parts) {
            for (place, row) in chunk.enumerated() {
                result.values.replaceSubrange(
                    (row * columns)..<((row + 1) * columns), with: rows[(place * columns)..<((place + 1) * columns)])
            }
        }
        return result
    }

    /// The numbers of the tokens of every text.
    package func tokenize(_ texts: TextBatch, workers: Int = 1) -> [[Int32]] {
        let chunks = ParallelLoop.chunks(of: texts.count, parts: (texts.count + 255) / 256)
        return ParallelLoop.map(count: chunks.count, workers: workers) { part in
            var scratch = WordPieceTokenizer.Scratch()
            return chunks[part].map { index in
                texts.withText(index) {
                    self.tokenizer.tokenize($0, limit: self.configuration.longest, scratch: &scratch)
                }
            }
        }.flatMap { $0 }
    }

    /// Rows that are worked on together: about `tokensPerChunk` tokens, texts of like length side by side, so that the
    /// chunks take alike long; they do not depend on the number of workers.
    private func chunks(of tokenized: [[Int32]]) -> [[Int]] {
        let order = tokenized.indices.sorted { (tokenized[$0].count, $0) > (tokenized[$1].count, $1) }
        var chunks: [[Int]] = []
        var current: [Int] = []
        var tokens = 0
        for row in order {
            if tokens > 0 && tokens + tokenized[row].count > SentenceEncoder.tokensPerChunk {
                chunks.append(current)
                current = []
                tokens = 0
            }
            current.append(row)
            tokens += tokenized[row].count
        }
        if !current.isEmpty { chunks.append(current) }
        return chunks
    }

    /// As many tokens' numbers as stay within a processor's own cache.
    static let tokensPerChunk = 512
}
