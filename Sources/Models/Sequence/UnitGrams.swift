internal import LinearAlgebra

/// The runs of two and more units that the sequences of a batch hold, each hashed to a bucket.
///
/// The wide part of a wide-and-deep model (Cheng et al., "Wide & deep learning for recommender systems", 2016): every
/// bucket has a weight for each label, and a sequence's score is the sum of its runs' weights over the root of their number.
struct UnitGrams: Sendable {
    private var buckets: [Int32] = []
    private var values: [Float] = []
    /// Where each sequence's runs start; one more than there are sequences.
    private var starts = [0]

    var count: Int { buckets.count }

    init(_ sequences: some Sequence<[Int32]>, _ shape: RecurrentShape) {
        guard shape.buckets > 0 else { return }
        for units in sequences {
            for first in units.indices {
                var hash: UInt64 = 0
                for place in first..<min(units.count, first + shape.longestGram) {
                    hash = (hash ^ UInt64(UInt32(bitPattern: units[place]))) &* 0x9e37_79b9_7f4a_7c15
                    hash ^= hash >> 29
                    if place > first { buckets.append(Int32(hash % UInt64(shape.buckets))) }
                }
            }
            let found = buckets.count - starts[starts.count - 1]
            values += repeatElement(1 / Float(max(1, found)).squareRoot(), count: found)
            starts.append(buckets.count)
        }
    }

    /// Drops runs: their values are multiplied by factors.
    mutating func scale(by factors: [Float]) {
        for (place, factor) in factors.enumerated() { values[place] *= factor }
    }

    /// Adds the runs' weights to the scores, a row for each sequence.
    func addScores(
        _ weights: UnsafePointer<Float>, to scores: UnsafeMutablePointer<Float>, labels: Int
    ) {
        for row in 0..<starts.count - 1 {
            for place in starts[row]..<starts[row + 1] {
                let line = weights + Int(buckets[place]) * labels
                for label in 0..<labels { scores[row * labels + label] += values[place] * line[label] }
            }
        }
    }

    /// Adds the slopes by the weights to `slopes`, from those by the scores.
    func addSlopes(
        _ scores: UnsafePointer<Float>, to slopes: UnsafeMutablePointer<Float>, labels: Int
    ) {
        for row in 0..<starts.count - 1 {
            for place in starts[row]..<starts[row + 1] {
                let line = slopes + Int(buckets[place]) * labels
                for label in 0..<labels { line[label] += values[place] * scores[row * labels + label] }
            }
        }
    }
}
