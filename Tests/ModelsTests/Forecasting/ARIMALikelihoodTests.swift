import Foundation
import Testing

@testable import Models

/// The slow and obvious twin: log-density of a multivariate normal with autocovariances summed from ψ-weights.
private func logDensity(_ values: [Double], phi: [Double], theta: [Double], missing: Set<Int> = []) -> Double {
    var psi = [1.0]
    for j in 1..<6000 {
        var weight = j <= theta.count ? theta[j - 1] : 0
        for (lag, value) in phi.enumerated() where lag < j { weight += value * psi[j - 1 - lag] }
        psi.append(weight)
    }
    func autocovariance(_ lag: Int) -> Double {
        var sum = 0.0
        for j in 0..<(psi.count - lag) { sum += psi[j] * psi[j + lag] }
        return sum
    }
    let kept = values.indices.filter { !missing.contains($0) }
    let gamma = values.indices.map(autocovariance)
    let n = kept.count
    var factor = [[Double]](repeating: Array(repeating: 0, count: n), count: n)
    var (logDeterminant, square) = (0.0, 0.0)
    var solved = [Double](repeating: 0, count: n)
    for i in 0..<n {
        for j in 0...i {
            var sum = gamma[kept[i] - kept[j]]
            for l in 0..<j { sum -= factor[i][l] * factor[j][l] }
            factor[i][j] = i == j ? sum.squareRoot() : sum / factor[j][j]
        }
        var rest = values[kept[i]]
        for l in 0..<i { rest -= factor[i][l] * solved[l] }
        solved[i] = rest / factor[i][i]
        logDeterminant += 2 * log(factor[i][i])
        square += solved[i] * solved[i]
    }
    // σ² concentrated out, as the objective does.
    return -0.5 * (Double(n) * (log(square / Double(n)) + 1 + log(2 * Double.pi)) + logDeterminant)
}

private func logLikelihood(_ value: ARIMAObjective.Value) -> Double {
    -Double(value.observations) * (value.objective + 0.5 + 0.5 * log(2 * Double.pi))
}

private func objective(
    _ kind: ARIMAObjective.Likelihood, _ columns: [[Double]], _ order: ARIMAOrder
) -> ARIMAObjective {
    let capacity = max(order.autoregressiveSpan, order.movingAverageSpan + 1)
    return ARIMAObjective(kind, workspace: ARMAWorkspace(columns: columns, capacity: capacity), order: order)
}

/// A model with coefficients in the order ar, ma, sar, sma.
private struct Case: Sendable, CustomStringConvertible {
    var order: ARIMAOrder
    var coefficients: [Double]
    var description: String { "\(order) \(coefficients)" }

    var expanded: (phi: [Double], theta: [Double]) {
        let workspace = ARMAWorkspace(
            columns: [[0]], capacity: max(order.autoregressiveSpan, order.movingAverageSpan + 1))
        coefficients.withUnsafeBufferPointer { if let base = $0.baseAddress { workspace.set(base, order: order) } }
        return (
            (0..<order.autoregressiveSpan).map { workspace.phi[$0] },
            (0..<order.movingAverageSpan).map { workspace.theta[$0] }
        )
    }
}

private let cases: [Case] = [
    Case(order: ARIMAOrder(0, 0, 0), coefficients: []),
    Case(order: ARIMAOrder(1, 0, 0), coefficients: [0.7]),
    Case(order: ARIMAOrder(1, 0, 0), coefficients: [-0.95]),
    Case(order: ARIMAOrder(2, 0, 0), coefficients: [1.2, -0.5]),
    Case(order: ARIMAOrder(0, 0, 1), coefficients: [-0.8]),
    Case(order: ARIMAOrder(0, 0, 2), coefficients: [0.4, 0.3]),
    Case(order: ARIMAOrder(1, 0, 1), coefficients: [0.6, -0.3]),
    Case(order: ARIMAOrder(3, 0, 2), coefficients: [0.5, -0.2, 0.1, 0.4, 0.2]),
    Case(order: ARIMAOrder(0, 0, 1, seasonal: (0, 0, 1), period: 12), coefficients: [-0.4, -0.6]),
    Case(order: ARIMAOrder(1, 0, 0, seasonal: (1, 0, 0), period: 7), coefficients: [0.5, 0.6]),
    Case(order: ARIMAOrder(2, 0, 1, seasonal: (1, 0, 1), period: 4), coefficients: [0.5, -0.2, 0.3, 0.4, -0.5]),
    Case(order: ARIMAOrder(0, 0, 0, seasonal: (2, 0, 2), period: 3), coefficients: [0.2, 0.3, -0.3, 0.1]),
]

