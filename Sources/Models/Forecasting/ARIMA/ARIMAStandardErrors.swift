internal import Glibc

/// Standard errors from the numerical Hessian of ½·log σ² + ½·mean log F at the estimate, as R's `arima` gives them.
struct ARIMAStandardErrors {
    private let objective: ARIMAObjective
    private let coefficients: [Double]
    private let value: ARIMAObjective.Value

    init(_ objective: ARIMAObjective, coefficients: [Double], value: ARIMAObjective.Value) {
        self.objective = objective
        self.coefficients = coefficients
        self.value = value
    }

    /// One error for each ARMA coefficient and then each regressor (in scaled units); `NaN` where the Hessian has none.
    func compute() -> [Double] {
        let columns = objective.workspace.columns
        let missing = [Double](repeating: .nan, count: coefficients.count + columns - 1)
        // The part of the regressors is exact: given φ and θ the sum of squares is quadratic in β.
        guard let normal = crossProducts(at: coefficients) else { return missing }
        let active = (1..<max(columns, 1)).filter { normal[$0 * columns + $0] > 0 && value.regression[$0 - 1] != 0 }
        let free = coefficients.count + active.count
        guard free > 0, value.sumOfSquares > 0 else { return missing }
        var point = coefficients
        for j in active { point.append(value.regression[j - 1]) }
        var steps = [Double](repeating: 1e-3, count: coefficients.count)
        for j in active {
            steps.append(
                1e-2 * (value.sumOfSquares / normal[j * columns + j] / Double(value.observations)).squareRoot())
        }
        guard let hessian = hessian(at: point, steps: steps, active: active),
            let covariance = SymmetricSystem.inverse(hessian, size: free)
        else { return missing }
        var result = missing
        for i in 0..<coefficients.count { result[i] = covariance[i * free + i].squareRoot() }
        for (index, j) in active.enumerated() {
            let i = coefficients.count + index
            result[coefficients.count + j - 1] = covariance[i * free + i].squareRoot()
        }
        return result
    }

    /// n times the second derivatives, by central differences with halved steps where the model is not admissible.
    private func hessian(at point: [Double], steps: [Double], active: [Int]) -> [Double]? {
        let k = point.count
        let n = Double(value.observations)
        var steps = steps
        guard let centre = evaluate(point, active) else { return nil }
        var ahead = [Double](repeating: 0, count: k)
        var behind = ahead
        func at(_ changes: [(Int, Double)]) -> Double? {
            var moved = point
            for (index, change) in changes { moved[index] += change }
            return evaluate(moved, active)
        }
        for i in 0..<k {
            var found = false
            for _ in 0..<8 {
                if let high = at([(i, steps[i])]), let low = at([(i, -steps[i])]) {
                    (ahead[i], behind[i], found) = (high, low, true)
                    break
                }
                steps[i] *= 0.25
            }
            guard found else { return nil }
        }
        var result = [Double](repeating: 0, count: k * k)
        for i in 0..<k {
            result[i * k + i] = n * (ahead[i] - 2 * centre + behind[i]) / (steps[i] * steps[i])
            for j in 0..<i {
                guard let high = at([(i, steps[i]), (j, steps[j])]), let low = at([(i, -steps[i]), (j, -steps[j])])
                else { return nil }
                let mixed = high - ahead[i] - ahead[j] + 2 * centre - behind[i] - behind[j] + low
                result[i * k + j] = n * mixed / (2 * steps[i] * steps[j])
                result[j * k + i] = result[i * k + j]
            }
        }
        return result
    }

    private func evaluate(_ point: [Double], _ active: [Int]) -> Double? {
        let columns = objective.workspace.columns
        guard let filtered = objective.filter(point) else { return nil }
        var weights = [Double](repeating: 0, count: columns)
        weights[0] = 1
        for (index, j) in active.enumerated() { weights[j] = -point[coefficients.count + index] }
        let (n, e) = (objective.workspace.count, objective.workspace.innovations)
        var sum = 0.0
        for t in 0..<n {
            var residual = 0.0
            for column in 0..<columns { residual += weights[column] * e[column * n + t] }
            sum += residual * residual
        }
        let observations = Double(filtered.observations)
        let result = 0.5 * (log(sum / observations) + filtered.sumOfLogs / observations)
        return result.isFinite ? result : nil
    }

    private func crossProducts(at point: [Double]) -> [Double]? {
        let columns = objective.workspace.columns
        guard objective.filter(point) != nil else { return nil }
        let (n, e) = (objective.workspace.count, objective.workspace.innovations)
        var result = [Double](repeating: 0, count: columns * columns)
        for i in 0..<columns {
            for j in 0..<columns { result[i * columns + j] = LevenbergMarquardt.dot(e + i * n, e + j * n, n) }
        }
        return result
    }
}
