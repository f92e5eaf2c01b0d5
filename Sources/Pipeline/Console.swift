import Glibc
import Runtime
import Synchronization

/// Data to standard output, everything else to standard error.
package struct Console: Sendable {
    package let isQuiet: Bool
    package let isJSON: Bool

    package init(isQuiet: Bool, isJSON: Bool) {
        self.isQuiet = isQuiet
        self.isJSON = isJSON
    }

    /// Data: what the command was asked for.
    package func data(_ text: String) { Console.write(text + "\n", to: STDOUT_FILENO) }
    /// A line for the person: nothing with `--quiet`.
    package func say(_ text: String) { if !isQuiet { Console.write(text + "\n", to: STDERR_FILENO) } }
    /// An error or a warning: always shown.
    package func complain(_ text: String) { Console.write(text + "\n", to: STDERR_FILENO) }

    fileprivate static func write(_ text: String, to descriptor: CInt) {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: offset), bytes.count - offset)
            }
            if count <= 0 { return }
            offset += count
        }
    }
}

/// One line on standard error, redrawn, with rate and remaining time; only for terminals.
package final class TerminalProgress: ProgressSink {
    private struct State {
        var stage = ""
        var total: Int?
        var done = 0
        var began: Int64 = 0
        var drawn: Int64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    package static var isUseful: Bool { isatty(STDERR_FILENO) == 1 }

    package func begin(stage: String, total: Int?) {
        let now = Timestamp.now().milliseconds
        state.withLock { $0 = State(stage: stage, total: total, done: 0, began: now, drawn: 0) }
        draw(now)
    }

    package func advance(by count: Int) {
        let now = Timestamp.now().milliseconds
        let isDue = state.withLock {
            $0.done += count
            return now - $0.drawn >= 200
        }
        if isDue { draw(now) }
    }

    package func end() { Console.write("\r\u{1B}[K", to: STDERR_FILENO) }

    private func draw(_ now: Int64) {
        let line = state.withLock { state -> String in
            state.drawn = now
            return TerminalProgress.line(
                stage: state.stage, done: state.done, total: state.total, milliseconds: now - state.began)
        }
        Console.write("\r\u{1B}[K\(line)", to: STDERR_FILENO)
    }

    /// `ingest  120,000  61,000/s  12 s left`
    package static func line(stage: String, done: Int, total: Int?, milliseconds: Int64) -> String {
        guard done > 0 else { return stage }
        let rate = milliseconds > 0 ? Double(done) * 1000 / Double(milliseconds) : 0
        var parts = [stage, grouped(done), "\(grouped(Int(rate)))/s"]
        if let total, total > done, rate > 0 {
            parts.append("\(Int((Double(total - done) / rate).rounded(.up))) s left")
        }
        return parts.joined(separator: "  ")
    }

    private static func grouped(_ value: Int) -> String {
        var digits = Array(String(value))
        var index = digits.count - 3
        while index > 0 {
            digits.insert(",", at: index)
            index -= 3
        }
        return String(digits)
    }
}
