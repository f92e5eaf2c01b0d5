/// The columns that an ARMA likelihood filters and the memory in which it does so, allocated once for many evaluations.
///
/// Column 0 is the series, the others are regressors; all are differenced and scaled already. A filter writes the
/// standardised innovations of every column, which makes regression coefficients a linear least-squares problem.
final class ARMAWorkspace {
    /// Observations per column.
    let count: Int
    /// Number of columns, the series included.
    let columns: Int
    /// Greatest state dimension max(p + P·m, q + Q·m + 1) that fits.
    let capacity: Int
    /// The data, column after column.
    let data: UnsafeMutablePointer<Double>
    /// Standardised innovations, column after column; zero where an observation does not count.
    let innovations: UnsafeMutablePointer<Double>
    /// Expanded φ, zero beyond its order.
    let phi: UnsafeMutablePointer<Double>
    /// Expanded θ, zero beyond its order.
    let theta: UnsafeMutablePointer<Double>
    /// State means, `stateStride` numbers per column.
    let state: UnsafeMutablePointer<Double>
    /// First column of the start covariance: covariances of the state with the first observation.
    let start: UnsafeMutablePointer<Double>
    /// Unscaled gain.
    let gain: UnsafeMutablePointer<Double>
    /// Direction of the covariance's change.
    let direction: UnsafeMutablePointer<Double>
    /// Scratch for autocovariances: two vectors of 2·capacity numbers and one triangle.
    let scratch: UnsafeMutablePointer<Double>
    /// Innovation variances of the last evaluation in units of σ².
    let variances: UnsafeMutablePointer<Double>
    private let memory: UnsafeMutablePointer<Double>
    /// Lags of nonzero coefficients and the coefficients, for the steady recursion.
    var sparsePhi: [(lag: Int, value: Double)] = []
    var sparseTheta: [(lag: Int, value: Double)] = []

    init(columns source: [[Double]], capacity: Int) {
        count = source[0].count
        columns = source.count
        self.capacity = capacity
        let width = Self.stride(capacity)
        let triangle = width * (width + 1) / 2
        let total = 2 * columns * count + columns * width + 5 * width + 8 * width + triangle + count
        memory = .allocate(capacity: total)
        memory.initialize(repeating: 0, count: total)
        var next = memory
        func take(_ length: Int) -> UnsafeMutablePointer<Double> {
            defer { next += length }
            return next
        }
        data = take(columns * count)
        innovations = take(columns * count)
        phi = take(width)
        theta = take(width)
        state = take(columns * width)
        start = take(width)
        gain = take(width)
        direction = take(width)
        scratch = take(8 * width + triangle)
        variances = take(count)
        for (index, column) in source.enumerated() {
            for t in 0..<count { data[index * count + t] = column[t] }
        }
    }

    deinit { memory.deallocate() }

    /// Numbers per column in `state`: the dimension and a zero after it.
    var stateStride: Int { Self.stride(capacity) }

    private static func stride(_ capacity: Int) -> Int { capacity + 2 }

    /// Sets φ and θ from the model's coefficients; the state dimension of `order` must not exceed `capacity`.
    func set(_ coefficients: UnsafePointer<Double>, order: ARIMAOrder) {
        phi.update(repeating: 0, count: stateStride)
        theta.update(repeating: 0, count: stateStride)
        ARMAPolynomials.expand(coefficients, order: order, phi: phi, theta: theta)
        sparsePhi.removeAll(keepingCapacity: true)
        sparseTheta.removeAll(keepingCapacity: true)
        for lag in 0..<order.autoregressiveSpan where phi[lag] != 0 { sparsePhi.append((lag + 1, phi[lag])) }
        for lag in 0..<order.movingAverageSpan where theta[lag] != 0 { sparseTheta.append((lag + 1, theta[lag])) }
    }
}
