package import Aggregates
import FoundationEssentials
package import Models
import Runtime

/// The models that a night scores with: one per task, trained from `datasets/` where the registry has none.
package struct ModelSet: Sendable {
    package var intent: TextClassifier?
    package var sentiment: TextClassifier?
    package var category: TextClassifier?
    /// Models of what a ticket's source may leave open: priority, product, language. Used where one is promoted.
    package var ticket: [(task: String, classifier: TextClassifier)] = []
    /// The labels that rules give before any model is asked.
    package var rules = LabelRules([])
    /// What the texts looked like that each model was measured on.
    package var profiles: [String: TextProfile] = [:]
    package var summaries: [ModelSummary] = []

    package static let tasks = ["intent", "sentiment", "category"]
    package static let ticketTasks = ["priority", "product", "language"]

    /// All models with their tasks.
    package var classifiers: [(task: String, classifier: TextClassifier)] {
        [("intent", intent), ("sentiment", sentiment), ("category", category)].compactMap { task, classifier in
            classifier.map { (task, $0) }
        } + ticket
    }

    /// Names the set: the same text for the same models.
    package var fingerprint: String {
        (summaries.map { "\($0.task):\($0.version)" } + (rules.isEmpty ? [] : ["rules:\(rules.fingerprint)"]))
            .joined(separator: ",")
    }

    /// Loads the promoted models, training those that are missing.
    ///
    /// - Returns: the set, and a warning for each task that has neither a model nor data to train one from.
    package static func load(_ session: Session) throws -> (models: ModelSet, warnings: [String]) {
        let registry = ModelRegistry(directory: session.modelFolder)
        var set = ModelSet()
        var warnings: [String] = []
        for task in tasks {
            if registry.promotedFolder(task: task) == nil {
                let files = trainingFiles(task, session)
                if files.isEmpty {
                    warnings.append("no model for \(task) and no labelled data to train one from (setting 'datasets')")
                    continue
                }
                session.context.progress.begin(stage: "train \(task)", total: nil)
                var request = TrainJob.Request(task: task, files: files)
                if task == "category" {
                    request.labelColumn = "category"
                    request.textColumn = "subject+body"
                }
                _ = try TrainJob.run(session, request)
            }
            guard let (classifier, card) = try registry.promoted(task: task) else { continue }
            switch task {
            case "intent": set.intent = classifier
            case "sentiment": set.sentiment = classifier
            default: set.category = classifier
            }
            set.profiles[task] = card.profile
            set.summaries.append(card.summary)
        }
        for task in ticketTasks {
            guard let (classifier, card) = try registry.promoted(task: task) else { continue }
            set.ticket.append((task, classifier))
            set.summaries.append(card.summary)
        }
        set.rules = session.configuration.rules
        return (set, warnings)
    }

    static func trainingFiles(_ task: String, _ session: Session) -> [String] {
        guard let folder = session.datasetFolder else { return [] }
        return ["zh", "en"].flatMap { language in ["tsv", "jsonl"].map { "\(folder)/\(task)/\(language).\($0)" } }
            .filter { FileManager.default.fileExists(atPath: $0) }
    }
}
