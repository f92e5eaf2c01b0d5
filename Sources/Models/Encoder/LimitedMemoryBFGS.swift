internal import LinearAlgebra

/// Minimises a smooth function by L-BFGS (Liu and Nocedal, "On the limited memory BFGS method", 1989) with a line search
/// that halves the step until the function falls enough (Armijo).
struct LimitedMemoryBFGS {
    /// Steps that are remembered.
    var memory = 10
    var maximumIterations = 100
    /// The search ends when the gradient is this small against where it began.
    var tolerance = 1e-3

    /// The point found from `start`; `evaluate` gives value and gradient.
    func minimize(from start: [Float], _ evaluate: ([Float]) -> (value: Double, gradient: [Float])) -> [Float] {
        var point = start
        var (value, gradient) = evaluate(point)
        let target = max(1e-9, length(gradient) * tolerance)
        var steps: [(step: [Float], change: [Float], curvature: Double)] = []
        for _ in 0..<maximumIterations {
            if length(gradient) <= target { break }
            let direction = direction(gradient, steps)
            let slope = dot(direction, gradient)
            guard slope < 0 else { break }
            var rate: Float = steps.isEmpty ? Float(min(1, 1 / length(gradient))) : 1
            var isFound = false
            for _ in 0..<30 {
                let candidate = sum(point, direction, rate)
                let (newValue, newGradient) = evaluate(candidate)
                if newValue <= value + 1e-4 * Double(rate) * slope {
                    let step = sum(candidate, point, -1)
                    let change = sum(newGradient, gradient, -1)
                    let curvature = dot(step, change)
                    if curvature > 1e-12 {
                        steps.append((step, change, curvature))
                        if steps.count > memory { steps.removeFirst() }
                    }
                    (point, value, gradient) = (candidate, newValue, newGradient)
                    isFound = true
                    break
                }
                rate *= 0.5
            }
            if !isFound { break }
        }
        return point
    }

    /// The two-loop recursion.
    private func direction(
        _ gradient: [Float], _ steps: [(step: [Float], change: [Float], curvature: Double)]
    ) -> [Float] {
        var result = gradient
        var shares: [Double] = []
        for (step, change, curvature) in steps.reversed() {
            let share = dot(step, result) / curvature
            shares.append(share)
            VectorKernels.add(change, times: Float(-share), to: &result)
        }
        if let last = steps.last {
            VectorKernels.scale(&result, by: Float(last.curvature / dot(last.change, last.change)))
        }
        for ((step, change, curvature), share) in zip(steps, shares.reversed()) {
            let back = dot(change, result) / curvature
            VectorKernels.add(step, times: Float(share - back), to: &result)
        }
        VectorKernels.scale(&result, by: -1)
        return result
    }

    private func sum(_ x: [Float], _ y: [Float], _ scale: Float) -> [Float] {
        var result = x
        VectorKernels.add(y, times: scale, to: &result)
        return result
    }

    private func dot(_ x: [Float], _ y: [Float]) -> Double {
        var total = 0.0
        // Short runs in single precision, their sums in double: fast, and exact enough for a line search.
        x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                var start = 0
                while start < x.count {
                    let end = min(start + 1024, x.count)
                    total += Double(
                        VectorKernels.dot(
                            UnsafeBufferPointer(rebasing: x[start..<end]),
                            UnsafeBufferPointer(rebasing: y[start..<end])))
                    start = end
                }
            }
        }
        return total
    }

    private func length(_ x: [Float]) -> Double { dot(x, x).squareRoot() }
}
