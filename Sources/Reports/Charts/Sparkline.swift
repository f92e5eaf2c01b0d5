/// A line of the size of a word: the way of a figure up to now.
struct Sparkline {
    var values: [Double?]

    func markup(title: String, description: String) -> String {
        let width = 132.0
        let height = 34.0
        let present = values.compactMap { $0 }
        guard present.count > 1, let high = present.max(), let low = present.min() else { return "" }
        let floor = min(low, high * 0.6)
        let spread = max(high - floor, 1e-12)
        let points = values.enumerated().map { index, value in
            value.map {
                (
                    x: 3 + (width - 8) * Double(index) / Double(max(values.count - 1, 1)),
                    y: height - 4 - (height - 8) * ($0 - floor) / spread
                )
            }
        }
        var svg = SVG()
        svg.path(SVG.polyline(points), style: "line s1 thin")
        if let last = points.last(where: { $0 != nil }) ?? nil {
            svg.circle(x: last.x, y: last.y, radius: 3, style: "f1")
        }
        return svg.element(width: width, height: height, title: title, description: description, style: "spark")
    }
}
