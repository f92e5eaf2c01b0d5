import Aggregates
import Foundation
import Runtime
import Testing

@testable import Reports

struct ChartTests {
    let format = Formatter(locale: .en)
    let phrases = Phrasebook(.en)

    @Test(arguments: [
        (0.0, Axis.Unit.count), (1, .count), (3.2, .count), (97, .count), (100, .count), (123_456, .count),
        (0.37, .ratio),
        (1, .ratio), (45, .seconds), (3700, .seconds), (90_000, .seconds), (40 * 86_400, .seconds), (9e9, .seconds),
    ])
    func axesAreRoundAndFew(_ maximum: Double, _ unit: Axis.Unit) {
        let axis = Axis(maximum: maximum, unit: unit)
        #expect(axis.ticks.first == 0)
        #expect(axis.top >= maximum * 0.9999)
        #expect((2...7).contains(axis.ticks.count), "\(axis.ticks)")
        #expect(Set(axis.ticks.map { axis.label($0, format) }).count == axis.ticks.count, "two ticks read alike")
    }

    @Test func linesBreakWhereValuesAreAbsent() {
        #expect(SVG.polyline([(1, 2), (3, 4.25), nil, (5, 6)]) == "M1 2L3 4.3M5 6")
        #expect(SVG.number(-0.04) == "0" || SVG.number(-0.04) == "-0")
        #expect(SVG.number(.infinity) == "0")
    }

    @Test(arguments: [340.0, 560, 640, 1150])
    func chartsStayInTheirWidth(_ width: Double) {
        let days = (0..<60).map { CivilDate(year: 2026, month: 9, day: 20) + $0 }
        let values: [Double?] = days.indices.map { $0 % 9 == 0 ? nil : Double($0 * 37 % 101) * 1000 }
        let charts: [any Chart] = [
            LineChart(
                days: days, series: [.init(title: "a", values: values)],
                band: .init(title: "b", lower: values.map { $0.map { $0 * 0.5 } }, upper: values), unit: .seconds,
                aheadFrom: 50, marks: [3], markTitle: "m", shaded: 10..<20),
            BarChart(
                categories: days.map { format.shortDay($0) },
                series: [.init(title: "a", values: values, fill: 1), .init(title: "b", values: values, fill: 2)],
                layout: .grouped, reference: ("r", values), markers: [(3.5, "median 2 h")]),
            HorizontalBarChart(
                rows: [.init(label: String(repeating: "很长的名字", count: 9), value: 12, previous: 15, note: "n 3")],
                previousTitle: "before"),
            WeekdayHourHeatmap(values: (0..<7).map { d in (0..<24).map { Double(d * $0) } }),
            CalendarHeatmap(days: zip(days, values).map { ($0, $1) }, marked: [days[5]]),
            SmallMultiples(days: days, panels: (0..<7).map { .init(title: "panel \($0)", values: values) }),
        ]
        for chart in charts {
            let (svg, height) = chart.draw(width: width, format)
            #expect(height > 10 && height < 900)
            #expect(!chart.isEmpty)
            #expect(!chart.summary(format, phrases).isEmpty)
            for part in svg.body.components(separatedBy: " x=\"").dropFirst() {
                let x = Double(part.components(separatedBy: "\"")[0])
                #expect((x ?? 0) >= -20 && (x ?? 0) <= width + 10, "\(type(of: chart)) at \(x ?? 0)")
            }
            #expect(Markup("<svg>\(svg.body)</svg>").faults == [])
        }
    }

    @Test func emptyChartsSaySo() {
        let days = [CivilDate(year: 2026, month: 1, day: 1)]
        #expect(LineChart(days: days, series: [.init(title: "a", values: [nil])], unit: .count).isEmpty)
        #expect(BarChart(categories: ["a"], series: [.init(title: "a", values: [0], fill: 1)]).isEmpty)
        #expect(WeekdayHourHeatmap(values: [[nil]]).isEmpty)
        #expect(CalendarHeatmap(days: []).isEmpty)
        #expect(CalendarHeatmap(days: []).draw(width: 300, format).height > 0)
        #expect(SmallMultiples(days: days, panels: []).isEmpty)
        #expect(HorizontalBarChart(rows: []).isEmpty)
        #expect(Sparkline(values: [1]).markup(title: "", description: "").isEmpty)
        for chart: any Chart in [
            HorizontalBarChart(rows: []), CalendarHeatmap(days: []), WeekdayHourHeatmap(values: []),
        ] {
            #expect(chart.summary(format, phrases) == phrases("no_data"))
        }
    }

    @Test func classesOfADurationAddUp() {
        var tally = Tally()
        for step in 0..<2000 {
            let milliseconds = Int64(step * step * 40)
            var one = Tally(count: 1, sum: milliseconds)
            one.sketch.insert(milliseconds)
            tally.merge(one)
        }
        let distribution = DistributionChart(tally)
        #expect(distribution.classes.reduce(0) { $0 + $1.count } == 2000)
        #expect(distribution.classes.first?.lower == 0)
        let chart = distribution.chart(title: "x", format, phrases)
        #expect(chart.borders.count == chart.categories.count + 1)
        #expect(chart.markers.count == 2)
        #expect(DistributionChart(Tally()).classes.isEmpty)
        #expect(DistributionChart.name(.init(lower: 60, upper: nil, count: 1)) == "60-")
    }

    @Test func shadesRise() {
        #expect(HeatScale.style(nil, 10) == "h-none")
        #expect(HeatScale.style(0, 10) == "h0")
        #expect(
            (1...10).map { HeatScale.style(Double($0), 10) }.sorted()
                == (1...10).map { HeatScale.style(Double($0), 10) })
        #expect(HeatScale.style(10, 10) == "h5")
    }

    @Test func textIsCutToFit() {
        #expect(SVG.fit("short", 200) == "short")
        #expect(SVG.fit("订单订单订单订单", 60).hasSuffix("…"))
        #expect(SVG.width(SVG.fit("a very long label indeed", 80)) <= 82)
    }
}
