import Aggregates
import Foundation
import Operations
import Records
import Runtime
import Support
import Testing

private let measurer = CaseMeasurer(schedule: nil)

private func minutes(_ value: ClockedDuration?) -> Int64? { value.map { $0.calendar / 60_000 } }

@Suite struct FirstReplyTests {
    @Test(
        arguments: [
            ("customer writes, agent answers", [customer(0), agent(10)], 10),
            ("nobody answers", [customer(0)], nil),
            ("same second", [customer(0), agent(0)], 0),
            ("a bot answers first", [customer(0), bot(1), agent(20)], 20),
            ("only a bot answers", [customer(0), bot(1), system(2)], nil),
            ("private note before the reply", [customer(0), agent(2, isPublic: false), agent(9)], 9),
            ("agent opens: the second one counts", [agent(0), customer(5), agent(8)], 8),
            ("agent opens and never writes again", [agent(0), customer(5)], nil),
            ("agent opens with a note, then writes", [agent(0, isPublic: false), customer(1), agent(3)], 3),
            ("system line before the agent's opening", [system(0), agent(1), agent(7)], 7),
            ("a bot greets before the agent", [bot(0), agent(4)], 4),
            ("reply before the opening is no reply", [customer(-9), agent(-5), customer(1)], nil),
            ("no messages", [], nil),
        ] as [(String, [CaseTimeline.Message], Int64?)])
    func firstReply(name: String, messages: [CaseTimeline.Message], expected: Int64?) {
        let item = measurer.measure(timeline(messages))
        #expect(minutes(item[.firstReply]) == expected, "\(name)")
        #expect((item.firstReplyAt == nil) == (expected == nil))
    }

    @Test func creditGoesToTheAuthorNotTheAssignee() {
        var line = timeline([customer(0), agent(5, "ben"), agent(6, "anna")])
        line.ticket?.assigneeID = "anna"
        #expect(measurer.measure(line).firstReplyAgent == "ben")
    }

    @Test func stampsStandInForMessages() {
        var line = timeline(status: .open)
        line.ticket?.firstReplyAt = minute(30)
        line.ticket?.assigneeID = "anna"
        let item = measurer.measure(line)
        #expect(minutes(item[.firstReply]) == 30 && item.firstReplyAgent == "anna" && item.replies == nil)
        line.ticket?.firstReplyAt = minute(-1)
        #expect(measurer.measure(line)[.firstReply] == nil && measurer.measure(line).firstReplyAt == nil)
        // A desk's ticket without messages and stamp is unreplied; a bare log of activities says nothing.
        line.ticket?.firstReplyAt = nil
        #expect(measurer.measure(line).replies == 0)
        line.events = [TicketEventFact(id: "1", ticketID: "t", at: minute(1), field: "activity", to: "x")]
        #expect(measurer.measure(line).replies == nil)
    }
}

@Suite struct ResolutionTests {
    @Test func firstAndFull() {
        let item = measurer.measure(
            timeline(
                [customer(0), agent(5)],
                events: [
                    status(10, "open", from: "new", by: "anna", role: .agent), status(20, "pending"),
                    status(50, "open"),
                    status(60, "hold"), status(90, "solved", by: "anna", role: .agent), status(100, "open"),
                    status(130, "solved", by: "ben", role: .agent), status(500, "closed", role: .system),
                ]))
        #expect(minutes(item[.firstResolution]) == 90 && minutes(item[.fullResolution]) == 130)
        // new 10, open 10 + 10 + 30, pending 30, hold 30.
        #expect(minutes(item[.agentWork]) == 60 && minutes(item[.agentWait]) == 30 && minutes(item[.onHold]) == 30)
        #expect(minutes(item[.requesterWait]) == 90 && minutes(item[.solveTime]) == 120)
        #expect(item.reopens == 1 && item.resolvedBy == "ben" && item.status == .closed)
        #expect(minutes(item[.caseDuration]) == 500)
    }

    @Test func anOpenCaseHasNoFullResolution() {
        let item = measurer.measure(timeline(events: [status(5, "solved", from: "open"), status(9, "open")]))
        #expect(minutes(item[.firstResolution]) == 5 && item[.fullResolution] == nil && item[.solveTime] == nil)
        #expect(item.reopens == 0 && item.status == .open && item.states.count == 3)
    }

