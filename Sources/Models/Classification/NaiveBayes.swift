internal import LinearAlgebra

/// Multinomial naive Bayes over weighted features, as a term to mix into a linear classifier's weights.
///
/// Support vectors and naive Bayes err on different rows, and their sum is right more often than either (compare Wang and
/// Manning, "Baselines and bigrams", ACL 2012). Since both are linear, the mixture costs nothing at prediction. A label's
/// counts are divided by its mass, so that frequent labels have no start; a feature that a label has never had weighs 0.
struct NaiveBayes {
    /// What is added to every count, in rows' weight.
    let smoothing: Double

    func add(to weights: inout DenseWeights, _ matrix: SparseMatrix, labels: [Int32], labelCount: Int, share: Float) {
        let blocks = (labelCount + 7) / 8
        var counts = (0..<blocks).map { _ in [SIMD8<Float>](repeating: .zero, count: matrix.columns) }
        var masses = [Double](repeating: 0, count: labelCount)
        for row in 0..<matrix.rows {
            let label = Int(labels[row])
            var mass: Float = 0
            counts[label / 8].withUnsafeMutableBufferPointer { counts in
                for position in matrix.offsets[row]..<matrix.offsets[row + 1] {
                    counts[Int(matrix.indices[position])][label % 8] += matrix.values[position]
                    mass += matrix.values[position]
                }
            }
            masses[label] += Double(mass)
        }
        let present = masses.filter { $0 > 0 }
        guard !present.isEmpty, smoothing > 0 else { return }
        let mean = present.reduce(0, +) / Double(present.count)
        let scales = masses.map { $0 > 0 ? Float(mean / $0 / smoothing) : 0 }
        if labelCount == 2 {
            for column in 0..<matrix.columns {
                let lanes = counts[0][column]
                if lanes[0] == 0 && lanes[1] == 0 { continue }
                let step = logarithm((1 + lanes[1] * scales[1]) / (1 + lanes[0] * scales[0]))
                weights.blocks[0][column][0] += share / 2 * step
            }
            return
        }
        for block in 0..<blocks {
            for column in 0..<matrix.columns {
                let lanes = counts[block][column]
                if lanes == .zero { continue }
                var step = SIMD8<Float>.zero
                for lane in 0..<min(8, labelCount - block * 8) where lanes[lane] > 0 {
                    step[lane] = logarithm(1 + lanes[lane] * scales[block * 8 + lane])
                }
                weights.blocks[block][column] += step * share
            }
        }
    }
}
