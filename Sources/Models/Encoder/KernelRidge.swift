package import LinearAlgebra

/// Kernel ridge classification: least squares towards label indicators in the space of a Gaussian kernel.
///
/// With K the kernel exp(−γ ‖x − y‖²) between all pairs of rows, it solves (K + λ I) A = Y, where Y is 1 for a row's own
/// label and −1/(labels − 1) for the others (Saunders, Gammerman and Vovk, "Ridge regression learning algorithm in dual
/// variables", 1998). Columns are scaled as in `DenseLogistic`, so that γ means the same for every encoder. The cost is
/// rows³/3 operations and rows² numbers of memory, so it is for sets of up to `mostRows`.
package struct KernelRidge: Sendable, Hashable, Codable {
    /// How fast the kernel falls; rows are 1 long in the mean.
    package var gamma = 0.5
    /// The penalty on the function's norm.
    package var lambda = 0.1

    /// The greatest set that is learnt this way; its kernel takes 576 MB.
    package static let mostRows = 12_000
    /// What indicators are multiplied by, so that their softmax is a usable probability.
    static let scale: Float = 10

    package init() {}

    /// Learns from rows and their label indices; `nil` where the kernel matrix is singular to working precision.
    package func fit(
        _ rows: Matrix<Float>, labels: [Int32], labelCount: Int, workers: Int = 1
    ) -> KernelHead? {
        let prepared = Prepared(rows, gamma: Float(gamma), workers: workers)
        return prepared.head(prepared.kernel, Array(0..<rows.rows), labels, labelCount, Float(lambda))
    }

    /// Scaled rows with their kernel, from which any part of the rows can be learnt.
    struct Prepared: Sendable {
        private let scaling: ColumnScaling
        private let support: Matrix<Float>
        private let gamma: Float
        /// The kernel between all pairs of rows.
        let kernel: NumberBuffer

        init(_ rows: Matrix<Float>, gamma: Float, workers: Int) {
            scaling = ColumnScaling(rows)
            var support = scaling.applied(to: rows)
            // What is stored is what is learnt from: numbers of sixteen bits.
            for index in support.values.indices { support.values[index] = KernelHead.rounded(support.values[index]) }
            self.support = support
            self.gamma = gamma
            kernel = KernelHead.kernel(support, support, gamma: gamma, workers: workers)
        }

        /// What is learnt from the rows `used` alone, applied to the rows `held`; `nil` where that fails.
        func heldOutScores(
            used: [Int], held: [Int], _ labels: [Int32], _ labelCount: Int, _ lambda: Float
        ) -> [Float]? {
            let part = block(used, used)
            guard let weights = solve(part, used, labels, labelCount, lambda) else { return nil }
            let across = block(held, used)
            var out = [Float](repeating: 0, count: held.count * labelCount)
            out.withUnsafeMutableBufferPointer { out in
                weights.withUnsafeBufferPointer { weights in
                    guard let out = out.baseAddress, let weights = weights.baseAddress else { return }
                    BLAS.multiply(
                        .init(across.base, stride: used.count), .init(weights, stride: labelCount), into: out,
                        stride: labelCount, rows: held.count, columns: labelCount, inner: used.count)
                }
            }
            withExtendedLifetime(across) {}
            return out
        }

        /// A head over the rows `used`; `kernel` is overwritten.
        func head(
            _ kernel: NumberBuffer, _ used: [Int], _ labels: [Int32], _ labelCount: Int, _ lambda: Float
        ) -> KernelHead? {
            solve(kernel, used, labels, labelCount, lambda).map {
                KernelHead(
                    scaling: scaling, support: support.selecting(rows: used), weights: $0, labelCount: labelCount,
                    gamma: gamma)
            }
        }

        private func block(_ rows: [Int], _ columns: [Int]) -> NumberBuffer {
            let size = support.rows
            let result = NumberBuffer(count: rows.count * columns.count)
            for (place, row) in rows.enumerated() {
                let source = kernel.base + row * size
                let out = result.base + place * columns.count
                for (index, column) in columns.enumerated() { out[index] = source[column] }
            }
            withExtendedLifetime((self, result)) {}
            return result
        }

        private func solve(
            _ kernel: NumberBuffer, _ used: [Int], _ labels: [Int32], _ labelCount: Int, _ lambda: Float
        ) -> [Float]? {
            let size = used.count
            for index in 0..<size { kernel.base[index * size + index] += lambda }
            let other = -KernelRidge.scale / Float(labelCount - 1)
            var weights = [Float](repeating: other, count: size * labelCount)
            for (place, row) in used.enumerated() {
                weights[place * labelCount + Int(labels[row])] = KernelRidge.scale
            }
            let isSolved = weights.withUnsafeMutableBufferPointer { weights in
                weights.baseAddress.map { Cholesky.solve(kernel.base, size: size, $0, columns: labelCount) } ?? false
            }
            withExtendedLifetime(kernel) {}
            return isSolved && weights.allSatisfy(\.isFinite) ? weights : nil
        }
    }
}

