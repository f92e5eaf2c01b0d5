import Aggregates

/// Classes of a duration as bars, with the median and the mean marked.
struct DistributionChart {
    struct Class: Equatable {
        /// Half-open: from `lower` up to, not including, `upper` seconds; the last has no end.
        var lower: Double
        var upper: Double?
        var count: Int64
    }

    static let edges: [Double] = [
        0, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 259_200, 604_800, 1_209_600, 2_592_000, 5_184_000,
    ]

    let classes: [Class]
    let tally: Tally

    /// Classes from the first that holds anything to the last; counts are exact to the sketch's 1%.
    init(_ tally: Tally) {
        self.tally = tally
        let edges = DistributionChart.edges
        let below = edges.map { $0 == 0 ? 0 : tally.sketch.count(atMost: Int64($0 * 1000) - 1) }
        var all: [Class] = []
        for index in edges.indices {
            let isLast = index + 1 == edges.count
            let upper = isLast ? tally.sketch.count : below[index + 1]
            all.append(
                Class(lower: edges[index], upper: isLast ? nil : edges[index + 1], count: upper - below[index]))
        }
        let first = all.firstIndex { $0.count > 0 } ?? 0
        let last = all.lastIndex { $0.count > 0 } ?? -1
        classes = first <= last ? Array(all[first...last]) : []
    }

    /// The class for machines: `60-300`, or `5184000-` for the last.
    static func name(_ one: Class) -> String {
        let upper = one.upper.map { PlainNumber.text($0, digits: 0) } ?? ""
        return "\(PlainNumber.text(one.lower, digits: 0))-\(upper)"
    }

    func label(_ one: Class, _ format: Formatter) -> String {
        guard let upper = one.upper else { return "≥ " + format.shortDuration(seconds: one.lower) }
        return "< " + format.shortDuration(seconds: upper)
    }

    func chart(title: String, _ format: Formatter, _ phrases: Phrasebook) -> BarChart {
        var markers: [(position: Double, title: String)] = []
        if let median = tally.sketch.quantile(0.5).map({ $0 / 1000 }), let at = position(median) {
            markers.append((at, phrases("median") + " " + format.duration(seconds: median)))
        }
        if let mean = tally.mean.map({ $0 / 1000 }), let at = position(mean) {
            markers.append((at, phrases("mean") + " " + format.duration(seconds: mean)))
        }
        return BarChart(
            categories: classes.map { label($0, format) },
            series: [.init(title: title, values: classes.map { Double($0.count) }, fill: 1)], markers: markers,
            borders: borders(format))
    }

    private func borders(_ format: Formatter) -> [String] {
        guard let first = classes.first else { return [] }
        func name(_ seconds: Double?) -> String {
            guard let seconds else { return "" }
            return seconds == 0 ? "0" : format.shortDuration(seconds: seconds)
        }
        return [name(first.lower)] + classes.map { name($0.upper) }
    }

    /// Where a duration stands, in slots of classes.
    private func position(_ seconds: Double) -> Double? {
        for (index, one) in classes.enumerated() {
            guard let upper = one.upper else { return Double(index) + 0.5 }
            if seconds < upper { return Double(index) + max(0, (seconds - one.lower) / (upper - one.lower)) }
        }
        return nil
    }
}