@Suite struct ARIMALikelihoodTests {
    @Test(arguments: cases)
    private func filtersEqualTheMultivariateNormal(model: Case) throws {
        var normal = NormalSource(seed: 11)
        let (phi, theta) = model.expanded
        let values = normal.arma(60, phi: phi, theta: theta)
        let expected = logDensity(values, phi: phi, theta: theta)
        let exact = try #require(objective(.exact, [values], model.order).value(at: model.coefficients))
        let diffuse = try #require(objective(.diffuse, [values], model.order).value(at: model.coefficients))
        #expect(abs(logLikelihood(exact) - expected) < 1e-7)
        #expect(abs(logLikelihood(diffuse) - expected) < 1e-7)
    }

    @Test(arguments: cases)
    private func gapsAreLeftOutOfTheDensity(model: Case) throws {
        var normal = NormalSource(seed: 12)
        let (phi, theta) = model.expanded
        var values = normal.arma(50, phi: phi, theta: theta)
        let gaps: Set<Int> = [0, 7, 8, 9, 30, 49]
        let expected = logDensity(values, phi: phi, theta: theta, missing: gaps)
        for gap in gaps { values[gap] = .nan }
        let found = try #require(objective(.diffuse, [values], model.order).value(at: model.coefficients))
        #expect(found.observations == 44)
        #expect(abs(logLikelihood(found) - expected) < 1e-7)
    }

    /// The recursions of rank one and the switch to the steady filter do not change the value.
    @Test(arguments: cases)
    private func theSteadyFilterEqualsTheWholeOne(model: Case) throws {
        var normal = NormalSource(seed: 13)
        let (phi, theta) = model.expanded
        let values = normal.arma(700, phi: phi, theta: theta)
        let exact = objective(.exact, [values], model.order)
        let switched = try #require(exact.filter(model.coefficients))
        #expect(switched.steadyFrom != nil)
        let quick = try #require(exact.value(at: model.coefficients))
        let r = max(phi.count, theta.count + 1)
        var covariance = [Double](repeating: 0, count: r * r)
        let filtered =
            covariance.withUnsafeMutableBufferPointer {
                exact.workspace.filterExactly(model.order, covariance: $0.baseAddress)
            }
        let whole = try #require(filtered)
        #expect(whole.steadyFrom == nil && abs(whole.sumOfLogs - switched.sumOfLogs) < 1e-7)
        let square = (0..<700).reduce(0.0) { $0 + exact.workspace.innovations[$1] * exact.workspace.innovations[$1] }
        #expect(abs(square / quick.sumOfSquares - 1) < 1e-9)
        // The state is known up to the next shock: P = RR'.
        for i in 0..<r {
            for j in 0..<r {
                let shock = { (k: Int) in k == 0 ? 1 : exact.workspace.theta[k - 1] }
                #expect(abs(covariance[i * r + j] - shock(i) * shock(j)) < 1e-6)
            }
        }
        let kalman = try #require(objective(.diffuse, [values], model.order).value(at: model.coefficients))
        #expect(abs(logLikelihood(kalman) - logLikelihood(quick)) < 1e-6)
    }

    /// A Gaussian process looks the same backwards.
    @Test(arguments: cases)
    private func theLikelihoodIsThatOfTheReversedSeries(model: Case) throws {
        var normal = NormalSource(seed: 14)
        let values = normal.arma(90, phi: [0.3], theta: [0.2])
        let forwards = try #require(objective(.exact, [values], model.order).value(at: model.coefficients))
        let backwards = try #require(objective(.exact, [values.reversed()], model.order).value(at: model.coefficients))
        #expect(abs(logLikelihood(forwards) - logLikelihood(backwards)) < 1e-8)
    }

