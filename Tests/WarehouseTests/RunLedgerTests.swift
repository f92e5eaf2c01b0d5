import Aggregates
import Glibc
import Records
import Runtime
import Support
import Testing

@testable import Warehouse

@Suite("Runs, lock, retention")
struct RunLedgerTests {
    @Test("runs come back whole, newest first", arguments: StoreKind.installed)
    func runs(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        var first = RunSummary(
            runID: "1", command: "nightly", version: "1.0", startedAt: Timestamp(seconds: 10), zone: "Asia/Shanghai",
            profile: "zendesk")
        let second = RunSummary(
            runID: "2", command: "ingest", version: "1.0", startedAt: Timestamp(seconds: 20), zone: "UTC", profile: "cn"
        )
        try store.warehouse.beginRun(first)
        try store.warehouse.beginRun(second)
        first.finishedAt = Timestamp(seconds: 15)
        first.outcome = "ok"
        first.exitCode = 0
        first.stageSeconds = ["ingest": 1.25]
        first.records = ["message": 3]
        first.warnings = ["客服 \"quoted\""]
        first.inputs = [
            InputSummary(
                path: "/a", contentHash: "h", source: "s", adapter: "a", read: 3, accepted: 1, duplicates: 1,
                rejected: 1,
                isKnown: false)
        ]
        try store.warehouse.finishRun(first)
        #expect(try store.warehouse.runs(limit: 5) == [second, first])
        #expect(try store.warehouse.runs(limit: 1) == [second])
        #expect(try store.warehouse.run("1") == first)
        #expect(try store.warehouse.run("3") == nil)
        try store.warehouse.connection.run("UPDATE run SET summary = '{'")
        #expect(throws: WarehouseError.self) { try store.warehouse.run("1") }
    }

    @Test("settings are kept", arguments: StoreKind.installed)
    func settings(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        #expect(try store.warehouse.setting("zone") == nil)
        try store.warehouse.setSetting("zone", to: "UTC")
        try store.warehouse.setSetting("zone", to: "Asia/Shanghai")
        #expect(try store.reopen().setting("zone") == "Asia/Shanghai")
    }

    @Test("the lock is held by one and ends with it", arguments: StoreKind.installed)
    func lock(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let other = try store.reopen()
        var held = try store.warehouse.tryLock()
        #expect(held != nil)
        #expect(try other.tryLock() == nil)
        held = nil
        let next = try other.tryLock()
        #expect(next != nil)
        withExtendedLifetime(next) {}
    }

    @Test("the lock of another process is seen, and goes when that is killed")
    func lockOfAnotherProcess() throws {
        let store = try TestStore(.sqlite)
        let path = store.address.dropFirst("sqlite:".count) + ".lock"
        let child = ChildProcess(["flock", "-x", String(path), "sleep", "60"], log: "/dev/null")
        // The child needs a moment to take the lock.
        var isSeen = false
        for _ in 0..<200 where !isSeen {
            isSeen = try store.warehouse.tryLock() == nil
            if !isSeen { usleep(10_000) }
        }
        #expect(isSeen)
        child.end()
    }

    @Test("a process that is killed before it commits leaves what was before", arguments: StoreKind.installed)
    func killed(_ kind: StoreKind) async throws {
        let store = try TestStore(kind)
        try store.load(RecordBatch.make { $0.addMessage("kept", in: "c") })
        try store.assembleAll()
        let before = try store.dumpFacts()
        let cases = try store.dump("service_case")
        setenv("CS_ANALYTICS_TEST_STORE", store.address, 1)
        for milestone in ["load-batch", "load-commit", "replace-cases", "replace-days"] {
            setenv("CS_ANALYTICS_TEST_KILL", milestone, 1)
            await #expect(processExitsWith: .signal(SIGKILL)) { try KilledNight.run() }
            #expect(try store.dumpFacts() == before, "\(milestone)")
            #expect(try store.dump("service_case") == cases, "\(milestone)")
            #expect(try store.dump("metric_daily").isEmpty, "\(milestone)")
        }
    }

