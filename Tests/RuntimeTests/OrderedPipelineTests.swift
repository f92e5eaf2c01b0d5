import Foundation
import Runtime
import Synchronization
import Testing

private struct Failure: Error, Equatable { let at: Int }

private final class Counter: Sendable {
    private let value = Mutex(0)
    func next(upTo limit: Int) -> Int? {
        value.withLock { value in
            guard value < limit else { return nil }
            value += 1
            return value - 1
        }
    }
    var now: Int { value.withLock { $0 } }
}

@Suite struct OrderedPipelineTests {
    @Test(arguments: [1, 2, 3, 8], [1, 4, 64])
    func resultsComeInTheReadersOrder(workers: Int, depth: Int) throws {
        let source = Counter()
        var seen: [Int] = []
        try OrderedPipeline.run(
            workers: workers, depth: depth, produce: { source.next(upTo: 300) },
            transform: { item, worker in
                #expect((0..<workers).contains(worker))
                if item % 7 == 0 { usleep(200) }
                return item * item
            }, consume: { seen.append($0) })
        #expect(seen == (0..<300).map { $0 * $0 })
    }

    @Test func anEmptyReaderEnds() throws {
        try OrderedPipeline.run(
            workers: 2, produce: { nil as Int? }, transform: { item, _ in item },
            consume: { _ in Issue.record("nothing was read") })
    }

    @Test(arguments: ["produce", "transform", "consume"])
    func theFirstErrorOfAnyStageIsThrown(stage: String) {
        let source = Counter()
        var consumed = 0
        #expect(throws: Failure(at: 5)) {
            try OrderedPipeline.run(
                workers: 3, depth: 4,
                produce: {
                    let next = source.next(upTo: 100_000)
                    if stage == "produce" && next == 5 { throw Failure(at: 5) }
                    return next
                },
                transform: { item, _ in
                    if stage == "transform" && item == 5 { throw Failure(at: 5) }
                    return item
                },
                consume: { item in
                    consumed += 1
                    if stage == "consume" && item == 5 { throw Failure(at: 5) }
                })
        }
        // The reader stops soon after.
        #expect(source.now < 1_000 && consumed <= 6)
    }

    @Test func memoryIsBounded() throws {
        let source = Counter()
        var consumed = 0
        try OrderedPipeline.run(
            workers: 2, depth: 5, produce: { source.next(upTo: 200) }, transform: { item, _ in item },
            consume: { _ in
                consumed += 1
                // One more may have been drawn by the reader and not yet put.
                #expect(source.now - consumed <= 6)
            })
        #expect(consumed == 200)
    }
}

@Suite struct RunContextTests {
    @Test func runIDsSortByTime() {
        let id = RunContext.makeRunID(at: Timestamp(milliseconds: 1_795_232_375_123))
        #expect(id.hasPrefix("20261121T033935Z-") && id.utf8.count == 21)
        #expect(RunContext(workers: 0).workers == 1)
        #expect(RunContext(runID: "x").runID == "x")
        let progress = SilentProgress()
        progress.begin(stage: "x", total: nil)
        progress.advance(by: 1)
        progress.end()
    }

    @Test func cancellation() throws {
        let cancellation = Cancellation()
        try cancellation.check()
        #expect(!cancellation.isCancelled)
        cancellation.cancel(signal: 15)
        #expect(cancellation.isCancelled)
        #expect(throws: Interruption(signal: 15)) { try cancellation.check() }
        #expect(Interruption(signal: 2).description == "interrupted by signal 2")
        Milestone.pass("no such milestone")
    }
}
