import ArgumentParser
import Pipeline
import Runtime

struct DatasetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets", abstract: "Look over labelled files.",
        discussion: examples("cs-analytics datasets check datasets", "cs-analytics datasets check mine.tsv --json"),
        subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Duplicates, leaks across splits, label conflicts, balance, lengths; 1 when something must be mended.",
            discussion: examples("cs-analytics datasets check datasets", "cs-analytics datasets check mine.tsv --json"))

        @OptionGroup var global: GlobalOptions
        @Argument(help: "A labelled file, or a folder of them.") var path: String
        @Option(help: "Column with the label (CSV, JSON Lines).") var labelColumn: String?
        @Option(help: "Column with the text; several joined by +.") var textColumn: String?

        func run() throws {
            try global.perform { console in
                let session = try global.session("datasets check")
                let outcome = try DatasetCheckJob.run(
                    session, path: path, labelColumn: labelColumn, textColumn: textColumn)
                if console.isJSON {
                    console.data(try JSONOutput.document(outcome, runID: session.context.runID))
                } else {
                    for file in outcome.files {
                        let languages = file.languages.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                        console.data(
                            "\(Escaping.terminal(file.path)): \(file.rows) rows, \(file.labels.count) labels, \(file.shortest)–\(file.longest) characters (median \(file.medianLength)), \(languages.joined(separator: ", "))"
                        )
                    }
                    for finding in outcome.findings {
                        console.data(
                            "\(finding.severity.rawValue)  \(finding.kind)  \(finding.place): \(Escaping.terminal(finding.detail))"
                        )
                    }
                }
                if outcome.mustBeMended { throw JobFailure(.checkFailed, "something must be mended; see above") }
            }
        }
    }
}
