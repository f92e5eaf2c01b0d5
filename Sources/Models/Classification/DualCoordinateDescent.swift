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
        _ matrix: SparseMatrix, labels: [Int32], labelCount: Int, costs: [Float], workers: Int,
        start: DualVariables? = nil
    ) -> (weights: DenseWeights, variables: DualVariables) {
        let outputs = labelCount == 2 ? 1 : labelCount
        let norms = matrix.squaredRowNorms()
        let solver = self
        // The weights of frequent columns lie together, so that most of what a row needs is in the cache.
        let (places, ordered) = matrix.byFrequency()
        let solved = ParallelLoop.map(count: (outputs + 7) / 8, workers: workers) { block in
            let solution = solver.solveBlock(
                block, matrix, ordered, labels, isBinary: labelCount == 2, outputs, costs, norms, start?.blocks[block])
            return (
                weights: places.map { solution.weights[Int($0)] }, bias: solution.bias, alphas: solution.alphas
            )
        }
        let weights = DenseWeights(
            outputs: outputs, blocks: solved.map(\.weights),
            bias: (0..<outputs).map { solved[$0 / 8].bias[$0 % 8] })
        return (weights, DualVariables(blocks: solved.map(\.alphas)))
    }

    private func solveBlock(
        _ block: Int, _ matrix: SparseMatrix, _ indices: [Int32], _ labels: [Int32], isBinary: Bool, _ outputs: Int,
        _ costs: [Float],
        _ norms: [Float], _ start: [SIMD8<Float>]?
    ) -> (weights: [SIMD8<Float>], bias: SIMD8<Float>, alphas: [SIMD8<Float>]) {
        var weights = [SIMD8<Float>](repeating: .zero, count: matrix.columns)
        var alphas = start ?? [SIMD8<Float>](repeating: .zero, count: matrix.rows)
        var bias = SIMD8<Float>.zero
        weights.withUnsafeMutableBufferPointer { weights in
            alphas.withUnsafeMutableBufferPointer { alphas in
                indices.withUnsafeBufferPointer { indices in
                    matrix.values.withUnsafeBufferPointer { values in
                        var descent = BlockDescent(
                            weights: weights, alphas: alphas, offsets: matrix.offsets, indices: indices, values: values,
                            labels: labels, costs: costs, norms: norms, firstLabel: Int32(isBinary ? 1 : block * 8),
                            lanes: min(8, outputs - block * 8))
                        if start != nil { descent.addStart() }
                        var random = SeededRandom(seed: seed, stream: UInt64(block))
                        descent.run(tolerance: tolerance, maximumPasses: maximumPasses, &random)
                        bias = descent.bias
                    }
                }
            }
        }
        return (weights, bias, alphas)
    }
}

/// Where a solver has come to: for each block of eight labels a number a row, from which another may start.
struct DualVariables: Sendable {
    var blocks: [[SIMD8<Float>]]

    /// The variables of the rows at `selection`, in that order.
    func selecting(_ selection: [Int]) -> DualVariables {
        DualVariables(blocks: blocks.map { block in selection.map { block[$0] } })
    }

    /// The variables for `count` rows of which these are the ones at `rows`; the others begin at zero.
    func spread(to rows: [Int], of count: Int) -> DualVariables {
        DualVariables(
            blocks: blocks.map { block in
                var wide = [SIMD8<Float>](repeating: .zero, count: count)
                for (place, row) in rows.enumerated() { wide[row] = block[place] }
                return wide
            })
    }
}

/// Eight one-versus-rest problems over the same rows, one a lane.
private struct BlockDescent {
    typealias Lanes = SIMD8<Float>

    let weights: UnsafeMutableBufferPointer<Lanes>
    let alphas: UnsafeMutableBufferPointer<Lanes>
    let offsets: [Int]
    let indices: UnsafeBufferPointer<Int32>
    let values: UnsafeBufferPointer<Float>
    let labels: [Int32]
    let costs: [Float]
    let norms: [Float]
    let laneLabels: SIMD8<Int32>
    /// One where a lane has a label; lanes beyond the last label never move.
    let used: Lanes
    var bias = Lanes.zero
    /// The rows, those in use first.
    private var order: [Int32]
    private var active: Int
    /// The greatest projected gradient of the pass before: beyond it a row at its bound is left out.
    private var greatestBefore = Float.infinity

