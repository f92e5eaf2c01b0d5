internal import FoundationEssentials

/// Reading a whole file, with an error that says why it cannot be read.
enum FileBytes {
    static func read(_ path: String) throws(ModelError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            let manager = FileManager.default
            var isDirectory = false
            let reason =
                !manager.fileExists(atPath: path, isDirectory: &isDirectory)
                ? "no such file" : isDirectory ? "is a folder, not a file" : "cannot be read: \(error)"
            throw ModelError.file(path: path, reason: reason)
        }
    }
}
