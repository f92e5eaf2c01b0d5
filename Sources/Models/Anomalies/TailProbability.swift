import Glibc

/// Tail probabilities of counts and measures under a baseline.
package enum TailProbability {
    /// P(Y ≤ y) of a negative binomial with mean `mean` and variance `mean + dispersion · mean²`; Poisson at dispersion 0.
    ///
    /// Exact for means up to 10⁴ through the incomplete beta and gamma functions; above that by the Wilson–Hilferty
    /// approximation of the gamma with the same mean and variance, whose error there is below 10⁻⁴.
    package static func negativeBinomial(atMost y: Double, mean: Double, dispersion: Double) -> Double {
        guard y >= 0 else { return 0 }
        guard mean > 0 else { return 1 }
        let y = y.rounded(.down)
        if mean > 10_000 || y > 100_000 {
            let variance = mean + dispersion * mean * mean
            return gammaWilsonHilferty((y + 0.5) / mean, shape: mean * mean / variance)
        }
        if dispersion * mean < 1e-6 { return 1 - regularisedGamma(shape: y + 1, mean) }
        let size = 1 / dispersion
        return regularisedBeta(size / (size + mean), size, y + 1)
    }

    /// Twice the smaller tail, at most 1; both tails hold the observed value.
    package static func twoSidedCount(_ y: Double, mean: Double, dispersion: Double) -> Double {
        let low = negativeBinomial(atMost: y, mean: mean, dispersion: dispersion)
        let high = 1 - negativeBinomial(atMost: y - 1, mean: mean, dispersion: dispersion)
        return min(1, 2 * max(0, min(low, high)))
    }

    /// The tail of a negative binomial on the observed value's side of the mean, half of P(Y = y) left out (the mid-p
    /// value of Lancaster 1961, which is uniform on average where the plain tail of a count is too large).
    ///
    /// Near the mean, where nothing hangs on digits, by the Wilson–Hilferty approximation; exact in the tails.
    package static func midTail(_ y: Double, mean: Double, dispersion: Double) -> Double {
        guard mean > 0, y.isFinite else { return y == 0 ? 0.5 : 0 }
        let variance = mean + dispersion * mean * mean
        let z = (y - mean) / variance.squareRoot()
        if (abs(z) < 1 && mean > 10 && dispersion < 1) || mean > 10_000 || y > 100_000 {
            let below = gammaWilsonHilferty(max(y, 0) / mean, shape: mean * mean / variance)
            // Where the approximation is used far out it has to keep its relative precision.
            return y >= mean ? gammaWilsonHilfertyAbove(y / mean, shape: mean * mean / variance) : below
        }
        guard y >= 0 else { return 0 }
        let y = y.rounded(.down)
        let size = 1 / max(dispersion, 1e-7)
        let mass =
            exp(
                lgamma(y + size) - lgamma(size) - lgamma(y + 1) + size * log(size / (size + mean))
                    + y * log(mean / (size + mean)))
        let tail =
            y >= mean
            ? (y == 0 ? 1 : regularisedBeta(mean / (size + mean), y, size))
            : regularisedBeta(size / (size + mean), size, y + 1)
        return max(tail - mass / 2, mass / 2)
    }

    /// Two-sided tail of Student's t with `freedom` degrees.
    package static func twoSidedStudent(_ t: Double, freedom: Double) -> Double {
        guard t.isFinite else { return t.isNaN ? 1 : 0 }
        return regularisedBeta(freedom / (freedom + t * t), freedom / 2, 0.5)
    }

    /// Smallest y with P(Y ≤ y) ≥ q.
    package static func quantileCount(_ q: Double, mean: Double, dispersion: Double) -> Double {
        guard mean > 0 else { return 0 }
        var low = -1.0
        var high = max(4, 2 * mean)
        while negativeBinomial(atMost: high, mean: mean, dispersion: dispersion) < q && high < 1e300 { high *= 2 }
        while high - low > max(1, high * 1e-9) {
            let middle = ((low + high) / 2).rounded(.down)
            if middle <= low || middle >= high { break }
            if negativeBinomial(atMost: middle, mean: mean, dispersion: dispersion) >= q {
                high = middle
            } else {
                low = middle
            }
        }
        return high.rounded(.down)
    }

    /// The t with P(|T| ≤ t) = level.
    package static func quantileStudent(level: Double, freedom: Double) -> Double {
        var low = 0.0
        var high = 1.0
        while twoSidedStudent(high, freedom: freedom) > 1 - level && high < 1e12 { high *= 2 }
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if twoSidedStudent(middle, freedom: freedom) > 1 - level { low = middle } else { high = middle }
        }
        return high
    }

    /// P(X ≤ x·mean) of a gamma with this shape (Wilson and Hilferty 1931).
    private static func gammaWilsonHilferty(_ ratio: Double, shape: Double) -> Double {
        let z = (cbrt(ratio) - 1 + 1 / (9 * shape)) * 3 * shape.squareRoot()
        return 0.5 * erfc(-z / 2.0.squareRoot())
    }

    private static func gammaWilsonHilfertyAbove(_ ratio: Double, shape: Double) -> Double {
        let z = (cbrt(ratio) - 1 + 1 / (9 * shape)) * 3 * shape.squareRoot()
        return 0.5 * erfc(z / 2.0.squareRoot())
    }

    /// P(a, x), the regularised lower incomplete gamma function, by its series or its continued fraction (Lentz).
    package static func regularisedGamma(shape a: Double, _ x: Double) -> Double {
        guard x > 0 else { return 0 }
        let front = exp(a * log(x) - x - lgamma(a))
        if x < a + 1 {
            var term = 1 / a
            var sum = term
            var n = a
            for _ in 0..<200_000 {
                n += 1
                term *= x / n
                sum += term
                if term < sum * 1e-16 { break }
            }
            return min(1, front * sum)
        }
        var b = x + 1 - a
        var c = 1e300
        var d = 1 / b
        var h = d
        for i in 1..<200_000 {
            let an = -Double(i) * (Double(i) - a)
            b += 2
            d = guarded(an * d + b)
            c = guarded(b + an / c)
            d = 1 / d
            let step = d * c
            h *= step
            if abs(step - 1) < 1e-15 { break }
        }
        return max(0, 1 - front * h)
    }

    /// I_x(a, b), the regularised incomplete beta function, by its continued fraction (Lentz).
    package static func regularisedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        if x < (a + 1) / (a + b + 2) { return min(1, front * betaFraction(x, a, b) / a) }
        return max(0, 1 - front * betaFraction(1 - x, b, a) / b)
    }

    private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        var c = 1.0
        var d = 1 / guarded(1 - (a + b) * x / (a + 1))
        var h = d
        for i in 1..<100_000 {
            let m = Double(i)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / guarded(1 + even * d)
            c = guarded(1 + even / c)
            h *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / guarded(1 + odd * d)
            c = guarded(1 + odd / c)
            let step = d * c
            h *= step
            if abs(step - 1) < 1e-15 { break }
        }
        return h
    }

    private static func guarded(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
}
