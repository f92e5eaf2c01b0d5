internal import FoundationEssentials
internal import Runtime

/// The models of a project: for each task a folder of versions, one of them promoted.
///
/// `DIRECTORY/TASK/VERSION/` holds a model, `DIRECTORY/TASK/promoted` is a symbolic link to the version in use. Every
/// change is one rename, so a reader sees the old state or the new one.
package struct ModelRegistry: Sendable {
    package let directory: String

    /// A registry in a folder, which is made when the first model arrives.
    package init(directory: String) { self.directory = ModelFolder.withoutSlash(directory) }

    /// A model in the registry.
    package struct Entry: Sendable, Equatable {
        package var folder: String
        package var card: ModelCard
        package var isPromoted: Bool
    }

    /// What became of a promotion.
    package struct Promotion: Sendable, Equatable {
        /// The folder within the registry that is now in use.
        package var folder: String
        /// The rows that both models had held out; 0 if no model was in use before.
        package var sharedRows: Int
        /// The new model's accuracy on the shared rows.
        package var accuracy: Double?
        /// The accuracy on the shared rows of the model that was in use.
        package var formerAccuracy: Double?
        /// The test of the two models on the shared rows.
        package var test: McNemarTest?
    }

    /// The tasks that have models, in order.
    package func tasks() -> [String] {
        contents(directory).filter { isTaskName($0) && !versions(task: $0).isEmpty }
    }

    /// The models of a task or of all tasks, by task and training date, the oldest first; damaged ones are in `damaged`.
    package func list(task: String? = nil) -> (models: [Entry], damaged: [ModelError]) {
        var models: [Entry] = []
        var damaged: [ModelError] = []
        for task in task.map({ [$0] }) ?? tasks() {
            let inUse = promotedVersion(task: task)
            var found: [Entry] = []
            for version in versions(task: task) {
                let folder = "\(directory)/\(task)/\(version)"
                do {
                    let card = try ModelCard.read("\(folder)/\(ModelFolder.card)")
                    found.append(Entry(folder: folder, card: card, isPromoted: version == inUse))
                } catch { damaged.append(error) }
            }
            models += found.sorted { ($0.card.trainedAt, $0.folder) < ($1.card.trainedAt, $1.folder) }
        }
        return (models, damaged)
    }

    /// The folder of the model in use for a task, `nil` if there is none.
    package func promotedFolder(task: String) -> String? {
        promotedVersion(task: task).map { "\(directory)/\(task)/\($0)" }
    }

    /// Loads the model in use for a task, `nil` if there is none.
    package func promoted(task: String) throws(ModelError) -> (classifier: TextClassifier, card: ModelCard)? {
        guard let folder = promotedFolder(task: task) else { return nil }
        return try ModelFolder.load(folder)
    }

    /// Stores a trained model and gives its folder; the same model again is the same folder.
    package func add(_ trained: TrainedTextClassifier) throws(ModelError) -> String {
        let folder = try folder(for: trained.card)
        try makeParent(of: folder)
        try ModelFolder.write(trained, to: folder)
        return folder
    }

    /// Takes a model into use: one of the registry, or one from another folder, which is copied in.
    ///
    /// Refuses a model that is right on fewer of the rows that both models had held out, or that shares no such rows
    /// with the model in use, unless `isForced`.
    package func promote(_ path: String, isForced: Bool = false) throws(ModelError) -> Promotion {
        let (_, card) = try ModelFolder.load(path)
        var promotion = Promotion(folder: try folder(for: card), sharedRows: 0)
        if let former = promotedFolder(task: card.task), former != promotion.folder {
            try compare(path, with: former, card, isForced, &promotion)
        }
        try copy(ModelFolder.withoutSlash(path), to: promotion.folder)
        let version = promotion.folder.split(separator: "/").last.map(String.init) ?? ""
        do {
            try AtomicFile.link("\(directory)/\(card.task)/promoted", to: version)
        } catch { throw .file(path: promotion.folder, reason: error.description) }
        return promotion
    }

    private func compare(
        _ path: String, with former: String, _ card: ModelCard, _ isForced: Bool, _ promotion: inout Promotion
    ) throws(ModelError) {
        let shared: (first: [Bool], second: [Bool])
        do {
            shared = HeldOutPredictions.shared(
                try ModelFolder.loadHeldOut(path), try ModelFolder.loadHeldOut(former))
        } catch {
            if isForced { return }
            throw error
        }
        let rows = shared.first.count
        let rights = (shared.first.count { $0 }, shared.second.count { $0 })
        promotion.sharedRows = rows
        if rows > 0 {
            promotion.accuracy = Double(rights.0) / Double(rows)
            promotion.formerAccuracy = Double(rights.1) / Double(rows)
            promotion.test = McNemarTest(first: shared.first, second: shared.second)
        }
        if isForced { return }
        if rows == 0 {
            throw .notPromoted("no row was held out from both models, so they cannot be compared; use --force")
        }
        if rights.0 < rights.1 {
            throw .notPromoted(
                "\(card.task) \(card.version) has \(rights.0) of \(rows) shared held-out rows right, the model in use \(rights.1)"
            )
        }
    }

    /// Copies the files of a model; the link to the one in use is set afterwards, so a half copy is never in use.
    private func copy(_ source: String, to folder: String) throws(ModelError) {
        if source == folder || FileManager.default.fileExists(atPath: "\(folder)/\(ModelFolder.card)") { return }
        try makeParent(of: folder)
        let staging = "\(folder).\(ProcessInfo.processInfo.processIdentifier).new"
        do {
            AtomicFile.removeTree(staging)
            try AtomicFile.makeFolder(staging)
            for name in [ModelFolder.tensors, ModelFolder.card, ModelFolder.heldOut]
            where FileManager.default.fileExists(atPath: "\(source)/\(name)") {
                try AtomicFile.write(FileBytes.read("\(source)/\(name)"), to: "\(staging)/\(name)")
            }
            try AtomicFile.replaceFolder(folder, with: staging)
        } catch {
            AtomicFile.removeTree(staging)
            throw .file(path: folder, reason: "\(error)")
        }
    }

    private func makeParent(of folder: String) throws(ModelError) {
        let parent = folder.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        do { try AtomicFile.makeFolder(parent) } catch { throw .file(path: parent, reason: error.description) }
    }

    private func folder(for card: ModelCard) throws(ModelError) -> String {
        guard isTaskName(card.task) else { throw .taskName(card.task) }
        guard isTaskName(card.version) else { throw .unsupported(path: card.version, reason: "not a version") }
        return "\(directory)/\(card.task)/\(card.version)"
    }

    private func promotedVersion(task: String) -> String? {
        guard isTaskName(task) else { return nil }
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/\(task)/promoted")
        guard let version = link, isTaskName(version) else { return nil }
        return FileManager.default.fileExists(atPath: "\(directory)/\(task)/\(version)") ? version : nil
    }

    private func versions(task: String) -> [String] {
        contents("\(directory)/\(task)").filter {
            $0 != "promoted" && isTaskName($0)
                && FileManager.default.fileExists(atPath: "\(directory)/\(task)/\($0)/\(ModelFolder.tensors)")
        }
    }

    private func contents(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    private func isTaskName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 64
            && name.utf8.allSatisfy {
                $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x41 && $0 <= 0x5a || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2d
                    || $0 == 0x5f
            }
    }
}
