internal import LinearAlgebra

/// A bidirectional LSTM over units with maximum pooling and a linear output, beside weights of runs of units: scores, loss
/// and slopes of a batch.
///
/// Graves and Schmidhuber, "Framewise phoneme classification with bidirectional LSTM", 2005. The two directions are
/// independent until the output, so they run side by side and give the same numbers on one thread or two.
struct RecurrentNetwork: Sendable {
    let shape: RecurrentShape
    let parameters: NumberBuffer
    var workers = 1

    /// Parameters drawn anew: embeddings from a normal distribution of deviation 0.3, weights uniformly by the inputs'
    /// number (Glorot and Bengio 2010), forget gates' biases 1.
    static func drawn(_ shape: RecurrentShape, seed: UInt64) -> RecurrentNetwork {
        var random = SeededRandom(seed: seed, stream: 1)
        let parameters = NumberBuffer(count: shape.parameters)
        let base = parameters.base
        for place in shape.embeddings { base[place] = Float(random.normal() * 0.3) }
        func fill(_ range: Range<Int>, _ bound: Double) {
            for place in range { base[place] = Float((2 * random.unit() - 1) * bound) }
        }
        for direction in 0..<2 {
            let (embedding, width) = (Double(shape.embedding), Double(shape.width))
            fill(shape.inputWeights(direction), (6 / (embedding + width)).squareRoot())
            fill(shape.recurrentWeights(direction), (3 / width).squareRoot() * 0.7)
            let biases = shape.biases(direction)
            for place in (biases.lowerBound + shape.width)..<(biases.lowerBound + 2 * shape.width) { base[place] = 1 }
        }
        fill(shape.outputWeights, (6 / Double(2 * shape.width + shape.labels)).squareRoot())
        return RecurrentNetwork(shape: shape, parameters: parameters)
    }

    /// What is dropped at random in training, to be scaled up accordingly in what stays
    /// (Srivastava et al., "Dropout", 2014).
    struct Dropout: Sendable {
        /// The share that is dropped, 0 ..< 1.
        var share: Float
        var random: SeededRandom

        /// Factors for `count` numbers: 0, or what makes up for the zeros.
        mutating func factors(_ count: Int) -> [Float] {
            let limit = UInt64(Double(share) * 65_536)
            let kept = 1 / (1 - share)
            return [Float](unsafeUninitializedCapacity: count) { out, filled in
                var index = 0
                while index < count {
                    var bits = random.next()
                    for _ in 0..<min(4, count - index) {
                        out[index] = bits & 0xffff < limit ? 0 : kept
                        bits >>= 16
                        index += 1
                    }
                }
                filled = count
            }
        }
    }

    /// The mean loss of labelled sequences, and the slopes of it by all parameters.
    /// - Parameter sequences: units of each, at least one.
    func slopes(
        _ sequences: [[Int32]], labels: [Int32], dropout: inout Dropout
    ) -> (loss: Double, slopes: NumberBuffer) {
        let batch = PackedSequences(lengths: sequences.map(\.count))
        let (width, embedding) = (shape.width, shape.embedding)
        let isDropping = dropout.share > 0
        let inputFactors = isDropping ? dropout.factors(batch.rows * embedding) : []
        let outputFactors = isDropping ? dropout.factors(batch.count * 2 * width) : []
        var grams = UnitGrams(batch.order.lazy.map { sequences[$0] }, shape)
        if isDropping && grams.count > 0 { grams.scale(by: dropout.factors(grams.count)) }
        let places = (0..<2).map { RowPlaces(batch, sequences, direction: $0) }
        let runs = ParallelLoop.map(count: 2, workers: workers) { direction in
            RecurrentDirection(
                batch, shape, direction: direction,
                inputs: embedded(places[direction], factors: inputFactors), parameters: parameters)
        }
        let features = joined(runs, batch.count)
        for (place, factor) in outputFactors.enumerated() { features.base[place] *= factor }
        let result = NumberBuffer(count: shape.parameters)
        let truth = batch.order.map { labels[$0] }
        let (loss, featureSlopes) = output(features, grams, truth, into: result)
        for (place, factor) in outputFactors.enumerated() { featureSlopes.base[place] *= factor }
        let backs = ParallelLoop.map(count: 2, workers: workers) { direction in
            runs[direction].back(part(of: featureSlopes, direction, batch.count))
        }
        for direction in 0..<2 {
            let own = backs[direction].parameters
            (result.base + shape.inputWeights(direction).lowerBound).update(from: own.base, count: own.count)
            add(backs[direction].inputs, places[direction], inputFactors, to: result)
            withExtendedLifetime(own) {}
        }
        return (loss, result)
    }

