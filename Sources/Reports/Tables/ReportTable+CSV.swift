import Runtime

extension ReportTable.Cell {
    /// The machine form: ISO dates, `.` as decimal point, seconds with up to three decimals, nothing for absent.
    package var raw: String {
        switch self {
        case .label(_, let raw): raw ?? ""
        case .count(let value): value.map(String.init) ?? ""
        case .seconds(let value): value.map { PlainNumber.text($0, digits: 3) } ?? ""
        case .ratio(let value), .share(let value), .change(let value, _), .points(let value, _):
            value.map { PlainNumber.text($0, digits: 6) } ?? ""
        case .number(let value, _): value.map { PlainNumber.text($0, digits: 6) } ?? ""
        case .day(let day): day.description
        }
    }
}

extension ReportTable {
    /// The table as CSV after RFC 4180 with LF: machine headers, formulas neutralised, a line for each row.
    package var csv: String {
        var out = columns.map(\.key).joined(separator: ",") + "\n"
        for row in rows {
            for (index, cell) in row.enumerated() {
                if index > 0 { out += "," }
                // A number is never a formula; only what came from data is neutralised.
                if case .label = cell { out += Escaping.csv(cell.raw) } else { out += cell.raw }
            }
            out += "\n"
        }
        return out
    }
}

/// Numbers for machines, without Foundation and without an exponent.
enum PlainNumber {
    /// At most `digits` decimals, trailing zeros dropped; empty for what is not finite.
    static func text(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return "" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (value.magnitude * scale).rounded()
        guard scaled < 9e18 else { return "\(value)" }
        let integer = Int64(scaled)
        let unit = Int64(scale)
        var out = (value < 0 && integer != 0 ? "-" : "") + String(integer / unit)
        var fraction = integer % unit
        guard fraction != 0 else { return out }
        var width = digits
        while fraction % 10 == 0 {
            fraction /= 10
            width -= 1
        }
        let text = String(fraction)
        out += "." + String(repeating: "0", count: width - text.utf8.count) + text
        return out
    }
}
