/// A problem of nonlinear least squares.
protocol LeastSquaresProblem: AnyObject {
    /// Number of residuals.
    var residualCount: Int { get }
    /// Writes the residuals at `z` and gives the sum of their squares; `nil` where the problem is not defined.
    func residuals(at z: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) -> Double?
}

/// Minimises a sum of squares by the Levenberg–Marquardt method with a numerical Jacobian (Marquardt 1963).
///
/// The exact Gaussian likelihood is such a sum: with the error variance concentrated out, minus its logarithm is
/// (n/2)·log Σ (vₜ/√Fₜ · G)², G being the geometric mean of √Fₜ (Mélard 1984). The Jacobian gives the curvature, so five to
/// ten steps do what a quasi-Newton method does in thirty.
struct LevenbergMarquardt {
    /// Relative decrease of the sum of squares at which a search ends.
    var tolerance = 1e-11
    /// Greatest number of steps.
    var maximumSteps = 80
    /// Bound on the absolute value of each parameter.
    var bound = ARMAPolynomials.bound

    /// Moves `z` to a minimum and gives the sum of squares there; `nil` when the problem is not defined at `z`.
    func minimise(_ problem: some LeastSquaresProblem, from z: inout [Double]) -> Double? {
        let (n, k) = (problem.residualCount, z.count)
        let memory = UnsafeMutablePointer<Double>.allocate(capacity: (k + 2) * n)
        memory.initialize(repeating: 0, count: (k + 2) * n)
        defer { memory.deallocate() }
        var (current, trial) = (memory, memory + n)
        let jacobian = memory + 2 * n
        guard var sum = problem.residuals(at: z, into: current), sum.isFinite else { return nil }
        guard k > 0 else { return sum }
        var damping = 1e-3
        var normal = [Double](repeating: 0, count: k * k)
        var gradient = [Double](repeating: 0, count: k)
        var small = 0
        for _ in 0..<maximumSteps {
            guard sum > 0 else { break }
            differentiate(problem, at: z, current: current, trial: trial, jacobian: jacobian)
            accumulate(jacobian, current, n, k, &normal, &gradient)
            var improved = false
            var decrease = 0.0
            for _ in 0..<14 {
                guard let step = solve(normal, gradient, damping: damping) else {
                    damping *= 10
                    continue
                }
                var next = z
                for i in 0..<k { next[i] = max(-bound, min(bound, z[i] + max(-1, min(1, step[i])))) }
                if let value = problem.residuals(at: next, into: trial), value < sum {
                    decrease = (sum - value) / sum
                    sum = value
                    z = next
                    swap(&current, &trial)
                    damping = max(damping * 0.1, 1e-12)
                    improved = true
                    break
                }
                damping = max(damping * 8, 1e-8)
                if damping > 1e9 { break }
            }
            if !improved { break }
            // A short step may only mean strong damping; a full one means that the minimum is near.
            small = decrease < tolerance ? small + 1 : 0
            if small >= 1, damping < 1e-2 || small >= 3 { break }
        }
        return sum
    }

    private func differentiate(
        _ problem: some LeastSquaresProblem, at z: [Double], current: UnsafeMutablePointer<Double>,
        trial: UnsafeMutablePointer<Double>, jacobian: UnsafeMutablePointer<Double>
    ) {
        let n = problem.residualCount
        var moved = z
        for i in z.indices {
            let step = z[i] > 0 ? -1e-6 : 1e-6
            moved[i] = z[i] + step
            let column = jacobian + i * n
            if problem.residuals(at: moved, into: column) == nil {
                column.update(repeating: 0, count: n)
            } else {
                let inverse = 1 / step
                for t in 0..<n { column[t] = (column[t] - current[t]) * inverse }
            }
            moved[i] = z[i]
        }
    }

    private func accumulate(
        _ jacobian: UnsafePointer<Double>, _ residuals: UnsafePointer<Double>, _ n: Int, _ k: Int,
        _ normal: inout [Double], _ gradient: inout [Double]
    ) {
        for i in 0..<k {
            let a = jacobian + i * n
            gradient[i] = Self.dot(a, residuals, n)
            for j in 0...i {
                let value = Self.dot(a, jacobian + j * n, n)
                normal[i * k + j] = value
                normal[j * k + i] = value
            }
        }
    }

    private func solve(_ normal: [Double], _ gradient: [Double], damping: Double) -> [Double]? {
        let k = gradient.count
        var greatest = 0.0
        for i in 0..<k { greatest = max(greatest, normal[i * k + i]) }
        guard greatest > 0, greatest.isFinite else { return nil }
        var system = normal
        for i in 0..<k { system[i * k + i] += damping * max(normal[i * k + i], 1e-8 * greatest) }
        return SymmetricSystem.solve(&system, gradient.map { -$0 })
    }

    /// The inner product of two vectors, in four running sums.
    @inline(__always)
    static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ n: Int) -> Double {
        var (first, second, third, fourth) = (0.0, 0.0, 0.0, 0.0)
        var t = 0
        while t &+ 4 <= n {
            first += a[t] * b[t]
            second += a[t &+ 1] * b[t &+ 1]
            third += a[t &+ 2] * b[t &+ 2]
            fourth += a[t &+ 3] * b[t &+ 3]
            t &+= 4
        }
        while t < n {
            first += a[t] * b[t]
            t &+= 1
        }
        return (first + second) + (third + fourth)
    }
}

/// Small symmetric positive definite systems by Cholesky's decomposition.
enum SymmetricSystem {
    /// The solution of `matrix`·x = `right`, or `nil` when the matrix is not positive definite; `matrix` is overwritten.
    static func solve(_ matrix: inout [Double], _ right: [Double]) -> [Double]? {
        guard decompose(&matrix, right.count) else { return nil }
        return substitute(matrix, right)
    }

    /// The inverse, row after row, or `nil` when the matrix is not positive definite.
    static func inverse(_ matrix: [Double], size k: Int) -> [Double]? {
        var factor = matrix
        guard decompose(&factor, k) else { return nil }
        var result = matrix
        for column in 0..<k {
            var unit = [Double](repeating: 0, count: k)
            unit[column] = 1
            let solution = substitute(factor, unit)
            for row in 0..<k { result[row * k + column] = solution[row] }
        }
        return result
    }

    private static func decompose(_ matrix: inout [Double], _ k: Int) -> Bool {
        for i in 0..<k {
            for j in 0...i {
                var sum = matrix[i * k + j]
                for l in 0..<j { sum -= matrix[i * k + l] * matrix[j * k + l] }
                if i == j {
                    guard sum > 0, sum.isFinite else { return false }
                    matrix[i * k + i] = sum.squareRoot()
                } else {
                    matrix[i * k + j] = sum / matrix[j * k + j]
                }
            }
        }
        return true
    }

    private static func substitute(_ factor: [Double], _ right: [Double]) -> [Double] {
        let k = right.count
        var x = right
        for i in 0..<k {
            for j in 0..<i { x[i] -= factor[i * k + j] * x[j] }
            x[i] /= factor[i * k + i]
        }
        for i in stride(from: k - 1, through: 0, by: -1) {
            for j in (i + 1)..<max(k, i + 1) { x[i] -= factor[j * k + i] * x[j] }
            x[i] /= factor[i * k + i]
        }
        return x
    }
}
