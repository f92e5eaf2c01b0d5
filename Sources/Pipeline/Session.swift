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

    /// The labelled sets: the setting, `datasets` beside the configuration or above it, or under the install prefix.
    package var datasetFolder: String? {
        var candidates: [String] = []
        if let path = configuration.path("datasets", workingFolder: workingFolder) { candidates.append(path) }
        var folder = configuration.folder
        while true {
            candidates.append("\(folder)/datasets")
            guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else { break }
            folder = String(folder[..<slash])
        }
        if let executable, let bin = executable.lastIndex(of: "/") {
            candidates.append("\(executable[..<bin])/../share/cs-analytics/datasets")
        }
        return candidates.first { FileManager.default.fileExists(atPath: "\($0)/intent") }
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
