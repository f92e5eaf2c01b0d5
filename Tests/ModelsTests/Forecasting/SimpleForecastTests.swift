import Testing

@testable import Models

@Suite struct SimpleForecastTests {
    @Test("the last season is repeated; a missing value of it comes from the season before")
    func seasonalNaive() throws {
        let model = try #require(SeasonalNaive(season: 3).fit([1, 2, 3, 4, .nan, 6]))
        #expect(model.mean(horizon: 5) == [4, 2, 6, 4, 2])
        #expect(model.name == "seasonal naive[3]")
        #expect(model.fittedValues[3] == 1)
        let naive = try #require(SeasonalNaive(season: 7).fit([5]))
        #expect(naive.mean(horizon: 2) == [5, 5])
        #expect(naive.forecast(horizon: 1, levels: [0.95]).intervals[0].upper[0] > 5)
        #expect(SeasonalNaive().fit([.nan]) == nil)
    }

    @Test("limits of the seasonal naive forecast widen from season to season")
    func naiveIntervals() throws {
        let model = try #require(SeasonalNaive(season: 2).fit([1, 5, 2, 4, 1, 6, 2, 5]))
        let interval = model.forecast(horizon: 4, levels: [0.8]).intervals[0]
        let widths = zip(interval.upper, interval.lower).map { $0 - $1 }
        #expect(abs(widths[0] - widths[1]) < 1e-12)
        #expect(abs(widths[2] / widths[0] - 2.0.squareRoot()) < 1e-12)
    }

    @Test("the rate of sparse demand is found", arguments: IntermittentDemand.Method.allCases)
    func intermittent(method: IntermittentDemand.Method) throws {
        let values = Series.counts(400, mean: 0.3, seed: 12)
        let model = try #require(IntermittentDemand(method).fit(values))
        #expect(abs(model.rate - 0.3) < 0.15)
        let forecast = model.forecast(horizon: 3, levels: [0.95])
        #expect(forecast.intervals[0].lower == [0, 0, 0])
        #expect(forecast.intervals[0].upper[0] >= 1)
    }

    @Test("no demand at all is forecast as none", arguments: IntermittentDemand.Method.allCases)
    func noDemand(method: IntermittentDemand.Method) throws {
        let model = try #require(IntermittentDemand(method).fit([Double](repeating: 0, count: 30)))
        #expect(model.rate == 0)
        #expect(IntermittentDemand(method).fit([.nan]) == nil)
    }

    @Test("a dying series fades with its demand probability")
    func fading() throws {
        let values = [Double](repeating: 4, count: 50) + [Double](repeating: 0, count: 100)
        let fading = try #require(IntermittentDemand(.teunterSyntetosBabai).fit(values))
        let croston = try #require(IntermittentDemand(.croston).fit(values))
        #expect(fading.rate < 0.2)
        #expect(fading.rate < croston.rate)
    }

    @Test("seasonal means are drawn to the mean by as much as chance explains")
    func seasonalMean() throws {
        let pattern = [0.0, 0, 0, 0, 0, 3, 3]
        let strong = try #require(SeasonalMean(season: 7).fit((0..<140).map { pattern[$0 % 7] }))
        #expect(relativeDistance(strong.means, pattern) < 1e-9)
        let flat = try #require(SeasonalMean(season: 7).fit(Series.counts(140, mean: 0.5, seed: 3)))
        let spread = (flat.means.max() ?? 0) - (flat.means.min() ?? 0)
        #expect(spread < 0.5)
        #expect(flat.forecast(horizon: 3, levels: [0.9]).mean.count == 3)
        #expect(SeasonalMean(season: 7).fit([]) == nil)
    }

    @Test("gaps are filled along the season, never with zero")
    func gaps() {
        let pattern = [10.0, 20, 30, 20]
        var values = (0..<32).map { pattern[$0 % 4] }
        values[9] = .nan
        values[10] = .nan
        let filled = GapFilling.fill(values, season: 4)
        #expect(abs(filled[9] - 20) < 1)
        #expect(abs(filled[10] - 30) < 1)
        #expect(GapFilling.fill([.nan, 2, .nan, 4, .nan], season: 1) == [2, 2, 3, 4, 4])
    }

    @Test(
        "counts get whole limits that hold their share", arguments: [(3.0, 6.0), (0.4, 0.4), (40.0, 30.0), (7.0, 0.1)])
    func countIntervals(mean: Double, variance: Double) {
        let interval = CountIntervals.around([mean], variances: [variance], level: 0.95)
        #expect(interval.lower[0] == interval.lower[0].rounded() && interval.lower[0] >= 0)
        #expect(interval.upper[0] == interval.upper[0].rounded())
        #expect(interval.lower[0] <= mean && interval.upper[0] >= mean.rounded(.down))
    }
}
