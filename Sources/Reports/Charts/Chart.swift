/// A drawing that knows how to fill a given width.
protocol Chart {
    /// Draws at `width` units and says how high it came out.
    func draw(width: Double, _ format: Formatter) -> (svg: SVG, height: Double)
    /// One sentence with the gist, for people who do not see the drawing.
    func summary(_ format: Formatter, _ phrases: Phrasebook) -> String
    /// What the marks mean, where there is more than one kind.
    var legend: [LegendEntry] { get }
    var isEmpty: Bool { get }
}

/// A mark and its meaning.
struct LegendEntry: Equatable {
    enum Mark: Equatable {
        case line(Int)
        case dashed(Int)
        case band
        case fill(Int)
        case dot
        case tick
        case usual
    }
    let mark: Mark
    let title: String

    /// A swatch as small inline SVG; shape and hatching differ, not colour alone.
    var swatch: String {
        let inner =
            switch mark {
            case .line(let n): "<path class=\"line s\(n)\" d=\"M1 7L23 7\"/>"
            case .dashed(let n): "<path class=\"line dashed s\(n)\" d=\"M1 7L23 7\"/>"
            case .band: "<rect class=\"band\" x=\"1\" y=\"1\" width=\"22\" height=\"12\"/>"
            case .fill(let n): "<rect class=\"f\(n)\" x=\"5\" y=\"1\" width=\"14\" height=\"12\" rx=\"2\"/>"
            case .dot: "<circle class=\"alert\" cx=\"12\" cy=\"7\" r=\"4.5\"/>"
            case .usual: "<path class=\"usual\" d=\"M1 7L23 7\"/>"
            case .tick: "<path class=\"tick\" d=\"M12 1L12 13\"/>"
            }
        return "<svg class=\"swatch\" viewBox=\"0 0 24 14\" aria-hidden=\"true\" focusable=\"false\">\(inner)</svg>"
    }
}

/// Widths that charts are drawn at, so that text keeps its size on every screen.
enum ChartSpan: String {
    /// Half of a wide page.
    case half
    /// The whole width.
    case full

    var widths: [(style: String, width: Double)] {
        switch self {
        case .half: [("at-wide", 560), ("at-narrow", 340)]
        case .full: [("at-wide", 1150), ("at-middle", 640), ("at-narrow", 340)]
        }
    }
}

extension Chart {
    var legend: [LegendEntry] { [] }

    /// The markup for every width; the style sheet shows one of them.
    func markup(_ span: ChartSpan, title: String, _ format: Formatter, _ phrases: Phrasebook) -> String {
        let description = summary(format, phrases)
        return span.widths.map { style, width in
            let (svg, height) = draw(width: width, format)
            return svg.element(width: width, height: height, title: title, description: description, style: style)
        }.joined()
    }
}
