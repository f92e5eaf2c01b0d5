/// The exit codes that the command line promises (sysexits.h where it has one).
package enum ExitStatus: Int32, Sendable {
    case done = 0
    case checkFailed = 1
    case usage = 64
    case unusableInput = 65
    case noNewInput = 66
    case unavailable = 69
    case bug = 70
    case cannotWrite = 74
    case tryLater = 75
    case configuration = 78
    case interrupted = 130
    case terminated = 143
}

/// A job ended without its result: one line for standard error and the exit code.
package struct JobFailure: Error, CustomStringConvertible {
    package let status: ExitStatus
    package let description: String

    package init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }
}