    @Test("old conversations go as a whole and aggregates stay", arguments: StoreKind.installed)
    func prune(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let day: Int64 = 86_400
        try store.load(
            RecordBatch.make { batch in
                batch.addConversation("old")
                batch.addMessage("m1", in: "old", at: 10 * day)
                batch.addMessage("m2", in: "old", at: 11 * day)
                batch.addTicket("t", conversation: "old", created: 10 * day)
                batch.addEvent("e", ticket: "t", at: 11 * day)
                batch.addRating("r", ticket: "t")
                batch.addRating("r2", conversation: "old")
                batch.addMessage("m3", in: "alias", at: 10 * day)
                batch.addMessage("m4", in: "new", at: 100 * day)
                batch.addTicket("open", created: 10 * day)
            }, rejects: [Reject(file: "f", reason: .badTime, detail: "d")])
        try store.warehouse.addThreadLinks(source: "desk", ["alias": "old"])
        let assembled = try store.facts().map { facts -> AssembledConversation in
            let at = facts.messages.last?.sentAt ?? Timestamp(seconds: 10 * day)
            var item = ServiceCase(
                source: "desk", id: facts.key, kind: facts.key == "open" ? .ticket : .conversation,
                conversationKey: facts.key, openedAt: facts.messages.first?.sentAt ?? at, lastEventAt: at)
            if facts.key == "open" { item.states = [.init(at: at, status: .open)] }
            return AssembledConversation(
                source: "desk", key: facts.key, cases: facts.key == "alias" ? [] : [item],
                scores: facts.messages.map {
                    MessageScore(
                        messageID: $0.id, intent: nil, intentConfidence: 0, sentiment: nil, sentimentConfidence: 0)
                })
        }
        try store.warehouse.replaceCases(assembled, zone: .utc)
        let limit = Timestamp(seconds: 50 * day)
        // What dirty days still need stays.
        #expect(try store.warehouse.prune(before: limit).isEmpty)
        let cell = DailyCell(
            day: CivilDate(daysSinceEpoch: 10), cuboid: .topic, metric: .messages, segment: SegmentKey(),
            calendar: Tally(count: 1, sum: 2))
        try store.warehouse.replaceDays(try store.warehouse.dirtyDays(), daily: [cell], hourly: [])
        #expect(
            try store.warehouse.prune(before: limit) == [
                "conversation": 1, "message": 3, "ticket": 1, "ticket_event": 1, "rating": 2, "message_score": 3,
                "service_case": 1, "thread_link": 1,
            ])
        #expect(try store.warehouse.prune(before: limit).isEmpty)
        #expect(try store.dump("message").count == 1 && store.dump("ticket").count == 1)
        #expect(try store.dump("metric_daily").count == 1 && store.dump("reject").count == 1)
        // Days whose cases are gone keep the aggregates that they have.
        try store.warehouse.markAllDaysDirty(zone: .utc)
        #expect(try store.warehouse.dirtyDays().first?.daysSinceEpoch == 50)
        #expect(try store.warehouse.prune(before: Timestamp(seconds: 2_000_000_000))["reject"] == nil)
    }
}

/// What the child process of `killed` does: a load, cases and days, with the end at the milestone that is asked for.
enum KilledNight {
    static func run() throws {
        let address = try #require(getenv("CS_ANALYTICS_TEST_STORE").map { String(cString: $0) })
        let milestone = try #require(getenv("CS_ANALYTICS_TEST_KILL").map { String(cString: $0) })
        setenv("CS_ANALYTICS_KILL_AT", milestone, 1)
        let warehouse = try openWarehouse(address: address)
        if milestone.hasPrefix("load") {
            let session = try warehouse.beginLoad()
            _ = try session.append(RecordBatch.make { $0.addMessage("lost", in: "c", text: "lost") })
            try session.commit(loadedFile("lost"))
        }
        let item = ServiceCase(
            source: "desk", id: "lost", kind: .conversation, conversationKey: "c", openedAt: Timestamp(seconds: 1),
            lastEventAt: Timestamp(seconds: 1))
        if milestone == "replace-cases" {
            try warehouse.replaceCases(
                [AssembledConversation(source: "desk", key: "c", cases: [item], scores: [])], zone: .utc)
        }
        let cell = DailyCell(
            day: CivilDate(daysSinceEpoch: 1), cuboid: .topic, metric: .messages, segment: SegmentKey(),
            calendar: Tally(count: 1, sum: 1))
        try warehouse.replaceDays([cell.day], daily: [cell], hourly: [])
    }
}
