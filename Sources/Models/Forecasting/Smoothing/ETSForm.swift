/// Which error, trend and season an exponential smoothing model has: `ETS(M,Ad,M)`.
///
/// Source: Hyndman, Koehler, Ord, Snyder, "Forecasting with Exponential Smoothing", 2008, table 2.1.
package struct ETSForm: Sendable, Hashable {
    /// How the random error enters.
    package enum ErrorTerm: String, Sendable, CaseIterable {
        case additive = "A"
        case multiplicative = "M"
    }

    /// How the level grows.
    package enum Trend: String, Sendable, CaseIterable {
        case none = "N"
        case additive = "A"
        case damped = "Ad"
    }

    /// How the season enters.
    package enum Season: String, Sendable, CaseIterable {
        case none = "N"
        case additive = "A"
        case multiplicative = "M"
    }

    package let error: ErrorTerm
    package let trend: Trend
    package let season: Season

    package init(error: ErrorTerm, trend: Trend, season: Season) {
        self.error = error
        self.trend = trend
        self.season = season
    }

    /// The model as practitioners write it.
    package var name: String { "ETS(\(error.rawValue),\(trend.rawValue),\(season.rawValue))" }

    /// Whether the model divides by its own forecast, so that it wants values above zero.
    package var needsPositiveValues: Bool { error == .multiplicative || season == .multiplicative }

    /// Free parameters without the variance: smoothing parameters and initial states.
    package func parameterCount(season m: Int) -> Int {
        let trendCount = trend == .none ? 0 : trend == .additive ? 2 : 3
        return 2 + trendCount + (season == .none ? 0 : m)
    }

    /// The admissible forms, simplest first. An additive error with a multiplicative season is left out for its
    /// infinite variance, and so is the multiplicative trend.
    package static func admissible(seasonal: Bool, positive: Bool) -> [ETSForm] {
        var forms: [ETSForm] = []
        for season in seasonal ? Season.allCases : [.none] {
            for trend in Trend.allCases {
                for error in ErrorTerm.allCases {
                    if error == .additive && season == .multiplicative { continue }
                    let form = ETSForm(error: error, trend: trend, season: season)
                    if form.needsPositiveValues && !positive { continue }
                    forms.append(form)
                }
            }
        }
        return forms
    }
}
