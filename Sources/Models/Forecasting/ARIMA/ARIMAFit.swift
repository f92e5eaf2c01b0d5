internal import Glibc

/// One estimation: scales and differences the data, searches the coefficients, measures their errors.
struct ARIMAFit {
    let configuration: ARIMAConfiguration
    let values: [Double]
    let design: [ARIMARegressor]

    init(configuration: ARIMAConfiguration, values: [Double], regressors: [ARIMARegressor]) {
        self.configuration = configuration
        self.values = values
        self.design = configuration.design(regressors, first: 0, count: values.count)
    }

    /// What is taken off the series before scaling: its mean, where the model does not change with its level.
    private var offset: Double {
        let levelFree = order.differencingSpan > 0 || design.contains { $0.name == "intercept" }
        guard levelFree else { return 0 }
        var (mean, count) = (0.0, 0.0)
        for value in values where !value.isNaN {
            count += 1
            mean += (value - mean) / count
        }
        return mean
    }

    /// The data as the filters take it: columns scaled to about 1, and the factors by which they were divided.
    struct ScaledColumns {
        var columns: [[Double]]
        var scales: [Double]
        /// Whether the series is constant zero, to rounding, once differenced (and without its mean).
        var isDegenerate: Bool
    }

    var order: ARIMAOrder { configuration.order }

    func run(startingAt start: [Double]? = nil) throws(ARIMAError) -> FittedARIMA {
        let present = values.count { !$0.isNaN }
        let usable = present - order.differencingSpan
        let needed = order.coefficientCount + design.count
        guard usable >= max(needed, 1) else { throw .tooFewObservations(found: max(usable, 0), needed: needed) }
        let complete = present == values.count
        let offset = offset
        let magnitude = values.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
        let differenced = ScaledColumns(values.map { $0 - offset }, design, order, magnitude: magnitude)
        let isLevelModest = order.differencingSpan > 0 && magnitude < Self.modestLevel * differenced.scales[0]
        // The reported likelihood has its diffuse start around zero, forecasts of positions never seen around the mean.
        let centred = values.map { $0 - offset }
        let series = !complete && isLevelModest ? values : centred
        let capacity = max(order.autoregressiveSpan, order.movingAverageSpan + 1)
        let workspace = ARMAWorkspace(columns: differenced.columns, capacity: capacity)
        let exact: ARIMAObjective
        let scales = differenced.scales
        if complete {
            exact = ARIMAObjective(.exact, workspace: workspace, order: order)
        } else {
            let whole = differenced.undifferenced(series, design)
            exact = ARIMAObjective(
                .diffuse, workspace: ARMAWorkspace(columns: whole, capacity: capacity), order: order)
        }
        var z = start ?? Array(repeating: 0, count: order.coefficientCount)
        let search = LevenbergMarquardt()
        let conditional = ARIMAObjective(.conditional, workspace: workspace, order: order)
        if !differenced.isDegenerate {
            if configuration.method != .ml, start == nil {
                var narrow = search
                narrow.bound = Self.conditionalBound
                seek(conditional, narrow, &z)
            }
            if configuration.method != .css {
                let isAffordable = complete || isDiffusePassAffordable
                seek(isAffordable ? exact : substitute(capacity, magnitude), search, &z)
            }
        }
        let estimate = configuration.method == .css ? conditional : exact
        var coefficients = [Double](repeating: 0, count: z.count)
        coefficients.withUnsafeMutableBufferPointer { result in
            if let base = result.baseAddress { ARMAPolynomials.coefficients(of: z, order: order, into: base) }
        }
        guard exact.value(at: coefficients) != nil, let value = estimate.value(at: coefficients) else {
            throw .noLikelihood(order.description)
        }
        var reported = (value, value.sumOfSquares)
        if configuration.method != .css, complete, isLevelModest, isDiffusePassAffordable,
            let diffuse = diffuseValue(differenced, capacity, coefficients)
        {
            reported = diffuse
        }
        let ratios = design.indices.map { scales[0] / scales[$0 + 1] }
        var errors = [Double](repeating: .nan, count: coefficients.count + ratios.count)
        if configuration.computesStandardErrors, !differenced.isDegenerate {
            errors = ARIMAStandardErrors(estimate, coefficients: coefficients, value: value).compute()
            for j in ratios.indices { errors[coefficients.count + j] *= ratios[j] }
        }
        let outcome = Outcome(
            coefficients: coefficients, parameters: z, scaledRegression: value.regression,
            regression: zip(value.regression, ratios).map { $0 * $1 }, errors: errors, value: value,
            reported: reported.0,
            sumOfSquaredResiduals: reported.1, scale: scales[0], offset: offset, usable: usable,
            isDegenerate: differenced.isDegenerate)
        var path = exact
        if !complete, isLevelModest {
            let columns = differenced.undifferenced(centred, design)
            path = ARIMAObjective(
                .diffuse, workspace: ARMAWorkspace(columns: columns, capacity: capacity), order: order)
        }
        return FittedARIMA(fit: self, outcome: outcome, filter: path)
    }

