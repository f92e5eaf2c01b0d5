import Aggregates
import Runtime

/// `metrics.prom`: gauges for the textfile collector of Prometheus' node exporter.
struct MetricsFile {
    let text: String

    /// A gauge appears only where its value exists: a run that is not over has no duration.
    init(_ run: RunSummary, figures: [KeyFigure]) {
        var out = ""
        func gauge(_ name: String, _ help: String, _ samples: [(labels: String, value: String)]) {
            guard !samples.isEmpty else { return }
            out += "# HELP cs_analytics_\(name) \(help)\n# TYPE cs_analytics_\(name) gauge\n"
            for sample in samples { out += "cs_analytics_\(name)\(sample.labels) \(sample.value)\n" }
        }
        if let finished = run.finishedAt, run.outcome == "ok" {
            gauge(
                "last_success_timestamp_seconds", "When the last successful run ended, in seconds since 1970.",
                [("", PlainNumber.text(Double(finished.milliseconds) / 1000, digits: 3))])
        }
        if let finished = run.finishedAt {
            gauge(
                "last_run_duration_seconds", "How long the last run took.",
                [("", PlainNumber.text(Double(finished - run.startedAt) / 1000, digits: 3))])
        }
        func sum(_ part: (InputSummary) -> Int) -> String { "\(run.inputs.reduce(0) { $0 + part($1) })" }
        gauge(
            "last_run_rows", "Rows of the last run's inputs by outcome.",
            [
                ("{outcome=\"read\"}", sum(\.read)), ("{outcome=\"accepted\"}", sum(\.accepted)),
                ("{outcome=\"duplicate\"}", sum(\.duplicates)), ("{outcome=\"rejected\"}", sum(\.rejected)),
            ])
        if let code = run.exitCode { gauge("last_run_exit_code", "Exit code of the last run.", [("", "\(code)")]) }
        gauge("last_run_warnings", "Warnings of the last run.", [("", "\(run.warnings.count)")])
        for figure in figures {
            guard let value = figure.value else { continue }
            let (suffix, help) =
                switch figure.kind {
                case .count: ("", "Headline figure of the last period.")
                case .seconds: ("_median_seconds", "Median of the last period in seconds, calendar clock.")
                case .ratio: ("_ratio", "Headline ratio of the last period, 0 to 1.")
                }
            gauge("\(figure.id)\(suffix)", help, [("", PlainNumber.text(value, digits: 6))])
        }
        text = out
    }
}
