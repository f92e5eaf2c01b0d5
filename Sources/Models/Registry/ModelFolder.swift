internal import Glibc
internal import Runtime

/// A model on disk: a folder with the tensors, the card, and the outcomes on held-out rows.
package enum ModelFolder {
    /// The tensor file.
    package static let tensors = "model.safetensors"
    /// The model card.
    package static let card = "card.json"
    /// The outcomes on held-out rows.
    package static let heldOut = "held-out.safetensors"

    /// Writes a model as the folder `path`, whole or not at all; an old model there is replaced.
    package static func write(_ trained: TrainedTextClassifier, to path: String) throws(ModelError) {
        let path = withoutSlash(path)
        let staging = "\(path).\(getpid()).new"
        do {
            AtomicFile.removeTree(staging)
            try AtomicFile.makeFolder(staging)
            try AtomicFile.write(TextClassifierFile.encode(trained.classifier), to: "\(staging)/\(tensors)")
            try AtomicFile.write(trained.card.encoded(), to: "\(staging)/\(card)")
            try AtomicFile.write(encode(trained.heldOut), to: "\(staging)/\(heldOut)")
            try AtomicFile.replaceFolder(path, with: staging)
        } catch let fault as FileFault {
            AtomicFile.removeTree(staging)
            throw .file(path: path, reason: fault.description)
        } catch let error as ModelError {
            AtomicFile.removeTree(staging)
            throw error
        } catch {
            AtomicFile.removeTree(staging)
            throw .file(path: path, reason: "\(error)")
        }
    }

    /// Loads the classifier and checks it against its card.
    package static func load(_ path: String) throws(ModelError) -> (classifier: TextClassifier, card: ModelCard) {
        let path = withoutSlash(path)
        let file = "\(path)/\(tensors)"
        let bytes = try FileBytes.read(file)
        let classifier = try TextClassifierFile.decode(bytes, path: file)
        let card = try ModelCard.read("\(path)/\(ModelFolder.card)")
        guard TextClassifierFile.identity(of: bytes) == card.modelSHA256 else {
            throw .damaged(path: file, tensor: nil, reason: "its SHA-256 is not the one on its card")
        }
        return (classifier, card)
    }

    /// Loads the outcomes on held-out rows.
    package static func loadHeldOut(_ path: String) throws(ModelError) -> HeldOutPredictions {
        let file = "\(withoutSlash(path))/\(heldOut)"
        let reader = TensorReader(file: try SafetensorsFile(decoding: FileBytes.read(file), path: file), path: file)
        let hashes = try reader.integers("text_hash", .uint64, UInt64.self)
        let rights = try reader.integers("is_right", .uint8, UInt8.self, count: hashes.count)
        let confidences = try reader.floats("confidence", count: hashes.count)
        return HeldOutPredictions(hashes: hashes, isRight: rights.map { $0 != 0 }, confidences: confidences)
    }

    private static func encode(_ outcomes: HeldOutPredictions) -> [UInt8] {
        SafetensorsFile(
            tensors: [
                "text_hash": .init(outcomes.hashes, as: .uint64),
                "is_right": .init(outcomes.isRight.map { $0 ? 1 : 0 } as [UInt8], as: .uint8),
                "confidence": .init(outcomes.confidences),
            ], metadata: ["format": "cs-analytics.held-out"]
        ).encoded()
    }

    static func withoutSlash(_ path: String) -> String {
        var path = path
        while path.count > 1 && path.hasSuffix("/") { path.removeLast() }
        return path
    }
}

extension TextClassifier {
    /// Loads a classifier from its folder.
    package static func load(_ folder: String) throws(ModelError) -> TextClassifier {
        try ModelFolder.load(folder).classifier
    }
}

extension TrainedTextClassifier {
    /// Writes the model as a folder, whole or not at all.
    package func write(to folder: String) throws(ModelError) { try ModelFolder.write(self, to: folder) }
}
