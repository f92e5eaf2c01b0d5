/// The state after the last observation, from which forecasts start.
struct ARIMATerminalState: Sendable {
    /// Dimension r of the ARMA part.
    var armaDimension: Int
    /// Expanded φ and the shock's loadings R, r numbers each.
    var phi: [Double]
    var shocks: [Double]
    /// Coefficients of the differencing operator.
    var differencing: [Double]
    /// Predicted means of the ARMA part and the last values, in the series' units.
    var mean: [Double]
    /// Covariance of the first `covarianceSize` elements in units of σ²; empty when the state is known up to the next shock.
    var covariance: [Double]
    var covarianceSize: Int
    /// What is added to every forecast.
    var offset: Double

    /// Means and variances (in units of σ²) of the next `horizon` values, without the regression.
    func project(_ horizon: Int) -> (mean: [Double], variance: [Double]) {
        let (r, size) = (armaDimension, mean.count)
        var weights = [Double](repeating: 0, count: size)
        weights[0] = 1
        for (j, value) in differencing.enumerated() { weights[r + j] = value }
        var next = weights
        var means: [Double] = []
        var variances: [Double] = []
        var past = 0.0
        for _ in 0..<horizon {
            var value = offset
            for i in 0..<size { value += weights[i] * mean[i] }
            means.append(value)
            var response = 0.0
            for i in 0..<r { response += weights[i] * shocks[i] }
            variances.append(past + (covariance.isEmpty ? response * response : quadratic(weights)))
            past += response * response
            // weights · T, T being the transition of the ARMA part and of the past values.
            var first = 0.0
            for i in 0..<r { first += weights[i] * phi[i] }
            let carried = size > r ? weights[r] : 0
            next[0] = first + carried
            for j in 1..<max(r, 1) { next[j] = weights[j - 1] }
            for j in differencing.indices {
                next[r + j] = carried * differencing[j] + (r + j + 1 < size ? weights[r + j + 1] : 0)
            }
            swap(&weights, &next)
        }
        return (means, variances)
    }

    private func quadratic(_ weights: [Double]) -> Double {
        let size = covarianceSize
        var sum = 0.0
        for i in 0..<size where weights[i] != 0 {
            var inner = 0.0
            for j in 0..<size { inner += covariance[i * size + j] * weights[j] }
            sum += weights[i] * inner
        }
        return sum
    }
}

/// One-step forecasts, residuals and the terminal state of a fitted model, by one more pass of the filter.
struct ARIMAPath {
    private(set) var fittedValues: [Double]
    private(set) var residuals: [Double]
    private(set) var terminal: ARIMATerminalState

    init(fit: ARIMAFit, outcome: ARIMAFit.Outcome, filter: ARIMAObjective) {
        let workspace = filter.workspace
        let r = max(fit.order.autoregressiveSpan, fit.order.movingAverageSpan + 1)
        let differencing = fit.order.differencingCoefficients
        // A pass with the model's coefficients, so that the workspace holds them.
        _ = filter.filter(outcome.coefficients)
        let shocks = (0..<r).map { $0 == 0 ? 1 : workspace.theta[$0 - 1] }
        terminal = ARIMATerminalState(
            armaDimension: r, phi: (0..<r).map { workspace.phi[$0] }, shocks: shocks, differencing: differencing,
            mean: Array(repeating: 0, count: r + differencing.count), covariance: [], covarianceSize: r,
            offset: outcome.offset)
        fittedValues = Array(repeating: .nan, count: fit.values.count)
        residuals = fittedValues
        if filter.likelihood == .diffuse {
            followIncomplete(fit, outcome, filter)
        } else {
            followComplete(fit, outcome, workspace)
        }
    }

    private mutating func followComplete(
        _ fit: ARIMAFit, _ outcome: ARIMAFit.Outcome, _ workspace: ARMAWorkspace
    ) {
        let (r, n, span) = (terminal.armaDimension, workspace.count, fit.order.differencingSpan)
        let weights = [1] + outcome.scaledRegression.map { -$0 }
        var covariance = [Double](repeating: 0, count: r * r)
        _ = covariance.withUnsafeMutableBufferPointer { workspace.filterExactly(fit.order, covariance: $0.baseAddress) }
        for t in 0..<n {
            var residual = 0.0
            for (column, weight) in weights.enumerated() {
                residual += weight * workspace.innovations[column * n + t]
            }
            residuals[span + t] = residual * outcome.scale
            fittedValues[span + t] =
                fit.values[span + t] - residual * outcome.scale * workspace.variances[t].squareRoot()
        }
        for i in 0..<r {
            var value = 0.0
            for (column, weight) in weights.enumerated() {
                value += weight * workspace.state[column * workspace.stateStride + i]
            }
            terminal.mean[i] = value * outcome.scale
        }
        for j in terminal.differencing.indices {
            let t = fit.values.count - 1 - j
            var value = fit.values[t] - outcome.offset
            for (index, regressor) in fit.design.enumerated() {
                value -= outcome.regression[index] * regressor.values[t]
            }
            terminal.mean[r + j] = value
        }
        keep(covariance, size: r)
    }

    private mutating func followIncomplete(
        _ fit: ARIMAFit, _ outcome: ARIMAFit.Outcome, _ filter: ARIMAObjective
    ) {
        let workspace = filter.workspace
        guard let kalman = filter.kalman else { return }
        let n = workspace.count
        let weights = [1] + outcome.scaledRegression.map { -$0 }
        var predictions = [Double](repeating: 0, count: workspace.columns * n)
        _ = predictions.withUnsafeMutableBufferPointer {
            kalman.filter(workspace, order: fit.order, predictions: $0.baseAddress)
        }
        for t in 0..<n where workspace.variances[t] < DiffuseKalmanFilter.countedBelow {
            var expected = 0.0
            for (column, weight) in weights.enumerated() {
                let level = column == 0 ? 0 : workspace.data[column * n + t]
                expected += weight * (predictions[column * n + t] - level)
            }
            fittedValues[t] = expected * outcome.scale + outcome.offset
            residuals[t] = (fit.values[t] - fittedValues[t]) / workspace.variances[t].squareRoot()
        }
        for i in terminal.mean.indices {
            var value = 0.0
            for (column, weight) in weights.enumerated() {
                value += weight * kalman.means[column * kalman.dimension + i]
            }
            terminal.mean[i] = value * outcome.scale
        }
        keep(kalman.covariance, size: kalman.dimension)
    }

    /// Keeps a covariance unless it is that of a state known up to the next shock.
    private mutating func keep(_ covariance: [Double], size: Int) {
        var greatest = 0.0
        let r = terminal.armaDimension
        for i in 0..<size {
            for j in 0..<size {
                let steady = i < r && j < r ? terminal.shocks[i] * terminal.shocks[j] : 0
                greatest = max(greatest, abs(covariance[i * size + j] - steady))
            }
        }
        if greatest > 1e-9 {
            terminal.covariance = covariance
            terminal.covarianceSize = size
        }
    }
}
