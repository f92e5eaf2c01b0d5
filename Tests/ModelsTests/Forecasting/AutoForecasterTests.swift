import LinearAlgebra
import Testing

@testable import Models

@Suite struct AutoForecasterTests {
    private func forecast(_ values: [Double], seasons: [Int] = [], horizon: Int = 7) throws -> Forecast {
        let model = try #require(AutoForecaster(seasons: seasons, horizon: horizon).fit(values))
        return model.forecast(horizon: horizon, levels: [0.8, 0.95])
    }

    @Test("a constant is continued, with a width that is not zero")
    func constant() throws {
        let found = try forecast([Double](repeating: 7, count: 40), seasons: [7])
        #expect(found.mean.allSatisfy { $0 == 7 })
        #expect(found.intervals[1].upper[0] > 7 && found.intervals[1].upper[0] < 10)
        #expect(found.intervals[1].lower[0] < 7 && found.intervals[1].lower[0] > 4)
    }

    @Test("all zeros are forecast as zero, with an upper limit at or above it and none below")
    func zeros() throws {
        let found = try forecast([Double](repeating: 0, count: 60), seasons: [7])
        #expect(found.mean.allSatisfy { $0 == 0 })
        #expect(found.intervals[1].lower.allSatisfy { $0 == 0 })
        #expect(found.intervals[1].upper.allSatisfy { $0 >= 0 && $0 < 3 })
    }

    @Test("few values give the last one and much doubt", arguments: 1...4)
    func short(count: Int) throws {
        let found = try forecast(Array([3.0, 5, 4, 4].prefix(count)), seasons: [7], horizon: 3)
        #expect(found.mean.allSatisfy { $0 == [3.0, 5, 4, 4][count - 1] })
        #expect(found.intervals[1].upper[0] - found.intervals[1].lower[0] > 3)
        #expect(found.intervals[1].lower[0] >= 0)
    }

    @Test("nothing observed gives nothing; endless values are refused")
    func nothing() {
        #expect(AutoForecaster(seasons: [7], horizon: 3).fit([]) == nil)
        #expect(AutoForecaster(seasons: [7], horizon: 3).fit([.nan, .nan]) == nil)
        #expect(AutoForecaster(seasons: [7], horizon: 3).fit([1, .infinity, 2, 3, 4, 5]) == nil)
    }

    @Test("eight values with a weekly season claim no certainty")
    func eight() throws {
        let found = try forecast([20, 24, 19, 22, 25, 18, 21, 23], seasons: [7])
        for h in 0..<7 {
            #expect(found.mean[h] > 15 && found.mean[h] < 30)
            #expect(found.intervals[1].upper[h] - found.intervals[1].lower[h] > 3)
        }
    }

