import ArgumentParser
import FoundationEssentials
import Logging
import Pipeline
import Runtime

/// The options that every command has; they become one validated `Session`.
struct GlobalOptions: ParsableArguments {
    @Option(help: "Settings file (default: cs-analytics.yaml, found upwards).")
    var config: String?

    @Option(help: "postgres://… or sqlite:PATH.")
    var warehouse: String?

    @Option(name: [.customShort("j"), .long], help: "Worker threads; the result never depends on it.")
    var workers: Int?

    @Flag(help: "Say nothing on success.")
    var quiet = false

    @Flag(name: [.customShort("v"), .long], help: "Log what is done.")
    var verbose = false

    @Flag(help: "Print one JSON document on standard output.")
    var json = false

    var console: Console { Console(isQuiet: quiet, isJSON: json) }

    /// - Parameter flags: further settings that the command line gave, by key.
    func session(_ command: String, flags: [String: String?] = [:]) throws -> Session {
        var given = flags.compactMapValues { $0 }
        if let warehouse { given["warehouse"] = warehouse }
        if let workers { given["workers"] = "\(workers)" }
        let environment = ProcessInfo.processInfo.environment
        let folder = FileManager.default.currentDirectoryPath
        let configuration = try ConfigurationLoader(environment: environment, workingFolder: folder)
            .load(file: config, flags: given)
        var log = Logger(label: "cs-analytics", factory: { StreamLogHandler.standardError(label: $0) })
        log.logLevel = verbose ? .debug : .error
        let showsProgress = !quiet && !verbose && TerminalProgress.isUseful
        let context = RunContext(
            seed: UInt64(configuration.integer("seed")), workers: configuration.integer("workers"), log: log,
            progress: showsProgress ? TerminalProgress() : SilentProgress(), cancellation: Signals.cancellation)
        return Session(
            configuration: configuration, context: context, workingFolder: folder, environment: environment,
            executable: ProgramPath.current, command: command)
    }

    /// Runs a command's work and turns whatever it throws into one line and the promised exit code.
    func perform(_ body: (Console) throws -> Void) throws {
        do {
            try body(console)
        } catch let exit as ExitCode {
            throw exit
        } catch {
            let failure = JobFailure(error)
            console.complain("cs-analytics: \(Escaping.terminal(failure.description))")
            throw ExitCode(failure.status.rawValue)
        }
    }
}
