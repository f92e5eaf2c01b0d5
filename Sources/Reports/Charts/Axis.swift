import Glibc
import Runtime

/// Few round ticks over a range that starts at zero.
struct Axis: Equatable {
    enum Unit: Equatable { case count, seconds, ratio }
    let ticks: [Double]
    let unit: Unit
    var top: Double { ticks.last ?? 1 }

    /// Steps of 1, 2, 2.5 or 5 times a power of ten; for durations of seconds, minutes, hours and days that people count in.
    init(maximum: Double, unit: Unit, count: Int = 4) {
        self.unit = unit
        let maximum = maximum.isFinite && maximum > 0 ? maximum : 1
        let step: Double
        switch unit {
        case .seconds:
            let steps: [Double] = [
                1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200, 86_400,
                172_800, 345_600, 432_000, 864_000,
            ]
            step =
                steps.first { maximum / $0 <= Double(count) + 0.3 }
                ?? Axis.nice(maximum / 86_400 / Double(count)) * 86_400
        case .count: step = max(Axis.nice(maximum / Double(count)), 1)
        case .ratio: step = Axis.nice(maximum / Double(count))
        }
        var ticks = [0.0]
        while let last = ticks.last, last < maximum * 0.9999 && ticks.count < 12 { ticks.append(last + step) }
        self.ticks = ticks
    }

    private static func nice(_ rough: Double) -> Double {
        let power = pow(10, floor(log10(rough)))
        let scaled = rough / power
        return power * (scaled <= 1 ? 1 : scaled <= 2 ? 2 : scaled <= 2.5 ? 2.5 : scaled <= 5 ? 5 : 10)
    }

    func label(_ value: Double, _ format: Formatter) -> String {
        switch unit {
        case .seconds: return value == 0 ? "0" : format.shortDuration(seconds: value)
        case .ratio:
            return format.percent(value, digits: (value * 100 - (value * 100).rounded()).magnitude < 1e-9 ? 0 : 1)
        case .count:
            return value >= 10_000 && format.locale == .en && value.truncatingRemainder(dividingBy: 1000) == 0
                ? format.decimal(value / 1000, digits: 0) + "k"
                : format.decimal(value, digits: value == value.rounded() ? 0 : 1)
        }
    }

    /// A value in full, for tips and end labels.
    func value(_ value: Double, _ format: Formatter) -> String {
        switch unit {
        case .seconds: format.duration(seconds: value)
        case .ratio: format.percent(value)
        case .count: format.figure(value)
        }
    }
}

/// The area of a chart between its axes.
struct Plot {
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double
    let axis: Axis

    var width: Double { right - left }
    func y(_ value: Double) -> Double { bottom - (bottom - top) * min(max(value / axis.top, 0), 1.05) }
    /// The centre of slot `index` of `count`.
    func x(_ index: Int, of count: Int) -> Double { left + width * (Double(index) + 0.5) / Double(max(count, 1)) }

    /// Room at the left for the widest tick label.
    static func margin(_ axis: Axis, _ format: Formatter) -> Double {
        (axis.ticks.map { SVG.width(axis.label($0, format), size: 12) }.max() ?? 20) + 10
    }

    /// Horizontal rules with their values.
    func rules(_ svg: inout SVG, _ format: Formatter) {
        for tick in axis.ticks {
            svg.line(x1: left, y1: y(tick), x2: right, y2: y(tick), style: tick == 0 ? "base" : "rule")
            svg.text(axis.label(tick, format), x: left - 6, y: y(tick) + 4, anchor: .end)
        }
    }

    /// Dates under the axis: Mondays while they fit, else the first days of months.
    func dates(_ svg: inout SVG, _ days: [CivilDate], _ format: Formatter) {
        guard !days.isEmpty else { return }
        let room = max(2, Int(width / 74))
        var chosen: [Int]
        if days.count <= room {
            chosen = Array(days.indices)
        } else {
            chosen = days.indices.filter { days[$0].weekday == 1 }
            var every = 1
            while chosen.count / every > room { every += 1 }
            chosen = chosen.enumerated().filter { $0.offset % every == 0 }.map(\.element)
        }
        var edge = -Double.infinity
        for index in chosen {
            let label = format.shortDay(days[index])
            let half = SVG.width(label) / 2
            let at = min(max(x(index, of: days.count), left - 8 + half), right - half + 4)
            guard at - half > edge + 8 else { continue }
            svg.line(
                x1: x(index, of: days.count), y1: bottom, x2: x(index, of: days.count), y2: bottom + 4, style: "base")
            svg.text(label, x: at, y: bottom + 18, anchor: .middle)
            edge = at + half
        }
    }
}
