import Glibc
import LinearAlgebra
import Testing

@testable import Models

@Suite("Recurrent network")
struct RecurrentNetworkTests {
    private static let shape = RecurrentShape(
        units: 7, embedding: 5, width: 4, labels: 3, buckets: 11, longestGram: 3)
    private static let sequences: [[Int32]] = [[1, 2, 3], [4], [6, 5, 4, 3, 2, 1], [0, 0], [2, 2, 5]]
    private static let labels: [Int32] = [0, 2, 1, 1, 0]

    private func network(workers: Int = 1) -> RecurrentNetwork {
        var network = RecurrentNetwork.drawn(Self.shape, seed: 11)
        network.workers = workers
        for place in Self.shape.gramWeights { network.parameters.base[place] = Float(place % 7) / 7 - 0.4 }
        return network
    }

    /// What runs of two and three units add to each label, written as loops.
    private func slowGramScores(_ units: [Int32], _ p: [Float]) -> [Double] {
        var buckets: [Int] = []
        for first in units.indices {
            for end in stride(from: first + 1, to: min(units.count, first + 3), by: 1) {
                let hash = units[first...end].reduce(UInt64(0)) { hash, unit in
                    let mixed = (hash ^ UInt64(unit)) &* 0x9e37_79b9_7f4a_7c15
                    return mixed ^ (mixed >> 29)
                }
                buckets.append(Int(hash % UInt64(Self.shape.buckets)))
            }
        }
        return (0..<Self.shape.labels).map { label in
            buckets.reduce(0.0) {
                $0 + Double(p[Self.shape.gramWeights.lowerBound + $1 * Self.shape.labels + label])
            } / Double(max(1, buckets.count)).squareRoot()
        }
    }

    /// The loss of one sequence, computed in double precision as the papers write it.
    private func slowScores(_ units: [Int32], _ p: [Float]) -> [Double] {
        let shape = Self.shape
        let (embedding, width) = (shape.embedding, shape.width)
        var features: [Double] = []
        for direction in 0..<2 {
            let (input, recurrent) = (
                Array(p[shape.inputWeights(direction)]), Array(p[shape.recurrentWeights(direction)])
            )
            let bias = Array(p[shape.biases(direction)])
            var (state, cell) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
            var pooled = [Double](repeating: -.infinity, count: width)
            for unit in direction == 0 ? units : units.reversed() {
                let sums = (0..<4 * width).map { gate in
                    Double(bias[gate])
                        + (0..<embedding).reduce(0.0) {
                            $0 + Double(p[Int(unit) * embedding + $1]) * Double(input[$1 * 4 * width + gate])
                        } + (0..<width).reduce(0.0) { $0 + state[$1] * Double(recurrent[$1 * 4 * width + gate]) }
                }
                let squash = { (x: Double) in 1 / (1 + exp(-x)) }
                for j in 0..<width {
                    cell[j] = squash(sums[width + j]) * cell[j] + squash(sums[j]) * tanh(sums[3 * width + j])
                    state[j] = squash(sums[2 * width + j]) * tanh(cell[j])
                    pooled[j] = max(pooled[j], state[j])
                }
            }
            features += pooled
        }
        let grams = slowGramScores(units, p)
        return (0..<shape.labels).map { label in
            grams[label] + Double(p[shape.outputBiases.lowerBound + label])
                + features.indices.reduce(0.0) {
                    $0 + features[$1] * Double(p[shape.outputWeights.lowerBound + $1 * shape.labels + label])
                }
        }
    }

    private func slowLoss(_ p: [Float]) -> Double {
        zip(Self.sequences, Self.labels).reduce(0.0) { sum, row in
            let scores = slowScores(row.0, p)
            return sum + logarithm(scores.reduce(0) { $0 + exp($1) }) - scores[Int(row.1)]
        } / Double(Self.sequences.count)
    }

    @Test(arguments: [true, false])
    func scoresEqualTheSlowTwin(isTabled: Bool) {
        let network = network()
        let found = network.scores(Self.sequences, table: isTabled ? network.inputSums() : nil)
        let parameters = network.parameters.numbers
        for (row, units) in Self.sequences.enumerated() {
            for (label, expected) in slowScores(units, parameters).enumerated() {
                #expect(abs(Double(found[row * 3 + label]) - expected) < 1e-5)
            }
        }
        #expect(network.scores([], table: nil).isEmpty)
    }