    /// Which unit stands in each row of a packed batch, and the row's place before packing.
    private struct RowPlaces: Sendable {
        var units: [Int32] = []
        /// Rows of one sequence and position share a number in both directions.
        var positions: [Int32] = []

        init(_ batch: PackedSequences, _ sequences: [[Int32]], direction: Int) {
            var firsts: [Int] = []
            var total = 0
            for length in batch.lengths {
                firsts.append(total)
                total += length
            }
            units.reserveCapacity(batch.rows)
            positions.reserveCapacity(batch.rows)
            for step in 0..<batch.steps {
                for place in 0..<batch.active(step) {
                    let position = direction == 0 ? step : batch.lengths[place] - 1 - step
                    units.append(sequences[batch.order[place]][position])
                    positions.append(Int32(firsts[place] + position))
                }
            }
        }
    }

    private func embedded(_ places: RowPlaces, factors: [Float]) -> NumberBuffer {
        let embedding = shape.embedding
        let inputs = NumberBuffer(count: places.units.count * embedding)
        let isDropping = !factors.isEmpty
        factors.withUnsafeBufferPointer { factors in
            for (row, unit) in places.units.enumerated() {
                let source = parameters.base + Int(unit) * embedding
                let out = inputs.base + row * embedding
                if let factors = factors.baseAddress, isDropping {
                    let factor = factors + Int(places.positions[row]) * embedding
                    for column in 0..<embedding { out[column] = source[column] * factor[column] }
                } else {
                    out.update(from: source, count: embedding)
                }
            }
        }
        withExtendedLifetime((inputs, parameters)) {}
        return inputs
    }

    private func add(_ slopes: NumberBuffer, _ places: RowPlaces, _ factors: [Float], to result: NumberBuffer) {
        let embedding = shape.embedding
        let isDropping = !factors.isEmpty
        factors.withUnsafeBufferPointer { factors in
            for (row, unit) in places.units.enumerated() {
                let source = slopes.base + row * embedding
                let out = result.base + Int(unit) * embedding
                if let factors = factors.baseAddress, isDropping {
                    let factor = factors + Int(places.positions[row]) * embedding
                    for column in 0..<embedding { out[column] += source[column] * factor[column] }
                } else {
                    for column in 0..<embedding { out[column] += source[column] }
                }
            }
        }
        withExtendedLifetime((slopes, result)) {}
    }

    /// The pooled states of both directions, side by side, a row for each sequence.
    private func joined(_ runs: [RecurrentDirection], _ count: Int) -> NumberBuffer {
        let width = shape.width
        let features = NumberBuffer(count: count * 2 * width)
        for (direction, run) in runs.enumerated() {
            for row in 0..<count {
                (features.base + (row * 2 + direction) * width).update(
                    from: run.pooled.base + row * width, count: width)
            }
        }
        withExtendedLifetime((features, runs)) {}
        return features
    }

    private func part(of features: NumberBuffer, _ direction: Int, _ count: Int) -> NumberBuffer {
        let width = shape.width
        let result = NumberBuffer(count: count * width)
        for row in 0..<count {
            (result.base + row * width).update(from: features.base + (row * 2 + direction) * width, count: width)
        }
        withExtendedLifetime((features, result)) {}
        return result
    }

    /// The scores of features and runs of units, in rows.
    private func outputScores(_ features: NumberBuffer, _ grams: UnitGrams, _ count: Int) -> NumberBuffer {
        let labels = shape.labels
        let scores = NumberBuffer(count: count * labels)
        for row in 0..<count {
            (scores.base + row * labels).update(from: parameters.base + shape.outputBiases.lowerBound, count: labels)
        }
        BLAS.multiply(
            .init(features.base, stride: 2 * shape.width),
            .init(parameters.base + shape.outputWeights.lowerBound, stride: labels), into: scores.base, stride: labels,
            rows: count, columns: labels, inner: 2 * shape.width, beta: 1)
        grams.addScores(parameters.base + shape.gramWeights.lowerBound, to: scores.base, labels: labels)
        withExtendedLifetime((features, scores, parameters)) {}
        return scores
    }

