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
}
