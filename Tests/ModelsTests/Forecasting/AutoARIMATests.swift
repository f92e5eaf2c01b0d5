import Foundation
import Testing

@testable import Models

@Suite struct AutoARIMATests {
    private func choose(_ values: [Double], period: Int = 1) throws -> FittedARIMA {
        try AutoARIMA(period: period).fit(values).model
    }

    @Test(arguments: [0.0, 7, 70, 1e12, 7e-12, 0.1 + 0.2])
    func aConstantIsForecastAsItself(value: Double) throws {
        for period in [1, 7] {
            let model = try choose(Array(repeating: value, count: 60), period: period)
            let forecast = model.forecast(horizon: 14, levels: [0.95])
            #expect(forecast.mean.allSatisfy { abs($0 - value) <= 1e-12 * abs(value) })
            #expect(model.isPerfect && model.sigma2 == 0)
            for h in 0..<14 {
                let (low, high) = (forecast.intervals[0].lower[h], forecast.intervals[0].upper[h])
                #expect(low < value && value < high && high - low <= max(1.2, abs(value) * 1e-3))
            }
        }
    }

    @Test func lengthOneHasNoInterval() throws {
        let forecast = try choose([3]).forecast(horizon: 3, levels: [0.95])
        #expect(forecast.mean == [3, 3, 3])
        #expect(forecast.intervals[0].lower[0] == -.infinity && forecast.intervals[0].upper[0] == .infinity)
    }

    @Test(arguments: [[3, 4], [3, 4, 5]] as [[Double]])
    func shortSeriesTakeTheirMean(values: [Double]) throws {
        let forecast = try choose(values, period: 7).forecast(horizon: 2, levels: [0.95])
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(abs(forecast.mean[1] - mean) < 1e-12)
        #expect(forecast.intervals[0].upper[0] - mean > 4 * (values.count == 2 ? 2 : 1))
    }

