import Glibc

/// The one default for every series: a weighted mean of candidates from different families, weighed by their errors at
/// rolling origins.
///
/// Candidates depend on length and seasons (``CandidateMembers``); a seasonal naive forecast is always among them. The
/// weight of a candidate is prior · error^(−power), as in Bates and Granger, "The combination of forecasts", 1969, with
/// mean absolute errors. Intervals come from the combination's own errors at those origins (``HorizonScale``).
package struct AutoForecaster: Sendable {
    /// Observations in each season, ascending; empty for none.
    package let seasons: [Int]
    /// Steps that the choice is made for.
    package let horizon: Int
    package let budget: ForecastBudget

    package init(seasons: [Int], horizon: Int, budget: ForecastBudget = .standard) {
        self.seasons = Array(Set(seasons.filter { $0 > 1 })).sorted()
        self.horizon = max(1, horizon)
        self.budget = budget
    }

    /// Fits to values in time order, `NaN` for missing; `nil` where nothing was observed.
    ///
    /// - Parameter original: what the values were before an adjustment, where there was one: an adjusted count is still a
    ///   count.
    package func fit(_ values: [Double], profile original: SeriesProfile? = nil) -> FittedAutoForecast? {
        guard !values.contains(where: { $0.isInfinite }) else { return nil }
        let series = Array(SeriesProfile.trimmed(values, season: seasons.first ?? 1))
        var profile = SeriesProfile(series)
        if let original { profile = profile.withKind(of: original) }
        guard profile.observed > 0 else { return nil }
        let offset = values.count - series.count
        if profile.isConstant || profile.observed < 5 {
            return FittedAutoForecast(short: series, profile: profile, offset: offset)
        }
        let usable = seasons.filter { profile.observed >= 2 * $0 + 1 && series.count >= 2 * $0 + 1 }
        let members = CandidateMembers(series, seasons: usable, profile: profile)
        let trial = RollingOrigins(
            series, members: members, horizon: horizon, wanted: min(budget.origins, members.origins),
            season: usable.last ?? 1)
        let weights = trial.weights
        return FittedAutoForecast(
            series: series, profile: profile, offset: offset, members: members, trial: trial, weights: weights,
            season: usable.last ?? 1)
    }
}
