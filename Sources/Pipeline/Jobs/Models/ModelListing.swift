import FoundationEssentials
import Models

/// The registry as commands show it.
package enum ModelListing {
    package struct Entry: Encodable, Sendable {
        package let task: String
        package let version: String
        package let trainedAt: String
        package let rows: Int
        package let accuracy: Double
        package let macroF1: Double
        package let isPromoted: Bool
        package let folder: String

        enum CodingKeys: String, CodingKey {
            case task, version, rows, accuracy, folder
            case trainedAt = "trained_at"
            case macroF1 = "macro_f1"
            case isPromoted = "is_promoted"
        }
    }

    package static func entries(_ session: Session) -> [Entry] {
        ModelRegistry(directory: session.modelFolder).list().models.map {
            Entry(
                task: $0.card.task, version: $0.card.version, trainedAt: $0.card.trainedAt, rows: $0.card.rows,
                accuracy: $0.card.accuracy, macroF1: $0.card.macroF1, isPromoted: $0.isPromoted, folder: $0.folder)
        }
    }

    /// The folder that was given, else that of the promoted model of the task.
    package static func folder(_ session: Session, task: String, given: String?) throws -> String {
        if let given { return given }
        guard let folder = ModelRegistry(directory: session.modelFolder).promotedFolder(task: task) else {
            throw JobFailure(.unusableInput, "there is no model in use for '\(task)'; give --model, or train one")
        }
        return folder
    }

    /// Promotes and tells what is in use now; a worse model is refused with exit code 1.
    package static func promote(_ session: Session, folder: String, isForced: Bool) throws -> String {
        do {
            return try ModelRegistry(directory: session.modelFolder).promote(folder, isForced: isForced).folder
        } catch {
            if case .notPromoted = error { throw JobFailure(.checkFailed, error.description) }
            throw error
        }
    }

    /// The card's JSON.
    package static func card(_ session: Session, _ model: String) throws -> String {
        let isFolder = FileManager.default.fileExists(atPath: "\(model)/\(ModelFolder.card)")
        let folder = isFolder ? model : try folder(session, task: model, given: nil)
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(ModelFolder.card)") else {
            throw JobFailure(.unusableInput, "\(folder) holds no \(ModelFolder.card)")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
