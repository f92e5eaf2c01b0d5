import ArgumentParser
import Pipeline
import Runtime

extension SeriesCommand {
    struct Anomalies: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Expected value, score, p-value and alert of every row.",
            discussion: """
                Series of a day or longer a step are watched together; --fdr bounds the share of false calls of a night. A
                metric that arrives several times a day is judged by itself as it arrives. No row looks ahead.

                """
                    + examples(
                        "cs-analytics series anomalies daily.csv --calendar calendar.csv",
                        "cs-analytics series anomalies cpu.csv disk.csv -o scores.csv"))

        @OptionGroup var global: GlobalOptions
        @OptionGroup var columns: SeriesColumnOptions
        @Argument(help: "Tables with unique_id, ds and y.") var files: [String]
        @Option(help: "Steps of the season, and of a longer one: 7 or 24,168 (default: from the step).")
        var season: String?
        @Option(help: "Holidays and peaks: CSV (date,event or columns of 0 and 1) or iCalendar.") var calendar: String?
        @Option(help: "Share of false calls aimed at among those of one night.") var fdr = 0.1
        @Option(name: [.customShort("o"), .long], help: "File (default: standard output).") var output: String?

        func run() throws {
            try global.perform { console in
                let session = try global.session("series anomalies")
                var request = SeriesAnomaliesJob.Request(paths: files)
                request.columns = columns.columns
                request.seasons = try SeasonList.parse(season)
                request.calendarPath = calendar
                request.falseDiscoveryRate = fdr
                let file = global.json && output == nil ? nil : try OutputFile(output)
                let outcome = try SeriesAnomaliesJob.run(request) { try file?.write($0) }
                try file?.finish()
                for warning in outcome.warnings { console.complain("cs-analytics: \(Escaping.terminal(warning))") }
                if console.isJSON {
                    console.data(try JSONOutput.document(outcome, runID: session.context.runID))
                } else {
                    console.say(
                        "\(outcome.series) series, \(outcome.points) rows, \(outcome.anomalies) anomalies in \(outcome.alerts.count) alerts"
                    )
                }
            }
        }
    }

    struct Changepoints: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Where the level changes (PELT), with the means before and after.",
            discussion: examples(
                "cs-analytics series changepoints daily.csv",
                "cs-analytics series changepoints nile.csv --penalty 128866"))

        @OptionGroup var global: GlobalOptions
        @OptionGroup var columns: SeriesColumnOptions
        @Argument(help: "A table with unique_id, ds and y.") var file: String
        @Option(help: "Steps of the season that is taken out first; 1 for none (default: from the step).")
        var season: Int?
        @Option(help: "Cost of a change in squared units (default: 2 log n times the robust variance of each series).")
        var penalty: Double?
        @Option(name: [.customShort("o"), .long], help: "File (default: standard output).") var output: String?

        func run() throws {
            try global.perform { console in
                let session = try global.session("series changepoints")
                var request = SeriesChangepointsJob.Request(path: file)
                request.columns = columns.columns
                request.season = season
                request.penalty = penalty
                let outcome = try SeriesChangepointsJob.run(request)
                for warning in outcome.warnings { console.complain("cs-analytics: \(Escaping.terminal(warning))") }
                if console.isJSON {
                    console.data(try JSONOutput.document(outcome, runID: session.context.runID))
                } else {
                    let out = try OutputFile(output)
                    try out.write(SeriesChangepointsJob.csv(outcome)[...])
                    try out.finish()
                    console.say("\(outcome.series) series, \(outcome.changepoints.count) changes of level")
                }
            }
        }
    }
}

/// Seasons as the command line gives them: `7` or `24,168`.
enum SeasonList {
    static func parse(_ text: String?) throws -> [Int] {
        guard let text else { return [] }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let seasons = parts.compactMap { $0 }
        guard seasons.count == parts.count, seasons.count <= 2, seasons.allSatisfy({ (1...100_000).contains($0) })
        else {
            throw JobFailure(.usage, "--season \(text): expected one or two numbers of steps, such as 7 or 24,168")
        }
        return seasons
    }
}
