import ArgumentParser
import Pipeline

@main
struct CSAnalytics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cs-analytics",
        abstract: "Analytics and intelligence for customer service, every night, from exports.",
        discussion: examples("cs-analytics init", "cs-analytics nightly exports"),
        version: Session.version,
        subcommands: [
            InitCommand.self, ConfigCommand.self, ModelsCommand.self, RunsCommand.self, DatabaseCommand.self,
        ])

    static func main() {
        Signals.install()
        main(nil)
    }
}
