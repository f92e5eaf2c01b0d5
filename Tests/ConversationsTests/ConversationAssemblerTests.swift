import Conversations
import Records
import Runtime
import Support
import Testing

private func at(_ minutes: Int64) -> Timestamp { Timestamp(milliseconds: 1_790_000_000_000 + minutes * 60_000) }

private func message(_ id: String, _ minutes: Int64, _ role: Role = .customer, author: String? = nil) -> MessageFact {
    MessageFact(id: id, conversationID: "c", sentAt: at(minutes), role: role, authorID: author)
}

private func ticket(_ id: String, created: Int64?, solved: Int64? = nil) -> TicketFact {
    var ticket = TicketFact(id: id, conversationID: "c")
    ticket.createdAt = created.map(at)
    ticket.solvedAt = solved.map(at)
    return ticket
}

@Suite struct ConversationAssemblerTests {
    private let assembler = ConversationAssembler()

    @Test func oneTicketWithItsConversationIsOneCase() {
        var facts = ConversationFacts(source: "s", key: "c")
        facts.conversation = ConversationFact(id: "c")
        facts.conversation?.openedAt = at(-5)
        facts.tickets = [ticket("t", created: 0)]
        facts.messages = [message("m2", 3, .agent), message("m1", 1)]
        facts.events = [TicketEventFact(id: "e", ticketID: "t", at: at(4), field: "status", to: "solved")]
        let cases = assembler.assemble(facts)
        #expect(cases.count == 1)
        #expect(cases.first?.kind == .ticket && cases.first?.id == "t" && cases.first?.openedAt == at(0))
        #expect(cases.first?.messages.map(\.id) == ["m1", "m2"] && cases.first?.events.count == 1)
        #expect(cases.first?.key == "c" && cases.first?.conversation != nil)
    }

    @Test func openingFallsBackFromTicketToConversationToFirstEvent() {
        var facts = ConversationFacts(source: "s", key: "c")
        facts.tickets = [ticket("t", created: nil)]
        facts.messages = [message("m", 7)]
        #expect(assembler.assemble(facts).first?.openedAt == at(7))
        facts.conversation = ConversationFact(id: "c")
        facts.conversation?.openedAt = at(2)
        #expect(assembler.assemble(facts).first?.openedAt == at(2))
        facts.tickets = []
        #expect(assembler.assemble(facts).first?.openedAt == at(2))
        facts.conversation?.openedAt = nil
        #expect(assembler.assemble(facts).first?.openedAt == at(7))
        facts.messages = []
        #expect(assembler.assemble(facts).isEmpty)
        #expect(assembler.assemble(ConversationFacts(source: "s", key: "c")).isEmpty)
    }

    @Test func messagesBelongToTheTicketOpenAtTheirTime() {
        var facts = ConversationFacts(source: "s", key: "c")
        facts.tickets = [ticket("b", created: 100), ticket("a", created: 0, solved: 50)]
        facts.messages = [
            message("before", -5), message("first", 10), message("at the solving", 50), message("between", 70),
            message("second", 120),
        ]
        var named = RatingFact(id: "r1", at: at(200), score: "good")
        named.ticketID = "a"
        facts.ratings = [named, RatingFact(id: "r2", at: at(200), score: "bad")]
        let cases = assembler.assemble(facts)
        #expect(cases.map(\.id) == ["a", "b"])
        #expect(cases[0].messages.map(\.id) == ["before", "first", "at the solving", "between"])
        #expect(cases[1].messages.map(\.id) == ["second"])
        #expect(cases[0].ratings.map(\.id) == ["r1"] && cases[1].ratings.map(\.id) == ["r2"])
    }

    @Test func historyTellsWhichTicketWasOpen() {
        var facts = ConversationFacts(source: "s", key: "c")
        facts.tickets = [ticket("a", created: 0), ticket("b", created: 100)]
        facts.events = [
            TicketEventFact(id: "1", ticketID: "b", at: at(110), field: "status", to: "solved"),
            TicketEventFact(id: "2", ticketID: "b", at: at(150), field: "status", to: "open"),
            TicketEventFact(id: "3", ticketID: "stranger", at: at(160), field: "priority", to: "high"),
        ]
        facts.messages = [message("m1", 105), message("m2", 130), message("m3", 155)]
        let cases = assembler.assemble(facts)
        #expect(cases[0].messages.map(\.id) == ["m2"] && cases[1].messages.map(\.id) == ["m1", "m3"])
        // An event of an unknown ticket is not lost.
        #expect(cases[0].events.map(\.id) == ["3"])
    }

