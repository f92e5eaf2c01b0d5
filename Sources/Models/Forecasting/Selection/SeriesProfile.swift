/// What the choice of a forecasting method asks of a series first.
package struct SeriesProfile: Sendable, Equatable {
    /// Values that are not missing.
    package let observed: Int
    /// Whether all observed values are whole and at least zero.
    package let isCount: Bool
    /// Whether no observed value is below zero.
    package let isNonNegative: Bool
    /// Whether all observed values are the same.
    package let isConstant: Bool
    /// Share of zeros among the observed values.
    package let zeroShare: Double
    /// Mean of the observed values.
    package let mean: Double
    /// The unit in which the values were written down, at most 1.
    package let unit: Double

    package init(_ values: [Double]) {
        var observed = 0
        var sum = 0.0
        var zeros = 0
        var whole = true
        var least = Double.infinity
        var greatest = -Double.infinity
        for value in values where !value.isNaN {
            observed += 1
            sum += value
            if value == 0 { zeros += 1 }
            if value != value.rounded() { whole = false }
            least = min(least, value)
            greatest = max(greatest, value)
        }
        self.observed = observed
        isNonNegative = observed > 0 && least >= 0
        // Above 2⁵³ every double is whole; that says nothing.
        isCount = whole && observed > 0 && least >= 0 && greatest < 9e15
        isConstant = observed > 0 && least == greatest
        zeroShare = observed > 0 ? Double(zeros) / Double(observed) : 0
        mean = observed > 0 ? sum / Double(observed) : .nan
        unit = RoundingUnit.of(values)
    }

    private init(_ profile: SeriesProfile, kind: SeriesProfile) {
        observed = profile.observed
        isCount = kind.isCount
        isNonNegative = kind.isNonNegative
        isConstant = profile.isConstant
        zeroShare = profile.zeroShare
        mean = profile.mean
        unit = kind.unit
    }

    /// This profile as that of a count, or in the unit, that `other` is.
    func withKind(of other: SeriesProfile) -> SeriesProfile { SeriesProfile(self, kind: other) }

    /// Whether so many values are zero that levels and seasons cannot be followed one by one.
    package var isSparse: Bool { isCount && zeroShare >= 0.4 && mean < 3 }

    /// The values from the first that tells something: missing values at the start, and zeros before a count's first
    /// demand where they fill more than a season and the rest is not sparse, belong to the time before the series.
    package static func trimmed(_ values: [Double], season: Int) -> ArraySlice<Double> {
        guard let first = values.firstIndex(where: { !$0.isNaN }) else { return [] }
        let present = values[first...]
        guard let demand = present.firstIndex(where: { !$0.isNaN && $0 != 0 }) else { return present }
        guard demand - first > max(7, season) else { return present }
        let rest = SeriesProfile(Array(present[demand...]))
        return rest.isCount && rest.zeroShare < 0.2 && rest.observed >= 5 ? present[demand...] : present
    }
}
