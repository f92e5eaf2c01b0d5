import FoundationEssentials
package import Reports
import Runtime

/// The folder of the pages on disk.
package enum ReportFolder {
    /// Writes all files under a temporary name beside the folder, then switches it in; on failure the old one stays.
    package static func write(_ files: [String: [UInt8]], to folder: String) throws {
        let staging = "\(folder).\(ProcessInfo.processInfo.processIdentifier).new"
        AtomicFile.removeTree(staging)
        do {
            try AtomicFile.makeFolder(staging)
            for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
                let path = "\(staging)/\(name)"
                try AtomicFile.makeFolder(ConfigurationLoader.folder(of: path))
                try AtomicFile.write(bytes, to: path)
            }
            Milestone.pass("report-staged")
            try AtomicFile.replaceFolder(folder, with: staging)
            Milestone.pass("report-switched")
        } catch {
            AtomicFile.removeTree(staging)
            throw error
        }
    }

    /// The periods whose folders exist, by their `headline.json`.
    package static func entries(_ output: String) throws -> [CalendarEntry] {
        try headlines(output).map(\.entry)
    }

    static func headlines(_ output: String) throws -> [Headline] {
        var out: [Headline] = []
        for kind in ["days", "weeks", "months", "ranges"] {
            let folder = "\(output)/\(kind)"
            let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted(by: >)
            for name in names {
                let path = "\(folder)/\(name)"
                if name.hasSuffix(".new") || name.hasSuffix(".old") {
                    // Left behind by a run that died.
                    AtomicFile.removeTree(path)
                    continue
                }
                guard let data = FileManager.default.contents(atPath: "\(path)/headline.json"),
                    let headline = try? JSONDecoder().decode(Headline.self, from: data)
                else { continue }
                out.append(headline)
            }
        }
        return out
    }
}