    @Test func aLogOfEventsAloneIsATicket() {
        var facts = ConversationFacts(source: "s", key: "Case 1")
        facts.events = [
            TicketEventFact(id: "2", ticketID: "Case 1", at: at(9), field: "activity", to: "Closed"),
            TicketEventFact(id: "1", ticketID: "Case 1", at: at(1), field: "activity", to: "Take in charge"),
        ]
        let cases = assembler.assemble(facts)
        #expect(cases.count == 1 && cases[0].kind == .ticket && cases[0].id == "Case 1" && cases[0].openedAt == at(1))
        facts.conversation = ConversationFact(id: "Case 1")
        #expect(assembler.assemble(facts).first?.kind == .conversation)
    }

    @Test func streamsAreCutIntoSessions() {
        var facts = ConversationFacts(source: "wx", key: "room")
        facts.conversation = ConversationFact(id: "room")
        facts.conversation?.channel = "wechat"
        facts.conversation?.status = "open"
        facts.messages = [message("1", 0), message("2", 10, .agent), message("3", 45), message("4", 46, .agent)]
        facts.ratings = [RatingFact(id: "r", at: at(50), score: "5"), RatingFact(id: "q", at: at(-1), score: "5")]
        facts.events = [TicketEventFact(id: "e", ticketID: "room", at: at(20), field: "assignee", to: "a")]
        #expect(assembler.assemble(facts).count == 1)
        var rules = SessionRules()
        rules.set(.silence(milliseconds: 30 * 60_000), channel: "wechat")
        let cases = ConversationAssembler(sessions: rules).assemble(facts)
        #expect(cases.map(\.id) == ["room@\(at(0).iso8601)", "room@\(at(45).iso8601)"])
        #expect(cases.map { $0.messages.count } == [2, 2] && cases[0].ratings.map(\.id) == ["q"])
        #expect(
            cases[1].ratings.map(\.id) == ["r"] && cases[0].events.count == 1 && cases[0].conversation?.status == nil)
        // A ticket keeps its stream whole.
        facts.tickets = [ticket("t", created: 0)]
        #expect(ConversationAssembler(sessions: rules).assemble(facts).count == 1)
    }

    @Test(arguments: [61, 62, 63] as [UInt64])
    func theOrderOfArrivalDoesNotMatter(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var facts = ConversationFacts(source: "s", key: "c")
        facts.messages = (0..<40).map { message("m\($0)", Int64.random(in: 0...20, using: &random), author: "x") }
        facts.tickets = (0..<3).map { ticket("t\($0)", created: Int64.random(in: 0...3, using: &random)) }
        facts.events = (0..<20).map {
            TicketEventFact(
                id: "e\($0)", ticketID: "t\($0 % 3)", at: at(Int64.random(in: 0...20, using: &random)), field: "status",
                to: $0 % 2 == 0 ? "solved" : "open")
        }
        let expected = assembler.assemble(facts)
        for _ in 0..<10 {
            facts.messages.shuffle(using: &random)
            facts.tickets.shuffle(using: &random)
            facts.events.shuffle(using: &random)
            #expect(assembler.assemble(facts) == expected, "seed \(seed)")
        }
        #expect(expected.reduce(0) { $0 + $1.messages.count } == 40)
    }
}

@Suite struct SessionRuleTests {
    private func starts(_ rule: SessionRule, _ messages: [(Int64, Role)]) -> [Int] {
        rule.starts(of: messages.map { CaseTimeline.Message(id: "", at: at($0.0), role: $0.1) })
    }

