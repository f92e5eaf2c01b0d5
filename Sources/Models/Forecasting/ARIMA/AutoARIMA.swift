/// Automatic choice of an ARIMA model: differences by tests, the other orders by a stepwise search on AICc.
///
/// Hyndman & Khandakar (2008): D by seasonal strength, d by KPSS tests, then from four starting models to ever better
/// neighbours. Unlike their program every model is judged by its exact likelihood, which the fast recursions make as cheap
/// as a conditional one, and the search goes on to second neighbours when no first neighbour is better.
package struct AutoARIMA: Sendable, Equatable {
    /// Limits of what a search may cost.
    package struct Budget: Sendable, Equatable {
        /// Models that may be fitted.
        package var models: Int
        /// Wall time after which no further model is begun; `nil` for none. With a limit the result may depend on the machine.
        package var wall: Duration?

        package init(models: Int = 150, wall: Duration? = nil) {
            self.models = models
            self.wall = wall
        }
    }

    /// How much is done for a slightly better AICc.
    package enum Effort: String, Sendable, CaseIterable {
        /// Thorough up to 400 values, quick above.
        case automatic
        /// Two starts for every model in the running and second neighbours.
        case thorough
        /// One start and first neighbours only: a third of the time.
        case quick
    }

    /// Observations in a season; 1 for none.
    package var period: Int
    /// Greatest p and q.
    package var maximumOrder: Int
    /// Greatest P and Q.
    package var maximumSeasonalOrder: Int
    /// First differences to take; `nil` for the KPSS test's answer.
    package var differences: Int?
    /// Seasonal differences to take; `nil` for the seasonal strength's answer.
    package var seasonalDifferences: Int?
    /// Whether models with a mean (undifferenced) are tried.
    package var allowsMean: Bool
    /// Whether models with a drift (differenced once) are tried.
    package var allowsDrift: Bool
    /// How much is done for a slightly better AICc.
    package var effort: Effort
    /// Limits of the search.
    package var budget: Budget
    /// Whether the chosen model gets standard errors.
    package var computesStandardErrors: Bool

    package init(
        period: Int = 1, maximumOrder: Int = 5, maximumSeasonalOrder: Int = 2, differences: Int? = nil,
        seasonalDifferences: Int? = nil, allowsMean: Bool = true, allowsDrift: Bool = true, effort: Effort = .automatic,
        budget: Budget = Budget(),
        computesStandardErrors: Bool = true
    ) {
        self.period = period
        self.maximumOrder = maximumOrder
        self.maximumSeasonalOrder = maximumSeasonalOrder
        self.differences = differences
        self.seasonalDifferences = seasonalDifferences
        self.allowsMean = allowsMean
        self.allowsDrift = allowsDrift
        self.effort = effort
        self.budget = budget
        self.computesStandardErrors = computesStandardErrors
    }

    /// A chosen model and how it was found.
    package struct Selection: Sendable {
        /// One model that was tried.
        package struct Candidate: Sendable, Equatable {
            package let order: ARIMAOrder
            /// With a mean or a drift.
            package let includesConstant: Bool
            /// By the search's likelihood; infinite for a model with a root within 1.01 of the unit circle.
            package let aicc: Double
        }

        /// The chosen model, fitted to the series as given, missing values included.
        package let model: FittedARIMA
        /// All models tried, in the order of trial.
        package let candidates: [Candidate]
        /// Whether the budget ended the search before the neighbourhood was exhausted.
        package let budgetReached: Bool
    }

    /// The best model found for a series (`NaN` for missing values).
    ///
    /// A constant, a straight line and an exact seasonal pattern are followed exactly. Of fewer than 4 values the mean is
    /// taken; a single value has unbounded intervals. Throws ``ARIMAError`` for a series without any value, infinite values
    /// and regressors of another length.
    package func fit(_ values: [Double], regressors: [ARIMARegressor] = []) throws(ARIMAError) -> Selection {
        let present = values.count { !$0.isNaN }
        guard present > 0 else { throw .tooFewObservations(found: 0, needed: 1) }
        for regressor in regressors where regressor.values.count != values.count {
            throw .regressorLength(name: regressor.name, found: regressor.values.count, expected: values.count)
        }
        let mean = ARIMAConfiguration(order: ARIMAOrder(0, 0, 0), includesMean: true)
        guard present >= 4, present > regressors.count + 2 else {
            return Selection(model: try mean.fit(values), candidates: [], budgetReached: false)
        }
        if let position = values.firstIndex(where: \.isInfinite) {
            throw .notFinite(column: "series", position: position)
        }
        let filled = MissingValues.filled(values, period: period)
        let plan = plan(filled, regressors)
        if let exact = plan.exact {
            return Selection(model: try exact.fit(values), candidates: [], budgetReached: false)
        }
        var search = ARIMASearch(self, plan: plan, series: filled, regressors: regressors)
        search.run()
        let complete = present == values.count
        for found in search.ranking {
            let configuration = ARIMAConfiguration(
                order: found.order, includesMean: found.hasConstant && plan.span == 0,
                includesDrift: found.hasConstant && plan.span > 0, method: complete ? .cssML : .ml,
                computesStandardErrors: computesStandardErrors)
            let fit = ARIMAFit(configuration: configuration, values: values, regressors: regressors)
            if let model = try? fit.run(startingAt: found.parameters), model.logLikelihood.isFinite || model.isPerfect {
                return Selection(model: model, candidates: search.candidates, budgetReached: search.budgetReached)
            }
        }
        return Selection(
            model: try mean.fit(values), candidates: search.candidates, budgetReached: search.budgetReached)
    }

    /// What is fixed before the search.
    struct Plan {
        var d: Int
        var seasonalD: Int
        var period: Int
        /// d + D.
        var span: Int { d + seasonalD }
        /// The model of a series without any error.
        var exact: ARIMAConfiguration?
    }

    private func plan(_ series: [Double], _ regressors: [ARIMARegressor]) -> Plan {
        let m = max(1, period)
        let detrended = regressors.isEmpty ? series : RegressionResiduals.of(series, regressors)
        var seasonalD = 0
        if m > 1 {
            seasonalD = seasonalDifferences ?? DifferencingTests.seasonalDifferences(detrended, period: m)
            if series.count <= m + 3 { seasonalD = 0 }
        }
        var differenced = ARIMAOrder(0, 0, 0, seasonal: (0, seasonalD, 0), period: m).differenced(detrended)
        let d = differences ?? DifferencingTests.firstDifferences(differenced)
        differenced = ARIMAOrder(0, d, 0).differenced(differenced)
        var plan = Plan(d: d, seasonalD: seasonalD, period: m)
        let magnitude = series.reduce(0) { max($0, abs($1)) }
        if regressors.isEmpty, differenced.allSatisfy({ abs($0 - differenced[0]) <= 1e-12 * magnitude }) {
            let order = ARIMAOrder(0, d, 0, seasonal: (0, seasonalD, 0), period: m)
            let isLevel = differenced.allSatisfy { abs($0) <= 1e-12 * magnitude }
            plan.exact = ARIMAConfiguration(
                order: order, includesMean: plan.span == 0, includesDrift: plan.span == 1 && !isLevel)
        }
        return plan
    }
}

