package import Models
package import Records

/// Every setting of a run with its value and where it came from.
package struct Configuration: Sendable {
    package enum Origin: Sendable, Equatable, CustomStringConvertible {
        case flag
        case environment(String)
        case file(path: String, line: Int)
        case defaultValue

        package var description: String {
            switch self {
            case .flag: "flag"
            case .environment(let name): "environment \(name)"
            case .file(let path, let line): "\(path):\(line)"
            case .defaultValue: "default"
            }
        }
    }

    package struct Value: Sendable, Equatable {
        package var text: String
        package var origin: Origin
    }

    /// What a source needs to be told beyond its files.
    package struct Source: Sendable, Equatable {
        package var name: String
        /// Zone of its naive times.
        package var timezone: String?
        /// Session rule, such as `silence:30m` or `wechat`.
        package var sessions: String?
    }

    /// Opening hours as the file writes them; `Pipeline` makes a `BusinessCalendar` of it.
    package struct Schedule: Sendable, Equatable {
        package var name: String
        package var timezone: String?
        /// Weekday 1–7 (Monday first) and `HH:MM-HH:MM`.
        package var weekly: [(weekday: Int, hours: String)]
        /// Date `yyyy-MM-dd` and `off`, `on` (hours of its own weekday… see docs), `on:mon` or `HH:MM-HH:MM`.
        package var exceptions: [(date: String, hours: String)]
        /// Files of exceptions, CSV with `date,hours`.
        package var calendars: [String]
        package var line: Int

        package static func == (a: Schedule, b: Schedule) -> Bool { a.fingerprint == b.fingerprint }

        /// The same text for the same hours: a change of it means that business times are computed anew.
        package var fingerprint: String {
            let week = weekly.map { "\($0.weekday)=\($0.hours)" }.joined(separator: ",")
            let days = exceptions.map { "\($0.date)=\($0.hours)" }.sorted().joined(separator: ",")
            return "\(timezone ?? "")|\(week)|\(days)"
        }
    }

    /// The file that was read, if any.
    package var file: String?
    /// The folder to which relative paths in the file belong: that of the file, else the working folder.
    package var folder: String
    package var values: [String: Value]
    package var sources: [Source]
    package var schedule: Schedule?
    /// The labels that an administrator gives by rule.
    package var rules = LabelRules([])

    package subscript(_ key: String) -> String { values[key]?.text ?? "" }

    package func origin(_ key: String) -> Origin { values[key]?.origin ?? .defaultValue }

    /// A path setting made absolute: against the configuration's folder when it came from the file, else the working folder.
    package func path(_ key: String, workingFolder: String) -> String? {
        let text = self[key]
        if text.isEmpty { return nil }
        return absolute(text, key: key, workingFolder: workingFolder)
    }

    package func paths(_ key: String, workingFolder: String) -> [String] {
        self[key].split(separator: "\u{1F}").map { absolute(String($0), key: key, workingFolder: workingFolder) }
    }

    private func absolute(_ text: String, key: String, workingFolder: String) -> String {
        if text.hasPrefix("/") || text == "-" { return text }
        switch origin(key) {
        case .file, .defaultValue: return Configuration.plain("\(folder)/\(text)")
        case .flag, .environment: return Configuration.plain("\(workingFolder)/\(text)")
        }
    }

    /// The path without `.` and `name/..` in it; symbolic links are not looked at.
    package static func plain(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." && parts.last.map({ $0 != ".." }) == true { parts.removeLast() } else { parts.append(part) }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    package var zone: LocalZone { LocalZone(identifier: self["timezone"]) ?? .utc }
    package func integer(_ key: String) -> Int { Int(self[key]) ?? 0 }

    /// An age setting in milliseconds; `nil` when it is not set.
    package func age(_ key: String) -> Int64? { Configuration.milliseconds(ofAge: self[key]) }

    static func milliseconds(ofAge text: String) -> Int64? {
        guard let unit = text.last, let number = Int64(text.dropLast()), number > 0 else { return nil }
        switch unit {
        case "h": return number * 3_600_000
        case "d": return number * 86_400_000
        default: return nil
        }
    }
}