    /// Backpropagation through time against differences of the slow twin's loss, for every parameter.
    @Test func slopesEqualFiniteDifferences() {
        let network = network()
        var dropout = RecurrentNetwork.Dropout(share: 0, random: SeededRandom(seed: 1))
        let (loss, slopes) = network.slopes(Self.sequences, labels: Self.labels, dropout: &dropout)
        let parameters = network.parameters.numbers
        #expect(abs(loss - slowLoss(parameters)) < 1e-5)
        var largest = 0.0
        for index in parameters.indices {
            var (low, high) = (parameters, parameters)
            low[index] -= 1e-3
            high[index] += 1e-3
            let step = Double(high[index]) - Double(low[index])
            let difference = (slowLoss(high) - slowLoss(low)) / step
            largest = max(largest, abs(difference))
            #expect(abs(Double(slopes.numbers[index]) - difference) < 2e-4, "parameter \(index)")
        }
        #expect(largest > 0.01)
    }

    @Test func droppedNumbersCountForNothingInBothPasses() {
        let network = network()
        func slopes(_ network: RecurrentNetwork) -> (Double, [Float]) {
            var dropout = RecurrentNetwork.Dropout(share: 0.4, random: SeededRandom(seed: 9))
            let (loss, slopes) = network.slopes(Self.sequences, labels: Self.labels, dropout: &dropout)
            return (loss, slopes.numbers)
        }
        let (loss, found) = slopes(network)
        #expect(loss.isFinite)
        // The same draws give the same function, so its differences check the slopes under dropout too.
        for index in stride(from: 0, to: network.parameters.count, by: 17) {
            func moved(_ by: Float) -> Double {
                let other = NumberBuffer(network.parameters.numbers)
                other.base[index] += by
                return slopes(RecurrentNetwork(shape: Self.shape, parameters: other)).0
            }
            let difference = (moved(0.01) - moved(-0.01)) / 0.02
            #expect(abs(Double(found[index]) - difference) < 5e-3, "parameter \(index)")
        }
        var dropout = RecurrentNetwork.Dropout(share: 0.25, random: SeededRandom(seed: 2))
        let factors = dropout.factors(20_001)
        #expect(Set(factors) == [0, 1 / 0.75])
        #expect(abs(Double(factors.count { $0 == 0 }) / 20_001 - 0.25) < 0.02)
    }

    @Test func theSameSlopesOnOneThreadAndTwo() {
        var (one, two) = (
            RecurrentNetwork.Dropout(share: 0.3, random: SeededRandom(seed: 1)),
            RecurrentNetwork.Dropout(share: 0.3, random: SeededRandom(seed: 1))
        )
        let first = network().slopes(Self.sequences, labels: Self.labels, dropout: &one)
        let second = network(workers: 2).slopes(Self.sequences, labels: Self.labels, dropout: &two)
        #expect(first.loss == second.loss && first.slopes.numbers == second.slopes.numbers)
    }

    @Test func packingLeavesNothingOutAndPadsNothing() {
        let batch = PackedSequences(lengths: [2, 5, 1, 5])
        #expect(batch.order == [1, 3, 0, 2] && batch.lengths == [5, 5, 2, 1])
        #expect(batch.starts == [0, 4, 7, 9, 11, 13] && batch.rows == 13 && batch.steps == 5)
        #expect((0..<5).map(batch.active) == [4, 3, 2, 2, 2])
    }

    @Test func adamTakesTheStepsOfThePaper() {
        let parameters = NumberBuffer([1, -2])
        var adam = Adam(parameters)
        let (slopes, rate) = ([Float(0.5), -0.1], 0.1)
        var (m, v, expected) = ([0.0, 0.0], [0.0, 0.0], [1.0, -2.0])
        for step in 1...3 {
            adam.step(NumberBuffer(slopes), rate: rate)
            for index in 0..<2 {
                let g = Double(slopes[index])
                m[index] = 0.9 * m[index] + 0.1 * g
                v[index] = 0.999 * v[index] + 0.001 * g * g
                let power = { (base: Double) in pow(base, Double(step)) }
                expected[index] -=
                    rate * m[index] / (1 - power(0.9)) / ((v[index] / (1 - power(0.999))).squareRoot() + 1e-8)
            }
        }
        for index in 0..<2 { #expect(abs(Double(parameters.numbers[index]) - expected[index]) < 1e-5) }
        #expect(adam.mean.numbers[0] > parameters.numbers[0])
        adam.step(NumberBuffer([3e4, 4e4]), rate: 0.1)
        let isFinite = parameters.numbers.allSatisfy(\.isFinite)
        #expect(isFinite)
    }
}
