internal import LinearAlgebra

/// One direction of a recurrent layer over a packed batch: what the forward pass leaves for the backward one.
///
/// The sums of all steps' inputs are one product; each step adds the product with the states before. The backward pass
/// likewise gathers the weights' slopes in one product each.
struct RecurrentDirection: Sendable {
    private let batch: PackedSequences
    private let shape: RecurrentShape
    private let direction: Int
    private let parameters: NumberBuffer
    /// The inputs, a row for each row of the batch; `nil` in predictions, which start from sums.
    private let inputs: NumberBuffer?
    private let gates: NumberBuffer
    private let cells: NumberBuffer
    private let squashed: NumberBuffer
    /// For each row the state before it; zeros at the first step.
    private let before: NumberBuffer
    /// The greatest state over time of each sequence.
    let pooled: NumberBuffer
    /// The row that each of them comes from.
    private var sources: [Int32]

    /// Runs forward over inputs that lie packed in the direction's own order.
    init(
        _ batch: PackedSequences, _ shape: RecurrentShape, direction: Int, inputs: NumberBuffer,
        parameters: NumberBuffer
    ) {
        let (width, embedding) = (shape.width, shape.embedding)
        let sums = NumberBuffer(count: batch.rows * 4 * width)
        withExtendedLifetime((sums, inputs, parameters)) {
            let bias = parameters.base + shape.biases(direction).lowerBound
            for row in 0..<batch.rows { (sums.base + row * 4 * width).update(from: bias, count: 4 * width) }
            BLAS.multiply(
                .init(inputs.base, stride: embedding),
                .init(parameters.base + shape.inputWeights(direction).lowerBound, stride: 4 * width), into: sums.base,
                stride: 4 * width, rows: batch.rows, columns: 4 * width, inner: embedding, beta: 1)
        }
        self.init(batch, shape, direction: direction, sums: sums, inputs: inputs, parameters: parameters)
    }

    /// Runs forward over sums that are known already; they are overwritten.
    init(
        _ batch: PackedSequences, _ shape: RecurrentShape, direction: Int, sums: NumberBuffer,
        inputs: NumberBuffer? = nil, parameters: NumberBuffer
    ) {
        self.batch = batch
        self.shape = shape
        self.direction = direction
        self.inputs = inputs
        self.parameters = parameters
        gates = sums
        let count = batch.rows * shape.width
        cells = NumberBuffer(count: count)
        squashed = NumberBuffer(count: count)
        before = NumberBuffer(count: count)
        pooled = NumberBuffer(count: batch.count * shape.width)
        sources = [Int32](repeating: 0, count: batch.count * shape.width)
        run()
    }

    private mutating func run() {
        let width = shape.width
        let state = NumberBuffer(count: batch.count * width)
        let recurrent = parameters.base + shape.recurrentWeights(direction).lowerBound
        for step in 0..<batch.steps {
            let start = batch.starts[step]
            let active = batch.active(step)
            let sums = gates.base + start * 4 * width
            if step > 0 {
                (before.base + start * width).update(from: state.base, count: active * width)
                BLAS.multiply(
                    .init(state.base, stride: width), .init(recurrent, stride: 4 * width), into: sums,
                    stride: 4 * width, rows: active, columns: 4 * width, inner: width, beta: 1)
            }
            RecurrentKernels.step(
                gates: sums, previous: step > 0 ? UnsafePointer(cells.base + batch.starts[step - 1] * width) : nil,
                cells: cells.base + start * width, squashed: squashed.base + start * width, hidden: state.base,
                rows: active, width: width)
            pool(state.base, step: step)
        }
        withExtendedLifetime((self, state)) {}
    }

    /// Takes the states of one step into the greatest ones.
    private mutating func pool(_ state: UnsafePointer<Float>, step: Int) {
        let (start, width, greatest) = (batch.starts[step], shape.width, pooled.base)
        sources.withUnsafeMutableBufferPointer { sources in
            for sequence in 0..<batch.active(step) {
                let row = Int32(truncatingIfNeeded: start &+ sequence)
                for place in sequence &* width..<(sequence &+ 1) &* width {
                    if step == 0 || state[place] > greatest[place] {
                        greatest[place] = state[place]
                        sources[place] = row
                    }
                }
            }
        }
    }

    /// Runs backward, once: gives the slopes by this direction's parameters, in their order, and those by its inputs.
    ///
    /// - Parameter slopes: by the pooled states, a row for each sequence.
    func back(_ slopes: NumberBuffer) -> (parameters: NumberBuffer, inputs: NumberBuffer) {
        let (width, embedding) = (shape.width, shape.embedding)
        let stateSlopes = NumberBuffer(count: batch.rows * width)
        let cellSlopes = NumberBuffer(count: batch.count * width)
        let own = NumberBuffer(count: 4 * width * (embedding + width + 1))
        let inputSlopes = NumberBuffer(count: batch.rows * embedding)
        for sequence in 0..<batch.count {
            for column in 0..<width {
                let place = sequence * width + column
                stateSlopes.base[Int(sources[place]) * width + column] += slopes.base[place]
            }
        }
        backThroughTime(stateSlopes.base, cellSlopes.base)
        let rows = batch.rows
        let weights = parameters.base + shape.inputWeights(direction).lowerBound
        if let inputs {
            BLAS.multiply(
                .init(inputs.base, stride: embedding, isTransposed: true), .init(gates.base, stride: 4 * width),
                into: own.base, stride: 4 * width, rows: embedding, columns: 4 * width, inner: rows)
            withExtendedLifetime(inputs) {}
        }
        BLAS.multiply(
            .init(before.base, stride: width, isTransposed: true), .init(gates.base, stride: 4 * width),
            into: own.base + embedding * 4 * width, stride: 4 * width, rows: width, columns: 4 * width, inner: rows)
        BLAS.multiply(
            .init(gates.base, stride: 4 * width), .init(weights, stride: 4 * width, isTransposed: true),
            into: inputSlopes.base, stride: embedding, rows: rows, columns: embedding, inner: 4 * width)
        let biasSlopes = own.base + (embedding + width) * 4 * width
        for row in 0..<rows {
            let line = gates.base + row * 4 * width
            for column in 0..<4 * width { biasSlopes[column] += line[column] }
        }
        withExtendedLifetime((self, stateSlopes, cellSlopes, slopes)) {}
        return (own, inputSlopes)
    }

    /// The slopes by the gates' sums, from the last step to the first, in place of the gates.
    private func backThroughTime(_ stateSlopes: UnsafeMutablePointer<Float>, _ cellSlopes: UnsafeMutablePointer<Float>)
    {
        let width = shape.width
        let recurrent = parameters.base + shape.recurrentWeights(direction).lowerBound
        for step in (0..<batch.steps).reversed() {
            let start = batch.starts[step]
            let active = batch.active(step)
            let sums = gates.base + start * 4 * width
            RecurrentKernels.stepBack(
                gates: sums, previous: step > 0 ? UnsafePointer(cells.base + batch.starts[step - 1] * width) : nil,
                squashed: squashed.base + start * width, hiddenSlopes: stateSlopes + start * width,
                cellSlopes: cellSlopes, rows: active, width: width)
            guard step > 0 else { break }
            BLAS.multiply(
                .init(sums, stride: 4 * width), .init(recurrent, stride: 4 * width, isTransposed: true),
                into: stateSlopes + batch.starts[step - 1] * width, stride: width, rows: active, columns: width,
                inner: 4 * width, beta: 1)
        }
    }
}
