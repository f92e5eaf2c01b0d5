import Aggregates
import Operations
import Records
package import Runtime
import Warehouse

/// Recomputes the days whose cases changed.
package enum AggregateJob {
    /// Days that are held in memory at once.
    private static let daysAtOnce = 62

    package struct Outcome: Encodable, Sendable {
        package var days: [String] = []
        package var cells = 0
        /// Broken identities between the numbers.
        package var warnings: [String] = []
    }

    /// - Parameter range: only these days, dirty or not; without it every dirty day.
    package static func run(_ scope: RunScope, range: ClosedRange<CivilDate>? = nil) throws -> Outcome {
        let warehouse = scope.warehouse
        let zone = scope.session.zone
        let days = try workList(warehouse, range, zone)
        scope.session.context.progress.begin(stage: "aggregate", total: days.count)
        var outcome = Outcome()
        var first = 0
        while first < days.count {
            try scope.session.context.cancellation.check()
            var last = first
            while last + 1 < days.count && days[last + 1] - days[first] < daysAtOnce { last += 1 }
            let part = Array(days[first...last])
            try aggregate(part, warehouse, zone, &outcome)
            scope.session.context.progress.advance(by: part.count)
            first = last + 1
        }
        if range == nil, let span = try warehouse.caseSpan() {
            try warehouse.setSetting("aggregated_until", to: zone.day(of: span.upperBound).description)
        }
        return outcome
    }

    private static func workList(
        _ warehouse: any Warehouse, _ range: ClosedRange<CivilDate>?, _ zone: LocalZone
    ) throws -> [CivilDate] {
        if let range { return (0...(range.upperBound - range.lowerBound)).map { range.lowerBound + $0 } }
        var days = Set(try warehouse.dirtyDays())
        guard let span = try warehouse.caseSpan(), !days.isEmpty else { return days.sorted() }
        // Days without an event still have a stock: fill from the last aggregated day to the newest.
        let newest = zone.day(of: span.upperBound)
        let known = try warehouse.setting("aggregated_until").flatMap(CivilDate.init)
        var day = (known ?? zone.day(of: span.lowerBound)) + 1
        while day <= newest {
            days.insert(day)
            day = day + 1
        }
        return days.sorted()
    }

    private static func aggregate(
        _ days: [CivilDate], _ warehouse: any Warehouse, _ zone: LocalZone, _ outcome: inout Outcome
    ) throws {
        guard let first = days.first, let last = days.last else { return }
        let cursor = CaseReader(try warehouse.cases(touching: first...last, zone: zone))
        var aggregator = DayAggregator(days: days, zone: zone)
        var identities = Reconciliation(days: days, zone: zone)
        // One thread decodes the rows of the database while another adds them up.
        try OrderedPipeline.run(
            workers: 1, produce: { try cursor.next() }, transform: { cases, _ in cases },
            consume: { cases in
                for item in cases {
                    aggregator.add(item)
                    identities.add(item)
                }
            })
        let (cells, hourly) = aggregator.finish()
        outcome.warnings += identities.check(cells: cells, hourly: hourly)
        outcome.cells += cells.count
        outcome.days += days.map(\.description)
        try warehouse.replaceDays(days, daily: cells, hourly: hourly)
    }
}

/// Hands the cases of a cursor on in portions.
private final class CaseReader: @unchecked Sendable {
    // @unchecked: only the pipeline's one reading thread calls `next`.
    private let cursor: any CaseCursor

    init(_ cursor: any CaseCursor) { self.cursor = cursor }

    func next() throws -> [ServiceCase]? {
        var out: [ServiceCase] = []
        while out.count < 2048, let item = try cursor.next() { out.append(item) }
        return out.isEmpty ? nil : out
    }
}
