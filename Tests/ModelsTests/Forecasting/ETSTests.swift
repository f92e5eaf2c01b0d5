import LinearAlgebra
import Testing

@testable import Models

@Suite struct ETSTests {
    /// R stops its Nelder–Mead search early, so ours is below on most; one series has a second optimum.
    private static let slack = ["UKgas_log": 1.5]

    @Test(
        "the chosen model's AICc is no worse than R's",
        .enabled(if: TimeSeriesCorpus.isThere, "needs CS_ANALYTICS_CORPORA"),
        arguments: [
            "AirPassengers", "wineind", "lynx", "Nile", "USAccDeaths", "sunspot.year", "sunspots", "logAirPassengers",
            "log_lynx", "nottem", "woolyrnq", "LakeHuron", "UKgas_log", "ldeaths",
        ])
    func choiceAgainstReference(name: String) throws {
        let reference = try TimeSeriesCorpus.decode("reference_arima.json", as: TimeSeriesCorpus.Models.self)
        let series = try #require(reference.series[name])
        let model = try #require(AutoETS(season: series.frequency).fit(series.values))
        #expect(model.aicc <= series.ets.aicc + (ETSTests.slack[name] ?? 0.05), "\(model.name)")
    }

    @Test(
        "where the parameters agree with R's, forecasts and limits do",
        .enabled(if: TimeSeriesCorpus.isThere, "needs CS_ANALYTICS_CORPORA"),
        arguments: ["Nile", "sunspot.year", "sunspots", "LakeHuron", "log_lynx"])
    func forecastsEqualReference(name: String) throws {
        let reference = try TimeSeriesCorpus.decode("reference_arima.json", as: TimeSeriesCorpus.Models.self)
        let series = try #require(reference.series[name])
        let form = try #require(
            ETSForm.admissible(seasonal: false, positive: true).first { $0.name == series.ets.method })
        let model = try #require(ETS(form: form).fit(series.values))
        let forecast = model.forecast(horizon: 24, levels: [0.95])
        #expect(relativeDistance(forecast.mean, series.ets.mean) < 1e-3)
        #expect(relativeDistance(forecast.intervals[0].lower, series.ets.lo95) < 3e-3)
        #expect(relativeDistance(forecast.intervals[0].upper, series.ets.hi95) < 3e-3)
        #expect(abs(model.logLikelihood - series.ets.loglik) < 1e-2)
    }

    @Test("the gradient equals the difference quotient", arguments: ETSForm.admissible(seasonal: true, positive: true))
    func gradient(form: ETSForm) {
        var values = Series.noisy(count: 40, season: 4, seed: 11).map { $0 / 100 }
        values[17] = .nan
        let filter = ETSFilter(values: values[...], season: 4)
        let initial = form.season == .multiplicative ? [0.9, 1.1, 1.05, 0.95] : [-0.1, 0.1, 0.05, -0.05]
        func parameters(_ x: [Double]) -> ETSFilter.Parameters {
            for i in 0..<4 { filter.seasonals[i] = x[6 + i] }
            var p = ETSFilter.Parameters()
            (p.alpha, p.beta, p.gamma, p.phi, p.level, p.slope) = (x[0], x[1], x[2], x[3], x[4], x[5])
            return p
        }
        let trend = form.trend != .none
        let point =
            [0.3, trend ? 0.1 : 0, form.season == .none ? 0 : 0.2, trend ? 0.9 : 1, 1, trend ? 0.01 : 0] + initial
        func value(_ x: [Double]) -> Double {
            var sum = 0.0
            return filter.run(form, parameters(x), sum: &sum)
        }
        var sum = 0.0
        let p = parameters(point)
        _ = filter.run(form, p, sum: &sum)
        let g = filter.gradient(form, p, sum: sum)
        var found = [g.alpha, g.beta, g.gamma, g.phi, g.level, g.slope]
        if form.season != .none { found += (0..<4).map { filter.seasonGradient($0) } }
        for i in found.indices {
            var up = point
            var down = point
            up[i] += 1e-6
            down[i] -= 1e-6
            let expected = (value(up) - value(down)) / 2e-6
            #expect(abs(found[i] - expected) < 1e-4 * max(1, abs(expected)), "parameter \(i)")
        }
    }

    @Test("the gaussian limits of a multiplicative season agree with simulated paths")
    func variancesAgreeWithSimulation() throws {
        let values = Series.noisy(count: 96, season: 12, seed: 5)
        let form = ETSForm(error: .multiplicative, trend: .damped, season: .multiplicative)
        let model = try #require(ETS(form: form, season: 12).fit(values))
        let simulated = ETSSimulation.deviations(model, horizon: 18, paths: 4000)
        let deviations = model.standardDeviations(mean: model.mean(horizon: 18))
        for h in 0..<18 { #expect(abs(deviations[h] / simulated[h] - 1) < 0.06, "step \(h + 1)") }
    }

    @Test("scaling the values scales the forecasts", arguments: [1e-12, 1e-3, 1e12])
    func scale(factor: Double) throws {
        let values = Series.noisy(count: 60, season: 4, seed: 2)
        let plain = try #require(AutoETS(season: 4).fit(values))
        let scaled = try #require(AutoETS(season: 4).fit(values.map { $0 * factor }))
        #expect(plain.name == scaled.name)
        #expect(relativeDistance(scaled.mean(horizon: 8), plain.mean(horizon: 8).map { $0 * factor }) < 1e-6)
    }

    @Test("a missing value is not a zero")
    func missing() throws {
        var values = Series.noisy(count: 84, season: 7, seed: 9)
        for t in 40..<50 { values[t] = .nan }
        let model = try #require(AutoETS(season: 7).fit(values))
        for value in model.mean(horizon: 14) { #expect(value > 70 && value < 140) }
        #expect(model.fittedValues.count == 84)
    }

    @Test("a constant and a line are continued exactly")
    func exactPatterns() throws {
        let constant = try #require(AutoETS().fit([Double](repeating: 7, count: 20)))
        #expect(relativeDistance(constant.mean(horizon: 3), [7, 7, 7]) < 1e-9)
        let line = try #require(AutoETS().fit((1...100).map { Double($0) }))
        #expect(relativeDistance(line.mean(horizon: 3), [101, 102, 103]) < 1e-3)
    }

    @Test("multiplicative forms are left out where a value is not positive")
    func positivity() {
        let values = Series.noisy(count: 40, season: 4, seed: 1).map { $0 - 100 }
        #expect(AutoETS(season: 4).candidates(values).allSatisfy { !$0.form.needsPositiveValues })
        #expect(ETS(form: ETSForm(error: .multiplicative, trend: .none, season: .none)).fit(values) == nil)
        #expect(AutoETS().fit([1, 2]) == nil)
        #expect(AutoETS().fit([Double](repeating: .nan, count: 9)) == nil)
    }
}

/// The slow twin of the variance formulas: paths drawn from the model.
private enum ETSSimulation {
    static func deviations(_ model: FittedETS, horizon: Int, paths: Int) -> [Double] {
        var random = SeededRandom(seed: 77)
        var squares = [Double](repeating: 0, count: horizon)
        let mean = model.mean(horizon: horizon)
        let start = model.finalStates
        for _ in 0..<paths {
            var (level, slope, seasonals) = start
            for h in 0..<horizon {
                let q = level + model.phi * slope
                let s = seasonals[h % seasonals.count]
                let e = q * s * random.normal() * model.variance.squareRoot()
                squares[h] += (q * s + e - mean[h]) * (q * s + e - mean[h])
                level = q + model.alpha * e / s
                slope = model.phi * slope + model.beta * e / s
                seasonals[h % seasonals.count] = s + model.gamma * e / q
            }
        }
        return squares.map { ($0 / Double(paths)).squareRoot() }
    }
}
