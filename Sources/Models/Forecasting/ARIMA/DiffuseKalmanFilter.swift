internal import Glibc

/// The Kalman filter of an ARIMA model with its differences in the state, for series with missing values.
///
/// The start of the differenced part is diffuse with variance 10⁶·σ², and observations whose innovation variance is above
/// 10⁴ do not count, as in Durbin & Koopman's approximation that R's `arima` uses; the two agree in log-likelihood.
/// One step costs O((r + d + D·m)²).
final class DiffuseKalmanFilter {
    private static let diffuseVariance = 1e6
    static let countedBelow = 1e4

    let dimension: Int
    private let armaDimension: Int
    private let differencing: [(lag: Int, value: Double)]
    /// Predicted state covariance after the last observation, row after row, in units of σ².
    private(set) var covariance: [Double]
    private var moved: [Double]
    private var cross: [Double]
    /// Predicted state means after the last observation, column after column.
    private(set) var means: [Double]
    private let columns: Int
    /// Innovations that do not count, for each such observation one per column.
    private var startInnovations: [Double] = []

    init(order: ARIMAOrder, columns: Int) {
        armaDimension = max(order.autoregressiveSpan, order.movingAverageSpan + 1)
        let coefficients = order.differencingCoefficients
        dimension = armaDimension + coefficients.count
        differencing = coefficients.enumerated().filter { $0.element != 0 }.map { ($0.offset, $0.element) }
        covariance = Array(repeating: 0, count: dimension * dimension)
        moved = covariance
        cross = Array(repeating: 0, count: dimension)
        self.columns = columns
        means = Array(repeating: 0, count: columns * dimension)
    }

    /// Filters the workspace's columns, which are not differenced; `predictions`, if given, receives the one-step forecasts
    /// of all columns, those of missing values too.
    func filter(
        _ workspace: ARMAWorkspace, order: ARIMAOrder, predictions: UnsafeMutablePointer<Double>? = nil
    ) -> ARMAFilterResult? {
        guard workspace.writeStartCovariance(order) else { return nil }
        let (n, r, size) = (workspace.count, armaDimension, dimension)
        for i in covariance.indices { covariance[i] = 0 }
        covariance.withUnsafeMutableBufferPointer { p in
            if let base = p.baseAddress { workspace.writeFullCovariance(dimension: r, into: base, stride: size) }
        }
        for j in r..<size { covariance[j * size + j] = Self.diffuseVariance }
        for i in means.indices { means[i] = 0 }
        var (sum, counted) = (0.0, 0)
        startInnovations.removeAll(keepingCapacity: true)
        for t in 0..<n {
            let missing = workspace.data[t].isNaN
            let variance = observe()
            guard variance > 0, variance.isFinite else { return nil }
            workspace.variances[t] = variance
            let counts = !missing && variance < Self.countedBelow
            if counts {
                sum += log(variance)
                counted += 1
            }
            let scale = 1 / variance.squareRoot()
            for column in 0..<columns {
                let index = column * n + t
                let expected = predicted(column)
                predictions?[index] = expected
                let innovation = missing ? 0 : workspace.data[index] - expected
                if !counts, !missing { startInnovations.append(innovation) }
                workspace.innovations[index] = counts ? innovation * scale : 0
                let weight = innovation / variance
                if !missing { for i in 0..<size { means[column * size + i] += cross[i] * weight } }
                advanceMean(column, workspace)
            }
            if !missing {
                covariance.withUnsafeMutableBufferPointer { p in
                    cross.withUnsafeBufferPointer { m in
                        for i in 0..<size {
                            let factor = m[i] / variance
                            for j in 0..<size { p[i * size + j] -= factor * m[j] }
                        }
                    }
                }
            }
            advanceCovariance(workspace)
        }
        return counted > 0 ? ARMAFilterResult(sumOfLogs: sum, observations: counted, steadyFrom: nil) : nil
    }

    /// Σ v²/F over the observations of the diffuse start, which the likelihood leaves out and R's residuals contain.
    func uncountedSquares(_ workspace: ARMAWorkspace, regression: [Double]) -> Double {
        let n = workspace.count
        var (sum, next) = (0.0, 0)
        for t in 0..<n where workspace.variances[t] >= Self.countedBelow && !workspace.data[t].isNaN {
            var innovation = startInnovations[next]
            for column in 1..<max(columns, 1) { innovation -= regression[column - 1] * startInnovations[next + column] }
            next += columns
            sum += innovation * innovation / workspace.variances[t]
        }
        return sum
    }

    /// Writes P·Z' into `cross` and gives Z·P·Z'.
    private func observe() -> Double {
        let (r, size) = (armaDimension, dimension)
        covariance.withUnsafeBufferPointer { p in
            for i in 0..<size {
                var sum = p[i * size]
                for term in differencing { sum += term.value * p[i * size + r + term.lag] }
                cross[i] = sum
            }
        }
        var variance = cross[0]
        for term in differencing { variance += term.value * cross[r + term.lag] }
        return variance
    }

    private func predicted(_ column: Int) -> Double {
        let start = column * dimension
        var sum = means[start]
        for term in differencing { sum += term.value * means[start + armaDimension + term.lag] }
        return sum
    }

    private func advanceMean(_ column: Int, _ workspace: ARMAWorkspace) {
        let (r, size) = (armaDimension, dimension)
        let value = predicted(column)
        let phi = workspace.phi
        means.withUnsafeMutableBufferPointer { all in
            let a = UnsafeMutableBufferPointer(rebasing: all[column * size..<(column + 1) * size])
            let first = a[0]
            for i in 0..<(r - 1) { a[i] = a[i + 1] + phi[i] * first }
            a[r - 1] = phi[r - 1] * first
            guard size > r else { return }
            for i in Swift.stride(from: size - 1, to: r, by: -1) { a[i] = a[i - 1] }
            a[r] = value
        }
    }

    private func advanceCovariance(_ workspace: ARMAWorkspace) {
        let (r, size) = (armaDimension, dimension)
        let (phi, theta) = (workspace.phi, workspace.theta)
        covariance.withUnsafeMutableBufferPointer { p in
            moved.withUnsafeMutableBufferPointer { m in
                for i in 0..<r {
                    let row = i * size
                    if i + 1 < r {
                        for j in 0..<size { m[row + j] = phi[i] * p[j] + p[row + size + j] }
                    } else {
                        for j in 0..<size { m[row + j] = phi[i] * p[j] }
                    }
                }
                if size > r {
                    let row = r * size
                    for j in 0..<size { m[row + j] = p[j] }
                    for term in differencing {
                        let other = (r + term.lag) * size
                        for j in 0..<size { m[row + j] += term.value * p[other + j] }
                    }
                    for i in (r + 1)..<max(size, r + 1) {
                        for j in 0..<size { m[i * size + j] = p[(i - 1) * size + j] }
                    }
                }
                for i in 0..<size {
                    let row = i * size
                    let first = m[row]
                    for j in 0..<(r - 1) { p[row + j] = phi[j] * first + m[row + j + 1] }
                    p[row + r - 1] = phi[r - 1] * first
                    guard size > r else { continue }
                    var value = first
                    for term in differencing { value += term.value * m[row + r + term.lag] }
                    p[row + r] = value
                    for j in (r + 1)..<max(size, r + 1) { p[row + j] = m[row + j - 1] }
                }
                for i in 0..<r {
                    let shock = i == 0 ? 1 : theta[i - 1]
                    p[i * size] += shock
                    for j in 1..<max(r, 1) { p[i * size + j] += shock * theta[j - 1] }
                }
            }
        }
    }
}
