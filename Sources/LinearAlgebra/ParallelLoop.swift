internal import Dispatch
internal import Synchronization

/// Independent parts of a computation on several threads; the outcome never depends on how many.
package enum ParallelLoop {
    /// Computes `body(0)` … `body(count - 1)` on at most `workers` threads and gives the results in that order.
    package static func map<Result: Sendable>(
        count: Int, workers: Int, _ body: @escaping @Sendable (Int) -> Result
    ) -> [Result] {
        if workers <= 1 || count <= 1 { return (0..<count).map(body) }
        let next = Atomic<Int>(0)
        let found = Mutex<[Int: Result]>([:])
        DispatchQueue.concurrentPerform(iterations: min(workers, count)) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                let result = body(index)
                found.withLock { $0[index] = result }
            }
        }
        return found.withLock { found in (0..<count).compactMap { found[$0] } }
    }

    /// Cuts `0 ..< count` into at most `parts` runs of nearly equal length.
    package static func chunks(of count: Int, parts: Int) -> [Range<Int>] {
        let parts = max(1, min(parts, count))
        return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
    }
}
