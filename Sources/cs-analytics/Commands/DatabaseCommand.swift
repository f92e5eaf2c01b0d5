import ArgumentParser
import Pipeline
import Runtime

struct DatabaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Schema and retention of the warehouse.",
        discussion: examples("cs-analytics db status", "cs-analytics db migrate"),
        subcommands: [Migrate.self, Status.self, Prune.self])

    struct Migrate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring the schema to this program's version.",
            discussion: examples(
                "cs-analytics db migrate", "cs-analytics db migrate --warehouse postgres://owner@localhost/analytics"))
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try global.perform { console in
                let session = try global.session("db migrate")
                let ran = try DatabaseJob.migrate(session)
                console.say(ran.isEmpty ? "the schema is up to date" : "ran \(ran.joined(separator: ", "))")
            }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Server, migrations, rows by table, work that waits.",
            discussion: examples("cs-analytics db status", "cs-analytics db status --json"))
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try global.perform { console in
                let session = try global.session("db status")
                let status = try DatabaseJob.status(session)
                if console.isJSON {
                    console.data(try JSONOutput.document(status, runID: session.context.runID))
                    return
                }
                console.data("server   \(status.server)")
                console.data("applied  \(status.applied.joined(separator: ", "))")
                if !status.missing.isEmpty { console.data("missing  \(status.missing.joined(separator: ", "))") }
                for (table, rows) in status.rows.sorted(by: { $0.key < $1.key }) {
                    console.data("rows     \(table.padding(to: 20))  \(rows)")
                }
                console.data("waiting  \(status.pending) conversations, \(status.dirtyDays) days")
            }
        }
    }

    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove facts and rejects older than a day; aggregates stay.",
            discussion: examples(
                "cs-analytics db prune --older-than 2025-01-01", "cs-analytics db prune --older-than 400d"))
        @OptionGroup var global: GlobalOptions
        @Option(help: "A date, or an age such as 400d.") var olderThan: String

        func run() throws {
            try global.perform { console in
                let session = try global.session("db prune")
                for (table, rows) in try DatabaseJob.prune(session, olderThan: olderThan).sorted(by: { $0.key < $1.key }
                ) {
                    console.say("\(table): \(rows) rows removed")
                }
            }
        }
    }
}