    @Test func closedWithoutBeingSolved() {
        let item = measurer.measure(timeline(events: [status(7, "closed", from: "pending")]))
        #expect(
            minutes(item[.firstResolution]) == 7 && minutes(item[.fullResolution]) == 7
                && minutes(item[.agentWait]) == 7)
    }

    @Test func neverSolved() {
        let item = measurer.measure(timeline(status: .pending))
        #expect(item.states.map(\.status) == [.pending] && item.reopens == 0 && item[.firstResolution] == nil)
        #expect(measurer.measure(timeline()).states.isEmpty && measurer.measure(timeline()).reopens == nil)
    }

    @Test func stampsStandInForHistory() {
        var line = timeline(status: .closed)
        #expect(measurer.measure(line).states.isEmpty && measurer.measure(line).status == .closed)
        line.ticket?.solvedAt = minute(40)
        line.ticket?.assigneeID = "anna"
        let item = measurer.measure(line)
        #expect(minutes(item[.fullResolution]) == 40 && item.resolvedBy == "anna" && minutes(item[.agentWork]) == 40)
        line.ticket?.solvedAt = minute(-40)
        #expect(measurer.measure(line)[.fullResolution] == nil && measurer.measure(line).states.isEmpty)
        line.ticket?.status = nil
        line.ticket?.solvedAt = minute(3)
        #expect(measurer.measure(line).status == .solved)
        line.ticket?.solvedAt = nil
        #expect(measurer.measure(line).states.isEmpty)
        line.ticket?.status = .deleted
        line.ticket?.updatedAt = minute(8)
        #expect(measurer.measure(line).states.last?.status == .deleted)
    }

    @Test func conversationsWithAnEndAreSolvedByIt() {
        var line = timeline([customer(0), agent(2)], ticket: false)
        #expect(measurer.measure(line).states.isEmpty)
        line.conversation?.closedAt = minute(15)
        #expect(minutes(measurer.measure(line)[.fullResolution]) == 15)
        line.conversation?.status = "open"
        #expect(measurer.measure(line).states.map(\.status) == [.open])
        line.conversation?.status = "resolved"
        #expect(measurer.measure(line).status == .solved)
        line.conversation?.closedAt = minute(-15)
        #expect(measurer.measure(line).states.isEmpty)
    }

    @Test(
        arguments: [
            (status(9, "solved", by: "anna", role: .agent), "anna"),
            (status(9, "solved", by: "rule", role: .system), nil),
            (status(9, "solved", by: "helper", role: .bot), nil),
            (status(9, "solved", by: "kim", role: .customer), nil),
            (status(9, "solved", by: "kim"), nil), (status(9, "solved", by: "-1"), nil),
            (status(9, "solved", by: "ben"), "ben"),
            (status(9, "solved"), "carl"),
        ] as [(TicketEventFact, String?)])
    func creditOfASolving(event: TicketEventFact, expected: String?) {
        var line = timeline([customer(0)], events: [event])
        line.ticket?.assigneeID = "carl"
        #expect(measurer.measure(line).resolvedBy == expected)
    }

    @Test func theAssigneeAtThatTimeIsCredited() {
        func assign(_ at: Int64, _ from: String?, _ to: String?) -> TicketEventFact {
            TicketEventFact(id: "as\(at)", ticketID: "t", at: minute(at), field: "assignee", from: from, to: to)
        }
        var line = timeline(events: [
            status(3, "solved"), assign(5, "anna", "ben"), status(6, "open"), status(8, "solved"),
        ])
        line.ticket?.assigneeID = "ben"
        let item = measurer.measure(line)
        #expect(item.states.map(\.actor) == [nil, "anna", "ben", "ben"] && item.resolvedBy == "ben")
        line.events.append(assign(7, "ben", ""))
        line.events.sort { $0.at < $1.at }
        #expect(measurer.measure(line).resolvedBy == nil)
    }
}

