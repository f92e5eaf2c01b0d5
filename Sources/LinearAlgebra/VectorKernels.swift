internal import COpenBLAS

/// Products and sums of dense vectors, through BLAS.
package enum VectorKernels {
    /// The scalar product of two vectors of one length.
    package static func dot(_ x: [Float], _ y: [Float]) -> Float {
        precondition(x.count == y.count, "vectors of one length")
        return cblas_sdot(blasint(x.count), x, 1, y, 1)
    }

    /// The scalar product of two vectors of one length.
    package static func dot(_ x: [Double], _ y: [Double]) -> Double {
        precondition(x.count == y.count, "vectors of one length")
        return cblas_ddot(blasint(x.count), x, 1, y, 1)
    }

    /// The scalar product of two vectors of one length.
    package static func dot(_ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>) -> Float {
        precondition(x.count == y.count, "vectors of one length")
        return cblas_sdot(blasint(x.count), x.baseAddress, 1, y.baseAddress, 1)
    }

    /// Adds `scale` times `x` to `y`.
    package static func add(_ x: [Float], times scale: Float, to y: inout [Float]) {
        precondition(x.count == y.count, "vectors of one length")
        cblas_saxpy(blasint(x.count), scale, x, 1, &y, 1)
    }

    /// Adds `scale` times `x` to `y`.
    package static func add(_ x: [Double], times scale: Double, to y: inout [Double]) {
        precondition(x.count == y.count, "vectors of one length")
        cblas_daxpy(blasint(x.count), scale, x, 1, &y, 1)
    }

    /// Multiplies every number of `x` by `scale`.
    package static func scale(_ x: inout [Float], by scale: Float) { cblas_sscal(blasint(x.count), scale, &x, 1) }

    /// Multiplies every number of `x` by `scale`.
    package static func scale(_ x: inout [Double], by scale: Double) { cblas_dscal(blasint(x.count), scale, &x, 1) }

    /// The Euclidean length.
    package static func norm(_ x: [Float]) -> Float { cblas_snrm2(blasint(x.count), x, 1) }

    /// The Euclidean length.
    package static func norm(_ x: [Double]) -> Double { cblas_dnrm2(blasint(x.count), x, 1) }

    /// Turns scores into probabilities that add up to one; the greatest score is taken off first, so nothing overflows.
    package static func softmax(_ scores: inout [Float], temperature: Float = 1) {
        guard let greatest = scores.max() else { return }
        var sum: Float = 0
        for index in scores.indices {
            scores[index] = exponential((scores[index] - greatest) / temperature)
            sum += scores[index]
        }
        for index in scores.indices { scores[index] /= sum }
    }

    /// The softmax probability of the greatest score: one over the sum of exp((score − greatest) / temperature).
    ///
    /// Eight scores at a time with an own exponential, exact to about 2e-7; greater distances than 80 count as 80.
    package static func greatestProbability(
        _ scores: UnsafeBufferPointer<Float>, greatest: Float, temperature: Float
    ) -> Float {
        typealias Lanes = SIMD8<Float>
        let scale = 1 / temperature
        var sums = Lanes.zero
        var index = 0
        let raw = UnsafeRawBufferPointer(scores)
        while index + 8 <= scores.count {
            let lanes = raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Float>.size, as: Lanes.self)
            sums += exponentials((lanes - greatest) * scale)
            index += 8
        }
        var rest = Lanes(repeating: -.infinity)
        let left = scores.count - index
        for lane in 0..<left { rest[lane] = (scores[index + lane] - greatest) * scale }
        let last = exponentials(rest)
        for lane in 0..<left { sums[lane] += last[lane] }
        return 1 / sums.sum()
    }

    /// exp of numbers that are not positive: two to a whole power times a polynomial in the rest (Cephes, `expf`).
    @inline(__always)
    private static func exponentials(_ x: SIMD8<Float>) -> SIMD8<Float> {
        typealias Lanes = SIMD8<Float>
        let x = pointwiseMax(x, Lanes(repeating: -80))
        // Adding 1.5 · 2²³ rounds to the nearest whole number and leaves it in the low bits.
        let shifter: Float = 12_582_912
        let shifted = x * 1.442_695_04 + shifter
        let whole = shifted - shifter
        let rest = (x - whole * 0.693_359_375) + whole * 2.121_944_4e-4
        var sum = rest * 1.987_569_2e-4 + 1.398_199_9e-3
        sum = sum * rest + 8.333_452e-3
        sum = sum * rest + 4.166_579_6e-2
        sum = sum * rest + 1.666_666_5e-1
        sum = sum * rest + 0.5
        sum = sum * rest * rest + rest + 1
        let bits = unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &- shifter.bitPattern &+ 127
        return sum * unsafeBitCast(bits &<< 23, to: Lanes.self)
    }
}
