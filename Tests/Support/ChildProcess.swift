import Glibc

/// A child process with its streams in files, started by posix_spawn and waited for by waitpid.
///
/// Foundation's `Process` is not used in the tests: it learns of the end through a socket that other children of the
/// same moment inherit, so that waiting for a short child can take as long as a server lives.
package final class ChildProcess: Sendable {
    package let pid: Int32

    /// Starts `arguments` (the first is looked up on the path).
    ///
    /// - Parameters:
    ///   - environment: the whole environment; `nil` for that of the tests.
    ///   - errors: `nil` for the file of the output.
    package init(
        _ arguments: [String], in folder: String? = nil, environment: [String: String]? = nil,
        input: String = "/dev/null", output: String = "/dev/null", errors: String? = nil
    ) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        if let errors {
            posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        let variables = (environment ?? ChildProcess.environment).map { "\($0.key)=\($0.value)" }
        // posix_spawn's own change of folder is not declared for Swift; a shell changes it and becomes the program.
        let words = folder.map { ["sh", "-c", "cd \"$0\" && exec \"$@\"", $0] + arguments } ?? arguments
        var list: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        var started: Int32 = -1
        if posix_spawnp(&started, words[0], &actions, nil, &list, &settings) != 0 { started = -1 }
        posix_spawn_file_actions_destroy(&actions)
        for pointer in list + settings { free(pointer) }
        pid = started
    }

    /// Starts a program of PostgreSQL: variables that steer its clients are taken out.
    package convenience init(_ arguments: [String], log: String, environment: [String: String] = [:]) {
        let plain = ChildProcess.environment.filter { !$0.key.hasPrefix("PG") }
        self.init(arguments, environment: plain.merging(environment) { _, new in new }, output: log)
    }

    /// The environment of the tests.
    package static var environment: [String: String] {
        var out: [String: String] = [:]
        var entry = environ
        while let variable = entry.pointee {
            let parts = String(cString: variable).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { out[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return out
    }

    package func send(_ signal: Int32) { if pid > 0 { kill(pid, signal) } }

    /// Kills the process and waits for its end.
    package func end() {
        guard pid > 0 else { return }
        kill(pid, SIGKILL)
        _ = wait()
    }

    /// Waits for the end: the exit status, or 128 + the signal that ended the process.
    package func wait() -> Int32 {
        guard pid > 0 else { return 127 }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}

/// The exit status of a line of shell.
package func shell(_ line: String, in folder: String? = nil, output: String = "/dev/null") -> Int32 {
    ChildProcess(["sh", "-c", line], in: folder, output: output).wait()
}
