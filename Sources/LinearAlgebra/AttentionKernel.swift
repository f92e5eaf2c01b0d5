/// Scaled dot-product attention of one head over one sequence: softmax(Q · Kᵀ / √d) · V
/// (Vaswani et al., "Attention is all you need", 2017).
///
/// Short sequences, which most messages are, take loops of their own, because a call of BLAS costs more than their
/// products; long ones go through BLAS.
package struct AttentionKernel {
    /// Numbers per head.
    let width: Int
    /// Numbers from one token's queries, keys or values to the next token's.
    let stride: Int
    /// Numbers from one token's result to the next token's.
    let resultStride: Int
    private var keys: [Float] = []
    private var scores: [Float] = []

    private typealias Lanes = SIMD16<Float>
    /// Up to this many tokens the own loops are faster.
    private let shortest = 96

    /// - Parameters:
    ///   - width: numbers per head.
    ///   - stride: numbers from one token's queries, keys or values to the next token's.
    ///   - resultStride: numbers from one token's result to the next token's.
    package init(width: Int, stride: Int, resultStride: Int) {
        self.width = width
        self.stride = stride
        self.resultStride = resultStride
    }

    /// Writes the result of one head for `count` tokens.
    package mutating func attend(
        queries: UnsafePointer<Float>, keys: UnsafePointer<Float>, values: UnsafePointer<Float>,
        into result: UnsafeMutablePointer<Float>, count: Int
    ) {
        if count <= shortest {
            attendShort(queries, keys, values, result, count)
        } else {
            attendLong(queries, keys, values, result, count)
        }
    }

    private mutating func attendLong(
        _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, _ v: UnsafePointer<Float>,
        _ result: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        reserve(&scores, count * count)
        let scale = 1 / Float(width).squareRoot()
        scores.withUnsafeMutableBufferPointer { scores in
            guard let base = scores.baseAddress else { return }
            BLAS.multiply(
                .init(q, stride: stride), .init(k, stride: stride, isTransposed: true), into: base, stride: count,
                rows: count, columns: count, inner: width, alpha: scale)
            Activations.softmax(base, rows: count, columns: count)
            BLAS.multiply(
                .init(base, stride: count), .init(v, stride: stride), into: result, stride: resultStride, rows: count,
                columns: width, inner: count)
        }
    }

    private mutating func attendShort(
        _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, _ v: UnsafePointer<Float>,
        _ result: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        let padded = (count + 15) & ~15
        reserve(&keys, padded * width)
        reserve(&scores, padded)
        let (width, stride, resultStride) = (self.width, self.stride, self.resultStride)
        let scale = 1 / Float(width).squareRoot()
        keys.withUnsafeMutableBufferPointer { keys in
            scores.withUnsafeMutableBufferPointer { scores in
                guard let turned = keys.baseAddress, let row = scores.baseAddress else { return }
                for token in 0..<count {
                    let source = k + token &* stride
                    for column in 0..<width { turned[column &* padded &+ token] = source[column] }
                }
                for token in count..<padded {
                    for column in 0..<width { turned[column &* padded &+ token] = 0 }
                }
                for token in 0..<count {
                    AttentionKernel.score(q + token &* stride, turned, row, width, padded, scale)
                    let total = AttentionKernel.exponentials(row, count, padded)
                    AttentionKernel.mix(
                        row, v, result + token &* resultStride, count, width, stride, 1 / total)
                }
            }
        }
    }

    private func reserve(_ buffer: inout [Float], _ count: Int) {
        if buffer.count < count { buffer = [Float](repeating: 0, count: count) }
    }

    /// The scores of one query against all keys, which lie as columns.
    @inline(__always)
    private static func score(
        _ query: UnsafePointer<Float>, _ keys: UnsafePointer<Float>, _ row: UnsafeMutablePointer<Float>, _ width: Int,
        _ padded: Int, _ scale: Float
    ) {
        let raw = UnsafeRawPointer(keys)
        let out = UnsafeMutableRawPointer(row)
        var block = 0
        while block < padded {
            var sums = Lanes.zero
            var offset = block &* 4
            for column in 0..<width {
                sums += raw.loadUnaligned(fromByteOffset: offset, as: Lanes.self) * query[column]
                offset &+= padded &* 4
            }
            out.storeBytes(of: sums * scale, toByteOffset: block &* 4, as: Lanes.self)
            block &+= 16
        }
    }

    /// Replaces scores by their exponentials, the greatest taken off first, and gives their sum.
    @inline(__always)
    private static func exponentials(_ row: UnsafeMutablePointer<Float>, _ count: Int, _ padded: Int) -> Float {
        var greatest = row[0]
        for index in 1..<max(1, count) { greatest = row[index] > greatest ? row[index] : greatest }
        for index in 0..<padded { row[index] = Activations.exponential(row[index] - greatest) }
        var sum: Float = 0
        for index in 0..<count { sum += row[index] }
        return sum
    }

    /// The sum of the values, each times its share.
    @inline(__always)
    private static func mix(
        _ shares: UnsafePointer<Float>, _ values: UnsafePointer<Float>, _ result: UnsafeMutablePointer<Float>,
        _ count: Int, _ width: Int, _ stride: Int, _ scale: Float
    ) {
        var column = 0
        while column &+ 32 <= width {
            var low = Lanes.zero
            var high = Lanes.zero
            var source = UnsafeRawPointer(values + column)
            for token in 0..<count {
                let share = shares[token]
                low += source.loadUnaligned(as: Lanes.self) * share
                high += source.loadUnaligned(fromByteOffset: 64, as: Lanes.self) * share
                source += stride &* 4
            }
            let out = UnsafeMutableRawPointer(result + column)
            out.storeBytes(of: low * scale, as: Lanes.self)
            out.storeBytes(of: high * scale, toByteOffset: 64, as: Lanes.self)
            column &+= 32
        }
        while column < width {
            var sum: Float = 0
            for token in 0..<count { sum += shares[token] * values[token &* stride &+ column] }
            result[column] = sum * scale
            column &+= 1
        }
    }
}
