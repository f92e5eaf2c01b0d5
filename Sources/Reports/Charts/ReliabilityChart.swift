/// Accuracy against confidence, a circle for each bin, the diagonal dashed.
struct ReliabilityChart: Chart {
    /// Mean confidence, accuracy and rows of each bin that holds any.
    var points: [(confidence: Double, accuracy: Double, count: Int)]
    var x: String
    var y: String

    var isEmpty: Bool { points.isEmpty }

    func draw(width: Double, _ format: Formatter) -> (svg: SVG, height: Double) {
        var svg = SVG()
        let height = width > 500 ? 300.0 : 260
        let (left, right, top, bottom) = (46.0, width - 14, 14.0, height - 44)
        func place(_ px: Double, _ py: Double) -> (x: Double, y: Double) {
            (left + (right - left) * px, bottom - (bottom - top) * py)
        }
        for tick in [0, 0.25, 0.5, 0.75, 1.0] {
            let (tx, ty) = place(tick, tick)
            svg.line(x1: left, y1: ty, x2: right, y2: ty, style: "rule")
            svg.text(format.percent(tick, digits: 0), x: left - 6, y: ty + 4, anchor: .end)
            svg.text(format.percent(tick, digits: 0), x: tx, y: bottom + 16, anchor: .middle)
        }
        svg.text(x, x: (left + right) / 2, y: bottom + 34, anchor: .middle)
        svg.text(y, x: left, y: top - 2, style: "label")
        let (from, to) = (place(0, 0), place(1, 1))
        svg.line(x1: from.x, y1: from.y, x2: to.x, y2: to.y, style: "usual")
        svg.path(SVG.polyline(points.map { place($0.confidence, $0.accuracy) }), style: "line s1")
        let most = Double(points.map(\.count).max() ?? 1)
        for point in points {
            let (px, py) = place(point.confidence, point.accuracy)
            svg.circle(
                x: px, y: py, radius: 3 + 7 * (Double(point.count) / most).squareRoot(), style: "f1 end",
                tip:
                    "\(format.percent(point.confidence)) → \(format.percent(point.accuracy)), n \(format.count(Int64(point.count)))"
            )
        }
        return (svg, height)
    }

    func summary(_ format: Formatter, _ phrases: Phrasebook) -> String {
        points.map { "\(format.percent($0.confidence)) → \(format.percent($0.accuracy))" }.joined(separator: "; ")
    }
}
