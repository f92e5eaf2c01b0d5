import LinearAlgebra
import Testing

@testable import Models

@Suite("Linear classifier")
struct LinearClassifierTests {
    /// Gaussian clouds, one for each label.
    private func clouds(rows: Int, labels: Int, columns: Int = 12, seed: UInt64 = 3) -> (SparseMatrix, [Int32]) {
        var random = SeededRandom(seed: seed)
        var dense = Matrix<Float>(rows: rows, columns: columns)
        var truth: [Int32] = []
        for row in 0..<rows {
            let label = row % labels
            truth.append(Int32(label))
            for column in 0..<columns where random.unit() < 0.7 {
                dense[row, column] = Float(random.normal() * 0.4 + (column % labels == label ? 0.9 : 0))
            }
        }
        return (SparseMatrix(dense), truth)
    }

    private func scores(_ model: FittedLinearClassifier, _ matrix: SparseMatrix, row: Int) -> [Float] {
        var scores = [Float](repeating: 0, count: model.scoreCapacity)
        let (indices, values) = matrix.row(row)
        indices.withUnsafeBufferPointer { indices in
            values.withUnsafeBufferPointer { values in
                scores.withUnsafeMutableBufferPointer { model.score(indices: indices, values: values, into: $0) }
            }
        }
        return Array(scores[..<model.labelCount])
    }

    private func accuracy(_ model: FittedLinearClassifier, _ matrix: SparseMatrix, _ truth: [Int32]) -> Double {
        let right = truth.indices.count { row in
            let found = scores(model, matrix, row: row)
            return found.indices.max { found[$0] < found[$1] } == Int(truth[row])
        }
        return Double(right) / Double(truth.count)
    }

    @Test(arguments: LinearClassifier.Loss.allCases, [2, 3, 11])
    func separatesClouds(loss: LinearClassifier.Loss, labels: Int) {
        let (matrix, truth) = clouds(rows: 220, labels: labels, columns: labels * 6)
        var classifier = LinearClassifier()
        classifier.loss = loss
        let model = classifier.fit(matrix, labels: truth, labelCount: labels)
        #expect(accuracy(model, matrix, truth) > 0.93)
        #expect(model.columns == labels * 6 && model.outputs == (labels == 2 ? 1 : labels))
    }

    @Test(arguments: LinearClassifier.Loss.allCases)
    func isTheSameForEveryNumberOfWorkers(loss: LinearClassifier.Loss) {
        let (matrix, truth) = clouds(rows: 120, labels: 20, columns: 40)
        var classifier = LinearClassifier()
        classifier.loss = loss
        let one = classifier.fit(matrix, labels: truth, labelCount: 20, workers: 1)
        #expect(classifier.fit(matrix, labels: truth, labelCount: 20, workers: 2) == one)
        #expect(classifier.fit(matrix, labels: truth, labelCount: 20, workers: 5) == one)
    }

    /// The primal objective that LIBLINEAR states: ½‖w‖² + C Σ max(0, 1 − y w·x)².
    @Test func dualCoordinateDescentFindsTheMinimum() {
        let (matrix, truth) = clouds(rows: 90, labels: 3)
        let costs = [Float](repeating: 0.7, count: 90)
        let solver = DualCoordinateDescent(tolerance: 1e-4, maximumPasses: 2000, seed: 1)
        let (solution, variables) = solver.solve(
            matrix, labels: truth, labelCount: 3, costs: costs, workers: 1)
        // Where it has come to is where another may start, and there is nothing left to do.
        let again = DualCoordinateDescent(tolerance: 1e-4, maximumPasses: 1, seed: 2).solve(
            matrix, labels: truth, labelCount: 3, costs: costs, workers: 1, start: variables)
        #expect(abs(again.weights.weight(column: 1, output: 1) - solution.weight(column: 1, output: 1)) < 1e-3)
        #expect(variables.selecting([4, 2]).spread(to: [1, 0], of: 3).blocks[0][0] == variables.blocks[0][2])
        for output in 0..<3 {
            // At the minimum the gradient w − 2 C Σ y max(0, 1 − y w·x) x is zero.
            var gradient = (0..<matrix.columns).map { Double(solution.weight(column: $0, output: output)) }
            var biasGradient = Double(solution.bias[output])
            let scale = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for row in 0..<matrix.rows {
                let (indices, values) = matrix.row(row)
                let sign = truth[row] == Int32(output) ? 1.0 : -1.0
                var margin = Double(solution.bias[output])
                for (index, value) in zip(indices, values) {
                    margin += Double(solution.weight(column: Int(index), output: output)) * Double(value)
                }
                let slack = max(0, 1 - sign * margin)
                for (index, value) in zip(indices, values) {
                    gradient[Int(index)] -= 1.4 * sign * slack * Double(value)
                }
                biasGradient -= 1.4 * sign * slack
            }
            let length = (gradient.reduce(0) { $0 + $1 * $1 } + biasGradient * biasGradient).squareRoot()
            #expect(length < 0.01 * scale + 0.01)
        }
    }

