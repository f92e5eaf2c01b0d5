package import LinearAlgebra

/// A linear classifier over sparse vectors, before it has seen data.
///
/// Squared hinge: one-versus-rest support vector machines by dual coordinate descent (Hsieh et al., "A dual coordinate
/// descent method for large-scale linear SVM", ICML 2008). Logistic: multinomial logistic regression by L-BFGS. Both with
/// an L2 penalty that the bias shares, as in LIBLINEAR.
package struct LinearClassifier: Sendable, Hashable, Codable {
    /// What the training minimises.
    package enum Loss: String, Sendable, Codable, CaseIterable {
        case squaredHinge = "squared_hinge"
        case logistic
    }

    package var loss = Loss.squaredHinge
    /// The weight of the rows' losses against the penalty; greater fits closer.
    package var c = 1.0
    /// The values among which a trainer chooses `c` by held-out rows, ascending; with fewer than two it keeps `c`.
    package var candidates: [Double] = [0.5, 1, 2]
    /// How much of a multinomial naive Bayes model is mixed into the weights; 0 for none.
    package var naiveBayesShare = 0.05
    /// What naive Bayes adds to every count, in rows' weight.
    package var naiveBayesSmoothing = 0.05
    /// Whether every label weighs alike, however many rows it has.
    package var isBalanced = false
    /// A factor for the rows of each label by its index; those without one have 1.
    package var labelWeights: [Double] = []
    /// The training ends when the projected gradients of a pass lie this close together (squared hinge), or when the
    /// gradient is this small against where it began (logistic). Less changes no label that held-out rows could tell.
    package var tolerance = 0.3
    /// The training ends after this many passes at the latest.
    package var maximumPasses = 100
    /// Weights below this share of the greatest one of their label are not kept.
    package var pruning = 0.02
    package var seed: UInt64 = 42

    package init() {}

    /// Learns from the rows of a matrix and their label indices, `0 ..< labelCount`, at least two labels.
    ///
    /// The same seed gives the same model for every number of workers.
    package func fit(_ matrix: SparseMatrix, labels: [Int32], labelCount: Int, workers: Int = 1)
        -> FittedLinearClassifier
    {
        fit(matrix, labels: labels, labelCount: labelCount, workers: workers, start: nil).model
    }

    /// The same, from where another training on the same rows has come to.
    func fit(
        _ matrix: SparseMatrix, labels: [Int32], labelCount: Int, workers: Int, start: DualVariables?
    ) -> (model: FittedLinearClassifier, variables: DualVariables?) {
        precondition(matrix.rows == labels.count, "a label for every row")
        precondition(labelCount >= 2 && labelCount <= 65_535, "two labels or more")
        precondition(labels.allSatisfy { $0 >= 0 && $0 < labelCount }, "labels within the count")
        let costs = rowCosts(labels, labelCount)
        var weights: DenseWeights
        var variables: DualVariables?
        switch loss {
        case .squaredHinge:
            let solver = DualCoordinateDescent(
                tolerance: Float(tolerance), maximumPasses: maximumPasses, seed: seed)
            (weights, variables) = solver.solve(
                matrix, labels: labels, labelCount: labelCount, costs: costs, workers: workers, start: start)
            if naiveBayesShare > 0 {
                NaiveBayes(smoothing: naiveBayesSmoothing).add(
                    to: &weights, matrix, labels: labels, labelCount: labelCount, share: Float(naiveBayesShare))
            }
        case .logistic:
            let solver = MultinomialLogistic(tolerance: tolerance, maximumPasses: maximumPasses)
            weights = solver.solve(matrix, labels: labels, labelCount: labelCount, costs: costs, workers: workers)
        }
        return (FittedLinearClassifier(labelCount: labelCount, solution: weights, pruning: Float(pruning)), variables)
    }

    private func rowCosts(_ labels: [Int32], _ labelCount: Int) -> [Float] {
        var perLabel = (0..<labelCount).map { $0 < labelWeights.count ? labelWeights[$0] : 1 }
        if isBalanced {
            var rows = [Int](repeating: 0, count: labelCount)
            for label in labels { rows[Int(label)] += 1 }
            for label in 0..<labelCount where rows[label] > 0 {
                perLabel[label] *= Double(labels.count) / Double(labelCount * rows[label])
            }
        }
        return labels.map { Float(c * perLabel[Int($0)]) }
    }
}

/// Weights as a solver leaves them: for each column one number per output, outputs in blocks of eight.
///
/// Two labels have one output, whose sign decides for the second.
struct DenseWeights: Sendable {
    var outputs: Int
    /// `blocks[b][column]` holds outputs `8 b ..< 8 b + 8`.
    var blocks: [[SIMD8<Float>]]
    var bias: [Float]

    func weight(column: Int, output: Int) -> Float { blocks[output / 8][column][output % 8] }
}