    /// What the estimation found.
    struct Outcome {
        var coefficients: [Double]
        var parameters: [Double]
        var scaledRegression: [Double]
        var regression: [Double]
        var errors: [Double]
        var value: ARIMAObjective.Value
        /// The likelihood with a diffuse start, where it was affordable; otherwise `value`.
        var reported: ARIMAObjective.Value
        /// Σ of squared standardised innovations, those of the diffuse start included.
        var sumOfSquaredResiduals: Double
        var scale: Double
        var offset: Double
        /// Observations after differencing, n*.
        var usable: Int
        var isDegenerate: Bool
    }

    /// Greatest ratio of a level to the spread of the differences at which a diffuse start around zero is diffuse enough.
    private static let modestLevel = 300.0

    /// Bound of a conditional search, which has no stationary start that would keep it from unit roots; tanh(3.5) = 0.998.
    private static let conditionalBound = 3.5

    /// The exact likelihood of the series with its gaps filled, for the search alone, where the diffuse filter is too slow.
    private func substitute(_ capacity: Int, _ magnitude: Double) -> ARIMAObjective {
        let filled = MissingValues.filled(values, period: order.period).map { $0 - offset }
        let columns = ScaledColumns(filled, design, order, magnitude: magnitude)
        return ARIMAObjective(
            .exact, workspace: ARMAWorkspace(columns: columns.columns, capacity: capacity), order: order)
    }

    /// Whether one pass of the diffuse filter costs about what the search has cost.
    private var isDiffusePassAffordable: Bool {
        let dimension = max(order.autoregressiveSpan, order.movingAverageSpan + 1) + order.differencingSpan
        return dimension <= 60 && values.count * dimension * dimension <= 4_000_000
    }

    /// The log-likelihood as R's `arima` reports it: its diffuse start has a finite variance, which moves the value of a
    /// differenced model by some thousandths.
    private func diffuseValue(
        _ differenced: ScaledColumns, _ capacity: Int, _ coefficients: [Double]
    ) -> (ARIMAObjective.Value, Double)? {
        let workspace = ARMAWorkspace(columns: differenced.undifferenced(values, design), capacity: capacity)
        let objective = ARIMAObjective(.diffuse, workspace: workspace, order: order)
        guard let value = objective.value(at: coefficients), let kalman = objective.kalman else { return nil }
        return (value, value.sumOfSquares + kalman.uncountedSquares(workspace, regression: value.regression))
    }

    /// Improves `z`; from the middle of the parameter space as well when the first search fails.
    private func seek(_ objective: ARIMAObjective, _ search: LevenbergMarquardt, _ z: inout [Double]) {
        if search.minimise(objective, from: &z) == nil {
            var origin = [Double](repeating: 0, count: z.count)
            if search.minimise(objective, from: &origin) != nil { z = origin }
        }
    }
}

extension ARIMAFit.ScaledColumns {
    /// Differences the series and its regressors by `order` and scales each to a greatest absolute value near 1.
    init(_ values: [Double], _ design: [ARIMARegressor], _ order: ARIMAOrder, magnitude: Double) {
        let series = order.differenced(values)
        var columns = [series]
        for regressor in design { columns.append(order.differenced(regressor.values)) }
        let spread = Self.spread(series, centred: design.contains { $0.name == "intercept" || $0.name == "drift" })
        isDegenerate = spread <= 1e-13 * magnitude
        scales = [isDegenerate ? (magnitude > 0 ? magnitude : 1) : spread]
        for column in columns.dropFirst() {
            let greatest = column.reduce(0) { max($0, abs($1)) }
            scales.append(greatest > 0 ? greatest : 1)
        }
        for index in columns.indices {
            let inverse = 1 / scales[index]
            for t in columns[index].indices { columns[index][t] *= inverse }
        }
        self.columns = columns
    }

    /// The same data before differencing, in the same scales.
    func undifferenced(_ values: [Double], _ design: [ARIMARegressor]) -> [[Double]] {
        let columns = [values] + design.map(\.values)
        return columns.enumerated().map { index, column in column.map { $0 / scales[index] } }
    }

    private static func spread(_ series: [Double], centred: Bool) -> Double {
        var (sum, count) = (0.0, 0.0)
        for value in series where !value.isNaN {
            sum += value
            count += 1
        }
        guard count > 0 else { return 0 }
        let centre = centred ? sum / count : 0
        return series.reduce(0) { $1.isNaN ? $0 : max($0, abs($1 - centre)) }
    }
}
