/// Forecasts a series by parts: its seasons repeated, the seasonally adjusted rest by a model without a season.
///
/// Source: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 2021, section 5.7.
package struct SeasonalDecompositionForecaster: Sendable {
    /// What continues the seasonally adjusted values.
    package enum Rest: Sendable {
        /// The ARIMA model of low order with the smallest AICc, differenced where a unit-root test asks for it.
        case shortMemory
        /// The ARIMA model of this order.
        case arima(ARIMAOrder)
        /// The exponential smoothing model with the smallest AICc among these forms.
        case smoothing([ETSForm])
    }

    package let decomposition: MSTL
    package let rest: Rest

    package init(seasons: [Int], windows: [STL.Window]? = nil, robust: Bool = false, rest: Rest = .shortMemory) {
        decomposition = MSTL(seasons: seasons, windows: windows, robust: robust)
        self.rest = rest
    }

    package init(_ decomposition: MSTL, rest: Rest) {
        self.decomposition = decomposition
        self.rest = rest
    }

    /// Fits to values in time order, `NaN` for missing; `nil` where the series is too short for its shortest season.
    package func fit(_ values: [Double]) -> FittedSeasonalDecomposition? {
        guard let parts = decomposition.decompose(values) else { return nil }
        let adjusted = parts.adjusted
        let model: (any ForecastingModel)?
        switch rest {
        case .shortMemory: model = ShortMemory.fit(adjusted)
        case .arima(let order): model = ShortMemory.fit(adjusted, order: order)
        case .smoothing(let forms): model = AutoETS(forms: forms).fit(adjusted)
        }
        guard let model else { return nil }
        return FittedSeasonalDecomposition(parts: parts, model: model)
    }
}

/// A decomposition of one series with a model of its seasonally adjusted values.
package struct FittedSeasonalDecomposition: ForecastingModel {
    package let parts: MSTL.Components
    /// The model of the seasonally adjusted values.
    package let model: any ForecastingModel

    package var name: String {
        "MSTL[\(parts.seasons.map(String.init).joined(separator: ","))]+\(model.name)"
    }

    package var fittedValues: [Double] {
        var fitted = model.fittedValues
        for part in parts.seasonals {
            for t in fitted.indices { fitted[t] += part[t] }
        }
        return fitted
    }

    package func forecast(horizon: Int, levels: [Double]) -> Forecast {
        var forecast = model.forecast(horizon: horizon, levels: levels)
        let path = parts.seasonalPath(horizon: horizon)
        for h in 0..<horizon {
            forecast.mean[h] += path[h]
            for i in forecast.intervals.indices {
                forecast.intervals[i].lower[h] += path[h]
                forecast.intervals[i].upper[h] += path[h]
            }
        }
        return forecast
    }
}
