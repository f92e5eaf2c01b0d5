import ArgumentParser

@main
struct CSAnalytics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cs-analytics",
        abstract: "Analytics and intelligence for customer service, every night, from exports.")
}
