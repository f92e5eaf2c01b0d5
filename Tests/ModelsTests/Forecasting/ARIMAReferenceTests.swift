import Foundation
import Models
import Testing

private let corpora = ARIMAReference.corpora

/// Published figures of R's `arima` and `auto.arima`.
@Suite(.enabled(if: corpora != nil, "needs CS_ANALYTICS_CORPORA")) struct ARIMAReferenceTests {
    static let fixed: [(String, String, ARIMAMethod)] = [
        ("airline_logAP_CSSML", "logAirPassengers", .cssML), ("airline_logAP_ML", "logAirPassengers", .ml),
        ("airline_logAP_CSS", "logAirPassengers", .css), ("airline_USAccDeaths", "USAccDeaths", .cssML),
        ("lynx_log10_ar11", "log10 lynx", .cssML), ("lynx_ar2", "lynx", .cssML), ("nile_011", "Nile", .cssML),
        ("lakehuron_200", "LakeHuron", .cssML), ("lakehuron_200_trend", "LakeHuron", .cssML),
        ("presidents_300_NA", "presidents", .cssML), ("wineind_111_011", "wineind", .cssML),
        ("sunspotyear_900", "sunspot.year", .cssML),
    ]

    @Test(arguments: fixed)
    func fixedOrdersEqualR(name: String, series: String, method: ARIMAMethod) throws {
        let reference = try ARIMAReference()
        let expected = try reference.fixed(name)
        let values = try reference.series(series).values
        let model = try ARIMAConfiguration(
            order: expected.order, includesMean: expected.hasMean, includesDrift: expected.hasDrift, method: method
        ).fit(values)

        #expect(abs(model.logLikelihood - expected.logLikelihood) < 1e-4)
        if expected.aicc.isFinite { #expect(abs(model.aicc - expected.aicc) < 2e-4) }
        #expect(model.observations == expected.observations)
        #expect(abs(model.sigma2 / expected.sigma2 - 1) < 1e-4)
        #expect(model.coefficients.count == expected.coefficients.count)
        for coefficient in model.coefficients {
            let value = try #require(expected.coefficients[coefficient.name])
            let error = try #require(expected.standardErrors[coefficient.name])
            // Optimisers stop within a thousandth of a standard error of each other; Hessians differ by their steps.
            #expect(abs(coefficient.value - value) < 2e-3 * error, "\(coefficient.name)")
            #expect(abs(coefficient.standardError / error - 1) < 1e-2, "\(coefficient.name)")
        }
        let forecast = model.forecast(horizon: expected.mean.count, levels: [0.8, 0.95])
        for h in expected.mean.indices {
            let size = abs(expected.mean[h])
            #expect(abs(forecast.mean[h] - expected.mean[h]) < 2e-4 * size)
            #expect(abs(forecast.intervals[0].lower[h] - expected.lower80[h]) < 2e-4 * size)
            #expect(abs(forecast.intervals[1].upper[h] - expected.upper95[h]) < 2e-4 * size)
        }
        // R's residuals of a conditional fit are the conditional ones; ours are the filter's for every method.
        guard method != .css else { return }
        let span = expected.order.differencingSpan
        for t in span..<max(span, expected.residuals.count) where !expected.residuals[t].isNaN {
            #expect(
                abs(model.residuals[t] - expected.residuals[t]) < 2e-2 * expected.sigma2.squareRoot(), "residual \(t)")
        }
    }

    static let series = [
        "AirPassengers", "LakeHuron", "Nile", "UKgas_log", "USAccDeaths", "ldeaths", "logAirPassengers", "log_lynx",
        "lynx", "nottem", "sunspot.year", "sunspots", "wineind", "woolyrnq",
    ]

    /// On all 14 series, with R's differences; a search cut short on the longest to keep an unoptimised build's run short.
    @Test(arguments: series)
    func automaticChoiceIsNoWorseThanR(name: String) throws {
        let reference = try ARIMAReference()
        let expected = try reference.automatic(name)
        let (values, period) = try reference.series(name)
        let auto = AutoARIMA(
            period: period, effort: values.count > 200 ? .quick : .automatic,
            budget: .init(models: values.count > 1000 ? 32 : 150), computesStandardErrors: false)
        let model = try auto.fit(values).model
        #expect(model.order.d == expected.order.d && model.order.seasonalD == expected.order.seasonalD)
        #expect(model.aicc < expected.aicc + 0.5, "\(model.name)")
    }
}
