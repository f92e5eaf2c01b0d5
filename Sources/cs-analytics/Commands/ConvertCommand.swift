import ArgumentParser
import Pipeline
import Runtime

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Read exports and write canonical files, one per kind of record.",
        discussion: examples(
            "cs-analytics convert exports --to jsonl -o canonical",
            "cs-analytics convert tickets.csv --mapping tickets.yaml --to csv -o canonical"))

    @OptionGroup var global: GlobalOptions
    @OptionGroup var reading: ReadingArguments
    @Argument(help: "Files, folders, globs, archives, or -.") var paths: [String]
    @Option(help: "jsonl or csv.") var to: ConvertJob.Format
    @Option(name: [.customShort("o"), .long], help: "Folder to write into.") var output: String
    @Option(help: "off: write the text as it stands, unmasked.") var privacy: IngestCommand.PrivacySwitch?

    func run() throws {
        try global.perform { console in
            let session = try global.session("convert")
            var request = ConvertJob.Request(paths: paths, format: to, output: output)
            request.reading = reading.options
            request.isPrivacyOff = privacy == .off
            let outcome = try ConvertJob.run(session, request)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
            } else {
                for warning in outcome.warnings { console.complain("warning: \(Escaping.terminal(warning))") }
                console.say("read \(outcome.read), rejected \(outcome.rejected)")
                for file in outcome.files { console.data(file) }
            }
            if outcome.records.isEmpty {
                throw JobFailure(.unusableInput, outcome.warnings.first ?? "no input could be used")
            }
        }
    }
}

extension ConvertJob.Format: ExpressibleByArgument {}
