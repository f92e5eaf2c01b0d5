package import Logging

/// What every room needs from a run: who it is, what time it is, and whether to go on.
package struct RunContext: Sendable {
    /// Sortable name of the run, such as `20261121T033935Z-7f3a`.
    package let runID: String
    package let clock: @Sendable () -> Timestamp
    package let seed: UInt64
    /// Worker threads, at least 1. Results never depend on it.
    package let workers: Int
    package let log: Logger
    package let progress: any ProgressSink
    package let cancellation: Cancellation

    package init(
        runID: String? = nil, clock: @escaping @Sendable () -> Timestamp = Timestamp.now, seed: UInt64 = 42,
        workers: Int = 1, log: Logger = Logger(label: "cs-analytics", factory: { _ in SwiftLogNoOpLogHandler() }),
        progress: any ProgressSink = SilentProgress(), cancellation: Cancellation = Cancellation()
    ) {
        self.runID = runID ?? RunContext.makeRunID(at: clock())
        self.clock = clock
        self.seed = seed
        self.workers = max(1, workers)
        self.log = log
        self.progress = progress
        self.cancellation = cancellation
    }

    /// A run id from an instant and four random hexadecimal digits.
    package static func makeRunID(at instant: Timestamp) -> String {
        let stamp = Timestamp(milliseconds: instant.milliseconds / 1000 * 1000).iso8601
            .filter { $0 != "-" && $0 != ":" }
        let suffix = String(UInt16.random(in: 0x1000...0xffff), radix: 16)
        return "\(stamp)-\(suffix)"
    }
}

/// Where a job tells how far it is.
package protocol ProgressSink: Sendable {
    /// Announces a stage; `total` is in the stage's own unit, `nil` where it is not known.
    func begin(stage: String, total: Int?)
    /// Adds `count` finished units to the stage that is running.
    func advance(by count: Int)
    func end()
}

/// Progress that nobody watches.
package struct SilentProgress: ProgressSink {
    package init() {}
    package func begin(stage: String, total: Int?) {}
    package func advance(by count: Int) {}
    package func end() {}
}
