import Foundation
import Models
import Testing

private func arima(_ order: ARIMAOrder, mean: Bool = true, drift: Bool = false) -> ARIMAConfiguration {
    ARIMAConfiguration(order: order, includesMean: mean, includesDrift: drift)
}

@Suite struct ARIMATests {
    @Test(arguments: [1e-12, 1e-3, 1, 1e6, 1e12])
    func scaleChangesTheLikelihoodByItsLogarithm(scale: Double) throws {
        var normal = NormalSource(seed: 21)
        let values = normal.arma(120, phi: [0.7], theta: [0.2]).map { $0 + 10 }
        for order in [ARIMAOrder(1, 0, 1), ARIMAOrder(1, 1, 1), ARIMAOrder(0, 1, 1, seasonal: (0, 1, 1), period: 4)] {
            let plain = try arima(order).fit(values)
            let scaled = try arima(order).fit(values.map { $0 * scale })
            let n = Double(plain.observations)
            #expect(abs(scaled.logLikelihood + n * log(scale) - plain.logLikelihood) < 1e-5)
            #expect(abs(scaled.sigma2 / plain.sigma2 / (scale * scale) - 1) < 1e-5)
            let (a, b) = (plain.forecast(horizon: 5, levels: [0.9]), scaled.forecast(horizon: 5, levels: [0.9]))
            for h in 0..<5 {
                #expect(abs(b.mean[h] / scale - a.mean[h]) < 1e-4)
                #expect(abs(b.intervals[0].upper[h] / scale - a.intervals[0].upper[h]) < 1e-4)
            }
        }
    }

