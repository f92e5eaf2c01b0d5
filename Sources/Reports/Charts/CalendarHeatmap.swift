import Runtime

/// A cell for each day, weeks from left to right, weekdays downward.
struct CalendarHeatmap: Chart {
    var days: [(day: CivilDate, value: Double?)]
    var marked: Set<CivilDate> = []

    var isEmpty: Bool { days.allSatisfy { $0.value == nil } }

    func draw(width: Double, _ format: Formatter) -> (svg: SVG, height: Double) {
        var svg = SVG()
        guard let end = days.last?.day else { return (svg, 20) }
        let left = 40.0
        let isNarrow = width < 500
        let lastMonday = end - (end.weekday - 1)
        let fitting = Int((width - left) / (isNarrow ? 21 : 26))
        let span = (lastMonday - ((days.first?.day ?? end) - ((days.first?.day ?? end).weekday - 1))) / 7 + 1
        let weeks = max(1, min(fitting, span))
        let firstMonday = lastMonday - 7 * (weeks - 1)
        let cell = min((width - left) / Double(weeks), isNarrow ? 30 : 52)
        let high = min(cell, 26)
        let top = 20.0
        let greatest = days.filter { $0.day >= firstMonday }.compactMap(\.value).max() ?? 0
        for weekday in [1, 3, 5, 7] {
            svg.text(
                format.weekday(weekday), x: left - 8, y: top + high * (Double(weekday) - 0.5) + 4, anchor: .end)
        }
        var lastMonth = 0
        var edge = 0.0
        for (day, value) in days where day >= firstMonday {
            let week = (day - firstMonday) / 7
            let x = left + cell * Double(week)
            let y = top + high * Double(day.weekday - 1)
            svg.rectangle(
                x: x + 0.75, y: y + 0.75, width: cell - 1.5, height: high - 1.5,
                style: "heat \(HeatScale.style(value, greatest))\(marked.contains(day) ? " marked" : "")", radius: 2,
                tip: "\(format.dayWithWeekday(day)): \(value.map(format.figure) ?? Formatter.absent)")
            if let value, cell >= 30 {
                svg.text(
                    format.decimal(value, digits: 0), x: x + cell / 2, y: y + high / 2 + 4, anchor: .middle,
                    style: "in-heat")
            }
            let month = day.components.month
            if month != lastMonth {
                lastMonth = month
                if x >= edge {
                    svg.text(format.shortMonth(day), x: x + 2, y: 13)
                    edge = x + SVG.width(format.shortMonth(day)) + 8
                }
            }
        }
        return (svg, top + high * 7 + 2)
    }

    func summary(_ format: Formatter, _ phrases: Phrasebook) -> String {
        guard let high = days.max(by: { ($0.value ?? -1) < ($1.value ?? -1) }), let value = high.value else {
            return phrases("no_data")
        }
        return phrases("desc_bars", "\(days.count)", format.date(high.day), format.figure(value))
    }
}
