import Runtime

/// Calendars as CSV, in one of two layouts that the header tells apart.
///
/// Long: `date,event[,kind][,lead][,lag]`, one row a day and set. `lead` and `lag` are days before and after that get
/// sets of their own, `EVENT before` and `EVENT after`. Wide: `date` and one column of 0 and 1 for each set.
/// Lines that begin with `#` and columns of other names in the long layout (a source, a remark) are passed over.
enum CalendarTable {
    static func sets(_ text: String, path: String) throws(EventCalendarError) -> [EventCalendar.DaySet] {
        var rows: [(line: Int, fields: [String])] = []
        for (offset, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if line.isEmpty || line.hasPrefix("#") || line.allSatisfy(\.isWhitespace) { continue }
            rows.append((offset + 1, fields(line)))
        }
        guard let header = rows.first else { throw .unreadable(path: path, reason: "the calendar has no lines") }
        let names = header.fields.map { $0.lowercased() }
        guard let date = names.firstIndex(where: { $0 == "date" || $0 == "ds" || $0 == "day" }) else {
            throw .line(
                path: path, line: header.line,
                reason:
                    "no column \"date\"; a calendar has date,event[,kind][,lead][,lag], or date and columns of 0 and 1")
        }
        if let event = names.firstIndex(where: { $0 == "event" || $0 == "name" || $0 == "holiday" }) {
            return try long(rows.dropFirst(), names: names, date: date, event: event, path: path)
        }
        return try wide(rows.dropFirst(), header: header.fields, date: date, path: path)
    }

    private static func long(
        _ rows: ArraySlice<(line: Int, fields: [String])>, names: [String], date: Int, event: Int, path: String
    ) throws(EventCalendarError) -> [EventCalendar.DaySet] {
        func field(_ row: [String], _ name: String) -> String? {
            guard let index = names.firstIndex(of: name), index < row.count, !row[index].isEmpty else { return nil }
            return row[index]
        }
        var days: [(day: CivilDate, name: String, kind: EventCalendar.Kind, lead: Int, lag: Int)] = []
        for (line, row) in rows {
            let day = try readDay(row, date, path: path, line: line)
            guard event < row.count, !row[event].isEmpty else {
                throw .line(path: path, line: line, reason: "the event has no name")
            }
            var kind = EventCalendar.Kind.event
            if let text = field(row, "kind") {
                guard let known = EventCalendar.Kind(rawValue: text.lowercased()) else {
                    let all = EventCalendar.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                    throw .line(path: path, line: line, reason: "no kind \"\(text)\"; one of \(all)")
                }
                kind = known
            }
            var reach = [0, 0]
            for (index, name) in ["lead", "lag"].enumerated() {
                guard let text = field(row, name) else { continue }
                guard let count = Int(text), (0...60).contains(count) else {
                    throw .line(path: path, line: line, reason: "\(name) \"\(text)\" is no number of days from 0 to 60")
                }
                reach[index] = count
            }
            days.append((day, row[event], kind, reach[0], reach[1]))
        }
        // Days of the event itself go before the lead and wake of its other days.
        var own: [String: Set<CivilDate>] = [:]
        for entry in days { own[entry.name, default: []].insert(entry.day) }
        var out: [EventCalendar.DaySet] = []
        for entry in days {
            out.append(EventCalendar.DaySet(name: entry.name, kind: entry.kind, days: [entry.day]))
            func around(_ name: String, _ offsets: ClosedRange<Int>) {
                let days = offsets.map { entry.day + $0 }.filter { own[entry.name]?.contains($0) != true }
                out.append(EventCalendar.DaySet(name: name, kind: entry.kind, days: days))
            }
            if entry.lead > 0 { around(entry.name + " before", (-entry.lead)...(-1)) }
            if entry.lag > 0 { around(entry.name + " after", 1...entry.lag) }
        }
        return out
    }

    private static func wide(
        _ rows: ArraySlice<(line: Int, fields: [String])>, header: [String], date: Int, path: String
    ) throws(EventCalendarError) -> [EventCalendar.DaySet] {
        var days = Array(repeating: [CivilDate](), count: header.count)
        for (line, row) in rows {
            let day = try readDay(row, date, path: path, line: line)
            for index in header.indices where index != date && index < row.count {
                switch row[index].lowercased() {
                case "", "0", "false", "0.0": break
                case "1", "true", "1.0": days[index].append(day)
                default:
                    throw .line(
                        path: path, line: line,
                        reason: "column \"\(header[index])\" holds \"\(row[index])\", not 0 or 1")
                }
            }
        }
        return header.indices.filter { $0 != date }.map {
            EventCalendar.DaySet(name: header[$0], kind: .event, days: days[$0])
        }
    }

    private static func readDay(
        _ row: [String], _ column: Int, path: String, line: Int
    ) throws(EventCalendarError) -> CivilDate {
        let text = column < row.count ? row[column] : ""
        guard let day = CivilDate(String(text.prefix(10))) else {
            throw .line(path: path, line: line, reason: "\"\(text)\" is no date such as 2026-02-17")
        }
        return day
    }

    /// The fields of a line after RFC 4180; a quoted field may hold commas, not line ends.
    private static func fields(_ line: Substring) -> [String] {
        var out: [String] = []
        var field = ""
        var isQuoted = false
        var previous: Character = ","
        for character in line {
            if character == "\"" {
                if isQuoted {
                    isQuoted = false
                } else {
                    // A doubled quote inside quotes closes and opens again.
                    if previous == "\"" { field.append("\"") }
                    isQuoted = true
                }
            } else if character == ",", !isQuoted {
                out.append(field.trimmingWhitespace)
                field = ""
            } else {
                field.append(character)
            }
            previous = character
        }
        out.append(field.trimmingWhitespace)
        return out
    }
}

extension String {
    var trimmingWhitespace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