    @Test(arguments: [2, 3]) func naiveBayesAddsTheLogarithmsOfShares(labels: Int) {
        let matrix = SparseMatrix(
            columns: 2, offsets: [0, 1, 2, 3], indices: [0, 1, 0], values: [1, 1, 1])
        let outputs = labels == 2 ? 1 : labels
        var weights = DenseWeights(
            outputs: outputs, blocks: [[.zero, .zero]], bias: [Float](repeating: 0, count: outputs))
        NaiveBayes(smoothing: 0.5).add(to: &weights, matrix, labels: [0, 1, 0], labelCount: labels, share: 1)
        // Label 0 has mass 2, label 1 has mass 1, the mean is 1.5: counts 2 · 1.5 / 2 / 0.5 and 1 · 1.5 / 1 / 0.5.
        let expected = logarithm(Float(1 + 3))
        if labels == 2 {
            #expect(abs(weights.weight(column: 0, output: 0) + expected / 2) < 1e-6)
            #expect(abs(weights.weight(column: 1, output: 0) - expected / 2) < 1e-6)
        } else {
            #expect(abs(weights.weight(column: 0, output: 0) - expected) < 1e-6)
            #expect(weights.weight(column: 0, output: 1) == 0)
            #expect(abs(weights.weight(column: 1, output: 1) - expected) < 1e-6)
        }
    }

    /// At the minimum of multinomial logistic regression the gradient w + C Σ (p − y) x is zero.
    @Test func logisticRegressionFindsTheMinimum() {
        let (matrix, truth) = clouds(rows: 60, labels: 3)
        let costs = [Float](repeating: 2, count: 60)
        let solution = MultinomialLogistic(tolerance: 0.01, maximumPasses: 500)
            .solve(matrix, labels: truth, labelCount: 3, costs: costs, workers: 2)
        var gradients = (0..<3).map { output in
            (0..<matrix.columns).map { Double(solution.weight(column: $0, output: output)) }
        }
        for row in 0..<matrix.rows {
            let (indices, values) = matrix.row(row)
            var probabilities = (0..<3).map { output in
                zip(indices, values).reduce(solution.bias[output]) {
                    $0 + solution.weight(column: Int($1.0), output: output) * $1.1
                }
            }
            VectorKernels.softmax(&probabilities)
            for output in 0..<3 {
                let error = Double(probabilities[output]) - (truth[row] == Int32(output) ? 1 : 0)
                for (index, value) in zip(indices, values) {
                    gradients[output][Int(index)] += 2 * error * Double(value)
                }
            }
        }
        let length = gradients.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(length < 0.05)
    }

    @Test func scoresAreTheSumsOfTheWeightsKept() {
        let (matrix, truth) = clouds(rows: 100, labels: 9, columns: 30)
        let model = LinearClassifier().fit(matrix, labels: truth, labelCount: 9)
        for row in 0..<10 {
            var expected = model.bias
            let (indices, values) = matrix.row(row)
            for (index, value) in zip(indices, values) {
                for entry in model.entries[Int(model.offsets[Int(index)])..<Int(model.offsets[Int(index) + 1])] {
                    expected[Int(entry & 0xffff)] += value * Float(bitPattern: entry & 0xffff_0000)
                }
            }
            for (found, expected) in zip(scores(model, matrix, row: row), expected) {
                #expect(abs(found - expected) < 1e-4)
            }
        }
    }

    @Test func pruningDropsSmallWeights() {
        let (matrix, truth) = clouds(rows: 100, labels: 5, columns: 30)
        var classifier = LinearClassifier()
        classifier.pruning = 0
        let whole = classifier.fit(matrix, labels: truth, labelCount: 5)
        classifier.pruning = 0.3
        let pruned = classifier.fit(matrix, labels: truth, labelCount: 5)
        #expect(pruned.entries.count < whole.entries.count)
        #expect(whole.entries.count <= 150)
    }

    @Test func rareLabelsGainByBalance() {
        var random = SeededRandom(seed: 8)
        var dense = Matrix<Float>(rows: 200, columns: 2)
        let truth = (0..<200).map { Int32($0 < 190 ? 0 : 1) }
        for row in 0..<200 {
            dense[row, 0] = Float(random.normal() + (row < 190 ? 0 : 1))
            dense[row, 1] = 1
        }
        let matrix = SparseMatrix(dense)
        func recall(_ classifier: LinearClassifier) -> Int {
            let model = classifier.fit(matrix, labels: truth, labelCount: 2)
            return (190..<200).count { scores(model, matrix, row: $0)[1] > 0 }
        }
        var balanced = LinearClassifier()
        balanced.isBalanced = true
        var weighted = LinearClassifier()
        weighted.labelWeights = [1, 19]
        #expect(recall(balanced) > recall(LinearClassifier()))
        #expect(recall(weighted) > recall(LinearClassifier()))
    }

    @Test(arguments: [0, 1, -1, 0.333_333, 1e-20, 3e20] as [Float])
    func weightsAreRoundedToTheNearestBfloat16(weight: Float) {
        let entry = FittedLinearClassifier.entry(weight, output: 513)
        #expect(entry & 0xffff == 513)
        let kept = Float(bitPattern: entry & 0xffff_0000)
        // Half a unit of eight significant bits.
        #expect(abs(kept - weight) <= abs(weight) / 256)
    }
}
