/// A forecasting method with its form or order settled, so that it can be fitted again to an earlier part of a series.
package enum ForecastRecipe: Sendable {
    case seasonalNaive(season: Int)
    case theta(season: Int, dynamic: Bool)
    /// Exponential smoothing, searched near a smoothing parameter of the level.
    case smoothing(ETSForm, season: Int, alpha: Double)
    case arima(ARIMAConfiguration, season: Int)
    case adjustedShortMemory(season: Int, order: ARIMAOrder)
    case decomposition(MSTL, order: ARIMAOrder)
    case intermittent(IntermittentDemand.Method)
    case seasonalMean(season: Int)

    /// The method fitted to values in time order; `nil` where it cannot be.
    package func fit(_ values: [Double]) -> (any ForecastingModel)? {
        switch self {
        case .seasonalNaive(let season): return SeasonalNaive(season: season).fit(values)
        case .theta(let season, let dynamic):
            return DynamicOptimizedTheta(season: season, dynamic: dynamic).fit(values)
        case .smoothing(let form, let season, let alpha):
            return ETS(form: form, season: season, startingAlpha: alpha).fit(values)
        case .arima(let configuration, let season):
            return try? configuration.fit(GapFilling.fill(values, season: season))
        case .adjustedShortMemory(let season, let order):
            return AdjustedShortMemory(season: season, order: order).fit(values)
        case .decomposition(let decomposition, let order):
            return SeasonalDecompositionForecaster(decomposition, rest: .arima(order)).fit(values)
        case .intermittent(let method): return IntermittentDemand(method).fit(values)
        case .seasonalMean(let season): return SeasonalMean(season: season).fit(values)
        }
    }
}
