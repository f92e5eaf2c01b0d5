import ArgumentParser
import Pipeline
import Runtime

struct PrivacyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "privacy", abstract: "Measure the rules that find personal data.",
        discussion: examples(
            "cs-analytics privacy evaluate --data datasets/pii/zh.jsonl",
            "cs-analytics privacy evaluate --data mine.jsonl --json"),
        subcommands: [Evaluate.self])

    struct Evaluate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Precision and recall per kind on texts with marked spans.",
            discussion: examples(
                "cs-analytics privacy evaluate --data datasets/pii/zh.jsonl",
                "cs-analytics privacy evaluate --data mine.jsonl --json"))

        @OptionGroup var global: GlobalOptions
        @Option(help: "JSON Lines with text and spans (start, end in characters, kind).") var data: String

        func run() throws {
            try global.perform { console in
                let session = try global.session("privacy evaluate")
                let outcome = try PrivacyEvaluateJob.run(session, file: data)
                if console.isJSON {
                    console.data(try JSONOutput.document(outcome, runID: session.context.runID))
                    return
                }
                console.data("kind          spans  exact  overlap  missed  false  recall  precision")
                for kind in outcome.kinds + [outcome.total] { console.data(line(kind)) }
                console.data(
                    "texts \(outcome.texts); texts without personal data in which something was found: \(outcome.cleanTextsFlagged)"
                )
                console.say(
                    "Names are found beside a title or a phrase that announces them only: most that stand alone are missed."
                )
            }
        }

        private func line(_ kind: PrivacyEvaluateJob.Kind) -> String {
            func number(_ value: Int, _ width: Int) -> String {
                String(repeating: " ", count: max(0, width - "\(value)".count)) + "\(value)"
            }
            func share(_ value: Double?) -> String {
                value.map { "\(($0 * 1000).rounded() / 10)%" } ?? "–"
            }
            return kind.kind.padding(to: 12) + number(kind.spans, 7) + number(kind.exact, 7)
                + number(kind.overlapping, 9)
                + number(kind.missed, 8) + number(kind.falseMatches, 7) + "  " + share(kind.recall).padding(to: 6)
                + "  "
                + share(kind.precision)
        }
    }
}