    @Test("a gap is no zero")
    func gap() throws {
        var values = (0..<120).map { 20 + [3.0, 1, 0, 0, -1, -2, -1][$0 % 7] }
        for t in 60..<70 { values[t] = .nan }
        values[119] = .nan
        let found = try forecast(values, seasons: [7])
        for h in 0..<7 { #expect(abs(found.mean[h] - 20 - [3.0, 1, 0, 0, -1, -2, -1][(120 + h) % 7]) < 1) }
    }

    @Test("a line and an exact week are continued exactly")
    func exact() throws {
        let line = try forecast((1...100).map { Double($0) }, horizon: 3)
        #expect(relativeDistance(line.mean, [101, 102, 103]) < 5e-3)
        let pattern = [10.0, 20, 30, 40, 30, 20, 10]
        let week = try forecast((0..<70).map { pattern[$0 % 7] }, seasons: [7])
        #expect(relativeDistance(week.mean, pattern) < 1e-6)
        #expect(week.intervals[1].upper[0] > week.intervals[1].lower[0])
    }

    @Test("after a step the new level is forecast")
    func step() throws {
        let values = [Double](repeating: 1, count: 60) + [Double](repeating: 5, count: 60)
        let found = try forecast(values, seasons: [7])
        for value in found.mean { #expect(abs(value - 5) < 0.5) }
    }

    @Test("one spike does not carry on")
    func spike() throws {
        var values = Series.noisy(count: 200, season: 7, seed: 6, amplitude: 10, trend: 0)
        values[150] = 5000
        let found = try forecast(values, seasons: [7])
        for value in found.mean { #expect(value > 60 && value < 150) }
    }

    @Test("scaling the values scales forecast and limits", arguments: [1e-12, 1e12])
    func scale(factor: Double) throws {
        let values = Series.noisy(count: 84, season: 12, seed: 2)
        let plain = try forecast(values, seasons: [12])
        let scaled = try forecast(values.map { $0 * factor }, seasons: [12])
        #expect(relativeDistance(scaled.mean, plain.mean.map { $0 * factor }) < 1e-3)
        #expect(relativeDistance(scaled.intervals[1].upper, plain.intervals[1].upper.map { $0 * factor }) < 1e-2)
    }

    @Test("counts never get a limit below zero", arguments: [0.05, 0.3, 1, 4, 30])
    func counts(mean: Double) throws {
        let values = Series.counts(200, mean: mean, seed: 21)
        let found = try forecast(values, seasons: [7], horizon: 28)
        #expect(found.mean.allSatisfy { $0 >= 0 })
        for interval in found.intervals {
            #expect(interval.lower.allSatisfy { $0 >= 0 })
            #expect(zip(interval.lower, interval.upper).allSatisfy { $0 <= $1 })
        }
        let average = found.mean.reduce(0, +) / 28
        #expect(abs(average - mean) < 0.35 * mean + 0.1)
    }

    @Test("zeros before a queue opened are not part of it")
    func leadingZeros() throws {
        let values = [Double](repeating: 0, count: 90) + Series.counts(60, mean: 40, seed: 5)
        let model = try #require(AutoForecaster(seasons: [7], horizon: 7).fit(values))
        #expect(model.fittedValues.count == 150)
        for value in model.mean(horizon: 7) { #expect(abs(value - 40) < 10) }
    }

    @Test("a seasonal naive forecast is always among the candidates and wins where it is right")
    func naiveAmongCandidates() throws {
        var random = SeededRandom(seed: 9)
        var values: [Double] = []
        // Weeks that wander as a whole: each repeats the last one with one common step.
        var week = (0..<7).map { _ in 50 + 10 * random.normal() }
        for _ in 0..<20 {
            values += week
            let step = random.normal()
            week = week.map { $0 + step }
        }
        for seasons in [[7], [7, 28], []] {
            let model = try #require(AutoForecaster(seasons: seasons, horizon: 7).fit(values))
            #expect(model.choice.members.contains { $0.name.contains("naive") })
            #expect(abs(model.choice.members.reduce(0) { $0 + $1.weight } - 1) < 1e-9)
            #expect(model.choice.fits > 5)
        }
    }

    @Test("without rolling origins the candidates weigh alike")
    func noBudget() throws {
        let values = Series.noisy(count: 60, season: 12, seed: 2)
        let model = try #require(
            AutoForecaster(seasons: [12], horizon: 6, budget: ForecastBudget(origins: 0)).fit(values))
        #expect(model.choice.origins == 0)
        #expect(model.choice.members.allSatisfy { $0.error.isNaN })
        #expect(model.mean(horizon: 6).allSatisfy { $0 > 50 && $0 < 150 })
    }

    @Test("two seasons of hourly values are both followed")
    func hourly() throws {
        var random = SeededRandom(seed: 31)
        let values = (0..<400).map { t in
            100.0 + 30 * Double(t % 24 < 8 ? 0 : 1) + 20 * Double(t / 24 % 7 < 5 ? 1 : 0) + random.normal()
        }
        let found = try forecast(values, seasons: [24, 168], horizon: 48)
        for h in 0..<48 {
            let t = 400 + h
            let expected = 100.0 + 30 * Double(t % 24 < 8 ? 0 : 1) + 20 * Double(t / 24 % 7 < 5 ? 1 : 0)
            #expect(abs(found.mean[h] - expected) < 5)
        }
    }

    @Test("limits hold their share of new values")
    func coverage() throws {
        var inside = [0, 0]
        for seed in 0..<24 {
            let values = Series.noisy(count: 72, season: 12, seed: UInt64(seed) + 100)
            let model = try #require(AutoForecaster(seasons: [12], horizon: 12).fit(Array(values.prefix(60))))
            let intervals = model.forecast(horizon: 12, levels: [0.8, 0.95]).intervals
            for h in 0..<12 {
                for i in 0...1 where values[60 + h] >= intervals[i].lower[h] && values[60 + h] <= intervals[i].upper[h]
                {
                    inside[i] += 1
                }
            }
        }
        let shares = inside.map { Double($0) / 288 }
        #expect(shares[0] > 0.72 && shares[0] < 0.89)
        #expect(shares[1] > 0.9)
    }

    @Test("the same values give the same forecast")
    func repeats() throws {
        let values = Series.noisy(count: 90, season: 7, seed: 14)
        #expect(try forecast(values, seasons: [7]) == (try forecast(values, seasons: [7])))
    }

    @Test(
        "on monthly competition series the error is in the mean not above seasonal naive's",
        .enabled(if: TimeSeriesCorpus.isThere, "needs CS_ANALYTICS_CORPORA"))
    func monthlySeries() throws {
        var ours = 0.0
        var naives = 0.0
        var inside = 0
        let series = try TimeSeriesCorpus.monthly()
        for index in stride(from: 3, to: 400, by: 66) {
            let (_, train, test) = series[index]
            let model = try #require(AutoForecaster(seasons: [12], horizon: 18).fit(train))
            let found = model.forecast(horizon: 18, levels: [0.95])
            let naive = try #require(SeasonalNaive(season: 12).fit(train)).mean(horizon: 18)
            var own = 0.0
            var base = 0.0
            for h in 0..<18 {
                own += abs(found.mean[h] - test[h])
                base += abs(naive[h] - test[h])
                if test[h] >= found.intervals[0].lower[h] && test[h] <= found.intervals[0].upper[h] { inside += 1 }
            }
            ours += own / base
            naives += 1
        }
        #expect(ours < 1.05 * naives)
        #expect(inside > 75)
    }
}