@Suite struct CountTests {
    @Test func repliesAndPeople() {
        let item = measurer.measure(
            timeline([
                customer(0), agent(1), agent(2, "ben"), agent(3, "carl", isPublic: false), bot(4), system(5),
                customer(6),
            ]))
        #expect(item.replies == 2 && item.handoffs == 3 && item.participants == 3 && item.messages == 5)
        #expect(measurer.measure(timeline([agent(0, nil), agent(1, nil)])).participants == 1)
    }

    @Test(arguments: [("chat", 2), ("Live_Chat", 2), ("mail", 5)])
    func aBurstOfChatMessagesIsOneReply(channel: String, replies: Int) {
        let item = measurer.measure(
            timeline(
                [customer(0), agent(1), agent(2), agent(14, "ben"), customer(20), agent(40), agent(200)],
                channel: channel))
        #expect(item.replies == replies)
    }

    @Test func participantsOfALog() {
        let item = measurer.measure(
            timeline(events: [
                status(1, "open", by: "a"), status(2, "solved", by: "b"), status(3, "closed", by: "x", role: .bot),
            ]))
        #expect(item.participants == 2 && item.handoffs == nil && item.messages == 0)
    }

    @Test(
        arguments: [
            ("good", nil, .good), ("Bad", nil, .bad), ("offered", nil, nil), ("unoffered", nil, nil), ("5", nil, .good),
            ("4", "1-5", .good), ("3", "1-5", .neutral), ("2", "1-5", .bad), ("1", nil, .bad), ("6", nil, nil),
            ("", nil, nil),
            ("满意", nil, .good), (" 一般 ", nil, .neutral), ("不满意", nil, .bad), ("10", "0-10", .good), ("0", "0-10", .bad),
            ("103", nil, .good), ("100", nil, .neutral), ("-102", nil, .bad), ("100", "0-100", .good),
            ("3", "51ima", .good),
            ("2", "51ima", .bad), ("4", "51ima", .bad), ("3", "3", .good), ("good with comment", nil, .good),
            ("bad_with_comment", nil, .bad), ("nan", nil, nil), ("inf", nil, nil), ("50", "freshdesk", nil),
            ("2.5", "1-4", .neutral),
        ] as [(String, String?, ServiceCase.Rating?)])
    func ratings(score: String, scale: String?, verdict: ServiceCase.Rating?) {
        #expect(SatisfactionRating.verdict(score: score, scale: scale) == verdict)
    }

    @Test func theLatestVerdictCountsForWhoReplied() {
        let messages = [customer(0), agent(2, "anna"), agent(9, "ben")]
        let item = measurer.measure(
            timeline(messages, ratings: [rating(3, "bad"), rating(5, "good"), rating(8, "offered")]))
        #expect(item.rating == .good && item.ratedAt == minute(5) && item.ratingAgent == "anna")
        let named = measurer.measure(timeline(messages, ratings: [rating(5, "1", agent: "carl")]))
        #expect(named.rating == .bad && named.ratingAgent == "carl")
        #expect(measurer.measure(timeline(messages, ratings: [rating(5, "offered")])).rating == nil)
    }

    @Test func caseDurationNeedsTwoEvents() {
        #expect(measurer.measure(timeline())[.caseDuration] == nil)
        #expect(minutes(measurer.measure(timeline([customer(0)]))[.caseDuration]) == 0)
        var log = timeline(
            events: (1...3).map {
                TicketEventFact(id: "\($0)", ticketID: "t", at: minute($0), field: "activity", to: "x")
            })
        log.ticket?.createdAt = nil
        log.openedAt = minute(1)
        #expect(minutes(measurer.measure(log)[.caseDuration]) == 2)
        log.events = Array(log.events.prefix(1))
        #expect(measurer.measure(log)[.caseDuration] == nil)
        #expect(measurer.measure(log).lastEventAt == minute(1))
    }
}

