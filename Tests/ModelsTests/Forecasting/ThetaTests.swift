import Testing

@testable import Models

@Suite struct ThetaTests {
    @Test("a line is continued", arguments: [true, false])
    func line(dynamic: Bool) throws {
        let model = try #require(DynamicOptimizedTheta(dynamic: dynamic).fit((1...100).map { Double($0) }))
        let mean = model.mean(horizon: 3)
        for (h, value) in mean.enumerated() { #expect(abs(value - Double(101 + h)) < 0.5) }
    }

    @Test("scale and, without a season, shift go through")
    func equivariance() throws {
        let values = Series.noisy(count: 72, season: 12, seed: 4)
        let plain = try #require(DynamicOptimizedTheta(season: 12).fit(values)).mean(horizon: 12)
        let scaled = try #require(DynamicOptimizedTheta(season: 12).fit(values.map { $0 * 1e6 })).mean(horizon: 12)
        #expect(relativeDistance(scaled, plain.map { $0 * 1e6 }) < 1e-9)
    }

    @Test("no other share of the line and no other start has smaller squared errors")
    func leastSquares() throws {
        let values = Series.noisy(count: 50, season: 1, seed: 8, amplitude: 0)
        let model = try #require(DynamicOptimizedTheta().fit(values))
        let best = ThetaTwin.squares(values, alpha: model.alpha, share: model.lineShare)
        for alpha in stride(from: 0.1, through: 0.99, by: 0.05) {
            for share in stride(from: 0.0, through: 1, by: 0.1) {
                #expect(best <= ThetaTwin.squares(values, alpha: alpha, share: share) * 1.0001)
            }
        }
    }

    @Test("a season is found by its autocorrelation, and only where there is one")
    func seasonTest() {
        #expect(SeasonalAdjustment.isSeasonal(Series.noisy(count: 72, season: 12, seed: 1), season: 12))
        #expect(!SeasonalAdjustment.isSeasonal(Series.noisy(count: 72, season: 12, seed: 1, amplitude: 0), season: 12))
        #expect(!SeasonalAdjustment.isSeasonal([Double](repeating: 3, count: 48), season: 12))
    }

    @Test("indices of an exact pattern are exact, also with gaps", arguments: [true, false])
    func indices(multiplicative: Bool) throws {
        let pattern = multiplicative ? [0.5, 1, 1.5, 1] : [-2.0, 0, 2, 0]
        var values = (0..<40).map { multiplicative ? 10 * pattern[$0 % 4] : 10 + pattern[$0 % 4] }
        let found = try #require(SeasonalAdjustment.indices(values, season: 4, multiplicative: multiplicative))
        #expect(relativeDistance(found, pattern) < 1e-12)
        values[21] = .nan
        let gappy = try #require(SeasonalAdjustment.indices(values, season: 4, multiplicative: multiplicative))
        #expect(relativeDistance(gappy, pattern) < 0.2)
    }

    @Test("limits widen with the horizon")
    func intervals() throws {
        let model = try #require(DynamicOptimizedTheta(season: 4).fit(Series.noisy(count: 60, season: 4, seed: 3)))
        let interval = model.forecast(horizon: 8, levels: [0.8, 0.95]).intervals
        #expect(interval[1].upper[0] > interval[0].upper[0])
        #expect(interval[0].upper[7] - interval[0].lower[7] >= interval[0].upper[3] - interval[0].lower[3])
        #expect(DynamicOptimizedTheta().fit([1, 2, 3]) == nil)
    }
}

/// The dynamic theta recursion as the paper writes it, with the initial level by a fine search.
private enum ThetaTwin {
    static func squares(_ y: [Double], alpha: Double, share: Double) -> Double {
        // Quadratic in the start: three points give its minimum.
        let values = [-1.0, 0, 1].map { run(y, alpha, share, start: y[0] + $0 * 50) }
        let curvature = values[0] - 2 * values[1] + values[2]
        guard curvature > 0 else { return values[1] }
        let best = 0.5 * (values[0] - values[2]) / curvature
        return run(y, alpha, share, start: y[0] + best * 50)
    }

    private static func run(_ y: [Double], _ alpha: Double, _ share: Double, start: Double) -> Double {
        var level = start
        var (mean, slope, intercept, sum) = (0.0, 0.0, 0.0, 0.0)
        for t in 1...y.count {
            let time = Double(t)
            var power = 1.0
            for _ in 1..<max(1, t) where t > 1 { power *= 1 - alpha }
            let line = power * intercept + (1 - power * (1 - alpha)) / alpha * slope
            let forecast = level + share * line
            if t > 2 { sum += (y[t - 1] - forecast) * (y[t - 1] - forecast) }
            level = alpha * y[t - 1] + (1 - alpha) * level
            let before = mean
            mean = ((time - 1) * mean + y[t - 1]) / time
            slope = t == 1 ? 0 : ((time - 2) * slope + 6 / time * (y[t - 1] - before)) / (time + 1)
            intercept = mean - slope * (time + 1) / 2
        }
        return sum
    }
}
