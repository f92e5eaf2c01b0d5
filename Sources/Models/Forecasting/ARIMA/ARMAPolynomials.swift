internal import Glibc

/// Coefficients of the autoregressive and moving-average polynomials and the maps between their parametrisations.
///
/// The optimiser works on unbounded numbers z. Each block (ar, ma, sar, sma) is mapped by tanh to partial
/// autocorrelations and by the Durbin–Levinson recursion to coefficients whose polynomial has all its roots outside the
/// unit circle (Barndorff-Nielsen & Schou 1973; Jones 1980). A moving-average block takes the same map with its sign
/// turned, so every fit is stationary and invertible: a root inside the circle has an invertible twin of the same
/// likelihood (Brockwell & Davis 1991, §4.4).
enum ARMAPolynomials {
    /// Bound on |z|; tanh(7) leaves a distance of 1.7e-6 to the unit circle.
    static let bound = 7.0

    /// Writes the coefficients that belong to unbounded parameters, block after block.
    static func coefficients(
        of z: UnsafePointer<Double>, order: ARIMAOrder, into result: UnsafeMutablePointer<Double>
    ) {
        var start = 0
        for (count, sign) in blocks(order) {
            for k in 0..<count {
                let partial = tanh(z[start + k])
                // Durbin–Levinson, in place and symmetric about the middle.
                var (i, j) = (0, k - 1)
                while i <= j {
                    let (low, high) = (sign * result[start + i], sign * result[start + j])
                    result[start + i] = sign * (low - partial * high)
                    if i < j { result[start + j] = sign * (high - partial * low) }
                    i += 1
                    j -= 1
                }
                result[start + k] = sign * partial
            }
            start += count
        }
    }

    /// The unbounded parameters of coefficients, or `nil` when a block has a root on or inside the unit circle.
    static func parameters(of coefficients: [Double], order: ARIMAOrder) -> [Double]? {
        var z: [Double] = []
        for (count, sign) in blocks(order) {
            let block = coefficients[z.count..<z.count + count].map { sign * $0 }
            guard let partials = partialAutocorrelations(block) else { return nil }
            z += partials.map { max(-bound, min(bound, atanh($0))) }
        }
        return z
    }

    /// The partial autocorrelations of an autoregression, or `nil` when it is not stationary (Schur–Cohn).
    static func partialAutocorrelations(_ coefficients: [Double]) -> [Double]? {
        var current = coefficients
        var result = coefficients
        for k in stride(from: coefficients.count - 1, through: 0, by: -1) {
            let partial = current[k]
            guard abs(partial) < 1 else { return nil }
            result[k] = partial
            let scale = 1 / (1 - partial * partial)
            current = (0..<k).map { (current[$0] + partial * current[k - 1 - $0]) * scale }
        }
        return result
    }

    /// Whether every root of both expanded polynomials has a modulus above `modulus`.
    static func rootsExceed(_ modulus: Double, coefficients: [Double], order: ARIMAOrder) -> Bool {
        var start = 0
        for (index, (count, sign)) in blocks(order).enumerated() {
            let step = index < 2 ? 1 : order.period
            let scaled = (0..<count).map { sign * coefficients[start + $0] * pow(modulus, Double(($0 + 1) * step)) }
            if partialAutocorrelations(scaled) == nil { return false }
            start += count
        }
        return true
    }

    /// Writes the expanded φ (p + P·m numbers) and θ (q + Q·m numbers) of the multiplicative model.
    static func expand(
        _ coefficients: UnsafePointer<Double>, order: ARIMAOrder, phi: UnsafeMutablePointer<Double>,
        theta: UnsafeMutablePointer<Double>
    ) {
        let (p, q, m) = (order.p, order.q, order.period)
        let (ar, ma) = (coefficients, coefficients + p)
        let (seasonalAR, seasonalMA) = (coefficients + p + q, coefficients + p + q + order.seasonalP)
        phi.update(repeating: 0, count: order.autoregressiveSpan)
        theta.update(repeating: 0, count: order.movingAverageSpan)
        for i in 0..<p { phi[i] = ar[i] }
        for j in 0..<order.seasonalP {
            let lag = (j + 1) * m
            phi[lag - 1] += seasonalAR[j]
            for i in 0..<p { phi[lag + i] -= ar[i] * seasonalAR[j] }
        }
        for i in 0..<q { theta[i] = ma[i] }
        for j in 0..<order.seasonalQ {
            let lag = (j + 1) * m
            theta[lag - 1] += seasonalMA[j]
            for i in 0..<q { theta[lag + i] += ma[i] * seasonalMA[j] }
        }
    }

    /// Block lengths with the sign under which the block is an autoregression.
    private static func blocks(_ order: ARIMAOrder) -> [(count: Int, sign: Double)] {
        [(order.p, 1), (order.q, -1), (order.seasonalP, 1), (order.seasonalQ, -1)]
    }
}
