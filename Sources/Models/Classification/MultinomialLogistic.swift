internal import LinearAlgebra

/// Multinomial logistic regression with an L2 penalty, by L-BFGS (Liu and Nocedal 1989).
///
/// Row chunks and column chunks are the same for every number of workers, and sums are taken in their order.
struct MultinomialLogistic {
    let tolerance: Double
    let maximumPasses: Int

    private typealias Lanes = SIMD8<Float>

    func solve(
        _ matrix: SparseMatrix, labels: [Int32], labelCount: Int, costs: [Float], workers: Int
    ) -> DenseWeights {
        let problem = Problem(matrix, labels, labelCount, costs, workers)
        var point = [Float](repeating: 0, count: problem.dimension)
        var (value, gradient) = problem.evaluate(point)
        let target = max(1e-9, problem.length(gradient) * tolerance * 0.02)
        var steps: [[Float]] = []
        var changes: [[Float]] = []
        for _ in 0..<maximumPasses {
            if problem.length(gradient) <= target { break }
            let direction = problem.direction(gradient, steps, changes)
            let slope = problem.dot(direction, gradient)
            guard slope < 0 else { break }
            var rate: Float = steps.isEmpty ? Float(min(1, 1 / problem.length(gradient))) : 1
            var isFound = false
            for _ in 0..<30 {
                let candidate = problem.sum(point, direction, rate)
                let (newValue, newGradient) = problem.evaluate(candidate)
                if newValue <= value + 1e-4 * Double(rate) * slope {
                    let step = problem.sum(candidate, point, -1)
                    let change = problem.sum(newGradient, gradient, -1)
                    if problem.dot(step, change) > 1e-12 {
                        steps.append(step)
                        changes.append(change)
                        if steps.count > 8 {
                            steps.removeFirst()
                            changes.removeFirst()
                        }
                    }
                    (point, value, gradient) = (candidate, newValue, newGradient)
                    isFound = true
                    break
                }
                rate *= 0.5
            }
            if !isFound { break }
        }
        return problem.weights(point)
    }

    /// The objective over a flat vector: for each column, then the bias, `width` numbers.
    private struct Problem: Sendable {
        let matrix: SparseMatrix
        let transposed: SparseMatrix
        let labels: [Int32]
        let labelCount: Int
        let costs: [Float]
        let workers: Int
        let width: Int
        let rowChunks: [Range<Int>]
        let columnChunks: [Range<Int>]
        var dimension: Int { (matrix.columns + 1) * width }

        init(_ matrix: SparseMatrix, _ labels: [Int32], _ labelCount: Int, _ costs: [Float], _ workers: Int) {
            self.matrix = matrix
            self.transposed = matrix.transposed()
            self.labels = labels
            self.labelCount = labelCount
            self.costs = costs
            self.workers = workers
            width = (labelCount + 7) / 8 * 8
            rowChunks = ParallelLoop.chunks(of: matrix.rows, parts: 16)
            columnChunks = ParallelLoop.chunks(of: matrix.columns, parts: 16)
        }

        func evaluate(_ point: [Float]) -> (Double, [Float]) {
            let parts = ParallelLoop.map(count: rowChunks.count, workers: workers) { errors(rowChunks[$0], point) }
            var loss = 0.5 * dot(point, point)
            var residuals: [Float] = []
            residuals.reserveCapacity(matrix.rows * width)
            for part in parts {
                loss += part.loss
                residuals.append(contentsOf: part.residuals)
            }
            let all = residuals
            var gradient: [Float] = []
            gradient.reserveCapacity(dimension)
            for part in ParallelLoop.map(
                count: columnChunks.count, workers: workers, { slopes(columnChunks[$0], all, point) })
            {
                gradient.append(contentsOf: part)
            }
            var bias = [Float](point[(matrix.columns * width)...])
            for row in 0..<matrix.rows {
                for label in 0..<width { bias[label] += all[row * width + label] }
            }
            gradient.append(contentsOf: bias)
            return (loss, gradient)
        }

