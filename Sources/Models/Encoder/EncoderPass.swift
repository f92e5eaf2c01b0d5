internal import LinearAlgebra

/// One run of a batch of sentences through an encoder.
///
/// The tokens of all sentences are the rows of one matrix, without padding; only attention looks at sentences singly.
/// Biases are written where a product adds to them, and residuals stay where the next product adds to them.
struct EncoderPass {
    private let encoder: SentenceEncoder
    private let shape: EncoderConfiguration
    private var attention: AttentionKernel

    init(_ encoder: SentenceEncoder) {
        self.encoder = encoder
        shape = encoder.configuration
        attention = AttentionKernel(
            width: shape.width / shape.heads, stride: 3 * shape.width, resultStride: shape.width)
    }

    /// The views of the sentences, a row each.
    mutating func run(_ sentences: [[Int32]], views: [SentenceEncoder.View], isNormalized: Bool) -> [Float] {
        let tokens = sentences.reduce(0) { $0 + $1.count }
        let width = shape.width
        var result = [Float](repeating: 0, count: sentences.count * views.count * width)
        let deepest = shape.layers - (views.map(\.layerFromEnd).min() ?? 0)
        // One allocation for all intermediate numbers: tokens, queries with keys and values, contexts, inner ones.
        withUnsafeTemporaryAllocation(of: Float.self, capacity: tokens * (5 * width + shape.innerWidth)) { room in
            guard let hidden = room.baseAddress else { return }
            let projected = hidden + tokens * width
            let context = projected + tokens * 3 * width
            let inner = context + tokens * width
            embed(sentences, into: hidden)
            for layer in 0..<deepest {
                let weights = encoder.weights.layers[layer]
                attend(sentences, tokens, weights, hidden, projected, context)
                feedForward(tokens, weights, hidden, inner)
                for (place, view) in views.enumerated() where view.layerFromEnd == shape.layers - 1 - layer {
                    pool(sentences, hidden, view.pooling, isNormalized, place, views.count, &result)
                }
            }
        }
        return result
    }

    private func embed(_ sentences: [[Int32]], into hidden: UnsafeMutablePointer<Float>) {
        let width = shape.width
        let weights = encoder.weights
        let type = weights.types.base
        var row = hidden
        for sentence in sentences {
            for (position, token) in sentence.enumerated() {
                let word = weights.words.base + Int(token) * width
                let place = weights.positions.base + position * width
                for index in 0..<width { row[index] = word[index] + place[index] + type[index] }
                Activations.normalize(
                    row, bias: nil, gain: weights.embeddingNorm.gain.base, shift: weights.embeddingNorm.shift.base,
                    count: width, epsilon: shape.epsilon)
                row += width
            }
        }
    }

    private mutating func attend(
        _ sentences: [[Int32]], _ tokens: Int, _ weights: EncoderWeights.Layer, _ hidden: UnsafeMutablePointer<Float>,
        _ projected: UnsafeMutablePointer<Float>, _ context: UnsafeMutablePointer<Float>
    ) {
        let width = shape.width
        for (place, dense) in [weights.query, weights.key, weights.value].enumerated() {
            multiply(hidden, dense, tokens, width, width, into: projected + place * width, stride: 3 * width)
        }
        let headWidth = width / shape.heads
        var start = 0
        for sentence in sentences {
            let base = projected + start * 3 * width
            for head in 0..<shape.heads {
                let queries = base + head * headWidth
                attention.attend(
                    queries: queries, keys: queries + width, values: queries + 2 * width,
                    into: context + start * width + head * headWidth, count: sentence.count)
            }
            start += sentence.count
        }
        add(context, weights.output, weights.attentionNorm, tokens, width, to: hidden)
    }

    private func feedForward(
        _ tokens: Int, _ weights: EncoderWeights.Layer, _ hidden: UnsafeMutablePointer<Float>,
        _ inner: UnsafeMutablePointer<Float>
    ) {
        multiply(
            hidden, weights.inner, tokens, shape.width, shape.innerWidth, into: inner, stride: shape.innerWidth)
        Activations.gelu(inner, count: tokens * shape.innerWidth)
        add(inner, weights.outer, weights.norm, tokens, shape.innerWidth, to: hidden)
    }

    /// `result = rows · weightᵀ + bias`.
    private func multiply(
        _ rows: UnsafePointer<Float>, _ dense: EncoderWeights.Dense, _ tokens: Int, _ inputs: Int, _ outputs: Int,
        into result: UnsafeMutablePointer<Float>, stride: Int
    ) {
        for token in 0..<tokens { (result + token * stride).update(from: dense.bias.base, count: outputs) }
        BLAS.multiply(
            .init(rows, stride: inputs), .init(dense.weight.base, stride: inputs, isTransposed: true), into: result,
            stride: stride, rows: tokens, columns: outputs, inner: inputs, beta: 1)
    }

    /// `hidden = norm(hidden + rows · weightᵀ + bias)`.
    private func add(
        _ rows: UnsafePointer<Float>, _ dense: EncoderWeights.Dense, _ norm: EncoderWeights.Norm, _ tokens: Int,
        _ inputs: Int, to hidden: UnsafeMutablePointer<Float>
    ) {
        let width = shape.width
        BLAS.multiply(
            .init(rows, stride: inputs), .init(dense.weight.base, stride: inputs, isTransposed: true), into: hidden,
            stride: width, rows: tokens, columns: width, inner: inputs, beta: 1)
        for token in 0..<tokens {
            Activations.normalize(
                hidden + token * width, bias: dense.bias.base, gain: norm.gain.base, shift: norm.shift.base,
                count: width, epsilon: shape.epsilon)
        }
    }

    private func pool(
        _ sentences: [[Int32]], _ hidden: UnsafePointer<Float>, _ pooling: EncoderConfiguration.Pooling,
        _ isNormalized: Bool, _ place: Int, _ views: Int, _ result: inout [Float]
    ) {
        let width = shape.width
        result.withUnsafeMutableBufferPointer { result in
            guard let base = result.baseAddress else { return }
            var rows = hidden
            for (index, sentence) in sentences.enumerated() {
                let out = base + (index * views + place) * width
                out.update(from: rows, count: width)
                for token in 1..<sentence.count where pooling != .first {
                    let row = rows + token * width
                    if pooling == .mean {
                        for column in 0..<width { out[column] += row[column] }
                    } else {
                        for column in 0..<width { out[column] = row[column] > out[column] ? row[column] : out[column] }
                    }
                }
                var scale = pooling == .mean ? 1 / Float(sentence.count) : 1
                if isNormalized {
                    let length = Activations.sumOfSquares(out, count: width).squareRoot() * scale
                    scale /= max(length, 1e-12)
                }
                for column in 0..<width { out[column] *= scale }
                rows += sentence.count * width
            }
        }
    }
}
