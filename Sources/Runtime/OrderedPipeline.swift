import Glibc
import Synchronization

/// A reader, workers and one writer with bounded queues between them; the writer sees results in the reader's order.
///
/// The outcome therefore does not depend on the number of workers. The first error of any stage stops all of them and
/// is thrown to the caller. `transform` runs on `workers` threads at once; `produce` on one further thread; `consume`
/// on the caller's.
package enum OrderedPipeline {
    /// - Parameters:
    ///   - depth: how many items may be on their way at once (bounds memory); at least `workers + 1` are allowed.
    ///   - produce: gives the next item, `nil` at the end.
    package static func run<Item: Sendable, Result: Sendable>(
        workers: Int, depth: Int = 8, produce: @escaping @Sendable () throws -> Item?,
        transform: @escaping @Sendable (Item, _ worker: Int) throws -> Result,
        consume: (Result) throws -> Void
    ) throws {
        let state = PipelineState<Item, Result>(depth: max(depth, workers + 1))
        let reader = PipelineThread {
            do {
                while try state.waitForRoom(), let item = try produce() { state.put(item) }
                state.finishReading()
            } catch { state.fail(error) }
        }
        let threads = (0..<max(1, workers)).map { worker in
            PipelineThread {
                while let (index, item) = state.take() {
                    do { state.deliver(try transform(item, worker), at: index) } catch { state.fail(error) }
                }
            }
        }
        do {
            while let result = try state.nextResult() { try consume(result) }
        } catch {
            state.fail(error)
            reader.join()
            threads.forEach { $0.join() }
            throw error
        }
        reader.join()
        threads.forEach { $0.join() }
        if let failure = state.failure { throw failure }
    }
}

/// The shared state of one pipeline behind one mutex.
private final class PipelineState<Item: Sendable, Result: Sendable>: @unchecked Sendable {
    // @unchecked: every field below `mutex` is read and written only while it is held.
    private let depth: Int
    private var mutex = pthread_mutex_t()
    private var changed = pthread_cond_t()
    private var waiting: [(Int, Item)] = []
    private var results: [Int: Result] = [:]
    private var nextIndex = 0
    private var nextToConsume = 0
    private var isReadingFinished = false
    private var error: (any Error)?

    init(depth: Int) {
        self.depth = depth
        pthread_mutex_init(&mutex, nil)
        pthread_cond_init(&changed, nil)
    }

    deinit {
        pthread_mutex_destroy(&mutex)
        pthread_cond_destroy(&changed)
    }

    private func locked<T>(_ body: () throws -> T) rethrows -> T {
        pthread_mutex_lock(&mutex)
        defer {
            pthread_cond_broadcast(&changed)
            pthread_mutex_unlock(&mutex)
        }
        return try body()
    }

    private func wait() { pthread_cond_wait(&changed, &mutex) }

    var failure: (any Error)? { locked { error } }

    func fail(_ failure: any Error) {
        locked {
            if error == nil { error = failure }
            waiting.removeAll()
            isReadingFinished = true
        }
    }

    func waitForRoom() throws -> Bool {
        locked {
            while nextIndex - nextToConsume >= depth && error == nil { wait() }
            return error == nil
        }
    }

    func put(_ item: Item) {
        locked {
            waiting.append((nextIndex, item))
            nextIndex += 1
        }
    }

    func finishReading() { locked { isReadingFinished = true } }

    func take() -> (Int, Item)? {
        locked {
            while waiting.isEmpty && !isReadingFinished && error == nil { wait() }
            guard error == nil, !waiting.isEmpty else { return nil }
            return waiting.removeFirst()
        }
    }

    func deliver(_ result: Result, at index: Int) { locked { results[index] = result } }

    func nextResult() throws -> Result? {
        try locked {
            while true {
                if let error { throw error }
                if let result = results.removeValue(forKey: nextToConsume) {
                    nextToConsume += 1
                    return result
                }
                if isReadingFinished && nextToConsume == nextIndex { return nil }
                wait()
            }
        }
    }
}

/// A joinable thread with a stack large enough for parsers.
private final class PipelineThread {
    private var handle = pthread_t()
    private final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    init(_ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, 8 << 20)
        let box = Unmanaged.passRetained(Box(body))
        pthread_create(
            &handle, &attributes,
            { raw in
                if let raw { Unmanaged<Box>.fromOpaque(raw).takeRetainedValue().body() }
                return nil
            }, box.toOpaque())
        pthread_attr_destroy(&attributes)
    }

    func join() { pthread_join(handle, nil) }
}