    @Test func silence() {
        let rule = SessionRule.silence(milliseconds: 30 * 60_000)
        #expect(starts(rule, [(0, .customer), (29, .agent), (58, .customer), (88, .bot)]) == [0, 3])
        #expect(starts(rule, []) == [] && starts(.whole, [(0, .bot), (9_999_999, .bot)]) == [0])
    }

    @Test func wechatCountsFromTheCustomersLastMessage() {
        let hour: Int64 = 60
        #expect(starts(.wechat, [(0, .customer), (30 * hour, .agent), (47 * hour, .agent)]) == [0])
        #expect(starts(.wechat, [(0, .customer), (30 * hour, .agent), (48 * hour, .agent)]) == [0, 2])
        #expect(starts(.wechat, [(0, .customer), (40 * hour, .customer), (80 * hour, .agent)]) == [0])
        #expect(starts(.wechat, [(0, .agent), (47 * hour, .customer), (90 * hour, .customer)]) == [0])
    }

    @Test func wordsAndPrecedence() {
        #expect(SessionRule("silence:30m") == .silence(milliseconds: 1_800_000) && SessionRule("wechat") == .wechat)
        #expect(SessionRule("customer-silence:2d") == .customerSilence(milliseconds: 172_800_000))
        #expect(SessionRule("whole") == .whole)
        for text in ["", "silence", "silence:0m", "silence:5", "silence:5y", "noise:5m", "silence:-5m", "silence:5m:1"]
        {
            #expect(SessionRule(text) == nil)
        }
        var rules = SessionRules()
        #expect(rules.rule(source: "s", channel: "c") == .whole)
        rules.set(.wechat)
        rules.set(.silence(milliseconds: 1), channel: "c")
        rules.set(.silence(milliseconds: 2), source: "s")
        rules.set(.silence(milliseconds: 3), source: "s", channel: "c")
        #expect(rules.rule(source: "s", channel: "c") == .silence(milliseconds: 3))
        #expect(rules.rule(source: "s", channel: nil) == .silence(milliseconds: 2))
        #expect(rules.rule(source: "x", channel: "c") == .silence(milliseconds: 1))
        #expect(rules.rule(source: "x", channel: "d") == .wechat)
    }
}

@Suite struct RoleSettlementTests {
    @Test func explicitRolesWin() {
        let rules = RoleRules(bySource: ["list": .agentList, "guess": .majority])
        let said = message("m", 0, .customer, author: "anna")
        #expect(rules.settle(said, source: "plain", agents: ["anna"]) == (.customer, .explicit))
        #expect(rules.settle(said, source: "list", agents: ["anna"]) == (.agent, .agentList))
        #expect(rules.settle(said, source: "guess", agents: []) == (.customer, .majority))
        #expect(
            rules.settle(message("m", 0, .bot, author: "anna"), source: "list", agents: ["anna"]) == (.bot, .explicit))
        #expect(rules.settle(message("m", 0), source: "list", agents: ["anna"]) == (.customer, .agentList))
    }

    @Test func assemblyUsesTheList() {
        var facts = ConversationFacts(source: "list", key: "c")
        facts.messages = [message("1", 0, author: "bob"), message("2", 1, author: "anna"), message("3", 2, .system)]
        let assembler = ConversationAssembler(
            roles: RoleRules(bySource: ["list": .agentList]), agents: ["list": ["anna"]])
        let roles = assembler.assemble(facts).first?.messages.map(\.role)
        #expect(roles == [.customer, .agent, .system])
    }

    @Test func theMajorityIsFoundInAnyOrder() {
        let conversations = (0..<20).map { ("c\($0)", ["customer\($0)", $0 % 3 == 0 ? "ben" : "anna"]) }
        var forward = RoleMajority()
        var backward = RoleMajority()
        for (key, authors) in conversations { forward.add(conversation: key, authors: authors) }
        for (key, authors) in conversations.reversed() {
            var one = RoleMajority()
            one.add(conversation: key, authors: authors)
            backward.merge(one)
        }
        #expect(forward.agents == ["anna", "ben"] && backward.agents == forward.agents)
        #expect(forward.shares.first?.author == "anna" && forward.shares.first?.share == 0.65)
        #expect(RoleMajority().agents.isEmpty && RoleMajority().shares.isEmpty)
    }
}