/// Learnt rows with a weight for each label: scores are sums of weights by the kernel with those rows.
package struct KernelHead: Sendable, Equatable {
    let scaling: ColumnScaling
    /// The learnt rows, scaled; each number fits into a bfloat16.
    let support: Matrix<Float>
    /// For each learnt row a weight for each label.
    let weights: [Float]
    package let labelCount: Int
    let gamma: Float

    /// The nearest number that a bfloat16 holds.
    static func rounded(_ number: Float) -> Float {
        let bits = number.bitPattern
        return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
    }

    /// The scores of each row, one a label; the same for every number of workers.
    package func scores(of rows: Matrix<Float>, workers: Int) -> [Float] {
        let scaled = scaling.applied(to: rows)
        let kernel = KernelHead.kernel(scaled, support, gamma: gamma, workers: workers)
        var out = [Float](repeating: 0, count: rows.rows * labelCount)
        out.withUnsafeMutableBufferPointer { out in
            weights.withUnsafeBufferPointer { weights in
                guard let out = out.baseAddress, let weights = weights.baseAddress else { return }
                BLAS.multiply(
                    .init(kernel.base, stride: support.rows), .init(weights, stride: labelCount), into: out,
                    stride: labelCount, rows: rows.rows, columns: labelCount, inner: support.rows)
            }
        }
        withExtendedLifetime(kernel) {}
        return out
    }

    /// exp(−γ ‖x − y‖²) for all pairs, in blocks of rows that do not depend on the workers.
    static func kernel(
        _ left: Matrix<Float>, _ right: Matrix<Float>, gamma: Float, workers: Int
    ) -> NumberBuffer {
        let result = NumberBuffer(count: left.rows * right.rows)
        let columns = left.columns
        let lengths = squaredLengths(right)
        let chunks = ParallelLoop.chunks(of: left.rows, parts: (left.rows + 511) / 512).filter { !$0.isEmpty }
        _ = ParallelLoop.map(count: chunks.count, workers: workers) { part in
            let rows = chunks[part]
            let out = result.base + rows.lowerBound * right.rows
            left.values.withUnsafeBufferPointer { left in
                right.values.withUnsafeBufferPointer { rightValues in
                    guard let left = left.baseAddress, let rightValues = rightValues.baseAddress else { return }
                    let first = left + rows.lowerBound * columns
                    BLAS.multiply(
                        .init(first, stride: columns), .init(rightValues, stride: columns, isTransposed: true),
                        into: out, stride: right.rows, rows: rows.count, columns: right.rows, inner: columns)
                    for row in 0..<rows.count {
                        let length = Activations.sumOfSquares(first + row * columns, count: columns)
                        let line = out + row * right.rows
                        for column in 0..<right.rows {
                            let distance = length + lengths[column] - 2 * line[column]
                            line[column] = -gamma * (distance > 0 ? distance : 0)
                        }
                        Activations.exponential(line, count: right.rows)
                    }
                }
            }
        }
        return result
    }

    private static func squaredLengths(_ rows: Matrix<Float>) -> [Float] {
        rows.values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return [] }
            return (0..<rows.rows).map { Activations.sumOfSquares(base + $0 * rows.columns, count: rows.columns) }
        }
    }
}