    @Test(arguments: 4...16)
    func aFewPointsAreNoCertainty(count: Int) throws {
        let values = (0..<count).map { Double(($0 * 7919) % 11) + 20 }
        let forecast = try choose(values, period: 7).forecast(horizon: 7, levels: [0.95])
        #expect(forecast.mean.allSatisfy { $0.isFinite })
        for h in 0..<7 { #expect(forecast.intervals[0].upper[h] - forecast.intervals[0].lower[h] > 4) }
    }

    @Test func countingGoesOnExactly() throws {
        let model = try choose((1...100).map(Double.init), period: 7)
        let forecast = model.forecast(horizon: 3, levels: [0.95])
        for (found, expected) in zip(forecast.mean, [101.0, 102, 103]) { #expect(abs(found - expected) < 1e-8) }
        #expect(forecast.intervals[0].upper[0] > 101.1 && forecast.intervals[0].upper[0] < 102)
        #expect(model.name == "ARIMA(0,1,0) with drift")
    }

    @Test func anExactWeekGoesOnExactly() throws {
        let week: [Double] = [70, 60, 50, 40, 30, 20, 0]
        let model = try choose((0..<84).map { week[$0 % 7] }, period: 7)
        let forecast = model.forecast(horizon: 14, levels: [0.95])
        for h in 0..<14 { #expect(abs(forecast.mean[h] - week[h % 7]) < 1e-9) }
        #expect(forecast.intervals[0].upper[6] > 0)
        // And with a slope.
        let rising = try choose((0..<84).map { week[$0 % 7] + 2 * Double($0) }, period: 7)
        let ahead = rising.forecast(horizon: 7, levels: [])
        for h in 0..<7 { #expect(abs(ahead.mean[h] - week[h] - 2 * Double(84 + h)) < 1e-6) }
    }

    @Test func aStepIsFollowed() throws {
        let values = (0..<80).map { $0 < 40 ? 20.0 : 5.0 }
        let forecast = try choose(values, period: 7).forecast(horizon: 7, levels: [0.95])
        #expect(forecast.mean.allSatisfy { abs($0 - 5) < 1 }, "\(forecast.mean)")
    }

    @Test func aGapIsNoZero() throws {
        var normal = NormalSource(seed: 41)
        var values = (0..<100).map { _ in 20 + normal.next() }
        for t in 40..<50 { values[t] = .nan }
        values[99] = .nan
        let selection = try AutoARIMA(period: 7).fit(values)
        let forecast = selection.model.forecast(horizon: 7, levels: [0.95])
        #expect(forecast.mean.allSatisfy { abs($0 - 20) < 1 }, "\(forecast.mean)")
        #expect(forecast.intervals[0].upper.allSatisfy { $0 < 26 })
        #expect(selection.model.observations == 89 - selection.model.order.differencingSpan)
    }

    @Test func onlyZerosOneSpike() throws {
        var values = [Double](repeating: 0, count: 90)
        values[50] = 400
        let forecast = try choose(values, period: 7).forecast(horizon: 7, levels: [0.95])
        #expect(forecast.mean.allSatisfy { $0.isFinite && abs($0) < 50 })
    }

    @Test func leadingAndTrailingGaps() throws {
        var normal = NormalSource(seed: 42)
        let core = (0..<60).map { 10 + Double($0 % 7) + 0.1 * normal.next() }
        let values = [Double](repeating: .nan, count: 9) + core + [.nan, .nan]
        let forecast = try choose(values, period: 7).forecast(horizon: 7, levels: [])
        for h in 0..<7 { #expect(abs(forecast.mean[h] - 10 - Double((62 + h) % 7)) < 1) }
        #expect(throws: ARIMAError.tooFewObservations(found: 0, needed: 1)) { try choose([.nan, .nan]) }
        #expect(throws: ARIMAError.notFinite(column: "series", position: 2)) { try choose([1, 2, .infinity, 4, 5]) }
        #expect(throws: ARIMAError.self) { try choose([]) }
    }

    @Test func theSameSeriesGivesTheSameModel() throws {
        var normal = NormalSource(seed: 43)
        let values = normal.arma(150, phi: [0.5], theta: [0.5]).map { $0 + 40 }
        let (first, second) = (try AutoARIMA(period: 7).fit(values), try AutoARIMA(period: 7).fit(values))
        #expect(first.candidates == second.candidates)
        #expect(first.model.coefficients.map(\.value) == second.model.coefficients.map(\.value))
    }

    @Test func theBudgetEndsTheSearch() throws {
        var normal = NormalSource(seed: 44)
        let values = normal.arma(120, phi: [0.5, 0.2], theta: [0.5]).map { $0 + 40 }
        let small = try AutoARIMA(period: 7, budget: .init(models: 4)).fit(values)
        #expect(small.candidates.count == 4 && small.budgetReached)
        let none = try AutoARIMA(period: 7, budget: .init(wall: .zero)).fit(values)
        #expect(none.budgetReached && none.candidates.count == 1)
        let quick = try AutoARIMA(period: 7, effort: .quick).fit(values)
        let thorough = try AutoARIMA(period: 7, effort: .thorough).fit(values)
        #expect(quick.candidates.count < thorough.candidates.count && !thorough.budgetReached)
        #expect(thorough.model.aicc <= quick.model.aicc + 0.01)
    }

    @Test func regressorsAreInTheSearch() throws {
        var normal = NormalSource(seed: 45)
        let noise = normal.arma(140, phi: [0.6], theta: [])
        let holiday = ARIMARegressor(name: "holiday", values: (0..<140).map { $0 % 30 == 3 ? 1 : 0 })
        let values = (0..<140).map { 30 + noise[$0] - 12 * holiday.values[$0] }
        let model = try AutoARIMA(period: 1).fit(values, regressors: [holiday]).model
        let effect = try #require(model.coefficient("holiday"))
        #expect(abs(effect + 12) < 2)
        #expect(model.order.d == 0)
        #expect(throws: ARIMAError.self) {
            try AutoARIMA().fit(values, regressors: [ARIMARegressor(name: "x", values: [1])])
        }
    }

    @Test func differencesOfKnownSeries() {
        var normal = NormalSource(seed: 46)
        let noise = (0..<200).map { _ in normal.next() }
        #expect(DifferencingTests.firstDifferences(noise) == 0)
        var (level, slope) = (0.0, 0.0)
        let walk = noise.map { step in
            level += step
            return level
        }
        #expect(DifferencingTests.firstDifferences(walk) == 1)
        level = 0
        let twice = noise.map { step in
            slope += step
            level += slope
            return level
        }
        #expect(DifferencingTests.firstDifferences(twice) == 2)
        #expect(DifferencingTests.firstDifferences(Array(repeating: 4, count: 30)) == 0)
        #expect(DifferencingTests.kpss([1]) == 0 && DifferencingTests.isConstant([]))
        #expect(DifferencingTests.seasonalDifferences(noise, period: 7) == 0)
        let weekly = noise.enumerated().map { 5 * Double($0.offset % 7) + $0.element }
        #expect(DifferencingTests.seasonalDifferences(weekly, period: 7) == 1)
        #expect(DifferencingTests.seasonalDifferences(Array(weekly.prefix(14)), period: 7) == 0)
    }

    @Test func gapsAreFilledFromTheSeason() {
        var values = (0..<28).map { Double($0 % 7) }
        values[10] = .nan
        values[0] = .nan
        #expect(MissingValues.filled(values, period: 7) == (0..<28).map { Double($0 % 7) })
        #expect(MissingValues.filled([.nan, 2, .nan, .nan, 8, .nan], period: 1) == [2, 2, 4, 6, 8, 8])
    }

    @Test(
        arguments: [([7, 70], 1), ([0.25, 3], 0.01), ([0, 0], 1), ([7e-12], 1e-12), ([.nan, 1.5], 0.1)]
            as [([Double], Double)])
    func roundingUnits(values: [Double], unit: Double) {
        #expect(abs(RoundingUnit.of(values) / unit - 1) < 1e-9)
    }

    @Test func normalQuantiles() {
        for (level, z) in [(0.5, 0.6744897502), (0.8, 1.2815515655), (0.95, 1.9599639845), (0.999, 3.2905267315)] {
            #expect(abs(NormalQuantile.twoSided(level) - z) < 1e-9)
        }
        #expect(NormalQuantile.twoSided(0) == 0 && NormalQuantile.twoSided(1) == .infinity)
    }
}
