import ArgumentParser
import Pipeline
import Runtime

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Train, measure and promote text models.",
        discussion: examples("cs-analytics models list", "cs-analytics models show intent"),
        subcommands: [
            ModelsTrain.self, ModelsEvaluate.self, ModelsPredict.self, ModelsSuggest.self, ModelsCrossValidate.self,
            ModelsCompare.self, ModelsPromote.self, ModelsList.self, ModelsShow.self, ModelsEmbed.self,
        ])
}

/// Which columns of a labelled file hold what.
struct ColumnOptions: ParsableArguments {
    @Option(help: "Column with the label (CSV, JSON Lines).") var labelColumn = "label"
    @Option(help: "Column with the text; several joined by +, the first a subject (subject+body).")
    var textColumn = "text"
}

struct ModelsTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Fit a model, measure it on held-out rows, write it with its card.",
        discussion: examples(
            "cs-analytics models train intent --data datasets/intent/zh.tsv datasets/intent/en.tsv",
            "cs-analytics models train intent --data intent.tsv --algorithm stacked --encoder /opt/encoders/MiniLM"))

    @OptionGroup var global: GlobalOptions
    @Argument(help: "intent, sentiment, category or any name.") var task: String
    @Option(parsing: .upToNextOption, help: "Labelled files.") var data: [String]
    @OptionGroup var columns: ColumnOptions
    @Option(help: "linear, recurrent (LSTM), encoder or stacked (encoder and linear).") var algorithm:
        TrainJob.Algorithm = .linear
    @Option(help: "Folder of a BERT-family encoder, for encoder and stacked.") var encoder: String?
    @Option(help: "Labelled file to measure on instead of held-out rows.") var valid: String?
    @Option(help: "Seed of everything random.") var seed: Int?
    @Flag(help: "Only when data, seed or scheme differ from the promoted model's.") var ifChanged = false
    @Option(name: [.customShort("o"), .long], help: "Folder for the model (default: the registry).") var output: String?

    func validate() throws {
        if algorithm.needsEncoder && encoder == nil {
            throw ValidationError(
                "--algorithm \(algorithm.rawValue) needs --encoder DIR, a folder with config.json, vocab.txt and model.safetensors"
            )
        }
        if !algorithm.needsEncoder && encoder != nil {
            throw ValidationError("--encoder is for --algorithm encoder and stacked, not for \(algorithm.rawValue)")
        }
    }

    func run() throws {
        try global.perform { console in
            let session = try global.session("models train", flags: ["seed": seed.map(String.init)])
            var request = TrainJob.Request(task: task, files: data)
            request.validFile = valid
            request.labelColumn = columns.labelColumn
            request.textColumn = columns.textColumn
            request.output = output
            request.onlyIfChanged = ifChanged
            request.algorithm = algorithm
            request.encoder = encoder
            let outcomes = try TrainJob.runAll(session, request)
            if console.isJSON {
                if outcomes.count == 1, let outcome = outcomes.first {
                    console.data(try JSONOutput.document(outcome, runID: session.context.runID))
                    return
                }
                struct Document: Encodable { let models: [TrainJob.Outcome] }
                console.data(try JSONOutput.document(Document(models: outcomes), runID: session.context.runID))
                return
            }
            outcomes.forEach { tell($0, console) }
        }
    }

    private func tell(_ outcome: TrainJob.Outcome, _ console: Console) {
        if let reason = outcome.reason { console.say(reason) }
        console.say(
            "\(outcome.task): \(outcome.rows) rows, \(outcome.labels) labels; accuracy \(percent(outcome.accuracy)), macro F1 \(percent(outcome.macroF1)) on \(outcome.heldOutRows) held-out rows (\(outcome.heldOutProtocol)); \(outcome.trainSeconds) s"
        )
        console.data(outcome.model)
    }
}

extension TrainJob.Algorithm: ExpressibleByArgument {}

