import Runtime

/// Calendars as iCalendar (RFC 5545): the days of `VEVENT` components.
///
/// Read are DTSTART and DTEND (a date, or the date of a time), DURATION in days or weeks, RDATE, EXDATE and yearly
/// RRULE with INTERVAL, COUNT and UNTIL. SUMMARY names the set; a CATEGORIES value that is a kind gives its kind.
enum InternetCalendar {
    /// A rule without an end is laid out up to here.
    private static let lastYear = 2100

    private struct Event {
        var line = 0
        var summary = ""
        var kind = EventCalendar.Kind.event
        var start: CivilDate?
        var end: CivilDate?
        var length = 1
        var rule: String?
        var added: [CivilDate] = []
        var excluded: Set<CivilDate> = []
    }

    static func sets(_ text: String, path: String) throws(EventCalendarError) -> [EventCalendar.DaySet] {
        var out: [EventCalendar.DaySet] = []
        var event: Event?
        // VALARM and other components inside an event.
        var depth = 0
        for (number, content) in unfolded(text) {
            guard let colon = valueColon(content) else { continue }
            let head = content[..<colon].split(separator: ";", omittingEmptySubsequences: false)
            let value = String(content[content.index(after: colon)...])
            switch (head.first?.uppercased() ?? "", value.uppercased()) {
            case ("BEGIN", "VEVENT"):
                event = Event(line: number)
                depth = 0
            case ("END", "VEVENT"):
                if let event { out.append(try days(event, path: path)) }
                event = nil
            case ("BEGIN", _): depth += 1
            case ("END", _): depth -= 1
            case (let name, _):
                guard depth == 0, var current = event else { continue }
                try read(name, value, into: &current, path: path, line: number)
                event = current
            }
        }
        return out
    }

    private static func read(
        _ name: String, _ value: String, into event: inout Event, path: String, line: Int
    ) throws(EventCalendarError) {
        func date(_ text: some StringProtocol) throws(EventCalendarError) -> CivilDate {
            let digits = Array(text.utf8.prefix(8))
            guard digits.count == 8, digits.allSatisfy({ (48...57).contains($0) }) else {
                throw .line(path: path, line: line, reason: "\"\(text)\" is no date such as 20260217")
            }
            let numbers = digits.map { Int($0) - 48 }
            let year = numbers[0] * 1000 + numbers[1] * 100 + numbers[2] * 10 + numbers[3]
            let month = numbers[4] * 10 + numbers[5]
            let day = numbers[6] * 10 + numbers[7]
            guard CivilDate.isValid(year: year, month: month, day: day) else {
                throw .line(path: path, line: line, reason: "\"\(text)\" is no day of the calendar")
            }
            return CivilDate(year: year, month: month, day: day)
        }
        switch name {
        case "SUMMARY": event.summary = unescaped(value)
        case "CATEGORIES":
            if let kind = value.split(separator: ",").lazy.compactMap({
                EventCalendar.Kind(rawValue: String($0).trimmingWhitespace.lowercased())
            }).first {
                event.kind = kind
            }
        case "DTSTART": event.start = try date(value)
        case "DTEND": event.end = try date(value)
        case "DURATION":
            let digits = value.filter(\.isNumber)
            guard value.hasPrefix("P"), let count = Int(digits), value.hasSuffix("D") || value.hasSuffix("W") else {
                break
            }
            event.length = max(1, min(366, count * (value.hasSuffix("W") ? 7 : 1)))
        case "RRULE": event.rule = value
        case "RDATE": for part in value.split(separator: ",") { event.added.append(try date(part)) }
        case "EXDATE": for part in value.split(separator: ",") { event.excluded.insert(try date(part)) }
        default: break
        }
    }

    private static func days(_ event: Event, path: String) throws(EventCalendarError) -> EventCalendar.DaySet {
        guard let start = event.start else {
            throw .line(path: path, line: event.line, reason: "an event without DTSTART")
        }
        let length = event.end.map { max(1, min(366, $0 - start)) } ?? event.length
        var starts = [start] + event.added
        if let rule = event.rule { starts += try repeated(start, rule, path: path, line: event.line) }
        let kept = Set(starts).subtracting(event.excluded)
        let name = event.summary.isEmpty ? "event" : event.summary
        return EventCalendar.DaySet(
            name: name, kind: event.kind, days: kept.flatMap { first in (0..<length).map { first + $0 } })
    }

    private static func repeated(
        _ start: CivilDate, _ rule: String, path: String, line: Int
    ) throws(EventCalendarError) -> [CivilDate] {
        var parts: [String: String] = [:]
        for part in rule.uppercased().split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { parts[String(pair[0])] = String(pair[1]) }
        }
        let (year, month, day) = start.components
        let simple = Set(["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "WKST"])
        guard parts["FREQ"] == "YEARLY", Set(parts.keys).isSubset(of: simple),
            parts["BYMONTH"] == nil || parts["BYMONTH"] == String(month),
            parts["BYMONTHDAY"] == nil || parts["BYMONTHDAY"] == String(day)
        else {
            throw .line(
                path: path, line: line,
                reason: "the rule \"\(rule)\" is not a plain yearly one; write its dates out as RDATE")
        }
        let interval = max(1, parts["INTERVAL"].flatMap { Int($0) } ?? 1)
        let count = parts["COUNT"].flatMap { Int($0) } ?? .max
        let until = parts["UNTIL"].flatMap { text -> CivilDate? in
            CivilDate("\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.dropFirst(6).prefix(2))")
        }
        var out: [CivilDate] = []
        for next in stride(from: year, through: max(year, lastYear), by: interval) {
            // 29 February recurs in leap years alone.
            guard CivilDate.isValid(year: next, month: month, day: day) else { continue }
            let date = CivilDate(year: next, month: month, day: day)
            if out.count >= count { break }
            if let until, date > until { break }
            out.append(date)
        }
        return out
    }

    /// Content lines with the number of their first line; a line that begins with a blank continues the one before.
    private static func unfolded(_ text: String) -> [(line: Int, content: String)] {
        var out: [(line: Int, content: String)] = []
        for (offset, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if let first = line.first, first == " " || first == "\t", !out.isEmpty {
                out[out.count - 1].content += line.dropFirst()
            } else {
                out.append((offset + 1, String(line)))
            }
        }
        return out
    }

    /// The colon in front of the value: the first one outside quotes.
    private static func valueColon(_ content: String) -> String.Index? {
        var isQuoted = false
        for index in content.indices {
            if content[index] == "\"" { isQuoted.toggle() }
            if content[index] == ":", !isQuoted { return index }
        }
        return nil
    }

    private static func unescaped(_ value: String) -> String {
        var out = ""
        var isEscaped = false
        for character in value {
            if isEscaped {
                out.append(character == "n" || character == "N" ? " " : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                out.append(character)
            }
        }
        return out.trimmingWhitespace
    }
}
