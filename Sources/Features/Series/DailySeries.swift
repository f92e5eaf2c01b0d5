package import Aggregates
package import Runtime

/// A watched quantity day by day without gaps; `nil` is missing (no data), which is not zero (nothing happened).
package struct DailySeries: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Whole non-negative numbers.
        case count
        /// Non-negative measures such as a median duration.
        case measure
    }

    package var id: SeriesID
    package var kind: Kind
    package var start: CivilDate
    package var values: [Double?]

    package init(id: SeriesID, kind: Kind, start: CivilDate, values: [Double?]) {
        self.id = id
        self.kind = kind
        self.start = start
        self.values = values
    }

    /// The value of a day, `nil` where it is missing or outside.
    package subscript(day: CivilDate) -> Double? {
        let offset = day - start
        return values.indices.contains(offset) ? values[offset] : nil
    }

    package func day(at index: Int) -> CivilDate { start + index }
}