    @Test(arguments: cases)
    private func parametersMapBackToTheirCoefficients(model: Case) throws {
        let z = try #require(ARMAPolynomials.parameters(of: model.coefficients, order: model.order))
        var again = [Double](repeating: 0, count: z.count)
        again.withUnsafeMutableBufferPointer { result in
            if let base = result.baseAddress { ARMAPolynomials.coefficients(of: z, order: model.order, into: base) }
        }
        for (a, b) in zip(again, model.coefficients) { #expect(abs(a - b) < 1e-12) }
        #expect(ARMAPolynomials.rootsExceed(1.0, coefficients: model.coefficients, order: model.order))
    }

    @Test func everyPointOfTheSearchIsStationaryAndInvertible() {
        var normal = NormalSource(seed: 15)
        let order = ARIMAOrder(4, 0, 3, seasonal: (2, 0, 2), period: 7)
        for _ in 0..<200 {
            let z = (0..<order.coefficientCount).map { _ in max(-3, min(3, normal.next())) }
            var coefficients = [Double](repeating: 0, count: z.count)
            coefficients.withUnsafeMutableBufferPointer { result in
                if let base = result.baseAddress { ARMAPolynomials.coefficients(of: z, order: order, into: base) }
            }
            #expect(ARMAPolynomials.rootsExceed(1.0, coefficients: coefficients, order: order), "z \(z)")
        }
    }

    @Test func rootsAreComparedOnTheExpandedPolynomial() {
        // Root of 1 − 0.9B: 1.111; of 1 − 0.9B¹²: 1.111^(1/12) = 1.0088.
        #expect(ARMAPolynomials.rootsExceed(1.1, coefficients: [0.9], order: ARIMAOrder(1, 0, 0)))
        #expect(!ARMAPolynomials.rootsExceed(1.12, coefficients: [0.9], order: ARIMAOrder(1, 0, 0)))
        let seasonal = ARIMAOrder(0, 0, 0, seasonal: (0, 0, 1), period: 12)
        #expect(ARMAPolynomials.rootsExceed(1.008, coefficients: [-0.9], order: seasonal))
        #expect(!ARMAPolynomials.rootsExceed(1.009, coefficients: [-0.9], order: seasonal))
    }

    @Test func inadmissibleCoefficientsHaveNoLikelihood() {
        let values = (0..<30).map { Double($0 % 5) }
        #expect(objective(.exact, [values], ARIMAOrder(1, 0, 0)).value(at: [1.0]) == nil)
        #expect(objective(.exact, [values], ARIMAOrder(2, 0, 0)).value(at: [0.5, 0.6]) == nil)
        #expect(ARMAPolynomials.parameters(of: [1.2], order: ARIMAOrder(0, 0, 1)) == nil)
    }

    /// The regression that is concentrated out is generalised least squares: shifting the series by Xβ adds β.
    @Test func theConcentratedRegressionIsEquivariant() throws {
        var normal = NormalSource(seed: 16)
        let values = normal.arma(80, phi: [0.6], theta: [0.3])
        let x = (0..<80).map { _ in normal.next() }
        let ones = [Double](repeating: 1, count: 80)
        let order = ARIMAOrder(1, 0, 1)
        let plain = try #require(objective(.exact, [values, ones, x], order).value(at: [0.6, 0.3]))
        let shifted = zip(values, x).map { $0 + 5 + 2.5 * $1 }
        let moved = try #require(objective(.exact, [shifted, ones, x], order).value(at: [0.6, 0.3]))
        #expect(abs(moved.sumOfSquares / plain.sumOfSquares - 1) < 1e-10)
        #expect(abs(moved.regression[0] - plain.regression[0] - 5) < 1e-9)
        #expect(abs(moved.regression[1] - plain.regression[1] - 2.5) < 1e-9)
        // A column twice: the second adds nothing and gets no coefficient.
        let twice = try #require(objective(.exact, [values, ones, x, x], order).value(at: [0.6, 0.3]))
        #expect(twice.rank == 2 && twice.regression[2] == 0)
        #expect(abs(twice.sumOfSquares / plain.sumOfSquares - 1) < 1e-10)
    }
}
