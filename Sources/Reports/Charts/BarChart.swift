/// Upright bars by category, stacked or side by side.
struct BarChart: Chart {
    enum Layout { case stacked, grouped }
    struct Series {
        var title: String
        var values: [Double?]
        /// Small number of the fill: each has its own colour and hatching.
        var fill: Int
    }

    var categories: [String]
    var series: [Series]
    var layout: Layout = .stacked
    var unit: Axis.Unit = .count
    /// A quiet step line over the bars: what is usual.
    var reference: (title: String, values: [Double?])?
    /// Vertical marks between categories: position in slots, and what stands there.
    var markers: [(position: Double, title: String)] = []

    /// Names of the borders between categories, one more than there are categories; in place of names below the bars.
    var borders: [String] = []
    /// Names that follow from each other, such as hours, may be left out where there is no room.
    var isSequence = true

    var isEmpty: Bool { series.allSatisfy { $0.values.allSatisfy { ($0 ?? 0) == 0 } } }

    var legend: [LegendEntry] {
        var out = series.map { LegendEntry(mark: .fill($0.fill), title: $0.title) }
        if let reference { out.append(LegendEntry(mark: .usual, title: reference.title)) }
        return out.count > 1 ? out : []
    }

    func draw(width: Double, _ format: Formatter) -> (svg: SVG, height: Double) {
        var svg = SVG()
        let height = width > 900 ? 280.0 : width > 500 ? 240 : 210
        let axis = Axis(maximum: maximum, unit: unit)
        let plot = Plot(
            left: Plot.margin(axis, format), right: width - 8, top: markers.isEmpty ? 12 : 40, bottom: height - 28,
            axis: axis)
        plot.rules(&svg, format)
        let slot = plot.width / Double(max(categories.count, 1))
        let gap = slot > 14 ? slot * 0.18 : slot * 0.1
        for index in categories.indices {
            let start = plot.left + slot * Double(index) + gap / 2
            switch layout {
            case .stacked: stack(&svg, index, start, slot - gap, plot, format)
            case .grouped: group(&svg, index, start, slot - gap, plot, format)
            }
        }
        labels(&svg, plot, slot)
        if let reference { step(&svg, reference.values, plot, slot) }
        for (row, marker) in markers.enumerated() {
            let x = plot.left + slot * marker.position
            svg.line(x1: x, y1: plot.top - 6 - Double(row) * 14, x2: x, y2: plot.bottom, style: "marker")
            let end = x + SVG.width(marker.title) + 6 > plot.right
            svg.text(
                marker.title, x: end ? x - 5 : x + 5, y: plot.top - 10 - Double(row) * 14, anchor: end ? .end : .start,
                style: "value")
        }
        return (svg, height)
    }

    private var maximum: Double {
        let bars = categories.indices.map { index in
            let values = series.compactMap { $0.values[index] }
            return layout == .stacked ? values.reduce(0, +) : values.max() ?? 0
        }
        return max(bars.max() ?? 0, reference?.values.compactMap { $0 }.max() ?? 0)
    }

    private func stack(
        _ svg: inout SVG, _ index: Int, _ x: Double, _ width: Double, _ plot: Plot, _ format: Formatter
    ) {
        var base = 0.0
        for one in series {
            guard let value = one.values[index], value > 0 else { continue }
            let top = plot.y(base + value)
            svg.rectangle(
                x: x, y: top, width: width, height: max(plot.y(base) - top, 0.4), style: "bar f\(one.fill)",
                tip: tip(one, index, value, plot, format))
            base += value
        }
    }

    private func group(
        _ svg: inout SVG, _ index: Int, _ x: Double, _ width: Double, _ plot: Plot, _ format: Formatter
    ) {
        let each = width / Double(max(series.count, 1))
        for (position, one) in series.enumerated() {
            guard let value = one.values[index], value > 0 else { continue }
            let top = plot.y(value)
            svg.rectangle(
                x: x + each * Double(position), y: top, width: max(each - 1, 0.8), height: max(plot.bottom - top, 0.4),
                style: "bar f\(one.fill)", tip: tip(one, index, value, plot, format))
        }
    }

    private func tip(_ one: Series, _ index: Int, _ value: Double, _ plot: Plot, _ format: Formatter) -> String? {
        guard plot.right > 500 else { return nil }
        let name = series.count > 1 ? "\(categories[index]), \(one.title)" : categories[index]
        return "\(name): \(plot.axis.value(value, format))"
    }

    private func labels(_ svg: inout SVG, _ plot: Plot, _ slot: Double) {
        guard borders.isEmpty else {
            var edge = -Double.infinity
            for (index, border) in borders.enumerated() where !border.isEmpty {
                let x = plot.left + slot * Double(index)
                let half = SVG.width(border) / 2
                let at = min(x, plot.right + 6 - half)
                svg.line(x1: x, y1: plot.bottom, x2: x, y2: plot.bottom + 4, style: "base")
                guard at - half > edge + 6 else { continue }
                svg.text(border, x: at, y: plot.bottom + 18, anchor: .middle)
                edge = at + half
            }
            return
        }
        guard isSequence else {
            for (index, category) in categories.enumerated() {
                svg.text(
                    SVG.fit(category, slot - 3), x: plot.left + slot * (Double(index) + 0.5), y: plot.bottom + 18,
                    anchor: .middle)
            }
            return
        }
        let widest = categories.map { SVG.width($0) }.max() ?? 0
        let every = max(1, Int(((widest + 8) / slot).rounded(.up)))
        for index in stride(from: 0, to: categories.count, by: every) {
            let half = SVG.width(categories[index]) / 2
            let x = min(max(plot.left + slot * (Double(index) + 0.5), plot.left - 10 + half), plot.right + 6 - half)
            svg.text(categories[index], x: x, y: plot.bottom + 18, anchor: .middle)
        }
    }

    private func step(_ svg: inout SVG, _ values: [Double?], _ plot: Plot, _ slot: Double) {
        var d = ""
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            let left = plot.left + slot * Double(index)
            let isJoined = index > 0 && values[index - 1] != nil
            d += "\(isJoined ? "L" : "M")\(SVG.number(left)) \(SVG.number(plot.y(value)))"
            d += "L\(SVG.number(left + slot)) \(SVG.number(plot.y(value)))"
        }
        svg.path(d, style: "halo")
        svg.path(d, style: "usual")
    }

    func summary(_ format: Formatter, _ phrases: Phrasebook) -> String {
        let totals = categories.indices.map { index in
            (name: categories[index], value: series.compactMap { $0.values[index] }.reduce(0, +))
        }
        guard let high = totals.max(by: { $0.value < $1.value }), high.value > 0 else { return phrases("no_data") }
        let axis = Axis(maximum: high.value, unit: unit)
        return phrases("desc_bars", "\(categories.count)", high.name, axis.value(high.value, format))
    }
}
