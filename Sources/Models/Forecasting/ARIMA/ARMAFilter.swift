internal import Glibc

/// What a filter found besides the innovations.
struct ARMAFilterResult {
    /// Σ log F over the counted observations, F being the innovation variance in units of σ².
    var sumOfLogs: Double
    /// Number of counted observations.
    var observations: Int
    /// The observation at which the filter became steady, if it did.
    var steadyFrom: Int?
}

extension ARMAWorkspace {
    /// Filters complete data exactly in O(n·r) with r the state dimension; `nil` for inadmissible coefficients.
    ///
    /// The Kalman filter of Harvey's state space form, in the recursions of Morf, Sidhu and Kailath (1974), as Pearlman
    /// (1980) and Mélard (1984, AS 197) gave them for ARMA models: from the stationary start the state covariance
    /// changes by a matrix of rank one in each step, so a vector and a number replace it. Once the innovation variance
    /// is within 1e-9 of its limit and the gain too, the filter is steady and only the nonzero lags are touched.
    ///
    /// With `covariance` (r × r numbers, row after row) the filter never switches and leaves the predicted state covariance
    /// after the last observation there, the predicted means in `state`.
    func filterExactly(
        _ order: ARIMAOrder, covariance: UnsafeMutablePointer<Double>? = nil
    ) -> ARMAFilterResult? {
        guard writeStartCovariance(order) else { return nil }
        let dimension = max(order.autoregressiveSpan, order.movingAverageSpan + 1)
        let width = stateStride
        let (phi, gain, direction) = (phi, gain, direction)
        for i in 0..<dimension {
            gain[i] = start[i + 1] + phi[i] * start[0]
            direction[i] = gain[i]
        }
        direction[dimension] = 0
        state.update(repeating: 0, count: columns * width)
        var variance = start[0]
        guard variance > 0, variance.isFinite else { return nil }
        var multiplier = 1 / variance
        var sum = 0.0
        var product = 1.0
        if let covariance { writeFullCovariance(dimension: dimension, into: covariance, stride: dimension) }
        for t in 0..<count {
            if covariance == nil, variance < 1 + 1e-9, isGainSteady(dimension) {
                sum += log(product)
                runSteadily(from: t, dimension: dimension)
                return ARMAFilterResult(sumOfLogs: sum, observations: count, steadyFrom: t)
            }
            variances[t] = variance
            product *= variance
            if product > 1e200 || product < 1e-200 {
                sum += log(product)
                product = 1
            }
            let scale = 1 / variance.squareRoot()
            let inverse = 1 / variance
            for column in 0..<columns {
                let a = state + column * width
                let first = a[0]
                let innovation = data[column * count + t] - first
                innovations[column * count + t] = innovation * scale
                let weight = innovation * inverse
                for i in 0..<dimension { a[i] = a[i + 1] + phi[i] * first + gain[i] * weight }
            }
            let head = direction[0]
            let step = multiplier * head
            let ratio = head * inverse
            if let covariance, multiplier > 0 {
                for i in 0..<dimension {
                    let factor = multiplier * direction[i]
                    for j in 0..<dimension { covariance[i * dimension + j] -= factor * direction[j] }
                }
            }
            for i in 0..<dimension {
                let moved = direction[i + 1] + phi[i] * head
                let old = gain[i]
                direction[i] = moved - ratio * old
                gain[i] = old - step * moved
            }
            let next = variance - step * head
            guard next > 0.5 else { return nil }
            multiplier *= variance / next
            variance = next
        }
        return ARMAFilterResult(sumOfLogs: sum + log(product), observations: count, steadyFrom: nil)
    }

    /// Whether the gain is that of a state known up to the newest shock: φ(i) + θ(i).
    private func isGainSteady(_ dimension: Int) -> Bool {
        var greatest = 0.0
        for i in 0..<dimension { greatest = max(greatest, abs(gain[i] - phi[i] - theta[i])) }
        return greatest < 1e-9
    }

    private func runSteadily(from first: Int, dimension: Int) {
        let width = stateStride
        for t in first..<count { variances[t] = 1 }
        for column in 0..<columns {
            let a = state + column * width
            let (w, e) = (data + column * count, innovations + column * count)
            // What came before `first` acts through the state only; later lags act directly.
            let boundary = min(count, first + dimension)
            for t in first..<boundary {
                var value = w[t] - a[t - first]
                for (lag, coefficient) in sparsePhi {
                    if lag > t - first { break }
                    value -= coefficient * w[t - lag]
                }
                for (lag, coefficient) in sparseTheta {
                    if lag > t - first { break }
                    value -= coefficient * e[t - lag]
                }
                e[t] = value
            }
            runRecursion(w, e, from: boundary)
        }
    }

    /// e(t) = w(t) − Σ φ w(t − j) − Σ θ e(t − j) from `first` to the end.
    private func runRecursion(_ w: UnsafePointer<Double>, _ e: UnsafeMutablePointer<Double>, from first: Int) {
        sparsePhi.withUnsafeBufferPointer { phi in
            sparseTheta.withUnsafeBufferPointer { theta in
                for t in first..<max(first, count) {
                    var value = w[t]
                    for term in phi { value -= term.value * w[t - term.lag] }
                    for term in theta { value -= term.value * e[t - term.lag] }
                    e[t] = value
                }
            }
        }
    }

    /// Filters conditionally on the first p + P·m observations and on shocks of zero before them (CSS).
    ///
    /// Missing values, and the observations whose lags are missing, do not count and have a shock of zero.
    func filterConditionally(_ order: ARIMAOrder) -> ARMAFilterResult? {
        let skipped = order.autoregressiveSpan
        var counted = 0
        for column in 0..<columns {
            let (w, e) = (data + column * count, innovations + column * count)
            for t in 0..<min(skipped, count) { e[t] = 0 }
            for t in skipped..<max(skipped, count) {
                var value = w[t]
                for (lag, coefficient) in sparsePhi { value -= coefficient * w[t - lag] }
                for (lag, coefficient) in sparseTheta {
                    if lag > t - skipped { break }
                    value -= coefficient * e[t - lag]
                }
                e[t] = value.isNaN ? 0 : value
                if column == 0, !value.isNaN { counted += 1 }
            }
        }
        if hasMissingValues { clearUncounted(skipped) }
        guard counted > 0 else { return nil }
        return ARMAFilterResult(sumOfLogs: 0, observations: counted, steadyFrom: nil)
    }

    /// Sets the regressors' innovations to zero where the series has none.
    private func clearUncounted(_ skipped: Int) {
        for t in skipped..<max(skipped, count) where innovations[t] == 0 {
            for column in 1..<max(columns, 1) { innovations[column * count + t] = 0 }
        }
    }

    private var hasMissingValues: Bool { (0..<count).contains { data[$0].isNaN } }
}
