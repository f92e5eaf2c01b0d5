import ArgumentParser
import Pipeline
import Runtime

struct NightlyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nightly",
        abstract: "The whole road: ingest, cases, labels, days, forecast, report; under one lock.",
        discussion: examples(
            "cs-analytics nightly exports",
            "cs-analytics nightly /srv/exports --warehouse postgres://writer@db/analytics --quiet"))

    @OptionGroup var global: GlobalOptions
    @OptionGroup var reading: ReadingArguments
    @Argument(help: "What to read (default: the setting 'paths').") var paths: [String] = []
    @Option(help: "Folder of the pages.") var output: String?
    @Option(help: "en or zh-Hans.") var locale: String?
    @Option(help: "Write rejects here as CSV too.") var rejects: String?
    @Flag(help: "End with 65 when anything was rejected or warned of.") var strict = false

    func run() throws {
        try global.perform { console in
            let session = try global.session("nightly", flags: ["output": output, "locale": locale])
            let given =
                paths.isEmpty
                ? session.configuration.paths("paths", workingFolder: session.workingFolder) : paths
            var request = IngestJob.Request(paths: given)
            request.reading = reading.options
            request.rejectsFile = rejects
            let outcome = try NightlyJob.run(session, request)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
            } else {
                for warning in outcome.warnings { console.say("warning: \(Escaping.terminal(warning))") }
                console.say(
                    "\(outcome.ingest.sentence); \(outcome.cases) cases, \(outcome.days) days, \(outcome.alerts) alerts; \(outcome.seconds) s"
                )
                if let report = outcome.report, !console.isQuiet { console.data("\(report)/index.html") }
            }
            if strict && (outcome.ingest.rejected > 0 || !outcome.warnings.isEmpty) {
                throw JobFailure(
                    .unusableInput,
                    "\(outcome.ingest.rejected) rejects and \(outcome.warnings.count) warnings with --strict")
            }
        }
    }
}

struct BackfillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill", abstract: "Recompute and render a range of days with their weeks and months.",
        discussion: examples(
            "cs-analytics backfill --from 2026-11-01 --to 2026-11-20",
            "cs-analytics backfill --from 2026-11-20 --to 2026-11-20 --json"))

    @OptionGroup var global: GlobalOptions
    @Option(help: "First day, yyyy-MM-dd.") var from: CivilDate
    @Option(help: "Last day, yyyy-MM-dd.") var to: CivilDate
    @Option(help: "Folder of the pages.") var output: String?

    func validate() throws {
        if to < from { throw ValidationError("--to \(to) is before --from \(from)") }
    }

    func run() throws {
        try global.perform { console in
            let session = try global.session("backfill", flags: ["output": output])
            let outcome = try BackfillJob.run(session, range: from...to)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
            } else {
                for warning in outcome.warnings { console.complain("warning: \(Escaping.terminal(warning))") }
                console.say("\(outcome.days) days recomputed")
                for folder in outcome.folders where !console.isQuiet { console.data("\(folder)/index.html") }
            }
        }
    }
}
