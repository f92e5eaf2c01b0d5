import Runtime

extension ReportTable {
    /// The table as HTML with caption and scopes; numbers carry their machine form in `data-value`.
    func html(_ format: Formatter) -> String {
        var out = "<table id=\"t-\(id)\"><caption>\(Escaping.html(title))</caption><thead><tr>"
        for column in columns {
            out += "<th scope=\"col\"\(column.isNumeric ? " class=\"num\"" : "")>\(Escaping.html(column.title))</th>"
        }
        out += "</tr></thead><tbody>\n"
        for row in rows {
            out += "<tr>"
            for (index, cell) in row.enumerated() { out += cell.html(format, isHeader: index == 0) }
            out += "</tr>\n"
        }
        if rows.isEmpty { out += "<tr><td colspan=\"\(columns.count)\">\(Formatter.absent)</td></tr>\n" }
        return out + "</tbody></table>"
    }
}

extension ReportTable.Cell {
    func html(_ format: Formatter, isHeader: Bool) -> String {
        let value = Escaping.html(PlainLabel.clean(raw))
        let (tag, scope) = isHeader ? ("th", " scope=\"row\"") : ("td", "")
        switch self {
        case .label(let text, _):
            return "<\(tag)\(scope) data-value=\"\(value)\"><bdi>\(Escaping.html(text))</bdi></\(tag)>"
        case .day(let day):
            return "<\(tag)\(scope) data-value=\"\(value)\">\(format.dayWithWeekday(day))</\(tag)>"
        case .share(let ratio?):
            let width = PlainNumber.text(min(max(ratio, 0), 1) * 100, digits: 1)
            return
                "<td class=\"num share\" data-value=\"\(value)\" style=\"--v:\(width)%\">\(Escaping.html(format.percent(ratio)))</td>"
        case .change(let change?, let favour):
            return
                "<td class=\"num\" data-value=\"\(value)\">\(Change(ratio: change, favour: favour).html(format))</td>"
        case .points(let change?, let favour):
            var points = Change(ratio: change, favour: favour)
            points.isPoints = true
            return "<td class=\"num\" data-value=\"\(value)\">\(points.html(format))</td>"
        default:
            return "<\(tag)\(scope) class=\"num\" data-value=\"\(value)\">\(Escaping.html(text(format)))</\(tag)>"
        }
    }

    /// What people read.
    func text(_ format: Formatter) -> String {
        switch self {
        case .label(let text, _): text
        case .count(let value): format.count(value)
        case .seconds(let value): format.tableDuration(seconds: value)
        case .ratio(let value), .share(let value): format.percent(value)
        case .number(let value, let digits): value.map { format.decimal($0, digits: digits) } ?? Formatter.absent
        case .change(let value, _): value.map(format.change) ?? Formatter.absent
        case .points(let value, _): value.map(format.points) ?? Formatter.absent
        case .day(let day): format.dayWithWeekday(day)
        }
    }
}

/// A change between two periods, with what it means.
struct Change: Sendable, Equatable {
    /// Relative change, or a difference of ratios when `isPoints`.
    var ratio: Double
    var favour: ReportTable.Favour
    var isPoints = false

    /// The change of a figure; `nil` where either is absent or the base is zero.
    init?(from old: Double?, to new: Double?, favour: ReportTable.Favour, isPoints: Bool = false) {
        guard let old, let new else { return nil }
        if isPoints {
            ratio = new - old
        } else {
            guard old != 0 else { return nil }
            ratio = (new - old) / old
        }
        self.favour = favour
        self.isPoints = isPoints
    }

    init(ratio: Double, favour: ReportTable.Favour) {
        self.ratio = ratio
        self.favour = favour
    }

    /// `good`, `bad` or `flat`: under half a percent is no change.
    var verdict: String {
        if ratio.magnitude < 0.005 || favour == .neither { return "flat" }
        return (ratio > 0) == (favour == .more) ? "good" : "bad"
    }

    var arrow: String { ratio.magnitude < 0.0005 ? "→" : ratio > 0 ? "▲" : "▼" }

    func text(_ format: Formatter) -> String { isPoints ? format.points(ratio) : format.change(ratio) }

    func html(_ format: Formatter) -> String {
        "<span class=\"change \(verdict)\"><span class=\"arrow\" aria-hidden=\"true\">\(arrow)</span>\(text(format))</span>"
    }
}
