/// Local regression at whole-numbered positions with tricube weights, as STL uses it.
///
/// Source: Cleveland, Cleveland, McRae, Terpenning, "STL: a seasonal-trend decomposition procedure based on loess",
/// Journal of Official Statistics 1990, section 2; the treatment of windows longer than the series is that of the
/// authors' program.
struct Loess {
    /// Points in the window, odd.
    let window: Int
    /// Degree of the local polynomial: 0 or 1.
    let degree: Int
    /// Every `jump`-th point is fitted, those between are interpolated.
    let jump: Int

    /// Smooths `y` (`n` values) into `out`; `robustness` holds a weight for every value or is nil.
    func smooth(
        _ y: UnsafePointer<Double>, _ n: Int, robustness: UnsafePointer<Double>?,
        into out: UnsafeMutablePointer<Double>,
        weights: UnsafeMutablePointer<Double>
    ) {
        if n < 2 {
            if n == 1 { out[0] = y[0] }
            return
        }
        let jump = min(self.jump, n - 1)
        var left = 1
        var right = window >= n ? n : window
        let half = (window + 1) / 2
        var i = 1
        while i <= n {
            if window < n {
                if jump == 1 {
                    if i > half && right != n {
                        left += 1
                        right += 1
                    }
                } else if i < half {
                    left = 1
                    right = window
                } else if i >= n - half + 1 {
                    left = n - window + 1
                    right = n
                } else {
                    left = i - half + 1
                    right = window + i - half
                }
            }
            out[i - 1] = estimate(y, n, at: Double(i), left, right, robustness, weights) ?? y[i - 1]
            i += jump
        }
        guard jump > 1 else { return }
        i = 1
        while i <= n - jump {
            let delta = (out[i + jump - 1] - out[i - 1]) / Double(jump)
            for j in i + 1..<i + jump { out[j - 1] = out[i - 1] + delta * Double(j - i) }
            i += jump
        }
        let k = ((n - 1) / jump) * jump + 1
        if k != n {
            out[n - 1] = estimate(y, n, at: Double(n), left, right, robustness, weights) ?? y[n - 1]
            if k != n - 1 {
                let delta = (out[n - 1] - out[k - 1]) / Double(n - k)
                for j in k + 1..<n { out[j - 1] = out[k - 1] + delta * Double(j - k) }
            }
        }
    }

    /// The local fit at position `x` from the values at positions `left ... right` (counted from 1); `nil` where all
    /// weights are zero.
    func estimate(
        _ y: UnsafePointer<Double>, _ n: Int, at x: Double, _ left: Int, _ right: Int,
        _ robustness: UnsafePointer<Double>?, _ weights: UnsafeMutablePointer<Double>
    ) -> Double? {
        var reach = max(x - Double(left), Double(right) - x)
        if window > n { reach += Double((window - n) / 2) }
        let far = 0.999 * reach
        let near = 0.001 * reach
        let inverse = reach > 0 ? 1 / reach : 0
        var total = 0.0
        for j in left...right {
            let distance = abs(Double(j) - x)
            var weight = 0.0
            if distance <= far {
                if distance <= near {
                    weight = 1
                } else {
                    let ratio = distance * inverse
                    let cube = 1 - ratio * ratio * ratio
                    weight = cube * cube * cube
                }
                if let robustness { weight *= robustness[j - 1] }
                total += weight
            }
            weights[j - left] = weight
        }
        guard total > 0 else { return nil }
        let scale = 1 / total
        var mean = 0.0
        for j in 0...right - left {
            weights[j] *= scale
            mean += weights[j] * y[left - 1 + j]
        }
        guard reach > 0 && degree > 0 else { return mean }
        var centre = 0.0
        for j in 0...right - left { centre += weights[j] * Double(left + j) }
        var square = 0.0
        for j in 0...right - left {
            let distance = Double(left + j) - centre
            square += weights[j] * distance * distance
        }
        guard square.squareRoot() > 0.001 * Double(n - 1) else { return mean }
        let slope = (x - centre) / square
        var sum = 0.0
        for j in 0...right - left {
            sum += weights[j] * (slope * (Double(left + j) - centre) + 1) * y[left - 1 + j]
        }
        return sum
    }
}
