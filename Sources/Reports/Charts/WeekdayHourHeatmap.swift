/// Weekday by hour: how much comes when. On a narrow screen hours run downward, so that figures stay readable.
struct WeekdayHourHeatmap: Chart {
    /// Seven rows from Monday, of 24 mean counts; absent where no such weekday was seen.
    var values: [[Double?]]

    var isEmpty: Bool { values.allSatisfy { $0.allSatisfy { $0 == nil } } }

    func draw(width: Double, _ format: Formatter) -> (svg: SVG, height: Double) {
        var svg = SVG()
        let greatest = values.flatMap { $0.compactMap { $0 } }.max() ?? 0
        let isTall = width < 500
        let left = isTall ? 46.0 : 40
        let top = 20.0
        let columns = isTall ? 7 : 24
        let cell = (width - left - 2) / Double(columns)
        let high = isTall ? 20.0 : width > 900 ? 30 : 26
        for column in 0..<columns {
            if isTall || column % (width > 900 ? 1 : 3) == 0 {
                svg.text(
                    isTall ? format.weekday(column + 1) : format.hour(column), x: left + cell * (Double(column) + 0.5),
                    y: 13, anchor: .middle)
            }
        }
        for row in 0..<(isTall ? 24 : 7) {
            let y = top + high * Double(row)
            svg.text(
                isTall ? format.hour(row) : format.weekday(row + 1), x: left - 8, y: y + high / 2 + 4, anchor: .end)
            for column in 0..<columns {
                let (weekday, hour) = isTall ? (column, row) : (row, column)
                let value = values[weekday][hour]
                let x = left + cell * Double(column)
                svg.rectangle(
                    x: x + 0.75, y: y + 0.75, width: cell - 1.5, height: high - 1.5,
                    style: "heat " + HeatScale.style(value, greatest), radius: 2,
                    tip:
                        "\(format.weekday(weekday + 1)) \(format.hour(hour)): \(value.map(format.figure) ?? Formatter.absent)"
                )
                if let value, cell >= 22 {
                    svg.text(
                        format.decimal(value, digits: 0), x: x + cell / 2, y: y + high / 2 + 4, anchor: .middle,
                        style: "in-heat")
                }
            }
        }
        return (svg, top + high * Double(isTall ? 24 : 7) + 2)
    }

    func summary(_ format: Formatter, _ phrases: Phrasebook) -> String {
        var best: (weekday: Int, hour: Int, value: Double)?
        for (weekday, row) in values.enumerated() {
            for (hour, value) in row.enumerated() {
                if let value, value > (best?.value ?? 0) { best = (weekday, hour, value) }
            }
        }
        guard let best else { return phrases("no_data") }
        return phrases(
            "desc_heat", format.weekday(best.weekday + 1), format.hour(best.hour), format.figure(best.value))
    }
}

/// Six steps of shade from nothing to the greatest value.
enum HeatScale {
    static let steps = 5

    static func style(_ value: Double?, _ greatest: Double) -> String {
        guard let value else { return "h-none" }
        guard greatest > 0, value > 0 else { return "h0" }
        return "h\(min(steps, max(1, Int((value / greatest * Double(steps)).rounded(.up)))))"
    }
}
