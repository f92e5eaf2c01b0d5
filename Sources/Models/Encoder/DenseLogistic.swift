package import LinearAlgebra

/// Multinomial logistic regression over dense rows, with an L2 penalty on the weights but not on the biases.
///
/// It minimises ½‖W‖² + c · Σ −ln softmax(W x + b)[label] by L-BFGS. Columns are brought to mean 0 and variance 1 and rows
/// to a mean length of 1 first, so that `c` means the same for every encoder; the fitted head applies to rows as they are.
/// Row chunks are the same for every number of workers, and sums are taken in their order.
package struct DenseLogistic: Sendable, Hashable, Codable {
    /// The weight of the rows' losses against the penalty.
    package var c = 10.0
    package var maximumIterations = 80
    package var tolerance = 2e-3

    package init(c: Double = 10) { self.c = c }

    /// Learns from rows and their label indices, `0 ..< labelCount`.
    package func fit(
        _ rows: Matrix<Float>, labels: [Int32], labelCount: Int, workers: Int = 1
    ) -> DenseHead {
        precondition(rows.rows == labels.count && labelCount >= 2, "a label for every row")
        let scaling = ColumnScaling(rows)
        let problem = Problem(
            rows: scaling.applied(to: rows), labels: labels, labelCount: labelCount, c: Float(c), workers: workers)
        var search = LimitedMemoryBFGS()
        search.maximumIterations = maximumIterations
        search.tolerance = tolerance
        let start = [Float](repeating: 0, count: (rows.columns + 1) * labelCount)
        let point = search.minimize(from: start, problem.evaluate)
        return scaling.head(point, labelCount: labelCount)
    }

    /// The objective over a flat vector: for each column, then the bias, one number a label.
    struct Problem: Sendable {
        let rows: Matrix<Float>
        let labels: [Int32]
        let labelCount: Int
        let c: Float
        let workers: Int

        func evaluate(_ point: [Float]) -> (value: Double, gradient: [Float]) {
            let chunks = ParallelLoop.chunks(of: rows.rows, parts: min(16, (rows.rows + 255) / 256))
            let weightCount = rows.columns * labelCount
            let parts = ParallelLoop.map(count: chunks.count, workers: workers) { part(chunks[$0], point) }
            var gradient = point
            for index in weightCount..<gradient.count { gradient[index] = 0 }
            var value = 0.0
            for weight in point[..<weightCount] { value += 0.5 * Double(weight) * Double(weight) }
            for part in parts {
                value += part.loss
                VectorKernels.add(part.gradient, times: 1, to: &gradient)
            }
            return (value, gradient)
        }

        private func part(_ chunk: Range<Int>, _ point: [Float]) -> (loss: Double, gradient: [Float]) {
            let (columns, width) = (rows.columns, labelCount)
            var scores = [Float](repeating: 0, count: chunk.count * width)
            var gradient = [Float](repeating: 0, count: point.count)
            var loss = 0.0
            scores.withUnsafeMutableBufferPointer { scores in
                point.withUnsafeBufferPointer { point in
                    rows.values.withUnsafeBufferPointer { values in
                        gradient.withUnsafeMutableBufferPointer { gradient in
                            guard let out = scores.baseAddress, let weights = point.baseAddress,
                                let all = values.baseAddress, let slopes = gradient.baseAddress
                            else { return }
                            let bias = weights + columns * width
                            for row in 0..<chunk.count { (out + row * width).update(from: bias, count: width) }
                            let first = all + chunk.lowerBound * columns
                            BLAS.multiply(
                                .init(first, stride: columns), .init(weights, stride: width), into: out, stride: width,
                                rows: chunk.count, columns: width, inner: columns, beta: 1)
                            for row in 0..<chunk.count {
                                let line = out + row * width
                                let truth = Int(labels[chunk.lowerBound + row])
                                Activations.softmax(line, rows: 1, columns: width)
                                loss -= Double(c) * Double(logarithm(max(line[truth], 1e-30)))
                                line[truth] -= 1
                                for label in 0..<width {
                                    line[label] *= c
                                    slopes[columns * width + label] += line[label]
                                }
                            }
                            BLAS.multiply(
                                .init(first, stride: columns, isTransposed: true), .init(out, stride: width),
                                into: slopes, stride: width, rows: columns, columns: width, inner: chunk.count)
                        }
                    }
                }
            }
            return (loss, gradient)
        }
    }
}
