import FoundationEssentials
package import Records
package import Runtime

/// A command's run: its settings made definite, its context, and where its files lie.
package struct Session: Sendable {
    package let configuration: Configuration
    package let context: RunContext
    package let workingFolder: String
    package let environment: [String: String]
    /// The running program, for the archive cage.
    package let executable: String?
    package let command: String

    package init(
        configuration: Configuration, context: RunContext, workingFolder: String, environment: [String: String],
        executable: String?, command: String
    ) {
        self.configuration = configuration
        self.context = context
        self.workingFolder = workingFolder
        self.environment = environment
        self.executable = executable
        self.command = command
    }

    package static let version = "0.1.0"

    /// `.cs-analytics` beside the configuration, or in the working folder.
    package var stateFolder: String { "\(configuration.folder)/.cs-analytics" }

    package var outputFolder: String {
        configuration.path("output", workingFolder: workingFolder) ?? "\(workingFolder)/reports"
    }

    package var modelFolder: String {
        configuration.path("models", workingFolder: workingFolder) ?? "\(stateFolder)/models"
    }

    /// The labelled sets: the setting, else as `shipped` finds them.
    package var datasetFolder: String? {
        if let path = configuration.path("datasets", workingFolder: workingFolder),
            FileManager.default.fileExists(atPath: "\(path)/intent")
        {
            return path
        }
        return shipped("intent").map { ConfigurationLoader.folder(of: $0) }
    }

    /// A folder below the `datasets` that come with the program: beside the configuration or above it, above the program
    /// (a checkout), or under the install prefix.
    package func shipped(_ name: String) -> String? {
        var candidates = Session.upwards(from: configuration.folder).map { "\($0)/datasets/\(name)" }
        if let executable {
            let bin = ConfigurationLoader.folder(of: executable)
            candidates += Session.upwards(from: bin).map { "\($0)/datasets/\(name)" }
            candidates.append("\(ConfigurationLoader.folder(of: bin))/share/cs-analytics/datasets/\(name)")
        }
        return candidates.first { FileManager.default.fileExists(atPath: $0) }
    }

    private static func upwards(from folder: String) -> [String] {
        var out = [folder]
        while let slash = out.last?.lastIndex(of: "/"), let last = out.last, slash != last.startIndex {
            out.append(String(last[..<slash]))
        }
        return out
    }

    package var warehouseAddress: String {
        let text = configuration["warehouse"]
        if text.isEmpty { return "sqlite:\(stateFolder)/warehouse.sqlite" }
        guard text.hasPrefix("sqlite:"), !text.hasPrefix("sqlite:/") else { return text }
        let path = String(text.dropFirst("sqlite:".count))
        if case .file = configuration.origin("warehouse") {
            return "sqlite:" + Configuration.plain("\(configuration.folder)/\(path)")
        }
        return "sqlite:" + Configuration.plain("\(workingFolder)/\(path)")
    }

    package var zone: LocalZone { configuration.zone }
}
