/// Forecasts of sparse counts from the sizes of the demands and how often they come.
///
/// Sources: Croston 1972; Syntetos and Boylan, "The accuracy of intermittent demand estimates", 2005 (their correction of
/// Croston's bias); Teunter, Syntetos, Babai, "Intermittent demand: linking forecasting to inventory obsolescence", 2011.
package struct IntermittentDemand: Sendable {
    /// The method by its authors.
    package enum Method: String, Sendable, CaseIterable {
        case croston = "Croston"
        /// Croston's method with the correction of Syntetos and Boylan.
        case syntetosBoylan = "SBA"
        /// Demand probability and size smoothed apart, so that a dying series fades.
        case teunterSyntetosBabai = "TSB"
    }

    package let method: Method

    package init(_ method: Method) { self.method = method }

    /// Fits to values in time order, `NaN` for missing; smoothing parameters by least squares on a grid. `nil` where
    /// nothing was observed.
    package func fit(_ values: [Double]) -> FittedIntermittentDemand? {
        guard values.contains(where: { !$0.isNaN }) else { return nil }
        let grid = [0.02, 0.05, 0.1, 0.2, 0.3]
        var best: FittedIntermittentDemand?
        var least = Double.infinity
        for sizeWeight in grid {
            for timeWeight in method == .teunterSyntetosBabai ? grid : [sizeWeight] {
                let (model, squares) = run(values, sizeWeight, timeWeight)
                if squares < least {
                    least = squares
                    best = model
                }
            }
        }
        return best
    }

    private func run(
        _ values: [Double], _ sizeWeight: Double, _ timeWeight: Double
    ) -> (FittedIntermittentDemand, Double) {
        let demands = values.filter { $0 > 0 }
        let observed = values.count { !$0.isNaN }
        var size = demands.isEmpty ? 0 : demands.prefix(5).reduce(0, +) / Double(min(5, demands.count))
        var probability = Double(demands.count) / Double(observed)
        var interval = 1 / max(probability, 1e-9)
        var since = 1.0
        var fitted = [Double](repeating: .nan, count: values.count)
        var squares = 0.0
        func expected() -> Double {
            switch method {
            case .croston: demands.isEmpty ? 0 : size / interval
            case .syntetosBoylan: demands.isEmpty ? 0 : (1 - timeWeight / 2) * size / interval
            case .teunterSyntetosBabai: probability * size
            }
        }
        for (t, value) in values.enumerated() {
            fitted[t] = expected()
            if value.isNaN { continue }
            squares += (value - fitted[t]) * (value - fitted[t])
            if value > 0 {
                size += sizeWeight * (value - size)
                interval += timeWeight * (since - interval)
                since = 1
                probability += timeWeight * (1 - probability)
            } else {
                since += 1
                probability -= timeWeight * probability
            }
        }
        let variance = squares / Double(max(1, observed - 2))
        return (
            FittedIntermittentDemand(method: method, rate: expected(), fittedValues: fitted, variance: variance),
            squares
        )
    }
}

/// A rate of demand that stays as it is.
package struct FittedIntermittentDemand: ForecastingModel {
    package let method: IntermittentDemand.Method
    /// Expected demand per step.
    package let rate: Double
    package let fittedValues: [Double]
    let variance: Double

    package var name: String { method.rawValue }

    /// Limits are whole quantiles of a negative binomial distribution with this mean and the variance of the errors.
    package func forecast(horizon: Int, levels: [Double]) -> Forecast {
        let mean = [Double](repeating: rate, count: horizon)
        return Forecast(
            mean: mean,
            intervals: levels.map {
                CountIntervals.around(mean, variances: [Double](repeating: variance, count: horizon), level: $0)
            })
    }
}
