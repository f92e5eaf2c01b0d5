import FoundationEssentials
package import Records
import Runtime

/// Makes the business calendar that the settings describe.
package enum ScheduleBuilder {
    package struct Built: Sendable {
        package let calendar: BusinessCalendar
        package let name: String
        /// The same text for the same hours.
        package let fingerprint: String
    }

    /// `nil` where no schedule is configured: business times are then absent.
    package static func build(_ session: Session) throws -> Built? {
        guard let schedule = session.configuration.schedule else { return nil }
        let file = session.configuration.file ?? ConfigurationLoader.fileName
        let zone = schedule.timezone.flatMap(LocalZone.init(identifier:)) ?? session.zone
        var exceptions = schedule.exceptions
        for calendar in schedule.calendars {
            let path = calendar.hasPrefix("/") ? calendar : "\(session.configuration.folder)/\(calendar)"
            exceptions += try read(path)
        }
        do {
            let calendar = try BusinessCalendar(zone: zone, weekly: schedule.weekly, exceptions: exceptions)
            var all = schedule
            all.exceptions = exceptions
            all.timezone = zone.identifier
            return Built(calendar: calendar, name: schedule.name, fingerprint: all.fingerprint)
        } catch {
            throw ConfigurationError.badValue(
                origin: "\(file):\(schedule.line)", key: "schedule", found: "\(error)",
                expected: "weekly hours and exceptions that do not contradict each other")
        }
    }

    /// Reads a calendar file: `date,hours` lines, `#` starts a comment, a header line is fine.
    static func read(_ path: String) throws -> [(date: String, hours: String)] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError.unreadable(file: path, reason: "no such file, or no right to read it")
        }
        var out: [(date: String, hours: String)] = []
        for (number, line) in String(decoding: data, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() {
            let text = line.prefix { $0 != "#" }
            let fields = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false).map { field in
                String(field.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            if fields.allSatisfy(\.isEmpty) || fields.first == "date" { continue }
            guard fields.count >= 2, CivilDate(fields[0]) != nil else {
                throw ConfigurationError.badSyntax(
                    file: path, line: number + 1, reason: "expected `yyyy-MM-dd,off` or `yyyy-MM-dd,09:00-18:00`")
            }
            out.append((fields[0], fields[1]))
        }
        return out
    }
}
