package import Runtime

/// Daily cells with the questions that pages ask of them. Days add up to weeks by merging.
package struct DailyCube: Sendable {
    package private(set) var cells: [DailyCell]
    private var byMetric: [Metric: [Int]]

    package init(cells: [DailyCell]) {
        self.cells = cells
        byMetric = [:]
        for (index, cell) in cells.enumerated() { byMetric[cell.metric, default: []].append(index) }
    }

    /// A condition on a dimension; `value` nil asks for "the source does not say".
    package struct Condition: Sendable, Equatable {
        package var dimension: Dimension
        package var value: String?
        package init(_ dimension: Dimension, _ value: String?) {
            self.dimension = dimension
            self.value = value
        }
    }

    /// Both clocks of a metric merged over cells. For a stock it is the sum over segments and days: ask for one day.
    package struct Measure: Sendable, Equatable {
        package var calendar = Tally()
        package var business = Tally()
        package init() {}
        mutating func merge(_ cell: DailyCell) {
            calendar.merge(cell.calendar)
            business.merge(cell.business)
        }
    }

    private func visit(
        _ metric: Metric, _ days: ClosedRange<CivilDate>, _ conditions: [Condition], _ cuboid: Cuboid,
        _ body: (DailyCell) -> Void
    ) {
        for index in byMetric[metric] ?? [] {
            let cell = cells[index]
            if cell.cuboid == cuboid && days.contains(cell.day)
                && conditions.allSatisfy({ cell.segment[$0.dimension] == $0.value })
            {
                body(cell)
            }
        }
    }

    /// The cuboid that can answer conditions or a grouping on these dimensions.
    package static func cuboid(for dimensions: [Dimension]) -> Cuboid { dimensions.contains(.agent) ? .agent : .topic }

    package func total(
        _ metric: Metric, _ days: ClosedRange<CivilDate>, where conditions: [Condition] = []
    ) -> Measure {
        var out = Measure()
        visit(metric, days, conditions, DailyCube.cuboid(for: conditions.map(\.dimension))) { out.merge($0) }
        return out
    }

    /// By the values of a dimension, in byte order with "does not say" first.
    package func by(
        _ dimension: Dimension, _ metric: Metric, _ days: ClosedRange<CivilDate>, where conditions: [Condition] = []
    ) -> [(value: String?, measure: Measure)] {
        var out: [String?: Measure] = [:]
        visit(metric, days, conditions, DailyCube.cuboid(for: conditions.map(\.dimension) + [dimension])) {
            out[$0.segment[dimension], default: Measure()].merge($0)
        }
        return out.map { (value: $0.key, measure: $0.value) }.sorted {
            switch ($0.value, $1.value) {
            case (nil, nil), (_, nil): false
            case (nil, _): true
            case (let a?, let b?): a.utf8.lexicographicallyPrecedes(b.utf8)
            }
        }
    }

    /// One measure a day, gapless over the range.
    package func series(
        _ metric: Metric, _ days: ClosedRange<CivilDate>, where conditions: [Condition] = []
    ) -> [(day: CivilDate, measure: Measure)] {
        var out = (0...(days.upperBound - days.lowerBound)).map { (day: days.lowerBound + $0, measure: Measure()) }
        visit(metric, days, conditions, DailyCube.cuboid(for: conditions.map(\.dimension))) {
            out[$0.day - days.lowerBound].measure.merge($0)
        }
        return out
    }

    /// First and last day that hold any cell.
    package var span: ClosedRange<CivilDate>? {
        guard let first = cells.map(\.day).min(), let last = cells.map(\.day).max() else { return nil }
        return first...last
    }
}
