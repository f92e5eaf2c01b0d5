import Aggregates
import Records
import Runtime
import Testing

@testable import Warehouse

@Suite("Cases")
struct CaseStorageTests {
    /// A case with a value in every field, all of them different.
    private func fullCase(_ id: String = "t1", key: String = "c1") -> ServiceCase {
        var item = ServiceCase(
            source: "desk", id: id, kind: .ticket, conversationKey: key,
            openedAt: Timestamp(milliseconds: 1_700_000_000_001),
            lastEventAt: Timestamp(milliseconds: 1_700_500_000_002))
        item.channel = "mail"
        item.group = "客服"
        item.assignee = "a1"
        item.customer = "c"
        item.product = "p"
        item.language = "zh"
        item.priority = "high"
        item.status = .hold
        item.sourceCategory = "billing"
        item.labels.category = "refund"
        item.labels.intent = "ask"
        item.labels.sentiment = "negative"
        item.labels.negativeMessages = 3
        item.labels.neutralMessages = 2
        item.labels.positiveMessages = 1
        item.labels.scoredBy = "models-1"
        item.firstReplyAt = Timestamp(milliseconds: 1_700_000_100_000)
        item.firstReplyAgent = "a2"
        item.firstResolvedAt = Timestamp(milliseconds: 1_700_000_200_000)
        item.lastResolvedAt = Timestamp(milliseconds: 1_700_000_300_000)
        item.resolvedBy = "a3"
        for metric in DurationMetric.allCases {
            let value = Int64(metric.rawValue + 1) * 1000
            item[metric] = ClockedDuration(calendar: value, business: metric.rawValue % 2 == 0 ? value - 7 : nil)
        }
        item[.agentWait] = nil
        item.replies = 4
        item.reopens = 0
        item.handoffs = nil
        item.participants = 5
        item.messages = 6
        item.rating = .bad
        item.ratedAt = Timestamp(milliseconds: 1_700_600_000_000)
        item.ratingAgent = "a4"
        item.states = [
            .init(at: Timestamp(milliseconds: 1_700_000_000_001), status: .new),
            .init(at: Timestamp(milliseconds: 1_700_000_000_001), status: .open, actor: ""),
            .init(at: Timestamp(milliseconds: 1_700_000_200_000), status: .solved, actor: "a3"),
            .init(at: Timestamp(milliseconds: 1_700_000_250_000), status: .hold, actor: "客服"),
        ]
        item.activity = [
            .init(quarter: 1_888_888, role: .customer, agent: nil, isPublic: true, count: 3),
            .init(quarter: 1_888_888, role: .agent, agent: "a1", isPublic: false, count: 200),
            .init(quarter: 1_888_890, role: .system, agent: "", isPublic: true, count: 1),
        ]
        return item
    }

    private func all(_ cursor: any CaseCursor) throws -> [ServiceCase] {
        var out: [ServiceCase] = []
        while let next = try cursor.next() { out.append(next) }
        return out
    }

    private func score(_ id: String) -> MessageScore {
        MessageScore(messageID: id, intent: "ask", intentConfidence: 0.25, sentiment: nil, sentimentConfidence: 0.1)
    }