        /// Probabilities less truth, times the rows' costs.
        private func errors(_ rows: Range<Int>, _ point: [Float]) -> (loss: Double, residuals: [Float]) {
            var out = [Float](repeating: 0, count: rows.count * width)
            var loss = 0.0
            out.withUnsafeMutableBufferPointer { out in
                point.withUnsafeBufferPointer { point in
                    for row in rows {
                        let base = (row - rows.lowerBound) * width
                        let bias = matrix.columns * width
                        for label in 0..<width { out[base + label] = point[bias + label] }
                        for position in matrix.offsets[row]..<matrix.offsets[row + 1] {
                            let value = matrix.values[position]
                            let source = Int(matrix.indices[position]) * width
                            for label in 0..<width { out[base + label] += value * point[source + label] }
                        }
                        var greatest = -Float.infinity
                        for label in 0..<labelCount { greatest = max(greatest, out[base + label]) }
                        let truth = Int(labels[row])
                        let own = out[base + truth] - greatest
                        var sum: Float = 0
                        for label in 0..<labelCount {
                            let power = exponential(out[base + label] - greatest)
                            out[base + label] = power
                            sum += power
                        }
                        let cost = costs[row]
                        loss += Double(cost) * Double(logarithm(sum) - own)
                        for label in 0..<labelCount { out[base + label] *= cost / sum }
                        out[base + truth] -= cost
                        for label in labelCount..<width { out[base + label] = 0 }
                    }
                }
            }
            return (loss, out)
        }

        private func slopes(_ columns: Range<Int>, _ residuals: [Float], _ point: [Float]) -> [Float] {
            var out = [Float](point[(columns.lowerBound * width)..<(columns.upperBound * width)])
            out.withUnsafeMutableBufferPointer { out in
                residuals.withUnsafeBufferPointer { residuals in
                    for column in columns {
                        let base = (column - columns.lowerBound) * width
                        for position in transposed.offsets[column]..<transposed.offsets[column + 1] {
                            let value = transposed.values[position]
                            let source = Int(transposed.indices[position]) * width
                            for label in 0..<width { out[base + label] += value * residuals[source + label] }
                        }
                    }
                }
            }
            return out
        }

        /// The two-loop recursion.
        func direction(_ gradient: [Float], _ steps: [[Float]], _ changes: [[Float]]) -> [Float] {
            var result = gradient
            var shares: [Float] = []
            for (step, change) in zip(steps, changes).reversed() {
                let share = Float(dot(step, result) / dot(step, change))
                shares.append(share)
                result = sum(result, change, -share)
            }
            if let step = steps.last, let change = changes.last {
                let scale = Float(dot(step, change) / dot(change, change))
                for index in result.indices { result[index] *= scale }
            }
            for ((step, change), share) in zip(zip(steps, changes), shares.reversed()) {
                let back = Float(dot(change, result) / dot(step, change))
                result = sum(result, step, share - back)
            }
            for index in result.indices { result[index] = -result[index] }
            return result
        }

        func dot(_ x: [Float], _ y: [Float]) -> Double {
            var total = 0.0
            // Short runs in single precision, their sums in double: fast, and exact enough for a line search.
            var start = 0
            while start < x.count {
                let end = min(start + 256, x.count)
                var part: Float = 0
                for index in start..<end { part += x[index] * y[index] }
                total += Double(part)
                start = end
            }
            return total
        }

        func length(_ x: [Float]) -> Double { dot(x, x).squareRoot() }

        func sum(_ x: [Float], _ y: [Float], _ scale: Float) -> [Float] {
            [Float](unsafeUninitializedCapacity: x.count) { out, count in
                for index in 0..<x.count { out[index] = x[index] + scale * y[index] }
                count = x.count
            }
        }

        func weights(_ point: [Float]) -> DenseWeights {
            let isBinary = labelCount == 2
            let outputs = isBinary ? 1 : labelCount
            func lanes(_ column: Int, _ block: Int) -> Lanes {
                var lanes = Lanes.zero
                let base = column * width
                if isBinary {
                    lanes[0] = (point[base + 1] - point[base]) / 2
                } else {
                    for lane in 0..<8 { lanes[lane] = point[base + block * 8 + lane] }
                }
                return lanes
            }
            let blocks = (0..<(outputs + 7) / 8).map { block in (0..<matrix.columns).map { lanes($0, block) } }
            let bias = (0..<outputs).map { lanes(matrix.columns, $0 / 8)[$0 % 8] }
            return DenseWeights(outputs: outputs, blocks: blocks, bias: bias)
        }
    }
}
