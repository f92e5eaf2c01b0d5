import ArgumentParser
import Pipeline
import Runtime

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Label what the models in use have not labelled yet.",
        discussion: examples("cs-analytics score", "cs-analytics score --json"))

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.perform { console in
            let session = try global.session("score")
            let outcome = try StageJobs.score(session)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
            } else {
                console.say("\(outcome.cases) cases, \(outcome.messagesScored) messages labelled")
            }
        }
    }
}

struct AggregateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aggregate", abstract: "Recompute the days that changed.",
        discussion: examples("cs-analytics aggregate", "cs-analytics aggregate --from 2026-11-01 --to 2026-11-20"))

    @OptionGroup var global: GlobalOptions
    @Option(help: "First day, yyyy-MM-dd; with --to recomputes these days whether they changed or not.") var from:
        CivilDate?
    @Option(help: "Last day, yyyy-MM-dd.") var to: CivilDate?

    func run() throws {
        try global.perform { console in
            let session = try global.session("aggregate")
            let outcome = try StageJobs.aggregate(session, from: from, to: to)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
            } else {
                for warning in outcome.warnings { console.complain("warning: \(warning)") }
                console.say("\(outcome.days.count) days, \(outcome.cells) cells")
            }
        }
    }
}

struct ForecastCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast", abstract: "Forecasts and alerts for the watched series.",
        discussion: examples("cs-analytics forecast", "cs-analytics forecast --json"))

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.perform { console in
            let session = try global.session("forecast")
            let outcome = try StageJobs.forecast(session)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
            } else {
                for warning in outcome.warnings { console.complain("warning: \(warning)") }
                console.say(
                    "\(outcome.series) series watched, \(outcome.alerts) alerts; arrivals by hour of \(outcome.staffing) series"
                )
            }
        }
    }
}
