import Aggregates
import ArgumentParser
import Pipeline
import Runtime

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "The ledger: what ran, on what, with which outcome.",
        discussion: examples("cs-analytics runs list", "cs-analytics runs list --json"),
        subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The latest runs, newest first.",
            discussion: examples("cs-analytics runs list", "cs-analytics runs list --limit 5 --json"))

        @OptionGroup var global: GlobalOptions
        @Option(help: "How many.") var limit = 20

        func run() throws {
            try global.perform { console in
                let session = try global.session("runs list")
                let runs = try RunsJob.list(session, limit: limit)
                if console.isJSON {
                    struct Document: Encodable { let runs: [RunSummary] }
                    console.data(try JSONOutput.document(Document(runs: runs), runID: session.context.runID))
                    return
                }
                for run in runs {
                    let seconds = run.finishedAt.map { "\(Double($0 - run.startedAt) / 1000) s" } ?? "-"
                    console.data(
                        "\(run.runID)  \(run.command.padding(to: 10))  \(run.outcome.padding(to: 11))  \(run.startedAt.iso8601)  \(seconds)"
                    )
                }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "One run: inputs, counts, stage times, models, warnings.",
            discussion: examples(
                "cs-analytics runs show 20261121T023000Z-7f3a", "cs-analytics runs show 20261121T023000Z-7f3a --json"))

        @OptionGroup var global: GlobalOptions
        @Argument(help: "The run's id.") var id: String

        func run() throws {
            try global.perform { console in
                let session = try global.session("runs show")
                let run = try RunsJob.show(session, id: id)
                if console.isJSON {
                    struct Document: Encodable { let run: RunSummary }
                    console.data(try JSONOutput.document(Document(run: run), runID: session.context.runID))
                    return
                }
                console.data("run       \(run.runID)")
                console.data("command   \(run.command)")
                console.data("outcome   \(run.outcome)\(run.exitCode.map { " (exit \($0))" } ?? "")")
                console.data("started   \(run.startedAt.iso8601)")
                console.data("finished  \(run.finishedAt?.iso8601 ?? "-")")
                for input in run.inputs {
                    let counts =
                        input.isKnown
                        ? "known already"
                        : "read \(input.read), accepted \(input.accepted), duplicates \(input.duplicates), rejected \(input.rejected)"
                    console.data("input     \(Escaping.terminal(input.path))  \(input.adapter)  \(counts)")
                }
                for (stage, seconds) in run.stageSeconds.sorted(by: { $0.key < $1.key }) {
                    console.data("stage     \(stage.padding(to: 10))  \(seconds) s")
                }
                for model in run.models { console.data("model     \(model.task)  \(model.version)") }
                for warning in run.warnings { console.data("warning   \(Escaping.terminal(warning))") }
            }
        }
    }
}
