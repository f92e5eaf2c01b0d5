package import Features
import FoundationEssentials
import Runtime

/// Reads the calendars that the setting `calendar` names.
package enum CalendarSetting {
    /// All of them in one; empty where none is set.
    ///
    /// - Throws: `JobFailure` with the name or file that cannot be used.
    package static func calendar(_ session: Session) throws -> EventCalendar {
        var all = EventCalendar.empty
        let words = session.configuration["calendar"].split(separator: "\u{1F}").map(String.init)
        let paths = session.configuration.paths("calendar", workingFolder: session.workingFolder)
        for (word, path) in zip(words, paths) {
            let isName = !word.utf8.contains(UInt8(ascii: "/")) && !word.utf8.contains(UInt8(ascii: "."))
            for file in isName ? try shipped(word, session) : [path] {
                all = all.merging(try CalendarFile.read(file))
            }
        }
        return all
    }

    /// The files of a shipped calendar: `NAME.csv` and `NAME-….csv`, in byte order.
    private static func shipped(_ name: String, _ session: Session) throws -> [String] {
        guard let folder = session.shipped("calendars") else {
            throw JobFailure(
                .configuration, "calendar '\(name)': no datasets/calendars was found; give the path of a file")
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let tables = names.filter { $0.hasSuffix(".csv") }.map { String($0.dropLast(4)) }
        let chosen = tables.filter { $0 == name || $0.hasPrefix(name + "-") }
        guard !chosen.isEmpty else {
            let known = Set(tables.map(family)).sorted().joined(separator: ", ")
            throw JobFailure(
                .configuration, "calendar '\(name)': \(folder) has no such calendar (\(known)); or give a path")
        }
        return chosen.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\(folder)/\($0).csv" }
    }

    /// `china` of `china-2026`; other names as they are.
    private static func family(_ name: String) -> String {
        let parts = name.split(separator: "-")
        return parts.count > 1 && parts[1].allSatisfy(\.isNumber) ? String(parts[0]) : name
    }
}
