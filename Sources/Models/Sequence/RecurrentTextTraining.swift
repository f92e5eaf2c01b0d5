internal import LinearAlgebra
package import Text

/// The settings of a recurrent text model.
///
/// Adam over batches of sequences of like length; the rate rises in the first tenth of the steps and then falls to
/// nothing. What is kept is the running mean of the parameters after the epoch that did best on the validation rows; after
/// `patience` epochs without a better one the training ends.
package struct RecurrentTextTraining: TextModelTraining {
    /// Numbers per unit.
    package var embedding = 100
    /// Numbers per state of one direction, a multiple of 4.
    package var width = 100
    /// Weights of hashed runs of units, for all labels together, fewer where rows are few; none where that is 0.
    package var gramWeights = 262_144
    /// The longest run of units that has weights.
    package var longestGram = 3
    package var epochs = 6
    package var batchSize = 64
    package var rate = 3e-3
    /// The share of embeddings and pooled states that is dropped in training.
    package var dropout: Float = 0.4
    /// The share of units that is replaced by the unknown one in training, so that it means something.
    package var unitDropout = 0.02
    /// Units of a text that are read.
    package var longest = 100
    package var patience = 2
    /// The share of rows that validate where none are given; with fewer than 200 rows there are none.
    package var validationShare = 0.1

    package var algorithm: TextAlgorithm { .recurrent }
    package var endsOnValidation: Bool { true }

    package init() {}

    package func fit(
        _ texts: TextBatch, labels: [Int32], labelCount: Int, seed: UInt64, workers: Int
    ) -> any TextModel {
        let parts =
            texts.count < 200
            ? [] : DataSplit.parts(groupHashes: DataSplit.groupHashes(of: texts), valid: validationShare, test: 0)
        let held = parts.indices.filter { parts[$0] == .valid }
        guard !held.isEmpty else {
            return fit(texts, labels, TextBatch(), [], labelCount, seed, workers)
        }
        let used = parts.indices.filter { parts[$0] == .train }
        return fit(
            texts.selecting(used), used.map { labels[$0] }, texts.selecting(held), held.map { labels[$0] }, labelCount,
            seed, workers)
    }

    package func fit(
        _ texts: TextBatch, labels: [Int32], validation: TextBatch, validationLabels: [Int32], labelCount: Int,
        seed: UInt64, workers: Int
    ) -> any TextModel {
        fit(texts, labels, validation, validationLabels, labelCount, seed, workers)
    }

    private func fit(
        _ texts: TextBatch, _ labels: [Int32], _ validation: TextBatch, _ validationLabels: [Int32], _ labelCount: Int,
        _ seed: UInt64, _ workers: Int
    ) -> RecurrentTextModel {
        let vocabulary = UnitVocabulary(texts)
        let sequences = vocabulary.encode(texts, limit: longest, workers: workers)
        let held = vocabulary.encode(validation, limit: longest, workers: workers)
        let shape = RecurrentShape(
            units: vocabulary.units.count, embedding: embedding, width: width, labels: labelCount,
            buckets: min(gramWeights / labelCount, 32 * labels.count), longestGram: longestGram)
        var network = RecurrentNetwork.drawn(shape, seed: seed)
        network.workers = min(2, workers)
        var adam = Adam(network.parameters)
        var random = SeededRandom(seed: seed, stream: 2)
        var drop = RecurrentNetwork.Dropout(share: dropout, random: SeededRandom(seed: seed, stream: 3))
        let epochs = epochs(for: labels.count)
        let total = epochs * ((labels.count + batchSize - 1) / batchSize)
        var step = 0
        var best: (loss: Double, epoch: Int, parameters: NumberBuffer) = (.infinity, 0, network.parameters)
        for epoch in 0..<epochs {
            for batch in batches(sequences, &random) {
                let (_, slopes) = network.slopes(
                    batch.map { unitsDropped(sequences[$0], &random) }, labels: batch.map { labels[$0] }, dropout: &drop
                )
                adam.step(slopes, rate: rate(step: step, of: total))
                step += 1
            }
            let mean = RecurrentNetwork(shape: shape, parameters: NumberBuffer(adam.mean.numbers))
            if held.isEmpty {
                best = (0, epoch, mean.parameters)
                continue
            }
            var scores = RecurrentTextModel.scores(of: held, mean, mean.inputSums(), workers: workers)
            LogSoftmax.apply(&scores, columns: labelCount)
            let outcome = LogSoftmax.outcome(of: scores, validationLabels, labelCount)
            if outcome.loss < best.loss { best = (outcome.loss, epoch, mean.parameters) }
            if epoch - best.epoch >= patience { break }
        }
        return RecurrentTextModel(
            vocabulary: vocabulary, longest: longest,
            network: RecurrentNetwork(shape: shape, parameters: best.parameters))
    }

    /// Few rows are seen more often, so that there are steps enough to learn from.
    private func epochs(for rows: Int) -> Int { max(epochs, min(30, epochs * 4000 / max(1, rows))) }

    private func rate(step: Int, of total: Int) -> Double {
        let place = Double(step) / Double(max(1, total))
        return rate * (place < 0.1 ? 0.1 + 9 * place : (1 - place) / 0.9)
    }

    /// Rows in batches of like lengths: shuffled, sorted within pools of 2,048, the batches shuffled again.
    private func batches(_ sequences: [[Int32]], _ random: inout SeededRandom) -> [[Int]] {
        var order = (0..<Int32(sequences.count)).map { $0 }
        random.shuffle(&order)
        var out: [[Int]] = []
        var start = 0
        while start < order.count {
            let pool = order[start..<min(start + 2048, order.count)].map(Int.init)
                .enumerated().sorted { (sequences[$0.1].count, $0.0) < (sequences[$1.1].count, $1.0) }.map(\.element)
            for first in stride(from: 0, to: pool.count, by: batchSize) {
                out.append(Array(pool[first..<min(first + batchSize, pool.count)]))
            }
            start += 2048
        }
        var places = (0..<Int32(out.count)).map { $0 }
        random.shuffle(&places)
        return places.map { out[Int($0)] }
    }

    private func unitsDropped(_ units: [Int32], _ random: inout SeededRandom) -> [Int32] {
        unitDropout > 0 ? units.map { random.unit() < unitDropout ? 0 : $0 } : units
    }
}
