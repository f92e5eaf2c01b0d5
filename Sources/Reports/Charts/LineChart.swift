import Runtime

/// Lines over days, with a band of what was expected, the days ahead and marked days.
struct LineChart: Chart {
    struct Series {
        var title: String
        var values: [Double?]
        /// Dashed lines are the quieter ones: the period before, or what was expected.
        var isDashed = false
        var color = 1
    }
    struct Band {
        var title: String
        var lower: [Double?]
        var upper: [Double?]
    }

    var days: [CivilDate]
    var series: [Series]
    var band: Band?
    var unit: Axis.Unit
    /// Index of the first day that lies ahead.
    var aheadFrom: Int?
    /// Indices of unusual days, with the word for them.
    var marks: [Int] = []
    var markTitle = ""
    /// Indices of days to shade: the period of the report.
    var shaded: Range<Int>?

    var isEmpty: Bool { series.allSatisfy { $0.values.allSatisfy { $0 == nil } } }

    var legend: [LegendEntry] {
        var out = series.map { LegendEntry(mark: $0.isDashed ? .dashed($0.color) : .line($0.color), title: $0.title) }
        if let band { out.append(LegendEntry(mark: .band, title: band.title)) }
        if !marks.isEmpty { out.append(LegendEntry(mark: .dot, title: markTitle)) }
        return out.count > 1 ? out : []
    }

    func draw(width: Double, _ format: Formatter) -> (svg: SVG, height: Double) {
        var svg = SVG()
        let height = width > 900 ? 300.0 : width > 500 ? 250 : 220
        let all = series.flatMap { $0.values.compactMap { $0 } } + (band?.upper.compactMap { $0 } ?? [])
        let axis = Axis(maximum: all.max() ?? 1, unit: unit)
        let plot = Plot(
            left: Plot.margin(axis, format), right: width - 14, top: 16, bottom: height - 30, axis: axis)
        let slot = plot.width / Double(max(days.count, 1))
        if let shaded, shaded.count < days.count {
            svg.rectangle(
                x: plot.left + slot * Double(shaded.lowerBound), y: plot.top - 6, width: slot * Double(shaded.count),
                height: plot.bottom - plot.top + 6, style: "shade")
        }
        if let band { svg.path(area(band, plot), style: "band") }
        plot.rules(&svg, format)
        plot.dates(&svg, days, format)
        if let aheadFrom, aheadFrom < days.count {
            let x = plot.left + slot * Double(aheadFrom)
            svg.line(x1: x, y1: plot.top - 6, x2: x, y2: plot.bottom, style: "rule dashed")
        }
        for line in series.reversed() {
            let points = line.values.enumerated().map { index, value in
                value.map { (x: plot.x(index, of: days.count), y: plot.y($0)) }
            }
            svg.path(SVG.polyline(points), style: "line \(line.isDashed ? "dashed " : "")s\(line.color)")
            // A value between two absent ones has no line: it is a point.
            for (index, point) in points.enumerated() {
                guard let point else { continue }
                let alone =
                    (index == 0 || points[index - 1] == nil) && (index + 1 == points.count || points[index + 1] == nil)
                if alone { svg.circle(x: point.x, y: point.y, radius: 2.5, style: "f\(line.color)") }
            }
        }
        if let line = series.first(where: { !$0.isDashed }) {
            tips(&svg, line, plot, format, isWide: width > 500)
        }
        return (svg, height)
    }

    private func tips(_ svg: inout SVG, _ line: Series, _ plot: Plot, _ format: Formatter, isWide: Bool) {
        let last = line.values.lastIndex { $0 != nil }
        for (index, value) in line.values.enumerated() {
            guard let value else { continue }
            let x = plot.x(index, of: days.count)
            let y = plot.y(value)
            let tip = "\(format.dayWithWeekday(days[index])): \(plot.axis.value(value, format))"
            let isMarked = marks.contains(index)
            if isMarked {
                svg.circle(x: x, y: y, radius: 5, style: "alert", tip: tip)
            } else if index == last {
                svg.circle(x: x, y: y, radius: 4, style: "end f\(line.color)", tip: tip)
            } else if isWide {
                svg.circle(x: x, y: y, radius: 5, style: "hover", tip: tip)
            }
            if index == last {
                let label = plot.axis.value(value, format)
                let anchor: SVG.Anchor = x + SVG.width(label) / 2 > plot.right ? .end : .middle
                svg.text(label, x: anchor == .end ? plot.right + 8 : x, y: y - 10, anchor: anchor, style: "value")
            }
        }
    }

    /// The band as closed shapes, one for each unbroken run.
    private func area(_ band: Band, _ plot: Plot) -> String {
        var d = ""
        var run: [Int] = []
        func close() {
            if run.count > 1 {
                d += SVG.polyline(run.map { (x: plot.x($0, of: days.count), y: plot.y(band.upper[$0] ?? 0)) })
                for index in run.reversed() {
                    d +=
                        "L\(SVG.number(plot.x(index, of: days.count))) \(SVG.number(plot.y(band.lower[index] ?? 0)))"
                }
                d += "Z"
            }
            run = []
        }
        for index in days.indices {
            if band.lower[index] != nil && band.upper[index] != nil { run.append(index) } else { close() }
        }
        close()
        return d
    }

    func summary(_ format: Formatter, _ phrases: Phrasebook) -> String {
        guard let line = series.first(where: { !$0.isDashed }) ?? series.first else { return phrases("no_data") }
        let present = line.values.enumerated().compactMap { index, value in value.map { (index: index, value: $0) } }
        guard let last = present.last, let high = present.max(by: { $0.value < $1.value }),
            let low = present.min(by: { $0.value < $1.value })
        else { return phrases("no_data") }
        let axis = Axis(maximum: high.value, unit: unit)
        return phrases(
            "desc_line", line.title, axis.value(last.value, format), format.date(days[last.index]),
            axis.value(low.value, format), format.date(days[low.index]), axis.value(high.value, format),
            format.date(days[high.index]))
    }
}