    init(
        weights: UnsafeMutableBufferPointer<Lanes>, alphas: UnsafeMutableBufferPointer<Lanes>, offsets: [Int],
        indices: UnsafeBufferPointer<Int32>, values: UnsafeBufferPointer<Float>, labels: [Int32], costs: [Float],
        norms: [Float], firstLabel: Int32, lanes: Int
    ) {
        self.weights = weights
        self.alphas = alphas
        self.offsets = offsets
        self.indices = indices
        self.values = values
        self.labels = labels
        self.costs = costs
        self.norms = norms
        laneLabels = SIMD8(0, 1, 2, 3, 4, 5, 6, 7) &+ firstLabel
        var used = Lanes.zero
        for lane in 0..<lanes { used[lane] = 1 }
        self.used = used
        order = (0..<Int32(labels.count)).map { $0 }
        active = labels.count
    }

    /// Sets weights and bias to what the variables stand for.
    mutating func addStart() {
        for row in labels.indices {
            let signs = Lanes(repeating: -1).replacing(with: 1, where: laneLabels .== labels[row])
            let step = alphas[row] * signs * used
            if step == .zero { continue }
            bias += step
            for position in offsets[row]..<offsets[row + 1] {
                weights[Int(indices[position])] += step * values[position]
            }
        }
    }

    mutating func run(tolerance: Float, maximumPasses: Int, _ random: inout SeededRandom) {
        for _ in 0..<maximumPasses {
            for last in stride(from: active - 1, to: 0, by: -1) { order.swapAt(last, random.index(below: last + 1)) }
            let (greatest, spread) = pass()
            if spread > tolerance {
                greatestBefore = greatest > 0 ? greatest : .infinity
            } else if active == labels.count {
                return
            } else {
                // Solved without the rows that were left out: look at all of them once more.
                active = labels.count
                greatestBefore = .infinity
            }
        }
    }

    /// One step on every row in use; gives the greatest projected gradient and the widest spread of one lane.
    private mutating func pass() -> (greatest: Float, spread: Float) {
        var greatest = Lanes(repeating: -.infinity)
        var least = Lanes(repeating: .infinity)
        var place = 0
        while place < active {
            let row = Int(order[place])
            let signs = Lanes(repeating: -1).replacing(with: 1, where: laneLabels .== labels[row])
            let alpha = alphas[row]
            let diagonal = 0.5 / costs[row]
            let gradient = (signs * margin(row) - 1 + alpha * diagonal) * used
            let isAtBound = alpha .== 0
            if all(isAtBound .& (gradient .> greatestBefore)) {
                active -= 1
                order.swapAt(place, active)
                continue
            }
            let projected = gradient.replacing(
                with: gradient.replacing(with: 0, where: gradient .> 0), where: isAtBound)
            greatest.replace(with: projected, where: projected .> greatest)
            least.replace(with: projected, where: projected .< least)
            var moved = alpha - gradient / (norms[row] + 1 + diagonal)
            moved.replace(with: 0, where: moved .< 0)
            let step = (moved - alpha) * signs
            // A smaller step would cost as much as it changes nothing.
            if any(step * step .> 1e-10) {
                alphas[row] = moved
                bias += step
                for position in offsets[row]..<offsets[row + 1] {
                    weights[Int(indices[position])] += step * values[position]
                }
            }
            place += 1
        }
        return active == 0 ? (0, 0) : (greatest.max(), (greatest - least).max())
    }

    /// The scores of a row; two sums side by side keep the processor busy.
    @inline(__always)
    private func margin(_ row: Int) -> Lanes {
        let end = offsets[row + 1]
        var position = offsets[row]
        var even = bias
        var odd = Lanes.zero
        while position + 1 < end {
            even += weights[Int(indices[position])] * values[position]
            odd += weights[Int(indices[position + 1])] * values[position + 1]
            position += 2
        }
        if position < end { even += weights[Int(indices[position])] * values[position] }
        return even + odd
    }
}

extension SparseMatrix {
    /// For each column its place when they are sorted by how often they occur, and the places of the matrix's values.
    func byFrequency() -> (places: [Int32], indices: [Int32]) {
        var counts = [UInt32](repeating: 0, count: columns)
        for index in indices { counts[Int(index)] += 1 }
        let greatest = Int(counts.max() ?? 0)
        // A counting sort, the greatest count first; equal ones stay in order.
        var starts = [Int32](repeating: 0, count: greatest + 2)
        for count in counts { starts[greatest - Int(count) + 1] += 1 }
        for index in starts.indices.dropFirst() { starts[index] += starts[index - 1] }
        var places = [Int32](repeating: 0, count: columns)
        for column in places.indices {
            let key = greatest - Int(counts[column])
            places[column] = starts[key]
            starts[key] += 1
        }
        return (places, indices.map { places[Int($0)] })
    }

    /// The sum of the squares of each row.
    func squaredRowNorms() -> [Float] {
        (0..<rows).map { row in
            var sum: Float = 0
            for position in offsets[row]..<offsets[row + 1] { sum += values[position] * values[position] }
            return sum
        }
    }
}
