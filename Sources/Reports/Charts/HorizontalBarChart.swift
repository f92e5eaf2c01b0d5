/// Bars from the left, one for each label, with a tick where the period before stood.
struct HorizontalBarChart: Chart {
    struct Row {
        var label: String
        var value: Double?
        var previous: Double?
        var note = ""
    }
    var rows: [Row]
    var unit: Axis.Unit = .count
    var previousTitle: String?
    var valueTitle = ""

    var isEmpty: Bool { rows.allSatisfy { ($0.value ?? 0) == 0 } }

    var legend: [LegendEntry] {
        guard let previousTitle else { return [] }
        return [LegendEntry(mark: .fill(1), title: valueTitle), LegendEntry(mark: .tick, title: previousTitle)]
    }

    func draw(width: Double, _ format: Formatter) -> (svg: SVG, height: Double) {
        var svg = SVG()
        let isNarrow = width < 500
        let pitch = isNarrow ? 38.0 : 26
        let axis = Axis(maximum: rows.flatMap { [$0.value ?? 0, $0.previous ?? 0] }.max() ?? 1, unit: unit)
        let tails = rows.map { tail($0, axis, format) }
        let tailWidth = (tails.map { SVG.width($0) }.max() ?? 0) + 10
        let labelWidth = isNarrow ? 0 : min((rows.map { SVG.width($0.label) }.max() ?? 0) + 10, width * 0.42)
        let room = max(width - labelWidth - tailWidth - 4, 40)
        let greatest = max(rows.flatMap { [$0.value ?? 0, $0.previous ?? 0] }.max() ?? 1, 1e-12)
        for (index, row) in rows.enumerated() {
            let top = Double(index) * pitch + 2
            let barTop = isNarrow ? top + 17 : top + 3
            if isNarrow {
                svg.text(SVG.fit(row.label, width - 4), x: 0, y: top + 12, style: "label")
            } else {
                svg.text(
                    SVG.fit(row.label, labelWidth - 8), x: labelWidth - 8, y: top + 17, anchor: .end, style: "label")
            }
            let length = room * (row.value ?? 0) / greatest
            svg.rectangle(
                x: labelWidth, y: barTop, width: length, height: isNarrow ? 14 : 18, style: "bar f1", radius: 2,
                tip: "\(row.label): \(tails[index])")
            if let previous = row.previous {
                let x = labelWidth + room * previous / greatest
                svg.line(x1: x, y1: barTop - 2, x2: x, y2: barTop + (isNarrow ? 16 : 20), style: "tick")
            }
            let edge = labelWidth + max(length, room * (row.previous ?? 0) / greatest)
            svg.text(tails[index], x: edge + 7, y: barTop + (isNarrow ? 12 : 14), style: "value")
        }
        return (svg, max(Double(rows.count) * pitch + 4, 20))
    }

    private func tail(_ row: Row, _ axis: Axis, _ format: Formatter) -> String {
        let value = row.value.map { axis.value($0, format) } ?? Formatter.absent
        return row.note.isEmpty ? value : "\(value) · \(row.note)"
    }

    func summary(_ format: Formatter, _ phrases: Phrasebook) -> String {
        guard let high = rows.filter({ $0.value != nil }).max(by: { ($0.value ?? 0) < ($1.value ?? 0) }),
            let value = high.value
        else { return phrases("no_data") }
        return phrases(
            "desc_bars", "\(rows.count)", high.label, Axis(maximum: value, unit: unit).value(value, format))
    }
}
