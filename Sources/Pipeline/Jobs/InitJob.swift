import FoundationEssentials
import Runtime

/// Writes a commented settings file into a folder; one that is there is left alone.
package enum InitJob {
    package static func run(folder: String) throws -> String {
        let path = "\(folder)/\(ConfigurationLoader.fileName)"
        if FileManager.default.fileExists(atPath: path) {
            throw JobFailure(.cannotWrite, "\(path) is there already; it was left as it is")
        }
        try AtomicFile.makeFolder(folder)
        try AtomicFile.write(ExampleConfiguration.text, to: path)
        return path
    }
}