struct ModelsEvaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Compare a model with labelled rows.",
        discussion: examples(
            "cs-analytics models evaluate intent --model /tmp/intent --data test.tsv --json",
            "cs-analytics models evaluate intent --data datasets/intent/en.tsv --html evaluation.html"))

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The task's name.") var task: String
    @Option(help: "Folder of the model (default: the promoted one).") var model: String?
    @Option(help: "Labelled file.") var data: String
    @OptionGroup var columns: ColumnOptions
    @Option(help: "Write wrongly labelled rows here, most confident first.") var errors: String?
    @Option(help: "Write a page with figures, charts and masked errors here.") var html: String?
    @Option(help: "Choose among these labels alone, such as negative,positive.") var labels: String?
    @Option(parsing: .upToNextOption, help: "Labelled files for the page's learning curve.") var curve: [String] = []

    func run() throws {
        try global.perform { console in
            let session = try global.session("models evaluate")
            var request = EvaluateJob.Request(
                task: task, model: try ModelListing.folder(session, task: task, given: model), file: data)
            request.labelColumn = columns.labelColumn
            request.textColumn = columns.textColumn
            request.errorsFile = errors
            request.htmlFile = html
            request.labels = labels.map { $0.split(separator: ",").map(String.init) } ?? []
            request.trainingFiles = curve
            let outcome = try EvaluateJob.run(session, request)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
                return
            }
            outcome.lines.forEach(console.data)
        }
    }
}

struct ModelsPredict: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Label lines of text; JSON Lines come out in the same order.",
        discussion: examples(
            "echo 'where is my parcel' | cs-analytics models predict intent",
            "cs-analytics models predict sentiment --model /tmp/sentiment texts.txt"))

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The task's name.") var task: String
    @Option(help: "Folder of the model (default: the promoted one).") var model: String?
    @Argument(help: "File, or - for standard input.") var file = "-"
    @Option(help: "text (one a line), tsv, csv or jsonl.") var format: PredictJob.Format = .text
    @Option(help: "Column with the text (csv, jsonl).") var textColumn = "text"

    func run() throws {
        try global.perform { console in
            let session = try global.session("models predict")
            try PredictJob.run(
                session, model: try ModelListing.folder(session, task: task, given: model), file: file, format: format,
                textColumn: textColumn
            ) { console.data($0) }
        }
    }
}

extension PredictJob.Format: ExpressibleByArgument {}

struct ModelsSuggest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest",
        abstract: "The unlabelled messages most worth a label: least certain, and no two alike.",
        discussion: examples(
            "cs-analytics models suggest intent --count 50",
            "cs-analytics models suggest intent --from texts.txt --json"))

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The task's name.") var task: String
    @Option(help: "Folder of the model (default: the promoted one).") var model: String?
    @Option(help: "How many.") var count = 20
    @Option(help: "Texts, one a line, instead of the warehouse's customer messages.") var from: String?

    func validate() throws {
        if count < 1 { throw ValidationError("--count is \(count); expected at least 1") }
    }

    func run() throws {
        try global.perform { console in
            let session = try global.session("models suggest")
            let outcome = try SuggestJob.run(
                session, task: task, model: try ModelListing.folder(session, task: task, given: model), count: count,
                file: from)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
                return
            }
            console.say("\(outcome.suggestions.count) of \(outcome.messages) messages; label and text, to be corrected")
            for one in outcome.suggestions {
                let text = one.text.map { $0.isNewline || $0 == "\t" ? " " : $0 }
                console.data(Escaping.terminal(one.label) + "\t" + Escaping.terminal(String(text)))
            }
        }
    }
}

struct ModelsCrossValidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cross-validate", abstract: "Accuracy, macro F1, calibration and out-of-scope recall over folds.",
        discussion: examples(
            "cs-analytics models cross-validate intent --data datasets/intent/en.tsv --folds 5",
            "cs-analytics models cross-validate sentiment --data datasets/sentiment/zh.tsv --folds 10 --json"))

    @OptionGroup var global: GlobalOptions
    @Argument(help: "The task's name.") var task: String
    @Option(parsing: .upToNextOption, help: "Labelled files.") var data: [String]
    @OptionGroup var columns: ColumnOptions
    @Option(help: "Number of folds, at least 2.") var folds = 5

    func validate() throws {
        if folds < 2 { throw ValidationError("--folds is \(folds); expected at least 2") }
    }

    func run() throws {
        try global.perform { console in
            let session = try global.session("models cross-validate")
            let outcome = try EvaluateJob.crossValidate(
                session, task: task, labelColumn: columns.labelColumn, textColumn: columns.textColumn, files: data,
                folds: folds)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
            } else {
                console.data("accuracy  \(percent(outcome.accuracyMean)) ± \(percent(outcome.accuracySpread))")
                console.data("macro F1  \(percent(outcome.macroF1Mean)) ± \(percent(outcome.macroF1Spread))")
                console.data("ECE       \(percent(outcome.eceMean))")
                if let scope = outcome.outOfScope { console.data(scope.line) }
            }
        }
    }
}

