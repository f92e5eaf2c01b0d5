import ArgumentParser
import Pipeline

struct SeriesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "series", abstract: "Forecast series, find unusual points and level shifts.",
        discussion: examples(
            "cs-analytics series forecast daily.csv --horizon 28", "cs-analytics series anomalies daily.csv --fdr 0.1"),
        subcommands: [Forecast.self, Anomalies.self, Changepoints.self])
}

/// The columns of a long table, for those whose names differ from the field's usual ones.
struct SeriesColumnOptions: ParsableArguments {
    @Option(help: "Column that names the series; a file without it is one series.") var idColumn = "unique_id"
    @Option(help: "Column with the date, timestamp or number.") var timeColumn = "ds"
    @Option(help: "Column with the value; empty is missing, not zero.") var valueColumn = "y"

    var columns: SeriesColumns { SeriesColumns(id: idColumn, time: timeColumn, value: valueColumn) }
}