/// Residuals of a series from a least-squares regression with a mean.
enum RegressionResiduals {
    static func of(_ series: [Double], _ regressors: [ARIMARegressor]) -> [Double] {
        let mean = series.reduce(0, +) / Double(series.count)
        let columns = [series.map { $0 - mean }, series.map { _ in 1 }] + regressors.map(\.values)
        let workspace = ARMAWorkspace(columns: columns, capacity: 1)
        let objective = ARIMAObjective(.exact, workspace: workspace, order: ARIMAOrder(0, 0, 0))
        guard objective.value(at: []) != nil else { return series }
        return series.indices.map { workspace.innovations[$0] }
    }
}

/// Values put in place of missing ones where a method needs a complete series.
enum MissingValues {
    /// The mean of the values one season before and after, where there is one, and otherwise the straight line between the
    /// neighbours; missing values at the ends repeat the nearest value.
    static func filled(_ values: [Double], period: Int) -> [Double] {
        guard let first = values.firstIndex(where: { !$0.isNaN }) else { return values }
        var line = values
        var last = first
        for t in 0..<first { line[t] = values[first] }
        for t in (first + 1)..<max(values.count, first + 1) where !values[t].isNaN {
            let slope = (values[t] - values[last]) / Double(t - last)
            for gap in (last + 1)..<max(t, last + 1) { line[gap] = values[last] + slope * Double(gap - last) }
            last = t
        }
        for t in (last + 1)..<max(values.count, last + 1) { line[t] = values[last] }
        guard period > 1, values.count > 2 * period else { return line }
        var result = line
        for t in values.indices where values[t].isNaN {
            let neighbours = [t - period, t + period].filter { values.indices.contains($0) && !values[$0].isNaN }
            if !neighbours.isEmpty { result[t] = neighbours.reduce(0) { $0 + values[$1] } / Double(neighbours.count) }
        }
        return result
    }
}
