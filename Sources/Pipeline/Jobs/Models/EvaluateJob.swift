import FoundationEssentials
package import Models
import Runtime
import Text

/// Compares models with labelled rows.
package enum EvaluateJob {
    package struct Outcome: Encodable, Sendable {
        package let task: String
        package let model: String
        package let evaluation: EvaluationResult
        package let seconds: Double
        package let textsPerSecond: Double
        /// What may be worth trying.
        package let hint: String?

        enum CodingKeys: String, CodingKey {
            case task, model, seconds, hint
            case textsPerSecond = "texts_per_second"
        }

        /// The members of the evaluation stand beside `task` and `seconds`.
        package func encode(to encoder: any Encoder) throws {
            try evaluation.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(task, forKey: .task)
            try container.encode(model, forKey: .model)
            try container.encode(seconds, forKey: .seconds)
            try container.encode(textsPerSecond, forKey: .textsPerSecond)
            try container.encodeIfPresent(hint, forKey: .hint)
        }

        /// The figures for a person: totals, then a line per label.
        package var lines: [String] {
            var out = [
                "rows       \(evaluation.rows)", "accuracy   \(percent(evaluation.accuracy))",
                "macro F1   \(percent(evaluation.macroF1))  (\(evaluation.labelsWithoutRows) labels without rows are left out)",
                "ECE        \(percent(evaluation.calibration.ece))", "abstained  \(evaluation.abstained)",
            ]
            if let scope = evaluation.outOfScope { out.append(scope.line) }
            if evaluation.rowsOfUnknownLabels > 0 {
                out.append("rows with labels that the model has never seen: \(evaluation.rowsOfUnknownLabels)")
            }
            if let hint { out.append(Escaping.terminal(hint)) }
            let width = evaluation.perLabel.map(\.label.count).max() ?? 0
            out += ["", "\(padded("label", width))  precision  recall   F1       rows"]
            for label in evaluation.perLabel {
                let figures = [label.precision, label.recall, label.f1].map { padded(percent($0), 7) }
                out.append(
                    "\(padded(Escaping.terminal(label.label), width))  \(padded(figures[0], 9))  \(figures[1])  \(figures[2])  \(label.support)"
                )
            }
            return out
        }
    }

    package struct Request: Sendable {
        package var task: String
        package var model: String
        package var file: String
        package var labelColumn = "label"
        package var textColumn = "text"
        /// Where to write the rows that were labelled wrongly, as TSV, most confident first.
        package var errorsFile: String?
        /// Where to write the page.
        package var htmlFile: String?
        /// The labels that the model is to choose among; empty for all.
        package var labels: [String] = []
        /// Labelled files from which the page's learning curve is trained; none for no curve.
        package var trainingFiles: [String] = []

        package init(task: String, model: String, file: String) {
            self.task = task
            self.model = model
            self.file = file
        }
    }

    package static func run(_ session: Session, _ request: Request) throws -> Outcome {
        let reader = LabelledDataReader(labelColumn: request.labelColumn, textColumn: request.textColumn)
        let data = try TextMasking.masked(try reader.read([request.file]), session)
        let (whole, card) = try ModelFolder.load(request.model)
        var classifier = whole
        if !request.labels.isEmpty {
            guard let chosen = whole.choosing(among: request.labels) else {
                throw JobFailure(
                    .usage, "--labels: the model knows \(whole.labels.joined(separator: ", "))")
            }
            classifier = chosen
        }
        let began = session.context.clock()
        let predictions = classifier.predict(data.texts, workers: session.context.workers)
        let seconds = max(0.001, Double(session.context.clock() - began) / 1000)
        let truth = (0..<data.count).map(data.label)
        let evaluation = EvaluationResult(predictions: predictions, truth: truth, labels: classifier.labels)
        if let errorsFile = request.errorsFile { try writeErrors(data, predictions, classifier, to: errorsFile) }
        if let htmlFile = request.htmlFile {
            let page = try EvaluationReport.page(
                session, request, card: card, data: data, predictions: predictions, evaluation: evaluation,
                labels: classifier.labels)
            try AtomicFile.write(page, to: htmlFile)
        }
        return Outcome(
            task: request.task, model: request.model, evaluation: evaluation, seconds: seconds,
            textsPerSecond: Double(data.count) / seconds, hint: hint(data, whole, request))
    }

    /// Where the data's labels are some of the model's: that the choice can be restricted to them.
    private static func hint(_ data: LabelledData, _ classifier: TextClassifier, _ request: Request) -> String? {
        let names = data.labelNames
        guard request.labels.isEmpty, names.count >= 2, names.count < classifier.labels.count,
            names.allSatisfy(classifier.labels.contains),
            names.count * 2 < classifier.labels.count || classifier.labels.count <= 5
        else { return nil }
        return
            "the rows have \(names.count) of the model's \(classifier.labels.count) labels; --labels \(names.joined(separator: ",")) makes it choose among those"
    }

    private static func writeErrors(
        _ data: LabelledData, _ predictions: [Prediction], _ classifier: TextClassifier, to path: String
    ) throws {
        let wrong = data.labels.indices.filter { classifier.labels[Int(predictions[$0].label)] != data.label($0) }
            .sorted { (predictions[$0].confidence, $1) > (predictions[$1].confidence, $0) }
        var out = "expected\tpredicted\tconfidence\ttext\n"
        for row in wrong {
            let text = data.texts.withText(row) { String(decoding: $0, as: UTF8.self) }
                .map { $0 == "\t" || $0 == "\n" || $0 == "\r" ? " " : $0 }
            let predicted = classifier.labels[Int(predictions[row].label)]
            out += "\(data.label(row))\t\(predicted)\t\(predictions[row].confidence)\t\(String(text))\n"
        }
        try AtomicFile.write(out, to: path)
    }

    package struct Comparison: Encodable, Sendable {
        package let rows: Int
        package let accuracyA: Double
        package let accuracyB: Double
        package let onlyARight: Int
        package let onlyBRight: Int
        package let pValue: Double
        /// 95% intervals from a thousand resamples of the rows.
        package let intervals: BootstrapComparison

        enum CodingKeys: String, CodingKey {
            case rows
            case accuracyA = "accuracy_a"
            case accuracyB = "accuracy_b"
            case onlyARight = "only_a_right"
            case onlyBRight = "only_b_right"
            case pValue = "p_value"
            case intervals
        }

        /// The figures for a person.
        package var lines: [String] {
            func range(_ name: String, _ interval: BootstrapComparison.Interval) -> String {
                "B − A  \(name) \(percent(interval.value)), 95% between \(percent(interval.low)) and \(percent(interval.high))"
            }
            return [
                "A  accuracy \(percent(accuracyA)), alone right on \(onlyARight) of \(rows)",
                "B  accuracy \(percent(accuracyB)), alone right on \(onlyBRight) of \(rows)",
                "McNemar's exact test: p = \(pValue)", range("accuracy", intervals.accuracyDifference),
                range("macro F1", intervals.macroF1Difference),
            ]
        }
    }

    /// Two models on the same rows, with McNemar's exact test and bootstrap intervals.
    package static func compare(
        _ session: Session, _ a: String, _ b: String, labelColumn: String, textColumn: String, file: String
    ) throws -> Comparison {
        let reader = LabelledDataReader(labelColumn: labelColumn, textColumn: textColumn)
        let data = try TextMasking.masked(try reader.read([file]), session)
        let classifiers = try [a, b].map { try ModelFolder.load($0).classifier }
        var names = data.labelNames
        for classifier in classifiers { names += classifier.labels.filter { !names.contains($0) } }
        let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
        let truth = (0..<data.count).map { indices[data.label($0)] ?? -1 }
        let predicted = classifiers.map { classifier in
            classifier.predict(data.texts, workers: session.context.workers).map {
                indices[classifier.labels[Int($0.label)]] ?? -1
            }
        }
        let right = predicted.map { zip($0, truth).map { $0 == $1 } }
        let test = McNemarTest(first: right[0], second: right[1])
        let share = { (hits: [Bool]) in Double(hits.count { $0 }) / Double(max(1, hits.count)) }
        return Comparison(
            rows: data.count, accuracyA: share(right[0]), accuracyB: share(right[1]), onlyARight: test.onlyFirst,
            onlyBRight: test.onlySecond, pValue: test.pValue,
            intervals: BootstrapComparison(
                first: predicted[0], second: predicted[1], truth: truth, labelCount: names.count,
                seed: session.context.seed))
    }

    package struct CrossValidation: Encodable, Sendable {
        package let rows: Int
        package let folds: Int
        package let accuracyMean: Double
        package let accuracySpread: Double
        package let macroF1Mean: Double
        package let macroF1Spread: Double
        /// The mean over the folds of the expected calibration error.
        package let eceMean: Double
        /// How well texts out of scope were told, all folds together.
        package let outOfScope: OutOfScopeFigures?

        enum CodingKeys: String, CodingKey {
            case rows, folds
            case accuracyMean = "accuracy_mean"
            case accuracySpread = "accuracy_standard_deviation"
            case macroF1Mean = "macro_f1_mean"
            case macroF1Spread = "macro_f1_standard_deviation"
            case eceMean = "ece_mean"
            case outOfScope = "out_of_scope"
        }
    }

    package static func crossValidate(
        _ session: Session, task: String, labelColumn: String, textColumn: String, files: [String], folds: Int
    ) throws -> CrossValidation {
        let reader = LabelledDataReader(labelColumn: labelColumn, textColumn: textColumn)
        let data = try TextMasking.masked(try reader.read(files), session)
        var trainer = TextClassifierTrainer(
            task: task, seed: session.context.seed, workers: session.context.workers, date: session.context.clock())
        trainer.hasSubject = reader.hasSubject
        let results = try trainer.crossValidate(data, folds: folds)
        let accuracy = spread(results.map(\.accuracy))
        let macroF1 = spread(results.map(\.macroF1))
        return CrossValidation(
            rows: data.count, folds: folds, accuracyMean: accuracy.mean, accuracySpread: accuracy.deviation,
            macroF1Mean: macroF1.mean, macroF1Spread: macroF1.deviation,
            eceMean: spread(results.map(\.calibration.ece)).mean,
            outOfScope: OutOfScopeFigures(adding: results.compactMap(\.outOfScope)))
    }

    private static func spread(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0)
    }
}

extension OutOfScopeFigures {
    /// The figures for a person.
    package var line: String {
        "out of scope: recall \(percent(recall)) of \(rows) rows, false alarms \(percent(falseAlarmRate)) of \(inScopeRows)"
    }
}
