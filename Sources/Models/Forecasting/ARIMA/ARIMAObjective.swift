internal import Glibc

/// Minus the log-likelihood of an ARIMA model as a sum of squares, the regression and the error variance concentrated out.
final class ARIMAObjective: LeastSquaresProblem {
    /// Which likelihood is meant.
    enum Likelihood {
        /// Of the differenced series, complete, by the fast recursions.
        case exact
        /// Conditional sum of squares.
        case conditional
        /// Of the undifferenced series with missing values, by the diffuse Kalman filter.
        case diffuse
    }

    /// The filtered value at one point.
    struct Value {
        /// Minimal sum of squared standardised innovations.
        var sumOfSquares: Double
        var sumOfLogs: Double
        var observations: Int
        /// Regression coefficients in the workspace's scaled units; zero for columns without information.
        var regression: [Double]
        /// Columns that carry information.
        var rank: Int

        /// ½·(log σ² + mean log F), what R's `arima` minimises.
        var objective: Double {
            let n = Double(observations)
            return 0.5 * (log(sumOfSquares / n) + sumOfLogs / n)
        }
    }

    let likelihood: Likelihood
    let workspace: ARMAWorkspace
    let order: ARIMAOrder
    let kalman: DiffuseKalmanFilter?
    private let coefficients: UnsafeMutablePointer<Double>
    private var norms: [Double]
    /// Sums of squares of the unfiltered columns.
    private let powers: [Double]
    private let checksRegressors: Bool
    /// Least share of a regressor's sum of squares that a filter may leave.
    private static let leastShare = 1e-9

    init(_ likelihood: Likelihood, workspace: ARMAWorkspace, order: ARIMAOrder) {
        self.likelihood = likelihood
        self.workspace = workspace
        self.order = order
        coefficients = .allocate(capacity: 64)
        coefficients.initialize(repeating: 0, count: 64)
        norms = Array(repeating: 0, count: workspace.columns)
        checksRegressors = likelihood != .diffuse || order.differencingSpan == 0
        powers = (0..<workspace.columns).map { column in
            let data = workspace.data + column * workspace.count
            return LevenbergMarquardt.dot(data, data, workspace.count)
        }
        kalman = likelihood == .diffuse ? DiffuseKalmanFilter(order: order, columns: workspace.columns) : nil
    }

    deinit { coefficients.deallocate() }

    var residualCount: Int { workspace.count }

    func residuals(at z: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) -> Double? {
        ARMAPolynomials.coefficients(of: z, order: order, into: coefficients)
        guard let filtered = filter(), project(nil) else { return nil }
        let n = workspace.count
        let scale = exp(filtered.sumOfLogs / Double(2 * filtered.observations))
        for t in 0..<n { result[t] = workspace.innovations[t] * scale }
        let sum = LevenbergMarquardt.dot(result, result, n)
        return sum.isFinite ? sum : nil
    }

    /// The value at coefficients in their own units, with the regression's coefficients.
    func value(at coefficients: [Double]) -> Value? {
        var triangle = [Double](repeating: 0, count: workspace.columns * workspace.columns)
        guard let filtered = filter(coefficients), project(&triangle) else { return nil }
        let columns = workspace.columns
        var regression = [Double](repeating: 0, count: columns - 1)
        var rank = 0
        for j in stride(from: columns - 1, to: 0, by: -1) where triangle[j * columns + j] > 0 {
            rank += 1
            var sum = triangle[j * columns]
            for other in (j + 1)..<max(columns, j + 1) { sum -= triangle[j * columns + other] * regression[other - 1] }
            regression[j - 1] = sum / triangle[j * columns + j]
        }
        let e = workspace.innovations
        return Value(
            sumOfSquares: LevenbergMarquardt.dot(e, e, workspace.count), sumOfLogs: filtered.sumOfLogs,
            observations: filtered.observations, regression: regression, rank: rank)
    }

    /// Filters without projecting: the innovations of every column are left in the workspace.
    func filter(_ given: [Double]) -> ARMAFilterResult? {
        for i in 0..<order.coefficientCount { coefficients[i] = given[i] }
        return filter()
    }

    private func filter() -> ARMAFilterResult? {
        workspace.set(coefficients, order: order)
        return switch likelihood {
        case .exact: workspace.filterExactly(order)
        case .conditional: workspace.filterConditionally(order)
        case .diffuse: kalman?.filter(workspace, order: order)
        }
    }

    /// Makes the series' innovations orthogonal to those of the regressors (modified Gram–Schmidt).
    ///
    /// `triangle`, if given, receives R of the decomposition by rows, with Q'y in its column 0; a diagonal of zero marks a
    /// column that depends on those before it. False when the filter leaves nothing of a column: the mean of a process with
    /// a unit root is not defined, and next to one its estimate is rounding error.
    private func project(_ triangle: UnsafeMutablePointer<Double>?) -> Bool {
        let (n, columns) = (workspace.count, workspace.columns)
        let e = workspace.innovations
        for j in 1..<max(columns, 1) {
            norms[j] = LevenbergMarquardt.dot(e + j * n, e + j * n, n)
            if checksRegressors, norms[j] < Self.leastShare * powers[j] { return false }
        }
        for j in 1..<max(columns, 1) {
            let q = e + j * n
            let norm = LevenbergMarquardt.dot(q, q, n)
            guard norm > 1e-14 * norms[j], norm > 1e-200 else { continue }
            let length = norm.squareRoot()
            triangle?[j * columns + j] = length
            for other in 0..<columns where other == 0 || other > j {
                let target = e + other * n
                let inner = LevenbergMarquardt.dot(q, target, n)
                triangle?[j * columns + other] = inner / length
                let factor = inner / norm
                for t in 0..<n { target[t] -= factor * q[t] }
            }
        }
        return true
    }
}
