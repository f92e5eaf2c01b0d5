import LinearAlgebra
import Testing

@testable import Models

@Suite struct DecompositionForecastTests {
    @Test("seasons are repeated and the rest continued", arguments: [true, false])
    func parts(shortMemory: Bool) throws {
        let pattern = [8.0, -2, 0, 4, -5, -3, -2]
        var random = SeededRandom(seed: 1)
        let values = (0..<210).map { 50 + pattern[$0 % 7] + 0.3 * random.normal() }
        let rest: SeasonalDecompositionForecaster.Rest =
            shortMemory ? .shortMemory : .smoothing(ETSForm.admissible(seasonal: false, positive: false))
        let model = try #require(SeasonalDecompositionForecaster(seasons: [7], rest: rest).fit(values))
        let forecast = model.forecast(horizon: 14, levels: [0.9])
        for h in 0..<14 {
            #expect(abs(forecast.mean[h] - 50 - pattern[(210 + h) % 7]) < 1)
            #expect(forecast.intervals[0].lower[h] < forecast.mean[h])
        }
        #expect(model.fittedValues.count == 210)
        #expect(model.name.hasPrefix("MSTL[7]+"))
        #expect(SeasonalDecompositionForecaster(seasons: [7]).fit([1, 2, 3]) == nil)
    }

    @Test("an autoregression is found and dies away")
    func shortMemory() throws {
        var random = SeededRandom(seed: 4)
        var values = [0.0]
        for _ in 1..<400 { values.append(0.8 * (values.last ?? 0) + random.normal()) }
        let model = try #require(ShortMemory.fit(values.map { $0 + 20 }))
        #expect(model.order.d == 0)
        let mean = model.forecast(horizon: 60, levels: []).mean
        #expect(abs(mean[59] - 20) < 1)
    }

    @Test("a random walk is differenced, noise is not")
    func unitRoot() {
        var random = SeededRandom(seed: 2)
        let noise = (0..<200).map { _ in random.normal() }
        var walk: [Double] = []
        var sum = 0.0
        for value in noise {
            sum += value
            walk.append(sum)
        }
        #expect(ShortMemory.differences(noise) == 0)
        #expect(ShortMemory.differences(walk) == 1)
        #expect(ShortMemory.differences([1, 2]) == 0)
    }

    @Test("the season of an adjusted model comes back", arguments: [0.0, -500])
    func adjusted(shift: Double) throws {
        let values = Series.noisy(count: 120, season: 12, seed: 6).map { $0 + shift }
        let model = try #require(AdjustedShortMemory(season: 12).fit(values))
        #expect(model.name.hasPrefix("seasonal[12]+"))
        let found = model.forecast(horizon: 12, levels: [0.95])
        let naive = try #require(SeasonalNaive(season: 12).fit(values)).mean(horizon: 12)
        for h in 0..<12 {
            #expect(abs(found.mean[h] - naive[h]) < 20)
            #expect(found.intervals[0].lower[h] < found.intervals[0].upper[h])
        }
        #expect(model.fittedValues.count == 120)
        #expect(AdjustedShortMemory(season: 12).fit([1, 2]) == nil)
    }
}
