import Synchronization

/// A flag that a signal handler raises and that jobs look at between batches.
package final class Cancellation: Sendable {
    private let signal = Atomic<Int32>(0)

    package init() {}

    /// Asks the run to end at the next batch boundary, with the number of the signal that asked.
    package func cancel(signal number: Int32) { signal.store(number, ordering: .relaxed) }
    package var isCancelled: Bool { signal.load(ordering: .relaxed) != 0 }

    /// Throws `Interruption` once `cancel` was called.
    package func check() throws(Interruption) {
        let number = signal.load(ordering: .relaxed)
        if number != 0 { throw Interruption(signal: number) }
    }
}

/// A run was asked to stop by a signal; the command exits with 128 + its number.
package struct Interruption: Error, Equatable, CustomStringConvertible {
    package let signal: Int32
    package init(signal: Int32) { self.signal = signal }
    package var description: String { "interrupted by signal \(signal)" }
}
