import ArgumentParser
import Pipeline
import Runtime

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Render pages and CSV from aggregates alone; switched in by rename.",
        discussion: examples(
            "cs-analytics report --locale zh-Hans",
            "cs-analytics report --from 2026-11-01 --to 2026-11-20 --where channel=chat"))

    @OptionGroup var global: GlobalOptions
    @Option(help: "First day of a range (default: the newest day with its week and month).") var from: CivilDate?
    @Option(help: "Last day of the range.") var to: CivilDate?
    @Option(help: "Folder of the pages.") var output: String?
    @Option(help: "en or zh-Hans.") var locale: String?
    @Option(help: "Folder of Mustache templates that replace the built-in ones.") var template: String?
    @Option(
        name: .customLong("where"), parsing: .singleValue,
        help: "channel=chat, group=…, category=…, intent=…; repeatable.")
    var conditions: [String] = []

    func run() throws {
        try global.perform { console in
            let session = try global.session(
                "report", flags: ["output": output, "locale": locale, "templates": template])
            let folders = try StageJobs.report(
                session, from: from, to: to, conditions: try Conditions.parse(conditions))
            if console.isJSON {
                struct Document: Encodable { let folders: [String] }
                console.data(try JSONOutput.document(Document(folders: folders), runID: session.context.runID))
            } else {
                for folder in folders where !console.isQuiet { console.data("\(folder)/index.html") }
            }
        }
    }
}
