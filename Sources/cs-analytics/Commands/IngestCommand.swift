import ArgumentParser
import Pipeline
import Runtime

struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest", abstract: "Read exports into the warehouse.",
        discussion: examples(
            "cs-analytics ingest exports --source-tz Asia/Shanghai",
            "cs-analytics ingest tickets.csv --mapping tickets.yaml --dry-run --json"))

    @OptionGroup var global: GlobalOptions
    @OptionGroup var reading: ReadingArguments
    @Argument(help: "Files, folders, globs, archives, or - for standard input.") var paths: [String] = []
    @Flag(help: "Do all but write; needs no warehouse.") var dryRun = false
    @Option(help: "off: leave masking out, for measuring the reader (dry runs only).") var privacy: PrivacySwitch?
    @Option(help: "Write rejects here as CSV.") var rejects: String?
    @Flag(help: "End with 65 when anything was rejected.") var strict = false
    @Flag(help: "List what can be read, and stop.") var listAdapters = false

    enum PrivacySwitch: String, ExpressibleByArgument, CaseIterable { case off }

    func validate() throws {
        if privacy == .off && !dryRun { throw ValidationError("--privacy off goes with --dry-run only") }
        if paths.isEmpty && !listAdapters { throw ValidationError("name what to read: files, folders, globs, or -") }
    }

    func run() throws {
        try global.perform { console in
            if listAdapters {
                AdapterListing.lines().forEach(console.data)
                return
            }
            let session = try global.session("ingest")
            var request = IngestJob.Request(paths: paths)
            request.reading = reading.options
            request.isDryRun = dryRun
            request.isPrivacyOff = privacy == .off
            request.rejectsFile = rejects
            let outcome = dryRun ? try IngestJob.rehearse(session, request) : try IngestJob.runAlone(session, request)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
            } else {
                for warning in outcome.warnings { console.complain("warning: \(Escaping.terminal(warning))") }
                // A tap's runner reads the state from here (Singer's targets do the same).
                for state in outcome.states { console.data(state) }
                console.say(outcome.sentence)
            }
            if !outcome.files.isEmpty && !outcome.hasUsableInput {
                throw JobFailure(.unusableInput, outcome.warnings.first ?? "no input could be used")
            }
            if strict && (outcome.rejected > 0 || !outcome.warnings.isEmpty) {
                throw JobFailure(
                    .unusableInput, "\(outcome.rejected) rejects and \(outcome.warnings.count) warnings with --strict")
            }
        }
    }
}
