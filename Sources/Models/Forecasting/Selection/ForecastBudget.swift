/// How much work the automatic choice may spend on a series, counted in fits so that results repeat on every machine.
package struct ForecastBudget: Sendable, Equatable {
    /// Rolling origins at most at which the candidates are compared; long series use three.
    package var origins: Int

    package init(origins: Int = 6) { self.origins = max(0, origins) }

    /// The default: six origins.
    package static let standard = ForecastBudget()
}

/// What the automatic choice did for one series.
package struct ForecastChoice: Sendable, Equatable {
    /// A candidate and what became of it.
    package struct Member: Sendable, Equatable {
        package let name: String
        /// Mean absolute error at the rolling origins; `NaN` where there was none.
        package let error: Double
        /// Share in the forecast, 0 to 1; the shares add up to 1.
        package let weight: Double
    }

    package let members: [Member]
    /// Rolling origins that the series was long enough for.
    package let origins: Int
    /// Fits that were spent.
    package let fits: Int
}
