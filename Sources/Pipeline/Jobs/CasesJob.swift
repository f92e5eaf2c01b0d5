import Aggregates
import Conversations
package import Models
import Operations
import Records
import Runtime
import Warehouse

/// Assembles, measures and labels the conversations that wait for it.
package enum CasesJob {
    /// Conversations that go through a worker at once, and cases that are written in one transaction.
    private static let conversationsPerItem = 512
    private static let casesPerTransaction = 16_384

    package struct Outcome: Encodable, Sendable {
        package var conversations = 0
        package var cases = 0
        package var messagesScored = 0
        /// How far what was scored lies from what the models were trained on.
        package var drift: [DriftReport] = []
    }

    /// - Parameter models: what to label with; cases labelled by another set are done again.
    package static func run(_ scope: RunScope, models: ModelSet) throws -> Outcome {
        let session = scope.session
        let warehouse = scope.warehouse
        let schedule = try ScheduleBuilder.build(session)
        let rules = CaseRules.fingerprint(session, schedule: schedule)
        if try warehouse.setting("case_rules") != rules {
            try warehouse.markAllPending()
            try warehouse.markAllDaysDirty(zone: session.zone)
            try warehouse.setSetting("case_rules", to: rules)
        }
        try warehouse.markPending(notScoredBy: models.fingerprint)
        try linkThreads(warehouse)
        let builder = CaseBuilder(
            assembler: try CaseRules.assembler(session, warehouse),
            measurer: CaseMeasurer(
                profile: MetricProfile(rawValue: session.configuration["profile"]) ?? .zendesk,
                schedule: schedule?.calendar), scorer: CaseScorer(models: models))
        session.context.progress.begin(stage: "cases", total: try warehouse.pendingCount())
        let outcome = try process(session, warehouse, builder)
        try DriftNotes.keep(outcome.drift, warehouse)
        return outcome
    }

    private static func process(
        _ session: Session, _ warehouse: any Warehouse, _ builder: CaseBuilder
    ) throws -> Outcome {
        let reader = FactReader(try warehouse.pendingFacts(), size: conversationsPerItem)
        let scratches = WorkerScratches(count: session.context.workers, make: builder.scorer.makeScratch)
        let cancellation = session.context.cancellation
        var outcome = Outcome()
        var waiting: [AssembledConversation] = []
        var caseCount = 0
        try OrderedPipeline.run(
            workers: session.context.workers,
            produce: {
                try cancellation.check()
                return try reader.next()
            },
            transform: { facts, worker in
                scratches.with(worker) { scratch in builder.build(facts, scratch: &scratch) }
            },
            consume: { done in
                outcome.conversations += done.count
                waiting += done
                for conversation in done {
                    caseCount += conversation.cases.count
                    outcome.messagesScored += conversation.scores.count
                }
                session.context.progress.advance(by: done.count)
                if caseCount >= casesPerTransaction {
                    try warehouse.replaceCases(waiting, zone: session.zone)
                    outcome.cases += caseCount
                    waiting.removeAll(keepingCapacity: true)
                    caseCount = 0
                }
            })
        if !waiting.isEmpty { try warehouse.replaceCases(waiting, zone: session.zone) }
        outcome.cases += caseCount
        let seen = scratches.profiles()
        outcome.drift = builder.scorer.models.profiles.sorted { $0.key < $1.key }.compactMap { task, before in
            seen[task].map { DriftReport(task: task, before: before, now: $0) }
        }
        return outcome
    }

    /// Links conversation keys of which one's message replies to another's; the thread gets the key of its earliest.
    private static func linkThreads(_ warehouse: any Warehouse) throws {
        for (source, nodes) in try warehouse.crossConversationReplies() {
            var linker = ThreadLinker()
            for node in nodes {
                linker.add(
                    ThreadLinker.Node(
                        key: node.key, at: node.firstMessageAt, messageIDs: node.messageIDs,
                        references: node.references, subject: nil, participants: []))
            }
            try warehouse.addThreadLinks(source: source, linker.links())
        }
    }
}

/// Hands the facts of a cursor on in portions.
private final class FactReader: @unchecked Sendable {
    // @unchecked: only the pipeline's one reading thread calls `next`.
    private let cursor: any FactCursor
    private let size: Int

    init(_ cursor: any FactCursor, size: Int) {
        self.cursor = cursor
        self.size = size
    }

    func next() throws -> [ConversationFacts]? {
        var out: [ConversationFacts] = []
        while out.count < size, let facts = try cursor.next() { out.append(facts) }
        return out.isEmpty ? nil : out
    }
}

/// One set of buffers per worker.
private final class WorkerScratches: @unchecked Sendable {
    // @unchecked: worker i touches only element i, and each worker is one thread.
    private let scratches: UnsafeMutablePointer<CaseScorerScratch>
    private let count: Int

    init(count: Int, make: () -> CaseScorerScratch) {
        self.count = count
        scratches = .allocate(capacity: count)
        for index in 0..<count { (scratches + index).initialize(to: make()) }
    }

    deinit {
        scratches.deinitialize(count: count)
        scratches.deallocate()
    }

    /// The profiles of all workers, added up; only when they have ended.
    func profiles() -> [String: TextProfile] {
        var sum: [String: TextProfile] = [:]
        for index in 0..<count { sum.merge(scratches[index].profiles) { $0 + $1 } }
        return sum
    }

    func with<Result>(_ worker: Int, _ body: (inout CaseScorerScratch) -> Result) -> Result { body(&scratches[worker]) }
}