struct ModelsCompare: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Two models side by side on the same rows: McNemar's exact test, bootstrap intervals.",
        discussion: examples(
            "cs-analytics models compare /tmp/a /tmp/b --data test.tsv",
            "cs-analytics models compare /tmp/a /tmp/b --data test.tsv --require 0.05"))

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Folder of the first model.") var first: String
    @Argument(help: "Folder of the second model.") var second: String
    @Option(help: "Labelled file.") var data: String
    @OptionGroup var columns: ColumnOptions
    @Option(help: "End with 1 unless the second is better at this significance level.") var require: Double?

    func run() throws {
        try global.perform { console in
            let session = try global.session("models compare")
            let outcome = try EvaluateJob.compare(
                session, first, second, labelColumn: columns.labelColumn, textColumn: columns.textColumn, file: data)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
            } else {
                outcome.lines.forEach(console.data)
            }
            if let require, !(outcome.accuracyB > outcome.accuracyA && outcome.pValue < require) {
                throw JobFailure(.checkFailed, "the second model is not better than the first at level \(require)")
            }
        }
    }
}

struct ModelsPromote: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Take a model into use; refuses one that is worse on the shared held-out rows.",
        discussion: examples(
            "cs-analytics models promote .cs-analytics/models/intent/0123456789ab",
            "cs-analytics models promote /tmp/intent --force"))

    @OptionGroup var global: GlobalOptions
    @Argument(help: "Folder of the model.") var folder: String
    @Flag(help: "Promote it even if it is worse.") var force = false

    func run() throws {
        try global.perform { console in
            let session = try global.session("models promote")
            console.say("in use: \(try ModelListing.promote(session, folder: folder, isForced: force))")
        }
    }
}

struct ModelsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The models of the registry; * marks the one in use.",
        discussion: examples("cs-analytics models list", "cs-analytics models list --json"))

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try global.perform { console in
            let session = try global.session("models list")
            let entries = ModelListing.entries(session)
            if console.isJSON {
                struct Document: Encodable { let models: [ModelListing.Entry] }
                console.data(try JSONOutput.document(Document(models: entries), runID: session.context.runID))
                return
            }
            for entry in entries {
                let mark = entry.isPromoted ? "*" : " "
                console.data(
                    "\(mark) \(entry.task.padding(to: 10))  \(entry.version)  \(entry.trainedAt)  accuracy \(percent(entry.accuracy)), macro F1 \(percent(entry.macroF1))  \(entry.folder)"
                )
            }
        }
    }
}

struct ModelsShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The card of a model.",
        discussion: examples("cs-analytics models show intent", "cs-analytics models show sentiment --json"))

    @OptionGroup var global: GlobalOptions
    @Argument(help: "A task (its model in use) or a model's folder.") var model: String

    func run() throws {
        try global.perform { console in
            let session = try global.session("models show")
            console.data(try ModelListing.card(session, model))
        }
    }
}

struct ModelsEmbed: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed", abstract: "Turn lines of text into an encoder's sentence vectors (NumPy file).",
        discussion: examples(
            "cs-analytics models embed --encoder /opt/encoders/MiniLM texts.txt -o vectors.npy",
            "cs-analytics models embed --encoder /opt/encoders/MiniLM --format tsv test.tsv --json"))

    @OptionGroup var global: GlobalOptions
    @Option(help: "Folder of a BERT-family encoder (config.json, vocab.txt, model.safetensors).") var encoder: String
    @Argument(help: "File, or - for standard input.") var file = "-"
    @Option(help: "text (one a line), tsv, csv or jsonl.") var format: PredictJob.Format = .text
    @Option(help: "Column with the text (csv, jsonl).") var textColumn = "text"
    @Option(help: "Only this many texts, evenly spread.") var limit: Int?
    @Option(name: [.customShort("o"), .long], help: "Write the vectors here (float32, a row a text).") var output:
        String?

    func run() throws {
        try global.perform { console in
            let session = try global.session("models embed")
            let outcome = try EmbedJob.run(
                session, encoder: encoder, file: file, format: format, textColumn: textColumn, limit: limit,
                output: output)
            if console.isJSON {
                console.data(try JSONOutput.document(outcome, runID: session.context.runID))
                return
            }
            console.data(
                "\(outcome.rows) texts, \(outcome.tokens) tokens, \(outcome.columns) numbers each; \(Int(outcome.sentencesPerSecond)) texts/s"
            )
        }
    }
}
