/// The sizes of a recurrent classifier, and where its parameters lie in one run of numbers.
///
/// Embeddings [units × embedding]; for each direction input weights [embedding × 4 width], recurrent weights
/// [width × 4 width] and biases [4 width], gates in the order input, forget, output, candidate; output weights
/// [2 width × labels] and biases [labels]; the weights of hashed runs of units [buckets × labels].
package struct RecurrentShape: Sendable, Hashable, Codable {
    /// Known units, of which the first stands for all others.
    package var units: Int
    /// Numbers per unit.
    package var embedding: Int
    /// Numbers per state of one direction.
    package var width: Int
    package var labels: Int
    /// Buckets of runs of units, none where there is no such part.
    package var buckets = 0
    /// The longest run of units that has a weight of its own.
    package var longestGram = 2

    var embeddings: Range<Int> { 0..<units * embedding }

    func inputWeights(_ direction: Int) -> Range<Int> {
        let start = embeddings.upperBound + direction * directionSize
        return start..<start + embedding * 4 * width
    }

    func recurrentWeights(_ direction: Int) -> Range<Int> {
        let start = inputWeights(direction).upperBound
        return start..<start + width * 4 * width
    }

    func biases(_ direction: Int) -> Range<Int> {
        let start = recurrentWeights(direction).upperBound
        return start..<start + 4 * width
    }

    var outputWeights: Range<Int> {
        let start = embeddings.upperBound + 2 * directionSize
        return start..<start + 2 * width * labels
    }

    var outputBiases: Range<Int> {
        outputWeights.upperBound..<outputWeights.upperBound + labels
    }

    var gramWeights: Range<Int> {
        outputBiases.upperBound..<outputBiases.upperBound + buckets * labels
    }

    /// The number of parameters.
    package var parameters: Int { gramWeights.upperBound }

    private var directionSize: Int { 4 * width * (embedding + width + 1) }
}
