import FoundationEssentials
import Models
import Runtime
import Text

/// Trains a classifier from labelled files and writes it with its card.
package enum TrainJob {
    /// What to train.
    package enum Algorithm: String, Sendable, CaseIterable {
        case linear, recurrent, encoder, stacked

        /// Whether it needs the folder of an encoder.
        package var needsEncoder: Bool { self == .encoder || self == .stacked }
    }

    package struct Request: Sendable {
        package var task: String
        package var files: [String]
        package var validFile: String?
        package var labelColumn = "label"
        package var textColumn = "text"
        /// Where to write the model; without it, it joins the registry.
        package var output: String?
        /// Only when the data, the seed or the scheme differ from the promoted model's.
        package var onlyIfChanged = false
        package var algorithm = Algorithm.linear
        /// The folder of the encoder, for the algorithms that need one.
        package var encoder: String?
        package init(task: String, files: [String]) {
            self.task = task
            self.files = files
        }
    }

    package struct Outcome: Encodable, Sendable {
        package let task: String
        package let rows: Int
        package let labels: Int
        package let accuracy: Double
        package let macroF1: Double
        package let heldOutRows: Int
        package let heldOutProtocol: String
        package let ece: Double
        package let trainSeconds: Double
        package let model: String
        package let version: String
        package let isPromoted: Bool
        /// Why it was or was not trained, for `--if-changed`.
        package let reason: String?

        enum CodingKeys: String, CodingKey {
            case task, rows, labels, accuracy
            case macroF1 = "macro_f1"
            case heldOutRows = "held_out_rows"
            case heldOutProtocol = "held_out_protocol"
            case ece
            case trainSeconds = "train_seconds"
            case model, version
            case isPromoted = "is_promoted"
            case reason
        }
    }

    package static func run(_ session: Session, _ request: Request) throws -> Outcome {
        let began = session.context.clock()
        let reader = LabelledDataReader(labelColumn: request.labelColumn, textColumn: request.textColumn)
        let registry = ModelRegistry(directory: session.modelFolder)
        let data = try TextMasking.masked(try reader.read(request.files), session)
        var reason: String?
        if request.onlyIfChanged {
            let former = try registry.promoted(task: request.task)
            let change = change(of: data, former?.card, request.algorithm, session, hasSubject: reader.hasSubject)
            guard let change else {
                let card = former?.card
                return Outcome(
                    task: request.task, rows: data.count, labels: data.labelNames.count, accuracy: card?.accuracy ?? 0,
                    macroF1: card?.macroF1 ?? 0, heldOutRows: card?.heldOutRows ?? 0,
                    heldOutProtocol: card?.heldOutProtocol ?? "", ece: card?.ece ?? 0, trainSeconds: 0,
                    model: registry.promotedFolder(task: request.task) ?? "", version: card?.version ?? "",
                    isPromoted: true, reason: "nothing has changed since the promoted model was trained")
            }
            reason = change
        }
        var trainer = TextClassifierTrainer(
            task: request.task, seed: session.context.seed, workers: session.context.workers,
            date: session.context.clock())
        trainer.reader = reader
        trainer.hasSubject = reader.hasSubject
        trainer.training = try training(request, session)
        let valid = try request.validFile.map { try TextMasking.masked(try reader.read([$0]), session) }
        let trained = try trainer.train(data, valid: valid)
        let seconds = Double(session.context.clock() - began) / 1000
        var folder: String
        var isPromoted = false
        if let output = request.output {
            try trained.write(to: output)
            folder = output
        } else {
            folder = try registry.add(trained)
            if registry.promotedFolder(task: request.task) == nil {
                folder = try registry.promote(folder).folder
                isPromoted = true
            }
        }
        return Outcome(
            task: request.task, rows: data.count, labels: data.labelNames.count, accuracy: trained.card.accuracy,
            macroF1: trained.card.macroF1, heldOutRows: trained.card.heldOutRows,
            heldOutProtocol: trained.card.heldOutProtocol, ece: trained.card.ece, trainSeconds: seconds, model: folder,
            version: trained.card.version, isPromoted: isPromoted, reason: reason)
    }

    /// Trains a model for each of several label columns, named `LABEL` or, after a task of its own, `TASK-LABEL`.
    ///
    /// `--label-column category,priority` gives the models `category` and `priority` where the task is one of the columns,
    /// else `TASK-category` and `TASK-priority`. With an output folder each lies in a folder of its label's name.
    package static func runAll(_ session: Session, _ request: Request) throws -> [Outcome] {
        let columns = request.labelColumn.split(separator: ",").map(String.init)
        guard columns.count > 1 else { return [try run(session, request)] }
        return try columns.map { column in
            try session.context.cancellation.check()
            var one = request
            one.labelColumn = column
            one.task = columns.contains(request.task) ? column : "\(request.task)-\(column)"
            one.output = request.output.map { "\($0)/\(column)" }
            return try run(session, one)
        }
    }

    /// The settings of an algorithm that is not linear.
    private static func training(_ request: Request, _ session: Session) throws -> (any TextModelTraining)? {
        func encoder() throws -> SentenceEncoder {
            guard let folder = request.encoder else {
                throw JobFailure(
                    .usage,
                    "--algorithm \(request.algorithm.rawValue) needs --encoder DIR, the folder of a BERT-family encoder (config.json, vocab.txt, model.safetensors)"
                )
            }
            return try SentenceEncoder(folder: folder)
        }
        return switch request.algorithm {
        case .linear: nil
        case .recurrent: RecurrentTextTraining()
        case .encoder: EncoderTextTraining(try encoder())
        case .stacked: StackedTextTraining(try encoder())
        }
    }

    /// Why a model would be trained anew, `nil` when nothing speaks for it.
    private static func change(
        of data: LabelledData, _ card: ModelCard?, _ algorithm: Algorithm, _ session: Session, hasSubject: Bool
    ) -> String? {
        guard let card else { return "there is no promoted model for this task" }
        if card.algorithm != algorithm.rawValue { return "the promoted model is \(card.algorithm)" }
        if card.dataSHA256 != data.sha256 { return rowsChanged(data, card) }
        if card.seed != session.context.seed {
            return "the seed has changed from \(card.seed) to \(session.context.seed)"
        }
        guard algorithm == .linear else { return nil }
        if card.normalizer != TextNormalizer.version {
            return "this version of the program normalises text in another way"
        }
        var trainer = TextClassifierTrainer(task: card.task, seed: card.seed, date: session.context.clock())
        trainer.hasSubject = hasSubject
        if card.features != trainer.scheme { return "this version of the program uses another feature scheme" }
        var settings = card.classifier
        settings?.c = trainer.algorithm.c
        settings?.seed = trainer.algorithm.seed
        if settings != trainer.algorithm { return "this version of the program uses other settings of the classifier" }
        return nil
    }

    private static func rowsChanged(_ data: LabelledData, _ card: ModelCard) -> String {
        var parts = ["\(card.rows) rows then, \(data.count) now"]
        let new = data.labelNames.filter { !card.labels.contains($0) }
        let gone = card.labels.filter { !data.labelNames.contains($0) }
        if !new.isEmpty { parts.append("new labels: \(new.joined(separator: ", "))") }
        if !gone.isEmpty { parts.append("labels no longer there: \(gone.joined(separator: ", "))") }
        return "the labelled rows have changed (\(parts.joined(separator: "; ")))"
    }
}
