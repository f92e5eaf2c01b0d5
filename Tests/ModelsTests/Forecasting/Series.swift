import LinearAlgebra

/// Series made for tests, the same on every machine.
enum Series {
    /// Level 100 with a slow trend, a sine season and normal noise of deviation 5.
    static func noisy(count: Int, season: Int, seed: UInt64, amplitude: Double = 20, trend: Double = 0.05) -> [Double] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { t in
            let phase = Double(t % max(1, season)) / Double(max(1, season))
            let wave = phase < 0.5 ? 4 * phase - 1 : 3 - 4 * phase
            return 100 + trend * Double(t) + amplitude * wave + 5 * random.normal()
        }
    }

    /// Whole counts with this mean (Poisson by inversion).
    static func counts(_ count: Int, mean: Double, seed: UInt64) -> [Double] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let limit = exponential(-mean)
            var product = random.unit()
            var k = 0.0
            while product > limit {
                product *= random.unit()
                k += 1
            }
            return k
        }
    }
}