@Suite struct BusinessClockTests {
    @Test func bothClocks() throws {
        let zone = try #require(LocalZone(identifier: "Asia/Shanghai"))
        let schedule = try BusinessCalendar(
            zone: zone, weekly: (1...5).map { ($0, "09:00-18:00") }, exceptions: [("2026-11-17", "off")])
        let item = CaseMeasurer(schedule: schedule).measure(
            timeline(
                [customer(0), agent(15 * 60)],
                events: [status(8 * 60, "pending", from: "new"), status(2 * 1440 + 60, "solved")]))
        // Reply at midnight: nine open hours of fifteen. Pending from 17:00 over a closed day to 10:00: two hours.
        #expect(item[.firstReply] == ClockedDuration(calendar: 15 * 3_600_000, business: 9 * 3_600_000))
        #expect(item[.agentWait]?.business == 2 * 3_600_000 && item[.agentWork]?.business == 8 * 3_600_000)
        #expect(item[.onHold] == ClockedDuration(calendar: 0, business: 0))
        #expect(item[.solveTime]?.business == 10 * 3_600_000 && item[.fullResolution]?.business == 10 * 3_600_000)
        #expect(measurer.measure(timeline([customer(0), agent(5)]))[.firstReply]?.business == nil)
    }
}

/// A random but valid timeline.
func randomTimeline(_ random: inout SeededGenerator, id: String) -> CaseTimeline {
    var at: Int64 = 0
    let people: [String?] = ["anna", "ben", nil]
    var messages: [CaseTimeline.Message] = []
    for _ in 0..<Int.random(in: 0...8, using: &random) {
        at += Int64.random(in: 0...700, using: &random)
        switch Int.random(in: 0...5, using: &random) {
        case 0, 1: messages.append(customer(at))
        case 2, 3: messages.append(agent(at, people[Int.random(in: 0...2, using: &random)]))
        case 4: messages.append(agent(at, isPublic: false))
        default: messages.append(Bool.random(using: &random) ? bot(at) : system(at))
        }
    }
    var events: [TicketEventFact] = []
    at = 0
    for _ in 0..<Int.random(in: 0...6, using: &random) {
        at += Int64.random(in: 0...2_000, using: &random)
        let to = TicketStatus.allCases[Int.random(in: 1...6, using: &random)].rawValue
        events.append(status(at, to, by: people[Int.random(in: 0...2, using: &random)], role: .agent))
    }
    let score = Int.random(in: 1...8, using: &random)
    var line = timeline(
        messages, id: id, ticket: Bool.random(using: &random),
        channel: ["mail", "chat", nil][Int.random(in: 0...2, using: &random)],
        status: events.isEmpty && Bool.random(using: &random) ? .open : nil, events: events,
        ratings: score < 6 ? [rating(Int64.random(in: 0...5_000, using: &random), "\(score)")] : [])
    line.ticket?.category = ["refund", "delivery", nil][Int.random(in: 0...2, using: &random)]
    line.shift(by: Int64.random(in: 0...20_000, using: &random) * 60_000)
    return line
}

extension CaseTimeline {
    mutating func shift(by milliseconds: Int64) {
        openedAt = openedAt + milliseconds
        for index in messages.indices { messages[index].at = messages[index].at + milliseconds }
        for index in events.indices { events[index].at = events[index].at + milliseconds }
        for index in ratings.indices { ratings[index].at = ratings[index].at + milliseconds }
        if let at = ticket?.createdAt { ticket?.createdAt = at + milliseconds }
        if let at = conversation?.openedAt { conversation?.openedAt = at + milliseconds }
    }
}

@Suite struct MeasureLawTests {
    private func schedule() throws -> BusinessCalendar {
        try BusinessCalendar(
            zone: try #require(LocalZone(identifier: "Asia/Shanghai")),
            weekly: (1...5).map { ($0, "09:00-12:00,13:30-18:00") })
    }

