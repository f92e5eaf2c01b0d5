/// A low-order ARIMA model of the classically adjusted series, its season put back afterwards.
///
/// The season is taken off only where the autocorrelation test finds one, as factors where every value is positive.
package struct AdjustedShortMemory: Sendable {
    package let season: Int
    /// The orders (p, d, q) to fit; `nil` for a choice by unit-root test and AICc.
    package let order: ARIMAOrder?

    package init(season: Int, order: ARIMAOrder? = nil) {
        self.season = max(1, season)
        self.order = order
    }

    /// Fits to values in time order, `NaN` for missing; `nil` where there are too few.
    package func fit(_ values: [Double]) -> FittedAdjustedShortMemory? {
        let filled = GapFilling.fill(values, season: season)
        guard filled.count >= 5, filled.allSatisfy({ $0.isFinite }) else { return nil }
        var indices: [Double] = []
        var multiplicative = false
        if season > 1 && filled.count >= 2 * season && SeasonalAdjustment.isSeasonal(filled, season: season) {
            if filled.allSatisfy({ $0 > 0 }),
                let found = SeasonalAdjustment.indices(filled, season: season, multiplicative: true)
            {
                indices = found
                multiplicative = true
            } else {
                indices = SeasonalAdjustment.indices(filled, season: season, multiplicative: false) ?? []
            }
        }
        var adjusted = filled
        if !indices.isEmpty {
            for t in adjusted.indices {
                let index = indices[t % season]
                adjusted[t] = multiplicative ? adjusted[t] / index : adjusted[t] - index
            }
        }
        guard let model = ShortMemory.fit(adjusted, order: order) else { return nil }
        return FittedAdjustedShortMemory(model: model, indices: indices, multiplicative: multiplicative)
    }
}

/// A low-order ARIMA model of an adjusted series, with the season that was taken off.
package struct FittedAdjustedShortMemory: ForecastingModel {
    /// The model of the adjusted values.
    package let model: FittedARIMA
    let indices: [Double]
    let multiplicative: Bool

    package var name: String { indices.isEmpty ? model.name : "seasonal[\(indices.count)]+\(model.name)" }

    package var fittedValues: [Double] {
        model.fittedValues.enumerated().map { restored($1, at: $0) }
    }

    package func forecast(horizon: Int, levels: [Double]) -> Forecast {
        var forecast = model.forecast(horizon: horizon, levels: levels)
        let n = model.fittedValues.count
        for h in 0..<horizon {
            forecast.mean[h] = restored(forecast.mean[h], at: n + h)
            for i in forecast.intervals.indices {
                forecast.intervals[i].lower[h] = restored(forecast.intervals[i].lower[h], at: n + h)
                forecast.intervals[i].upper[h] = restored(forecast.intervals[i].upper[h], at: n + h)
            }
        }
        return forecast
    }

    private func restored(_ value: Double, at t: Int) -> Double {
        guard !indices.isEmpty else { return value }
        let index = indices[t % indices.count]
        return multiplicative ? value * index : value + index
    }
}
