import Features
import FoundationEssentials
import Models
import Runtime
import Text

/// Looks over labelled files before anybody trains on them.
package enum DatasetCheckJob {
    package enum Severity: String, Encodable, Sendable { case error, warning }

    package struct Finding: Encodable, Sendable, Equatable {
        package let severity: Severity
        /// `duplicate`, `near_duplicate`, `sameness`, `split_leak`, `label_conflict`, `empty_text`, `odd_character`, `imbalance`, `unreadable`.
        package let kind: String
        /// File and line, or the file alone.
        package let place: String
        package let detail: String
    }

    package struct File: Encodable, Sendable {
        package let path: String
        package let rows: Int
        package let labels: [String: Int]
        package let shortest: Int
        package let medianLength: Int
        package let longest: Int
        package let languages: [String: Int]
        /// By label: the median similarity of a text to its nearest neighbour under the same label (Jaccard index of
        /// character trigrams, 0 to 1).
        package let variety: [String: Double]
    }

    package struct Outcome: Encodable, Sendable {
        package var files: [File] = []
        package var findings: [Finding] = []
        package var mustBeMended: Bool { findings.contains { $0.severity == .error } }
    }

    /// - Parameter path: a labelled file, or a folder whose labelled files are checked each and against one another.
    package static func run(_ session: Session, path: String, labelColumn: String?, textColumn: String?) throws
        -> Outcome
    {
        let files = try labelledFiles(path)
        guard !files.isEmpty else { throw JobFailure(.unusableInput, "\(path): no .tsv, .csv or .jsonl file is there") }
        var outcome = Outcome()
        var folders: [String: [LabelledRows]] = [:]
        for file in files {
            try session.context.cancellation.check()
            if file.contains("calendars/") {
                outcome.findings += calendarFindings(file)
                continue
            }
            do {
                let rows = try LabelledRows(file: file, labelColumn: labelColumn, textColumn: textColumn)
                outcome.files.append(rows.summary)
                outcome.findings += rows.findings()
                folders[ConfigurationLoader.folder(of: file), default: []].append(rows)
            } catch let error as ModelError {
                outcome.findings.append(
                    Finding(severity: .error, kind: "unreadable", place: file, detail: error.description))
            }
        }
        for (_, sets) in folders.sorted(by: { $0.key < $1.key }) { outcome.findings += leaks(sets) }
        return outcome
    }

    /// A calendar is no labelled set: it is only read.
    private static func calendarFindings(_ file: String) -> [Finding] {
        do {
            let calendar = try CalendarFile.read(file)
            guard calendar.isEmpty else { return [] }
            return [Finding(severity: .warning, kind: "unreadable", place: file, detail: "a calendar without days")]
        } catch {
            return [Finding(severity: .error, kind: "unreadable", place: file, detail: "\(error)")]
        }
    }

    private static func labelledFiles(_ path: String) throws -> [String] {
        var isFolder = false
        if let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType {
            isFolder = type == .typeDirectory
        } else {
            throw JobFailure(.unusableInput, "\(path): nothing is there")
        }
        guard isFolder else { return [path] }
        let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
        return names.filter { name in
            [".tsv", ".csv", ".jsonl"].contains { name.hasSuffix($0) } && !name.contains("samples/")
        }.map { "\(path)/\($0)" }
    }

    /// Texts that stand, the same or nearly so, in two files of which the names say that one is for training and the other
    /// for measuring.
    private static func leaks(_ sets: [LabelledRows]) -> [Finding] {
        let measuring = ["test", "valid", "dev", "heldout"]
        return sets.filter { held in measuring.contains(where: held.name.contains) }.flatMap { held in
            sets.filter { $0.path != held.path }.flatMap(held.leaks)
        }
    }
}