    @Test("every field comes back", arguments: StoreKind.installed)
    func roundTrip(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let bare = ServiceCase(
            source: "desk", id: "c0", kind: .conversation, conversationKey: "c0", openedAt: Timestamp(seconds: -1),
            lastEventAt: Timestamp(seconds: 0))
        try store.warehouse.replaceCases(
            [
                AssembledConversation(source: "desk", key: "c1", cases: [fullCase()], scores: []),
                AssembledConversation(source: "desk", key: "c0", cases: [bare], scores: []),
            ], zone: .utc)
        #expect(try all(store.warehouse.exportCases(kind: nil, openedIn: nil)) == [bare, fullCase()])
        #expect(try all(store.warehouse.exportCases(kind: .ticket, openedIn: nil)) == [fullCase()])
        let span = Timestamp(seconds: -1)..<Timestamp(seconds: 5)
        #expect(try all(store.warehouse.exportCases(kind: nil, openedIn: span)) == [bare])
        #expect(try all(store.warehouse.exportCases(kind: .ticket, openedIn: span)).isEmpty)
        #expect(
            try store.warehouse.caseSpan() == Timestamp(seconds: -1)...Timestamp(milliseconds: 1_700_500_000_002))
    }

    @Test("packed histories refuse bytes that nothing writes")
    func damagedHistories() {
        let item = fullCase()
        let states = CaseHistoryCoding.encode(item.states)
        let activity = CaseHistoryCoding.encode(item.activity)
        #expect(states.withUnsafeBytes { CaseHistoryCoding.states($0) } == item.states)
        #expect(activity.withUnsafeBytes { CaseHistoryCoding.activity($0) } == item.activity)
        for (bytes, cut) in [(states, 1), (states, 3), (activity, 1), (activity, 2)] {
            let part = Array(bytes.dropLast(cut))
            #expect(
                part.withUnsafeBytes { CaseHistoryCoding.states($0) } == nil
                    || part.withUnsafeBytes { CaseHistoryCoding.activity($0) } == nil)
        }
        #expect(([0x00, 0x63] as [UInt8]).withUnsafeBytes { CaseHistoryCoding.states($0) } == nil)
        #expect(([0x00, 0x0F] as [UInt8]).withUnsafeBytes { CaseHistoryCoding.activity($0) } == nil)
        for status in TicketStatus.allCases {
            let one = [ServiceCase.StateChange(at: Timestamp(milliseconds: -5), status: status)]
            #expect(CaseHistoryCoding.encode(one).withUnsafeBytes { CaseHistoryCoding.states($0) } == one)
        }
    }

    @Test("a conversation is replaced as a whole, also where a case moved", arguments: StoreKind.installed)
    func replacement(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.load(
            RecordBatch.make { batch in
                batch.addMessage("m1", in: "c1")
                batch.addMessage("m2", in: "c2")
            })
        #expect(try store.warehouse.pendingCount() == 2)
        try store.warehouse.replaceCases(
            [
                AssembledConversation(
                    source: "desk", key: "c1", cases: [fullCase()], scores: [score("m1"), score("m0")])
            ],
            zone: .utc)
        #expect(try store.pending() == ["desk|c2"])
        // The ticket has moved to the other conversation, whose turn comes first.
        try store.warehouse.replaceCases(
            [AssembledConversation(source: "desk", key: "c2", cases: [fullCase(key: "c2")], scores: [score("m2")])],
            zone: .utc)
        #expect(try all(store.warehouse.exportCases(kind: nil, openedIn: nil)).map(\.conversationKey) == ["c2"])
        try store.warehouse.replaceCases(
            [AssembledConversation(source: "desk", key: "c1", cases: [], scores: [])], zone: .utc)
        #expect(try all(store.warehouse.exportCases(kind: nil, openedIn: nil)).map(\.conversationKey) == ["c2"])
        #expect(try store.dump("message_score").map { $0.split(separator: "|")[2] } == ["m2"])
        try store.warehouse.replaceCases([], zone: .utc)

        let cursor = try store.warehouse.exportMessages(sentIn: nil)
        #expect(try cursor.next()?.score == nil)
        let second = try cursor.next()
        #expect(second?.message.id == "m2" && second?.score == score("m2"))
        #expect(try cursor.next() == nil)
        let none = Timestamp(seconds: 1)..<Timestamp(seconds: 2)
        #expect(try store.warehouse.exportMessages(sentIn: none).next() == nil)
    }

    private static let shanghai = LocalZone(identifier: "Asia/Shanghai") ?? .utc

    @Test("every local day that an old or a new case touches is dirty", arguments: StoreKind.installed)
    func dirtyDays(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        let zone = CaseStorageTests.shanghai
        func replace(_ item: ServiceCase) throws -> [String] {
            try store.warehouse.replaceCases(
                [AssembledConversation(source: "desk", key: item.conversationKey, cases: [item], scores: [])],
                zone: zone)
            let days = try store.warehouse.dirtyDays()
            try store.warehouse.replaceDays(days, daily: [], hourly: [])
            #expect(try store.warehouse.dirtyDays().isEmpty)
            return days.map(\.description)
        }
        // 17:00 UTC is the next day in Shanghai.
        let open = Timestamp(seconds: Int64(CivilDate(year: 2026, month: 3, day: 1).daysSinceEpoch) * 86_400 + 61_200)
        let day: Int64 = 86_400_000
        var talk = ServiceCase(
            source: "desk", id: "a", kind: .conversation, conversationKey: "a", openedAt: open,
            lastEventAt: open + 4 * day)
        talk.activity = [
            .init(
                quarter: Int32((open.milliseconds + 2 * day) / 900_000), role: .agent, agent: "x", isPublic: true,
                count: 1)
        ]
        #expect(try replace(talk) == ["2026-03-02", "2026-03-04", "2026-03-06"])
        talk.activity = []
        talk.ratedAt = open + 5 * day
        // Old days and new days, and the day by which the calendar of cases grew.
        #expect(try replace(talk) == ["2026-03-02", "2026-03-04", "2026-03-06", "2026-03-07"])

        var ticket = ServiceCase(
            source: "desk", id: "t", kind: .ticket, conversationKey: "t", openedAt: open, lastEventAt: open + day)
        ticket.states = [
            .init(at: open, status: .open), .init(at: open + day, status: .solved),
        ]
        #expect(try replace(ticket) == ["2026-03-02", "2026-03-03"])
        ticket.states = [.init(at: open, status: .open)]
        #expect(try replace(ticket) == (2...7).map { "2026-03-0\($0)" })
        // A later case: the days between the last of all and its own, on each of which the ticket is unsolved.
        var later = talk
        later.id = "b"
        later.conversationKey = "b"
        later.openedAt = open + 8 * day
        later.lastEventAt = later.openedAt
        later.ratedAt = nil
        #expect(try replace(later) == ["2026-03-07", "2026-03-08", "2026-03-09", "2026-03-10"])

        func touching(_ from: Int, _ to: Int) throws -> [String] {
            let days = CivilDate(year: 2026, month: 3, day: from)...CivilDate(year: 2026, month: 3, day: to)
            return try all(store.warehouse.cases(touching: days, zone: zone)).map(\.id)
        }
        #expect(try touching(1, 1).isEmpty)
        #expect(try touching(2, 2) == ["a", "t"])
        #expect(try touching(8, 9) == ["t"])
        #expect(try touching(9, 30) == ["b", "t"])
        try store.warehouse.markAllDaysDirty(zone: zone)
        #expect(try store.warehouse.dirtyDays().count == 9)
    }

    @Test("cases of other models are marked, and everything can be", arguments: StoreKind.installed)
    func marking(_ kind: StoreKind) throws {
        let store = try TestStore(kind)
        try store.load(
            RecordBatch.make { batch in
                batch.addConversation("c1")
                batch.addMessage("m", in: "c2")
                batch.addTicket("t")
                batch.addEvent("e", ticket: "unknown")
                batch.addRating("r", conversation: "c3")
            })
        let everything = ["desk|c1", "desk|c2", "desk|c3", "desk|t", "desk|unknown"]
        #expect(try store.pending() == everything)
        try store.assembleAll()
        try store.warehouse.replaceCases(
            [AssembledConversation(source: "desk", key: "c1", cases: [fullCase()], scores: [])], zone: .utc)
        #expect(try store.warehouse.pendingCount() == 0)
        try store.warehouse.markPending(notScoredBy: "models-1")
        #expect(try store.pending() == everything.filter { $0 != "desk|c1" })
        try store.assembleAll()
        try store.warehouse.markPending(notScoredBy: "models-2")
        #expect(try store.pending().contains("desk|c1"))
        try store.assembleAll()
        try store.warehouse.markAllPending()
        #expect(try store.pending() == everything)
    }
}