    @Test func aLevelOfATrillionDoesNotHideTheModel() throws {
        var normal = NormalSource(seed: 22)
        let values = normal.arma(150, phi: [0.6], theta: []).map { ($0 * 64).rounded() }
        for order in [ARIMAOrder(1, 0, 0), ARIMAOrder(0, 1, 1)] {
            let low = try arima(order).fit(values)
            let high = try arima(order).fit(values.map { $0 + 1e12 })
            #expect(abs(low.coefficients[0].value - high.coefficients[0].value) < 1e-4)
            #expect(
                abs(high.forecast(horizon: 1, levels: []).mean[0] - 1e12 - low.forecast(horizon: 1, levels: []).mean[0])
                    < 0.1)
        }
    }

    @Test func coefficientsOfASimulationAreFound() throws {
        var normal = NormalSource(seed: 23)
        let values = normal.arma(4000, phi: [0.5, 0.2], theta: [0.4])
        let model = try arima(ARIMAOrder(2, 0, 1)).fit(values)
        for (name, value) in [("ar1", 0.5), ("ar2", 0.2), ("ma1", 0.4), ("intercept", 0.0)] {
            let found = try #require(model.coefficients.first { $0.name == name })
            #expect(abs(found.value - value) < 4 * found.standardError, "\(name) \(found)")
        }
        #expect(abs(model.sigma2 - 1) < 0.1)
        #expect(model.name == "ARIMA(2,0,1) with non-zero mean" && model.bic > model.aic)
    }

    @Test func methodsAgreeOnALongSeries() throws {
        var normal = NormalSource(seed: 24)
        let values = normal.arma(2000, phi: [0.6], theta: [-0.3])
        let models = try ARIMAMethod.allCases.map {
            try ARIMAConfiguration(order: ARIMAOrder(1, 0, 1), method: $0).fit(values)
        }
        // Conditioning on the first value moves an estimate by a part of its standard error.
        for model in models {
            let (a, b) = (model.coefficients[0], models[0].coefficients[0])
            #expect(abs(a.value - b.value) < 0.3 * b.standardError)
        }
        #expect(abs(models[0].logLikelihood - models[1].logLikelihood) < 1e-6)
    }

    @Test func fittedValuesAreOneStepForecasts() throws {
        var normal = NormalSource(seed: 25)
        var level = 50.0
        let values = normal.arma(90, phi: [0.5], theta: [0.3]).map { step in
            level += step
            return level
        }
        let model = try arima(ARIMAOrder(1, 1, 1)).fit(values)
        #expect(model.fittedValues.count == 90 && model.fittedValues[0].isNaN && model.residuals[0].isNaN)
        // The model's own parameters on the prefix would give the same forecast; here by hand for the last value.
        let (ar, ma) = (try #require(model.coefficient("ar1")), try #require(model.coefficient("ma1")))
        let t = 89
        let byHand =
            values[t - 1] + ar * (values[t - 1] - values[t - 2]) + ma * (values[t - 1] - model.fittedValues[t - 1])
        #expect(abs(byHand - model.fittedValues[t]) < 1e-6)
        let ahead = model.forecast(horizon: 1, levels: [0.95])
        #expect(
            abs(values[t] + ar * (values[t] - values[t - 1]) + ma * (values[t] - model.fittedValues[t]) - ahead.mean[0])
                < 1e-6)
        #expect(abs(ahead.intervals[0].upper[0] - ahead.mean[0] - 1.959964 * model.sigma2.squareRoot()) < 1e-4)
    }

    @Test func aRandomWalkWidensWithTheRootOfTheHorizon() throws {
        var normal = NormalSource(seed: 26)
        var level = 100.0
        let values = (0..<200).map { _ in
            level += normal.next()
            return level
        }
        let forecast = try arima(ARIMAOrder(0, 1, 0)).fit(values).forecast(horizon: 16, levels: [0.8])
        let width = forecast.intervals[0].upper.indices.map { forecast.intervals[0].upper[$0] - forecast.mean[$0] }
        #expect(abs(width[15] / width[0] - 4) < 1e-9 && forecast.mean.allSatisfy { abs($0 - values[199]) < 1e-9 })
    }

    @Test func regressorsAreEstimatedAndContinued() throws {
        var normal = NormalSource(seed: 27)
        let noise = normal.arma(300, phi: [0.6], theta: [])
        let peak = ARIMARegressor(name: "peak", values: (0..<300).map { $0 % 50 == 7 ? 1 : 0 })
        let never = ARIMARegressor(name: "never", values: Array(repeating: 0, count: 300))
        let values = (0..<300).map { 20 + noise[$0] + 15 * peak.values[$0] }
        let model = try arima(ARIMAOrder(1, 0, 0)).fit(values, regressors: [peak, never])
        let effect = try #require(model.coefficient("peak"))
        #expect(abs(effect - 15) < 1.5)
        #expect(model.coefficient("never") == 0 && model.parameterCount == 4)
        let quiet = model.forecast(horizon: 3, levels: [])
        let marked = model.forecast(
            horizon: 3, levels: [], regressors: [ARIMARegressor(name: "peak", values: [0, 1, 0])])
        #expect(abs(marked.mean[1] - quiet.mean[1] - model.coefficients[2].value) < 1e-9)
        #expect(marked.mean[0] == quiet.mean[0] && marked.mean[2] == quiet.mean[2])
        // Differenced too.
        let differenced = try arima(ARIMAOrder(0, 1, 1)).fit(values, regressors: [peak])
        let again = try #require(differenced.coefficient("peak"))
        #expect(abs(again - 15) < 1.5)
    }

    @Test func aDriftIsTheSlope() throws {
        var normal = NormalSource(seed: 28)
        let noise = normal.arma(200, phi: [], theta: [])
        let values = (0..<200).map { 3 + 0.5 * Double($0) + noise[$0] }
        let model = try arima(ARIMAOrder(0, 1, 1), drift: true).fit(values)
        let drift = try #require(model.coefficient("drift"))
        #expect(abs(drift - 0.5) < 0.02 && model.name == "ARIMA(0,1,1) with drift")
        let forecast = model.forecast(horizon: 100, levels: [])
        #expect(abs((forecast.mean[99] - forecast.mean[0]) / 99 - 0.5) < 0.02)
    }

    @Test func aGapIsBridgedAndFitted() throws {
        var normal = NormalSource(seed: 29)
        let whole = (0..<210).map { 100 + 30 * sin(2 * Double.pi * Double($0) / 7) + normal.next() }
        var values = whole
        for t in [20, 21, 22, 90, 150, 151] { values[t] = .nan }
        for order in [
            ARIMAOrder(1, 0, 0), ARIMAOrder(0, 1, 1), ARIMAOrder(0, 0, 1, seasonal: (0, 1, 1), period: 7),
        ] {
            let model = try arima(order).fit(values)
            #expect(model.observations == 204 - order.differencingSpan)
            #expect(model.residuals[21].isNaN && model.fittedValues[21].isFinite)
            let forecast = model.forecast(horizon: 7, levels: [0.95])
            #expect(forecast.mean.allSatisfy { $0 > 50 && $0 < 150 }, "\(order) \(forecast.mean)")
        }
        let seasonal = try arima(ARIMAOrder(0, 0, 0, seasonal: (0, 1, 1), period: 7)).fit(values)
        for t in [21, 90, 150] { #expect(abs(seasonal.fittedValues[t] - whole[t]) < 5) }
    }

    /// With nothing missing the diffuse filter and the differenced one are two roads to one number.
    @Test func aMissingLastValueAddsNothing() throws {
        var normal = NormalSource(seed: 30)
        let values = normal.arma(100, phi: [0.5], theta: [0.4]).map { $0 + 30 }
        for order in [ARIMAOrder(1, 1, 1), ARIMAOrder(0, 1, 1, seasonal: (0, 1, 1), period: 4), ARIMAOrder(1, 0, 1)] {
            let complete = try arima(order).fit(values)
            let open = try arima(order).fit(values + [.nan])
            #expect(abs(complete.logLikelihood - open.logLikelihood) < 1e-3)
            let (a, b) = (complete.forecast(horizon: 4, levels: [0.9]), open.forecast(horizon: 3, levels: [0.9]))
            for h in 0..<3 {
                #expect(abs(a.mean[h + 1] - b.mean[h]) < 2e-2)
                #expect(abs(a.intervals[0].lower[h + 1] - b.intervals[0].lower[h]) < 2e-2)
            }
        }
    }

    @Test func refusals() throws {
        let values = (0..<10).map { Double($0 * $0 % 7) }
        #expect(throws: ARIMAError.order("ARIMA(-1,0,0)")) { try arima(ARIMAOrder(-1, 0, 0)).fit(values) }
        #expect(throws: ARIMAError.self) { try arima(ARIMAOrder(0, 0, 0, seasonal: (1, 0, 0), period: 1)).fit(values) }
        #expect(throws: ARIMAError.tooFewObservations(found: 0, needed: 1)) {
            try arima(ARIMAOrder(0, 0, 1, seasonal: (0, 1, 0), period: 12)).fit(values)
        }
        #expect(throws: ARIMAError.notFinite(column: "series", position: 1)) {
            try arima(ARIMAOrder(1, 0, 0)).fit([1, .infinity, 3, 4, 5])
        }
        let short = ARIMARegressor(name: "x", values: [1, 2])
        #expect(throws: ARIMAError.regressorLength(name: "x", found: 2, expected: 10)) {
            try arima(ARIMAOrder(1, 0, 0)).fit(values, regressors: [short])
        }
        let broken = ARIMARegressor(name: "x", values: values.map { $0 == 0 ? .nan : $0 })
        #expect(throws: ARIMAError.notFinite(column: "x", position: 0)) {
            try arima(ARIMAOrder(1, 0, 0)).fit(values, regressors: [broken])
        }
        for error in [
            ARIMAError.order("a"), .tooFewObservations(found: 1, needed: 2), .notFinite(column: "a", position: 3),
            .regressorLength(name: "a", found: 1, expected: 2), .noLikelihood("a"),
        ] { #expect(error.description.count > 20) }
    }
}