    /// The mean loss, the slopes by the output's parameters into `result`, and those by the features.
    private func output(
        _ features: NumberBuffer, _ grams: UnitGrams, _ truth: [Int32], into result: NumberBuffer
    ) -> (loss: Double, slopes: NumberBuffer) {
        let (labels, width, count) = (shape.labels, shape.width, truth.count)
        let scores = outputScores(features, grams, count)
        Activations.softmax(scores.base, rows: count, columns: labels)
        var loss = 0.0
        let share = 1 / Float(count)
        for (row, label) in truth.enumerated() {
            let line = scores.base + row * labels
            loss -= Double(logarithm(max(line[Int(label)], 1e-30)))
            line[Int(label)] -= 1
            for column in 0..<labels {
                line[column] *= share
                result.base[shape.outputBiases.lowerBound + column] += line[column]
            }
        }
        BLAS.multiply(
            .init(features.base, stride: 2 * width, isTransposed: true), .init(scores.base, stride: labels),
            into: result.base + shape.outputWeights.lowerBound, stride: labels, rows: 2 * width, columns: labels,
            inner: count)
        grams.addSlopes(scores.base, to: result.base + shape.gramWeights.lowerBound, labels: labels)
        let slopes = NumberBuffer(count: count * 2 * width)
        BLAS.multiply(
            .init(scores.base, stride: labels),
            .init(parameters.base + shape.outputWeights.lowerBound, stride: labels, isTransposed: true),
            into: slopes.base, stride: 2 * width, rows: count, columns: 2 * width, inner: labels)
        withExtendedLifetime((features, scores, result, parameters)) {}
        return (loss / Double(count), slopes)
    }
}

extension RecurrentNetwork {
    /// For each direction and unit what it adds to the gates: input weights times embedding, with the biases.
    ///
    /// Predictions look these up instead of multiplying; `nil` where the table would be too large.
    func inputSums() -> [NumberBuffer]? {
        let columns = 4 * shape.width
        guard shape.units * columns <= 16_000_000 else { return nil }
        return (0..<2).map { direction in
            let sums = NumberBuffer(count: shape.units * columns)
            let bias = parameters.base + shape.biases(direction).lowerBound
            for unit in 0..<shape.units { (sums.base + unit * columns).update(from: bias, count: columns) }
            BLAS.multiply(
                .init(parameters.base, stride: shape.embedding),
                .init(parameters.base + shape.inputWeights(direction).lowerBound, stride: columns), into: sums.base,
                stride: columns, rows: shape.units, columns: columns, inner: shape.embedding, beta: 1)
            withExtendedLifetime((sums, parameters)) {}
            return sums
        }
    }

    /// The scores of sequences, one a label, in their order.
    /// - Parameter table: of `inputSums`.
    func scores(_ sequences: [[Int32]], table: [NumberBuffer]?) -> [Float] {
        if sequences.isEmpty { return [] }
        let batch = PackedSequences(lengths: sequences.map(\.count))
        let columns = 4 * shape.width
        let runs = (0..<2).map { direction -> RecurrentDirection in
            let places = RowPlaces(batch, sequences, direction: direction)
            guard let table else {
                return RecurrentDirection(
                    batch, shape, direction: direction, inputs: embedded(places, factors: []), parameters: parameters)
            }
            let sums = NumberBuffer(count: batch.rows * columns)
            for (row, unit) in places.units.enumerated() {
                (sums.base + row * columns).update(from: table[direction].base + Int(unit) * columns, count: columns)
            }
            withExtendedLifetime((sums, table)) {}
            return RecurrentDirection(batch, shape, direction: direction, sums: sums, parameters: parameters)
        }
        let grams = UnitGrams(batch.order.lazy.map { sequences[$0] }, shape)
        let found = outputScores(joined(runs, batch.count), grams, batch.count).numbers
        var result = [Float](repeating: 0, count: found.count)
        for (place, sequence) in batch.order.enumerated() {
            for label in 0..<shape.labels {
                result[sequence * shape.labels + label] = found[place * shape.labels + label]
            }
        }
        return result
    }
}
