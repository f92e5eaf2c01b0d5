import FoundationEssentials
import Models
import Reports
import Runtime
import Text

/// The page of an evaluation: figures, errors with masked texts, and a learning curve.
enum EvaluationReport {
    /// Shares of the training rows that the learning curve is drawn over.
    private static let shares = [0.1, 0.2, 0.4, 0.7, 1.0]

    static func page(
        _ session: Session, _ request: EvaluateJob.Request, card: ModelCard, data: LabelledData,
        predictions: [Prediction], evaluation: EvaluationResult, labels: [String]
    ) throws -> String {
        var input = EvaluationPageInput(task: request.task)
        input.model = "\(card.algorithm) \(card.version)"
        input.trainedAt = card.trainedAt
        input.data = request.file.split(separator: "/").last.map(String.init) ?? request.file
        input.rows = evaluation.rows
        input.accuracy = evaluation.accuracy
        input.macroF1 = evaluation.macroF1
        input.calibrationError = evaluation.calibration.ece
        input.abstained = evaluation.abstained
        input.outOfScopeRecall = evaluation.outOfScope?.recall
        input.falseAlarmRate = evaluation.outOfScope?.falseAlarmRate
        input.rowsOfUnknownLabels = evaluation.rowsOfUnknownLabels
        input.labels = evaluation.perLabel.map {
            .init(
                name: $0.label, precision: $0.precision, recall: $0.recall, f1: $0.f1, rows: $0.support,
                predicted: $0.predicted)
        }
        input.confusion = evaluation.confusion.map { .init(truth: $0.truth, predicted: $0.predicted, count: $0.count) }
        input.calibration = evaluation.calibration.bins.map {
            .init(
                lower: $0.lower, upper: $0.upper, count: $0.count, confidence: $0.confidence, accuracy: $0.accuracy)
        }
        input.right = [Int](repeating: 0, count: 10)
        input.wrong = input.right
        var errors: [Int] = []
        for row in 0..<data.count {
            let bin = min(9, max(0, Int(predictions[row].confidence * 10)))
            if labels[Int(predictions[row].label)] == data.label(row) {
                input.right[bin] += 1
            } else {
                input.wrong[bin] += 1
                errors.append(row)
            }
        }
        errors.sort { (predictions[$0].confidence, $1) > (predictions[$1].confidence, $0) }
        input.errors = errors.prefix(50).map { row in
            let text = data.texts.withText(row) { String(decoding: $0.prefix(2_000), as: UTF8.self) }
            return .init(
                text: String(TextMasking.masked(text).prefix(300)), truth: data.label(row),
                predicted: labels[Int(predictions[row].label)], confidence: Double(predictions[row].confidence))
        }
        if !request.trainingFiles.isEmpty { input.curve = try curve(session, request, data) }
        let locale = ReportLocale(rawValue: session.configuration["locale"]) ?? .en
        return EvaluationPage.render(input, locale: locale)
    }

    /// Accuracy on the rows of models that learnt from more and more of the training rows.
    private static func curve(
        _ session: Session, _ request: EvaluateJob.Request, _ data: LabelledData
    ) throws -> [EvaluationPageInput.CurvePoint] {
        let reader = LabelledDataReader(labelColumn: request.labelColumn, textColumn: request.textColumn)
        let training = try TextMasking.masked(try reader.read(request.trainingFiles), session)
        let order = (0..<training.count).sorted { a, b in
            let keys = [a, b].map { row in
                training.texts.withText(row) { ByteHash.hash($0, seed: session.context.seed) }
            }
            return (keys[0], a) < (keys[1], b)
        }
        return try shares.compactMap { share in
            try session.context.cancellation.check()
            let rows = order.prefix(max(2, Int(Double(training.count) * share)))
            var trainer = TextClassifierTrainer(
                task: request.task, seed: session.context.seed, workers: session.context.workers,
                date: session.context.clock())
            trainer.hasSubject = reader.hasSubject
            // The curve shows accuracy alone; a validation part of its own keeps the training from holding rows out.
            let part = training.selecting(Array(rows)).onlyOccurringLabels()
            guard part.labelNames.count >= 2 else { return nil }
            let classifier = try trainer.train(part, valid: data).classifier
            let evaluation = classifier.evaluate(data, workers: session.context.workers)
            return .init(rows: part.count, accuracy: evaluation.accuracy, macroF1: evaluation.macroF1)
        }
    }
}
