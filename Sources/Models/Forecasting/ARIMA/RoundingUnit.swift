internal import Glibc

/// The step in which a series was written down, the least uncertainty that a forecast of it can have.
enum RoundingUnit {
    /// The greatest power of ten, at most 1, of which every value is a multiple; at least 1e-9 of the greatest value.
    static func of(_ values: [Double]) -> Double {
        let present = values.filter { !$0.isNaN }
        let magnitude = present.reduce(0) { max($0, abs($1)) }
        guard magnitude > 0 else { return 1 }
        var unit = 1.0
        while unit > magnitude * 1e-9, unit > 1e-300 {
            let fits = present.allSatisfy { value in
                let steps = value / unit
                return abs(steps - steps.rounded()) <= 1e-9 * abs(steps)
            }
            if fits { return unit }
            unit /= 10
        }
        return unit
    }
}

/// Quantiles of the standard normal distribution.
enum NormalQuantile {
    /// The distance from the mean within which a share of `level` lies (1.96 for 0.95).
    static func twoSided(_ level: Double) -> Double {
        guard level > 0 else { return 0 }
        guard level < 1 else { return .infinity }
        // Newton's method on erf from a start that is right to three digits (Abramowitz & Stegun 1964, 26.2.23).
        let t = (-2 * log((1 - level) / 2)).squareRoot()
        var z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
        for _ in 0..<3 {
            let excess = erfc(z / 2.0.squareRoot()) - (1 - level)
            z += excess / (2 * exp(-0.5 * z * z) / (2 * Double.pi).squareRoot())
        }
        return z
    }
}
