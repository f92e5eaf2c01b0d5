import Foundation

/// Runs one benchmark by name and prints one JSON line per measurement.
@main
enum Bench {
    static let usage = """
        usage: bench ingest [--rows N] [--folder DIR]      reader without masking, 1,000,000 generated tickets
               bench nightly [--rows N] [--folder DIR]     whole night, 1,000,000 generated messages, into DATABASE_URL
        """

    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first else { fail(usage) }
        arguments.removeFirst()
        var rows = 1_000_000
        var folder = NSTemporaryDirectory() + "cs-analytics-bench"
        while let option = arguments.first {
            guard arguments.count >= 2 else { fail(usage) }
            if option == "--rows" {
                rows = Int(arguments[1]) ?? rows
            } else if option == "--folder" {
                folder = arguments[1]
            }
            arguments.removeFirst(2)
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        switch name {
        case "ingest": try ingest(rows: rows, folder: folder)
        case "nightly": try nightly(rows: rows, folder: folder)
        default: fail(usage)
        }
    }

    static var binary: String {
        ProcessInfo.processInfo.environment["CS_ANALYTICS_BINARY"] ?? "../.build/release/cs-analytics"
    }

    /// Reading and mapping alone: one worker, then two, five times each; the median counts.
    static func ingest(rows: Int, folder: String) throws {
        let path = "\(folder)/tickets-\(rows).csv"
        try Generator.tickets(rows: rows, to: path)
        for workers in [1, 2] {
            let runs = try (0..<5).map { _ in
                try Measurement.of(
                    binary,
                    [
                        "ingest", path, "--dry-run", "--privacy", "off", "--source-tz", "Asia/Shanghai", "--mapping",
                        "../datasets/samples/mappings/generated-tickets.yaml", "--quiet", "-j", "\(workers)",
                    ])
            }
            Measurement.median(runs).report("ingest --dry-run --privacy off", rows: rows, workers: workers, path: path)
        }
    }

    /// Exports in, warehouse and report out, from an empty database and an empty model registry.
    static func nightly(rows: Int, folder: String) throws {
        guard let address = ProcessInfo.processInfo.environment["DATABASE_URL"] else {
            fail("bench nightly wants DATABASE_URL to name an empty PostgreSQL database")
        }
        let path = "\(folder)/messages-\(rows).csv"
        try Generator.messages(rows: rows, to: path)
        let state = "\(folder)/state"
        try? FileManager.default.removeItem(atPath: state)
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let datasets = FileManager.default.currentDirectoryPath + "/../datasets"
        try
            "timezone: Asia/Shanghai\nmappings: [\(datasets)/samples/mappings/generated-messages.yaml]\ndatasets: \(datasets)\n"
            .write(toFile: "\(state)/cs-analytics.yaml", atomically: true, encoding: .utf8)
        let run = try Measurement.of(
            binary,
            ["nightly", path, "--config", "\(state)/cs-analytics.yaml", "--warehouse", address, "-j", "2", "--quiet"])
        run.report("nightly into PostgreSQL", rows: rows, workers: 2, path: path)
    }

    static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(64)
    }
}
