import ArgumentParser
import Foundation
import Pipeline

@main
struct CSAnalytics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cs-analytics",
        abstract: "Analytics and intelligence for customer service, every night, from exports.",
        discussion: examples("cs-analytics init", "cs-analytics nightly exports"),
        version: Session.version,
        groupedSubcommands: [
            CommandGroup(
                name: "Every day",
                subcommands: [
                    InitCommand.self, DoctorCommand.self, InspectCommand.self, IngestCommand.self, ConvertCommand.self,
                    ScoreCommand.self, AggregateCommand.self, ReportCommand.self, ForecastCommand.self,
                    NightlyCommand.self, BackfillCommand.self, RunsCommand.self, DatabaseCommand.self,
                    ConfigCommand.self,
                ]),
            CommandGroup(
                name: "Analysts", subcommands: [MetricsCommand.self, ExplainCommand.self, ExportCommand.self]),
            CommandGroup(name: "Models", subcommands: [ModelsCommand.self, DatasetsCommand.self, PrivacyCommand.self]),
            CommandGroup(name: "Series", subcommands: [SeriesCommand.self]),
        ])

    static func main() {
        if let status = HiddenEntry.run(CommandLine.arguments) { Foundation.exit(status) }
        HiddenEntry.restart(executable: ProgramPath.current)
        Signals.install()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            let code = exitCode(for: error)
            let message = HelpText.examplesLast(fullMessage(for: error))
            let console = Console(isQuiet: false, isJSON: false)
            if !message.isEmpty { code.isSuccess ? console.data(message) : console.complain(message) }
            Foundation.exit(code.rawValue)
        }
    }
}