@Suite struct ARIMABoundaryTests {
    /// Next to a unit root the mean is not defined; its estimate once ran off to 10¹¹.
    @Test(arguments: ARIMAMethod.allCases)
    func aTrendDoesNotLoseItsMean(method: ARIMAMethod) throws {
        let values = (0..<40).map { Double($0) + Double($0 % 2) }
        for order in [ARIMAOrder(2, 0, 0), ARIMAOrder(2, 0, 2), ARIMAOrder(3, 0, 1)] {
            let model = try ARIMAConfiguration(order: order, method: method).fit(values)
            #expect(model.forecast(horizon: 5, levels: []).mean.allSatisfy { abs($0) < 200 }, "\(model.name)")
        }
    }

    /// A position of the season that was never seen is unknown, not wild.
    @Test func anUnseenWeekdayIsWide() throws {
        var normal = NormalSource(seed: 51)
        var values = (0..<70).map { 100 + 10 * Double($0 % 7) + normal.next() }
        for t in stride(from: 6, to: 70, by: 7) { values[t] = .nan }
        let order = ARIMAOrder(0, 0, 1, seasonal: (0, 1, 0), period: 7)
        let forecast = try ARIMAConfiguration(order: order).fit(values).forecast(horizon: 7, levels: [0.95])
        #expect(abs(forecast.mean[0] - 100) < 5)
        #expect(abs(forecast.mean[6] - 130) < 30)
        #expect(forecast.intervals[0].upper[6] - forecast.intervals[0].lower[6] > 500)
    }

    /// Above the affordable size the search runs on the filled series, the result on the series with its gaps.
    @Test func aLongSeasonWithAGap() throws {
        var normal = NormalSource(seed: 52)
        var values = (0..<480).map { 50 + 20 * sin(2 * Double.pi * Double($0) / 96) + normal.next() }
        for t in 200..<210 { values[t] = .nan }
        let order = ARIMAOrder(1, 0, 0, seasonal: (0, 1, 0), period: 96)
        let model = try ARIMAConfiguration(order: order, computesStandardErrors: false).fit(values)
        #expect(model.observations == 374 && model.coefficients[0].standardError.isNaN)
        let forecast = model.forecast(horizon: 96, levels: [])
        for h in 0..<96 { #expect(abs(forecast.mean[h] - 50 - 20 * sin(2 * Double.pi * Double(480 + h) / 96)) < 7) }
    }
}
