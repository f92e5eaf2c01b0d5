import Runtime

/// The same small line chart many times over, on one scale, so that shapes can be compared.
struct SmallMultiples: Chart {
    struct Panel {
        var title: String
        var values: [Double?]
        var note = ""
    }
    var days: [CivilDate]
    var panels: [Panel]
    var unit: Axis.Unit = .count
    /// One scale for all shows who is large; a scale each shows who changed.
    var sharesScale = true

    var isEmpty: Bool { panels.isEmpty }

    func draw(width: Double, _ format: Formatter) -> (svg: SVG, height: Double) {
        var svg = SVG()
        let columns = width > 900 ? 5 : width > 500 ? 3 : 2
        let gap = 18.0
        let cell = (width - gap * Double(columns - 1)) / Double(columns)
        let high = 92.0
        let common = panels.flatMap { $0.values.compactMap { $0 } }.max() ?? 1
        for (index, panel) in panels.enumerated() {
            let left = (cell + gap) * Double(index % columns)
            let top = (high + 10) * Double(index / columns)
            let greatest = max(sharesScale ? common : panel.values.compactMap { $0 }.max() ?? 1, 1e-12)
            svg.text(SVG.fit(panel.title, cell - 4), x: left, y: top + 12, style: "label strong")
            let bottom = top + high - 18
            let points = panel.values.enumerated().map { position, value in
                value.map {
                    (
                        x: left + 2 + (cell - 8) * (Double(position) + 0.5) / Double(max(panel.values.count, 1)),
                        y: bottom - (bottom - top - 24) * $0 / greatest
                    )
                }
            }
            svg.line(x1: left, y1: bottom, x2: left + cell - 4, y2: bottom, style: "base")
            svg.path(SVG.polyline(points), style: "line s1 thin")
            if let last = points.last(where: { $0 != nil }) ?? nil {
                svg.circle(x: last.x, y: last.y, radius: 3, style: "f1")
            }
            if let last = panel.values.last(where: { $0 != nil }) ?? nil {
                let axis = Axis(maximum: greatest, unit: unit)
                svg.text(axis.value(last, format), x: left, y: bottom + 15, style: "value")
                svg.text(
                    SVG.fit(panel.note, cell - SVG.width(axis.value(last, format)) - 14), x: left + cell - 4,
                    y: bottom + 15, anchor: .end)
            }
        }
        let rows = (panels.count + columns - 1) / columns
        return (svg, max(Double(rows) * (high + 10) - 6, 20))
    }

    func summary(_ format: Formatter, _ phrases: Phrasebook) -> String {
        phrases("desc_multiples", "\(panels.count)", panels.map(\.title).joined(separator: phrases("list_separator")))
    }
}
