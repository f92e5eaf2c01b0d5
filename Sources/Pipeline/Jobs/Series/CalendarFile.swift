package import Features
import FoundationEssentials
import Runtime

/// Reads a calendar file.
package enum CalendarFile {
    /// - Throws: `JobFailure` with the file and what is wrong with it.
    package static func read(_ path: String) throws -> EventCalendar {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw JobFailure(.unusableInput, "\(path): the calendar cannot be read")
        }
        do {
            return try EventCalendar(Array(data), path: path)
        } catch {
            throw JobFailure(.unusableInput, error.description)
        }
    }
}
