internal import LinearAlgebra
package import Text

/// A bidirectional LSTM over the units of texts.
package struct RecurrentTextModel: TextModel {
    package let vocabulary: UnitVocabulary
    /// Units of a text that are read.
    package let longest: Int
    let network: RecurrentNetwork
    private let table: [NumberBuffer]?

    package var algorithm: TextAlgorithm { .recurrent }
    package var labelCount: Int { network.shape.labels }
    package var shape: RecurrentShape { network.shape }

    init(vocabulary: UnitVocabulary, longest: Int, network: RecurrentNetwork) {
        precondition(vocabulary.units.count == network.shape.units, "parts that fit together")
        self.vocabulary = vocabulary
        self.longest = longest
        self.network = network
        table = network.inputSums()
    }

    package func scores(of texts: TextBatch, workers: Int) -> [Float] {
        let sequences = vocabulary.encode(texts, limit: longest, workers: workers)
        return RecurrentTextModel.scores(of: sequences, network, table, workers: workers)
    }

    /// The scores of sequences: like lengths together, in batches that do not depend on the workers.
    static func scores(
        of sequences: [[Int32]], _ network: RecurrentNetwork, _ table: [NumberBuffer]?, workers: Int
    ) -> [Float] {
        let order = sequences.indices.sorted { (sequences[$1].count, $0) < (sequences[$0].count, $1) }
        let chunks = ParallelLoop.chunks(of: order.count, parts: (order.count + batchSize - 1) / batchSize)
        let parts = ParallelLoop.map(count: chunks.count, workers: workers) { part in
            network.scores(order[chunks[part]].map { sequences[$0] }, table: table)
        }
        let labels = network.shape.labels
        var result = [Float](repeating: 0, count: sequences.count * labels)
        for (chunk, scores) in zip(chunks, parts) {
            for (place, position) in chunk.enumerated() {
                let row = order[position]
                for label in 0..<labels { result[row * labels + label] = scores[place * labels + label] }
            }
        }
        return result
    }

    private static let batchSize = 128

    package func describe(on card: inout ModelCard) { card.recurrent = network.shape }
}

extension UnitVocabulary {
    /// The numbers of the units of every text.
    func encode(_ texts: TextBatch, limit: Int, workers: Int) -> [[Int32]] {
        let chunks = ParallelLoop.chunks(of: texts.count, parts: (texts.count + 1023) / 1024)
        return ParallelLoop.map(count: chunks.count, workers: workers) { part in
            var buffer = NormalizedText()
            return chunks[part].map { encode(texts, $0, limit: limit, &buffer) }
        }.flatMap { $0 }
    }
}