    @Test(arguments: [81, 82, 83] as [UInt64])
    func identitiesHoldForRandomCases(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let measurer = CaseMeasurer(schedule: try schedule())
        for index in 0..<400 {
            let line = randomTimeline(&random, id: "\(index)")
            let item = measurer.measure(line)
            for read in [\ClockedDuration.calendar.asOptional, \ClockedDuration.business] {
                guard let all = item[.solveTime]?[keyPath: read] else { continue }
                let wait = item[.requesterWait]?[keyPath: read] ?? -1
                #expect(all == wait + (item[.agentWait]?[keyPath: read] ?? -1), "seed \(seed), case \(index)")
                #expect(wait == (item[.agentWork]?[keyPath: read] ?? -1) + (item[.onHold]?[keyPath: read] ?? -1))
            }
            if let first = item[.firstResolution], let full = item[.fullResolution] {
                #expect(
                    first.calendar <= full.calendar && (item.reopens != 0 || first == full),
                    "seed \(seed), case \(index)")
            }
            for value in item.durations.compactMap({ $0 }) {
                #expect(value.calendar >= 0 && (value.business ?? -1) >= 0 && (value.business ?? 0) <= value.calendar)
            }
            #expect((item[.firstReply] == nil) == (item.firstReplyAt == nil))
        }
    }

    @Test(arguments: [91, 92] as [UInt64])
    func aWeekLaterEverythingIsTheSame(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let measurer = CaseMeasurer(schedule: try schedule())
        for index in 0..<200 {
            let line = randomTimeline(&random, id: "\(index)")
            var later = line
            later.shift(by: 7 * 86_400_000)
            #expect(
                measurer.measure(line).durations == measurer.measure(later).durations, "seed \(seed), case \(index)")
        }
    }

    @Test(arguments: [101, 102] as [UInt64])
    func notesAndSystemLinesChangeNothingThatACustomerSees(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for index in 0..<200 {
            let line = randomTimeline(&random, id: "\(index)")
            guard !line.messages.isEmpty else { continue }
            var noted = line
            let span = line.messages[line.messages.count - 1].at - line.openedAt
            for _ in 0..<3 {
                let at = line.openedAt + Int64.random(in: 0...max(0, span), using: &random)
                noted.messages.append(
                    CaseTimeline.Message(
                        id: "note", at: at, role: Bool.random(using: &random) ? .agent : .system, author: "anna",
                        isPublic: false))
            }
            noted.messages.sort { ($0.at, $0.id) < ($1.at, $1.id) }
            let (a, b) = (measurer.measure(line), measurer.measure(noted))
            #expect(a.durations == b.durations && a.replies == b.replies && a.messages == b.messages, "seed \(seed)")
            #expect(
                a.participants == b.participants && a.firstReplyAgent == b.firstReplyAgent && a.reopens == b.reopens)
        }
    }
}

extension Int64 {
    fileprivate var asOptional: Int64? { self }
}

private let corpora = ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"]

@Suite struct HelpdeskTests {
    @Test(.enabled(if: corpora != nil, "needs CS_ANALYTICS_CORPORA"))
    func caseDurationsOfARealLog() throws {
        let path = try #require(corpora) + "/ops/helpdesk/helpdesk.csv"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var events: [String: [TicketEventFact]] = [:]
        let format = Date.ISO8601FormatStyle()
        for (number, row) in text.split(whereSeparator: \.isNewline).dropFirst().enumerated() {
            let fields = row.split(separator: ",", omittingEmptySubsequences: false)
            let id = String(try #require(fields.last))
            let stamp = String(fields[2].prefix(19)).replacing(" ", with: "T") + "Z"
            let at = Timestamp(seconds: Int64(try format.parse(stamp).timeIntervalSince1970))
            events[id, default: []].append(
                TicketEventFact(id: "\(number)", ticketID: id, at: at, field: "activity", to: String(fields[0])))
        }
        var aggregator = DayAggregator(
            days: (14_000..<17_000).map { CivilDate(daysSinceEpoch: $0) }, zone: .utc)
        var durations: [Int64] = []
        for (id, list) in events {
            let sorted = list.sorted { $0.at < $1.at }
            var line = CaseTimeline(
                source: "helpdesk", id: id, kind: .ticket, key: id, openedAt: try #require(sorted.first).at)
            line.events = sorted
            let item = measurer.measure(line)
            aggregator.add(item)
            durations.append(try #require(item[.caseDuration]).calendar)
        }
        #expect(durations.count == 4_580)
        #expect(abs(Double(durations.reduce(0, +)) / 4_580 / 86_400_000 - 40.858) < 0.0005)
        var all = Tally()
        for cell in aggregator.finish().cells where cell.metric == .caseDuration { all.merge(cell.calendar) }
        #expect(all.count == 4_580)
        #expect(abs((all.sketch.quantile(0.5) ?? 0) / 86_400_000 - 39.859) < 0.3986)
    }
}
