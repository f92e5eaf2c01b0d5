internal import LinearAlgebra

/// Dual coordinate descent for one-versus-rest L2-regularised squared-hinge support vector machines.
///
/// Eight labels are solved side by side: a row's columns are fetched once for all of them, which is where the time goes.
/// Rows that no label of the block needs any more are left out until the end (shrinking).
struct DualCoordinateDescent {
    let tolerance: Float
    let maximumPasses: Int
    let seed: UInt64

    func solve(
        _ matrix: SparseMatrix, labels: [Int32], labelCount: Int, costs: [Float], workers: Int
    ) -> DenseWeights {
        let outputs = labelCount == 2 ? 1 : labelCount
        let norms = matrix.squaredRowNorms()
        let solver = self
        let solved = ParallelLoop.map(count: (outputs + 7) / 8, workers: workers) { block in
            solver.solveBlock(block, matrix, labels, isBinary: labelCount == 2, outputs, costs, norms)
        }
        return DenseWeights(
            outputs: outputs, blocks: solved.map(\.weights),
            bias: (0..<outputs).map { solved[$0 / 8].bias[$0 % 8] })
    }

    private func solveBlock(
        _ block: Int, _ matrix: SparseMatrix, _ labels: [Int32], isBinary: Bool, _ outputs: Int, _ costs: [Float],
        _ norms: [Float]
    ) -> (weights: [SIMD8<Float>], bias: SIMD8<Float>) {
        typealias Lanes = SIMD8<Float>
        let rows = matrix.rows
        var weights = [Lanes](repeating: .zero, count: matrix.columns)
        var bias = Lanes.zero
        var alphas = [Lanes](repeating: .zero, count: rows)
        var order = (0..<Int32(rows)).map { $0 }
        var active = rows
        var random = SeededRandom(seed: seed, stream: UInt64(block))
        // Lanes beyond the last label never move.
        var used = Lanes.zero
        for lane in 0..<8 where block * 8 + lane < outputs { used[lane] = 1 }
        let firstLabel = Int32(isBinary ? 1 : block * 8)
        let laneLabels = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7) &+ firstLabel

        weights.withUnsafeMutableBufferPointer { weights in
            alphas.withUnsafeMutableBufferPointer { alphas in
                matrix.indices.withUnsafeBufferPointer { indices in
                    matrix.values.withUnsafeBufferPointer { values in
                        matrix.offsets.withUnsafeBufferPointer { offsets in
                            var greatestBefore = Float.infinity
                            var pass = 0
                            while pass < maximumPasses {
                                pass += 1
                                for last in stride(from: active - 1, to: 0, by: -1) {
                                    order.swapAt(last, random.index(below: last + 1))
                                }
                                var greatest = Lanes(repeating: -.infinity)
                                var least = Lanes(repeating: .infinity)
                                var place = 0
                                while place < active {
                                    let row = Int(order[place])
                                    let start = offsets[row]
                                    let end = offsets[row + 1]
                                    var even = bias
                                    var odd = Lanes.zero
                                    var position = start
                                    while position + 1 < end {
                                        even += weights[Int(indices[position])] * values[position]
                                        odd += weights[Int(indices[position + 1])] * values[position + 1]
                                        position += 2
                                    }
                                    if position < end { even += weights[Int(indices[position])] * values[position] }
                                    let margin = even + odd
                                    let signs = Lanes(repeating: -1).replacing(
                                        with: 1, where: laneLabels .== labels[row])
                                    let alpha = alphas[row]
                                    let diagonal = 0.5 / costs[row]
                                    let gradient = (signs * margin - 1 + alpha * diagonal) * used
                                    let isZero = alpha .== 0
                                    let projected = gradient.replacing(
                                        with: pointwiseMin(gradient, .zero), where: isZero)
                                    if all(isZero .& (gradient .> greatestBefore)) {
                                        active -= 1
                                        order.swapAt(place, active)
                                        continue
                                    }
                                    greatest = pointwiseMax(greatest, projected)
                                    least = pointwiseMin(least, projected)
                                    let scale = 1 / (norms[row] + 1 + diagonal)
                                    let moved = pointwiseMax(alpha - gradient * scale, .zero)
                                    let step = (moved - alpha) * signs
                                    if (step * step).max() > 1e-10 {
                                        alphas[row] = moved
                                        bias += step
                                        for position in start..<end {
                                            weights[Int(indices[position])] += step * values[position]
                                        }
                                    }
                                    place += 1
                                }
                                let spread = active == 0 ? 0 : (greatest - least).max()
                                if spread <= tolerance {
                                    if active == rows { break }
                                    active = rows
                                    greatestBefore = .infinity
                                } else {
                                    let top = greatest.max()
                                    greatestBefore = top > 0 ? top : .infinity
                                }
                            }
                        }
                    }
                }
            }
        }
        return (weights, bias)
    }
}

extension SparseMatrix {
    /// The sum of the squares of each row.
    func squaredRowNorms() -> [Float] {
        (0..<rows).map { row in
            var sum: Float = 0
            for position in offsets[row]..<offsets[row + 1] { sum += values[position] * values[position] }
            return sum
        }
    }
}
