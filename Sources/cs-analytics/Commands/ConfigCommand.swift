import ArgumentParser
import Pipeline
import Runtime

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show the settings.",
        discussion: examples("cs-analytics config show", "cs-analytics config show --origin"), subcommands: [Show.self],
        defaultSubcommand: Show.self)

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every setting with its value; secrets are shown as ***.",
            discussion: examples("cs-analytics config show --origin", "cs-analytics config show --json"))

        @OptionGroup var global: GlobalOptions
        @Flag(help: "Say where each value came from: flag, environment, file and line, or default.")
        var origin = false

        func run() throws {
            try global.perform { console in
                let session = try global.session("config show")
                let entries = ConfigurationListing.entries(session.configuration)
                if console.isJSON {
                    struct Document: Encodable { let settings: [ConfigurationListing.Entry] }
                    console.data(try JSONOutput.document(Document(settings: entries), runID: session.context.runID))
                    return
                }
                let width = entries.map(\.key.count).max() ?? 0
                for entry in entries {
                    let key = entry.key.padding(to: width)
                    console.data(origin ? "\(key)  \(entry.value)  (\(entry.origin))" : "\(key)  \(entry.value)")
                }
            }
        }
    }
}
