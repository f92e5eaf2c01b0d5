import ArgumentParser
import Foundation
import Pipeline
import Runtime

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "One row per conversation, message, ticket or daily cell; the numbers of the pages.",
        discussion: examples(
            "cs-analytics export tickets --csv -o tickets.csv", "cs-analytics export daily --from 2026-11-01 --json"))

    @OptionGroup var global: GlobalOptions
    @Argument(help: "conversations, messages, tickets or daily.") var what: ExportJob.What
    @Flag(help: "CSV (the default).") var csv = false
    @Option(help: "First day, yyyy-MM-dd.") var from: CivilDate?
    @Option(help: "Last day, yyyy-MM-dd.") var to: CivilDate?
    @Option(name: .customLong("where"), parsing: .singleValue, help: "channel=chat, group=…, agent=…; repeatable.")
    var conditions: [String] = []
    @Flag(help: "Put a byte-order mark in front, for spreadsheets.") var excel = false
    @Option(name: [.customShort("o"), .long], help: "File (default: standard output).") var output: String?

    func validate() throws {
        if csv && global.json { throw ValidationError("give --csv or --json, not both") }
    }

    func run() throws {
        try global.perform { console in
            let session = try global.session("export")
            var request = ExportJob.Request(what: what, format: global.json ? .json : .csv)
            request.from = from
            request.to = to
            request.conditions = try Conditions.parse(conditions)
            request.isForExcel = excel
            let file = try OutputFile(output)
            let rows = try ExportJob.run(session, request) { try file.write($0) }
            try file.finish()
            console.say("\(rows) rows")
        }
    }
}

extension ExportJob.What: ExpressibleByArgument {}
