package import Runtime

/// Daily cells with the questions that pages ask of them. Days add up to weeks by merging.
package struct DailyCube: Sendable {
    package let cells: [DailyCell]
    /// For each metric and cuboid the positions of its cells, ascending by day; a question touches only its days.
    private let positions: [[Int32]]
    /// First and last day that hold any cell.
    package let span: ClosedRange<CivilDate>?

    package init(cells: [DailyCell]) {
        self.cells = cells
        var positions = [[Int32]](repeating: [], count: Metric.allCases.count * Cuboid.allCases.count)
        var first: CivilDate?
        var last: CivilDate?
        for (index, cell) in cells.enumerated() {
            positions[DailyCube.slot(cell.metric, cell.cuboid)].append(Int32(truncatingIfNeeded: index))
            first = min(first ?? cell.day, cell.day)
            last = max(last ?? cell.day, cell.day)
        }
        for slot in positions.indices {
            positions[slot].sort { a, b in
                let (left, right) = (cells[Int(a)].day, cells[Int(b)].day)
                return left == right ? a < b : left < right
            }
        }
        self.positions = positions
        if let first, let last { span = first...last } else { span = nil }
    }

    private static func slot(_ metric: Metric, _ cuboid: Cuboid) -> Int {
        metric.index * Cuboid.allCases.count + (cuboid == .topic ? 0 : 1)
    }

    /// Whether any day holds the metric at all: a source without ratings has none, which is not the same as zero.
    package func holds(_ metric: Metric) -> Bool {
        Cuboid.allCases.contains { !positions[DailyCube.slot(metric, $0)].isEmpty }
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

    /// Shows every cell of a metric on the days in one cuboid, in the order of days.
    package func visit(
        _ metric: Metric, _ days: ClosedRange<CivilDate>, cuboid: Cuboid, _ body: (DailyCell) -> Void
    ) {
        visit(metric, days, [], cuboid, body)
    }

    private func visit(
        _ metric: Metric, _ days: ClosedRange<CivilDate>, _ conditions: [Condition], _ cuboid: Cuboid,
        _ body: (DailyCell) -> Void
    ) {
        let list = positions[DailyCube.slot(metric, cuboid)]
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if cells[Int(list[middle])].day < days.lowerBound { low = middle + 1 } else { high = middle }
        }
        while low < list.count {
            let index = Int(list[low])
            low += 1
            if cells[index].day > days.upperBound { return }
            if conditions.allSatisfy({ cells[index].segment[$0.dimension] == $0.value }) { body(cells[index]) }
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
}
