import Runtime

/// A drawing under construction: markup with coordinates to a tenth of a unit.
struct SVG {
    private(set) var body = ""

    /// Text of the shortest decimal form of a coordinate.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let tenths = Int((value * 10).rounded())
        let whole = abs(tenths) / 10
        let rest = abs(tenths) % 10
        return (tenths < 0 ? "-" : "") + (rest == 0 ? "\(whole)" : "\(whole).\(rest)")
    }

    enum Anchor: String { case start, middle, end }

    mutating func raw(_ markup: String) { body += markup }

    mutating func text(_ string: String, x: Double, y: Double, anchor: Anchor = .start, style: String = "") {
        let place = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
        let named = style.isEmpty ? "" : " class=\"\(style)\""
        body += "<text x=\"\(SVG.number(x))\" y=\"\(SVG.number(y))\"\(place)\(named)>\(Escaping.html(string))</text>"
    }

    mutating func line(x1: Double, y1: Double, x2: Double, y2: Double, style: String) {
        body +=
            "<path class=\"\(style)\" d=\"M\(SVG.number(x1)) \(SVG.number(y1))L\(SVG.number(x2)) \(SVG.number(y2))\"/>"
    }

    mutating func path(_ d: String, style: String) {
        guard !d.isEmpty else { return }
        body += "<path class=\"\(style)\" d=\"\(d)\"/>"
    }

    /// A rectangle, with the words that a pointer resting on it shows.
    mutating func rectangle(
        x: Double, y: Double, width: Double, height: Double, style: String, radius: Double = 0, tip: String? = nil
    ) {
        body +=
            "<rect class=\"\(style)\" x=\"\(SVG.number(x))\" y=\"\(SVG.number(y))\" width=\"\(SVG.number(max(width, 0)))\" height=\"\(SVG.number(max(height, 0)))\""
        if radius > 0 { body += " rx=\"\(SVG.number(radius))\"" }
        body += tip.map { "><title>\(Escaping.html($0))</title></rect>" } ?? "/>"
    }

    mutating func circle(x: Double, y: Double, radius: Double, style: String, tip: String? = nil) {
        body +=
            "<circle class=\"\(style)\" cx=\"\(SVG.number(x))\" cy=\"\(SVG.number(y))\" r=\"\(SVG.number(radius))\""
        body += tip.map { "><title>\(Escaping.html($0))</title></circle>" } ?? "/>"
    }

    /// The whole element, named for people who do not see it.
    func element(width: Double, height: Double, title: String, description: String, style: String = "") -> String {
        let named = style.isEmpty ? "" : " class=\"\(style)\""
        return
            "<svg\(named) role=\"img\" viewBox=\"0 0 \(SVG.number(width)) \(SVG.number(height))\" preserveAspectRatio=\"xMidYMid meet\"><title>\(Escaping.html(title))</title><desc>\(Escaping.html(description))</desc>\(body)</svg>"
    }

    /// A line through points, broken where a value is absent.
    static func polyline(_ points: [(x: Double, y: Double)?]) -> String {
        var d = ""
        var isDrawing = false
        for point in points {
            guard let point else {
                isDrawing = false
                continue
            }
            d += (isDrawing ? "L" : "M") + number(point.x) + " " + number(point.y)
            isDrawing = true
        }
        return d
    }

    /// Roughly how wide a string is at 12 units: full-width characters count double.
    static func width(_ string: String, size: Double = 12) -> Double {
        string.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 1.0 : $1.value < 0x20 ? 0 : 0.56) } * size
    }

    /// The string cut to a width, with an ellipsis where something is gone.
    static func fit(_ string: String, _ limit: Double, size: Double = 12) -> String {
        guard width(string, size: size) > limit else { return string }
        var out = ""
        for character in string {
            if width(out + String(character), size: size) > limit - 0.9 * size { break }
            out.append(character)
        }
        return out + "…"
    }
}
