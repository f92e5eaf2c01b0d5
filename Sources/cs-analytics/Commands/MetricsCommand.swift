import Aggregates
import ArgumentParser
import Pipeline
import Runtime

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "What each metric means.",
        discussion: examples("cs-analytics metrics list", "cs-analytics metrics explain first_reply"),
        subcommands: [List.self, Explain.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every metric of the profile with its title.",
            discussion: examples("cs-analytics metrics list", "cs-analytics metrics list --json"))
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try global.perform { console in
                let session = try global.session("metrics list")
                let definitions = MetricsJob.definitions(session)
                if console.isJSON {
                    struct Document: Encodable { let metrics: [MetricDefinition] }
                    console.data(try JSONOutput.document(Document(metrics: definitions), runID: session.context.runID))
                    return
                }
                for definition in definitions {
                    console.data(
                        "\(padded(definition.metric.rawValue, 22))  \(padded(definition.kind.rawValue, 8))  \(definition.title.en) · \(definition.title.zh)"
                    )
                }
            }
        }
    }

    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The definition of a metric, in both languages, and where it comes from.",
            discussion: examples(
                "cs-analytics metrics explain first_reply", "cs-analytics metrics explain backlog --json"))
        @OptionGroup var global: GlobalOptions
        @Argument(help: "Name of the metric.") var name: String

        func run() throws {
            try global.perform { console in
                let session = try global.session("metrics explain")
                let definition = try MetricsJob.definition(session, name: name)
                if console.isJSON {
                    console.data(try JSONOutput.document(definition, runID: session.context.runID))
                    return
                }
                console.data("\(definition.metric.rawValue): \(definition.title.en) · \(definition.title.zh)")
                console.data("  kind        \(definition.kind.rawValue)")
                console.data("  counted on  \(definition.attribution)")
                console.data("  profile     \(definition.profile)")
                console.data("  \(definition.definition.en)")
                console.data("  \(definition.definition.zh)")
                console.data("  source      \(definition.source)")
            }
        }
    }
}

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "A ticket's timeline, and which events made each number.",
        discussion: examples("cs-analytics explain 90113", "cs-analytics explain zendesk/90113 --json"))

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Id of a ticket or conversation, or source/id.") var ticket: String

    func run() throws {
        try global.perform { console in
            let session = try global.session("explain")
            let lines = try ExplainJob.run(session, ticket: ticket)
            if console.isJSON {
                struct Document: Encodable { let lines: [ExplainJob.Line] }
                console.data(try JSONOutput.document(Document(lines: lines), runID: session.context.runID))
                return
            }
            for line in lines {
                let indent = line.kind == "header" ? "" : "  "
                console.data("\(indent)\(line.at.map { "\($0)  " } ?? "")\(Escaping.terminal(line.text))")
            }
        }
    }
}
