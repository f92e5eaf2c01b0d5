extension ARMAWorkspace {
    /// Variance of the process in units of σ² above which its coefficients are taken for those of a unit root.
    private static let greatestVariance = 1e8

    /// Writes the covariances of the state vector with the observation, the first column of the stationary start
    /// covariance in units of σ², into `start`; returns false when φ is not stationary or too near it
    /// for double precision.
    ///
    /// The state is Harvey's: element i holds what the past and present contribute to the value i steps on. The
    /// autocovariances of the autoregression come from its step-down recursion (O(p²), and its partial autocorrelations
    /// tell stationarity), those of the mixed process by filtering with θ(B)θ(B⁻¹). The result equals Gardner's (1980,
    /// AS 154) and Rossignol's start; only their solution of the whole linear system is avoided.
    func writeStartCovariance(_ order: ARIMAOrder) -> Bool {
        let (p, q) = (order.autoregressiveSpan, order.movingAverageSpan)
        let dimension = max(p, q + 1)
        let width = stateStride
        let autocovariance = scratch  // of the pure autoregression, lags 0 ... p + q
        let product = scratch + 3 * width  // of θ(B)θ(B⁻¹), lags 0 ... q
        let weights = scratch + 4 * width  // ψ, lags 0 ... q
        let mixed = scratch + 5 * width  // of the process, lags 0 ... p
        let triangle = scratch + 8 * width
        guard writeAutoregressiveCovariance(p, upTo: p + q, into: autocovariance, triangle: triangle) else {
            return false
        }
        product.update(repeating: 0, count: q + 1)
        product[0] = 1
        for (lag, value) in sparseTheta {
            product[0] += value * value
            product[lag] += value
            for (other, second) in sparseTheta where other < lag { product[lag - other] += value * second }
        }
        for lag in 0...max(p - 1, 0) {
            var sum = product[0] * autocovariance[lag]
            for shift in 0..<q where product[shift + 1] != 0 {
                let j = shift + 1
                sum += product[j] * (autocovariance[lag + j] + autocovariance[abs(lag - j)])
            }
            mixed[lag] = sum
        }
        weights[0] = 1
        for j in 0..<q {
            var sum = theta[j]
            for (lag, value) in sparsePhi {
                if lag > j + 1 { break }
                sum += value * weights[j + 1 - lag]
            }
            weights[j + 1] = sum
        }
        start[0] = mixed[0]
        for i in 1..<max(dimension, 1) { start[i] = 0 }
        for (lag, value) in sparsePhi {
            for i in 1..<max(lag, 1) { start[i] += value * mixed[lag - i] }
        }
        for (lag, value) in sparseTheta {
            for i in 1..<(lag + 1) { start[i] += value * weights[lag - i] }
        }
        start[dimension] = 0
        return start[0] < Self.greatestVariance
    }

    /// Fills the whole start covariance from its first column, which `start` holds:
    /// P(i,j) = φ(i)φ(j)P(0,0) + φ(i)P(0,j+1) + φ(j)P(i+1,0) + P(i+1,j+1) + R(i)R(j).
    func writeFullCovariance(dimension r: Int, into result: UnsafeMutablePointer<Double>, stride size: Int) {
        func shock(_ i: Int) -> Double { i == 0 ? 1 : theta[i - 1] }
        for i in stride(from: r - 1, through: 0, by: -1) {
            for j in stride(from: i, through: 0, by: -1) {
                var value = phi[i] * phi[j] * start[0] + shock(i) * shock(j)
                if j + 1 < r { value += phi[i] * start[j + 1] }
                if i + 1 < r { value += phi[j] * start[i + 1] + result[(i + 1) * size + j + 1] }
                result[i * size + j] = value
                result[j * size + i] = value
            }
        }
    }

    private func writeAutoregressiveCovariance(
        _ p: Int, upTo last: Int, into result: UnsafeMutablePointer<Double>, triangle: UnsafeMutablePointer<Double>
    ) -> Bool {
        // Row k of the triangle holds the predictor of order k; row p is φ itself.
        func row(_ k: Int) -> UnsafeMutablePointer<Double> { triangle + k * (k - 1) / 2 }
        var variance = 1.0
        if p > 0 {
            let top = row(p)
            for j in 0..<p { top[j] = phi[j] }
            for k in stride(from: p, through: 1, by: -1) {
                let current = row(k)
                let partial = current[k - 1]
                let rest = 1 - partial * partial
                guard rest > 0, abs(partial) < 1 else { return false }
                variance /= rest
                guard k > 1 else { break }
                let below = row(k - 1)
                let scale = 1 / rest
                for j in 0..<(k - 1) { below[j] = (current[j] + partial * current[k - 2 - j]) * scale }
            }
        }
        guard variance.isFinite else { return false }
        result[0] = variance
        for k in 0..<min(p, last) {
            let current = row(k + 1)
            var sum = 0.0
            for j in 0...k { sum += current[j] * result[k - j] }
            result[k + 1] = sum
        }
        for k in min(p, last)..<last {
            var sum = 0.0
            for (lag, value) in sparsePhi { sum += value * result[k + 1 - lag] }
            result[k + 1] = sum
        }
        return true
    }
}
