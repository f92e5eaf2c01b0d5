import Aggregates
import Runtime
import Testing

@testable import Reports

/// The cube's answers against a scan of all cells.
struct CubeTests {
    @Test(arguments: [Metric.casesCreated, .firstReply, .replies, .backlog])
    func equalsAScan(_ metric: Metric) {
        let input = RenderedPages.day
        let days = (input.period.days.lowerBound - 20)...(input.period.days.lowerBound - 3)
        for dimension in [Dimension.channel, .intent, .agent] {
            let cuboid = DailyCube.cuboid(for: [dimension])
            let cells = input.cube.cells.filter { $0.metric == metric && $0.cuboid == cuboid && days.contains($0.day) }
            let by = input.cube.by(dimension, metric, days)
            #expect(Set(by.map(\.value)) == Set(cells.map { $0.segment[dimension] }))
            for one in by {
                let scan = cells.filter { $0.segment[dimension] == one.value }.reduce(into: Tally()) {
                    $0.merge($1.calendar)
                }
                #expect(one.measure.calendar == scan)
                #expect(input.cube.total(metric, days, where: [.init(dimension, one.value)]).calendar == scan)
            }
        }
        let series = input.cube.series(metric, days)
        #expect(series.map(\.day) == (0..<18).map { days.lowerBound + $0 })
        #expect(series.reduce(0) { $0 + $1.measure.calendar.sum } == input.cube.total(metric, days).calendar.sum)
    }

    @Test func knowsWhatItHolds() {
        #expect(RenderedPages.day.cube.holds(.casesCreated))
        #expect(!RenderedPages.day.cube.holds(.handoffs))
        #expect(DailyCube(cells: []).span == nil)
        #expect(RenderedPages.day.cube.span?.upperBound == CivilDate(year: 2026, month: 11, day: 20))
    }
}
