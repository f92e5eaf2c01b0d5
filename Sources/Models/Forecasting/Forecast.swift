/// The lower and upper limits between which future values lie with a stated probability.
package struct PredictionInterval: Sendable, Equatable {
    /// Nominal coverage, 0 < level < 1 (0.95 for "95%").
    package let level: Double
    /// Lower limits, one per step.
    package var lower: [Double]
    /// Upper limits, one per step.
    package var upper: [Double]

    package init(level: Double, lower: [Double], upper: [Double]) {
        self.level = level
        self.lower = lower
        self.upper = upper
    }
}

/// Point forecasts for the steps after the end of a series, with intervals.
package struct Forecast: Sendable, Equatable {
    /// Expected values, one per step.
    package var mean: [Double]
    /// One interval per requested level, in the order of the request.
    package var intervals: [PredictionInterval]

    package init(mean: [Double], intervals: [PredictionInterval]) {
        self.mean = mean
        self.intervals = intervals
    }
}
