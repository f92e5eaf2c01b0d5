/// Minimises a smooth function of a few variables by BFGS with a backtracking line search.
///
/// The function may return infinity outside its domain. Source: Nocedal and Wright, "Numerical Optimization", 2006,
/// algorithm 6.1. All memory is taken at the start; a search allocates nothing.
struct QuasiNewton {
    private let capacity: Int
    private var gradient: [Double]
    private var trialGradient: [Double]
    private var trial: [Double]
    private var direction: [Double]
    private var step: [Double]
    private var change: [Double]
    private var product: [Double]
    private var inverse: [Double]

    /// - Parameter capacity: the greatest number of variables.
    init(capacity: Int) {
        self.capacity = capacity
        let zeros = [Double](repeating: 0, count: capacity)
        gradient = zeros
        trialGradient = zeros
        trial = zeros
        direction = zeros
        step = zeros
        change = zeros
        product = zeros
        inverse = [Double](repeating: 0, count: capacity * capacity)
    }

    /// Moves `point` (its first `count` variables) to a local minimum and gives the value there.
    ///
    /// - Parameters:
    ///   - tolerance: the search ends when a step is expected to gain less, or two steps in a row gained less.
    ///   - function: gives the value at a point and writes the gradient.
    mutating func minimise(
        _ point: inout [Double], count n: Int, tolerance: Double, iterations: Int,
        _ function: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Double
    ) -> Double {
        var value = function(point, &gradient)
        guard value.isFinite && n > 0 else { return value }
        resetInverse(n, scale: 1)
        var fresh = true
        var small = 0
        for _ in 0..<iterations {
            var slope = 0.0
            for i in 0..<n {
                var sum = 0.0
                let row = i * n
                for j in 0..<n { sum -= inverse[row + j] * gradient[j] }
                direction[i] = sum
                slope += sum * gradient[i]
            }
            if !(slope < 0) {
                if fresh { break }
                resetInverse(n, scale: 1)
                fresh = true
                continue
            }
            if -slope < tolerance { break }
            // The first step has no curvature to go by: a quarter of a unit at most.
            var longest = 0.0
            for i in 0..<n { longest = max(longest, abs(direction[i])) }
            var length = min(1, (fresh ? 0.25 : 2) / longest)
            var trialValue = Double.infinity
            var tries = 0
            while tries < 25 {
                for i in 0..<n { trial[i] = point[i] + length * direction[i] }
                trialValue = function(trial, &trialGradient)
                if trialValue <= value + 1e-4 * length * slope { break }
                tries += 1
                let curvature = trialValue - value - length * slope
                if trialValue.isFinite && curvature > 0 {
                    length = max(0.1 * length, min(0.5 * length, -0.5 * slope * length * length / curvature))
                } else {
                    length *= 0.2
                }
            }
            guard tries < 25 else {
                if fresh { break }
                resetInverse(n, scale: 1)
                fresh = true
                continue
            }
            let gain = value - trialValue
            var inner = 0.0
            var norm = 0.0
            for i in 0..<n {
                step[i] = trial[i] - point[i]
                change[i] = trialGradient[i] - gradient[i]
                inner += step[i] * change[i]
                norm += change[i] * change[i]
                point[i] = trial[i]
                gradient[i] = trialGradient[i]
            }
            value = trialValue
            small = gain < tolerance ? small + 1 : 0
            if small >= 2 { break }
            if inner > 1e-12 * norm.squareRoot() && norm > 0 {
                if fresh {
                    resetInverse(n, scale: inner / norm)
                    fresh = false
                }
                update(n, inner)
            }
        }
        return value
    }

    private mutating func resetInverse(_ n: Int, scale: Double) {
        for i in 0..<n * n { inverse[i] = 0 }
        for i in 0..<n { inverse[i * n + i] = scale }
    }

    private mutating func update(_ n: Int, _ inner: Double) {
        var quadratic = 0.0
        for i in 0..<n {
            var sum = 0.0
            for j in 0..<n { sum += inverse[i * n + j] * change[j] }
            product[i] = sum
            quadratic += sum * change[i]
        }
        let factor = (1 + quadratic / inner) / inner
        for i in 0..<n {
            for j in 0..<n {
                inverse[i * n + j] +=
                    factor * step[i] * step[j] - (product[i] * step[j] + step[i] * product[j]) / inner
            }
        }
    }
}
