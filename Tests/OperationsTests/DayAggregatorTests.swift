import Aggregates
import Foundation
import Operations
import Records
import Runtime
import Support
import Testing

private let firstDay = CivilDate(year: 2026, month: 11, day: 16)

private func shanghai() throws -> LocalZone { try #require(LocalZone(identifier: "Asia/Shanghai")) }

private func cases(_ count: Int, seed: UInt64) throws -> [ServiceCase] {
    let schedule = try BusinessCalendar(zone: try shanghai(), weekly: (1...5).map { ($0, "09:00-18:00") })
    let measurer = CaseMeasurer(schedule: schedule)
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { index in
        var item = measurer.measure(randomTimeline(&random, id: "\(index)"))
        item.group = ["g", nil][Int.random(in: 0...1, using: &random)]
        item.labels.intent = ["ask", "complain", nil][Int.random(in: 0...2, using: &random)]
        item.labels.category = "other"
        item.labels.negativeMessages = Int32.random(in: 0...2, using: &random)
        item.labels.neutralMessages = Int32.random(in: 0...2, using: &random)
        item.labels.positiveMessages = Int32.random(in: 0...2, using: &random)
        return item
    }
}

private func aggregate(
    _ cases: [ServiceCase], _ days: [CivilDate], _ zone: LocalZone
) -> (cells: [DailyCell], hourly: [HourlyCell]) {
    var aggregator = DayAggregator(days: days, zone: zone)
    for item in cases { aggregator.add(item) }
    return aggregator.finish()
}

/// The slow and obvious twin: for one metric, day and segment, straight from the definitions.
private struct Twin {
    let cases: [ServiceCase]
    let zone: LocalZone

    func day(_ at: Timestamp?) -> CivilDate? { at.map(zone.day) }

    func isOpen(_ item: ServiceCase, endOf date: CivilDate) -> Bool {
        item.states.last { $0.at < zone.start(of: date + 1) }?.status.isUnsolved ?? false
    }

    func values(_ metric: Metric, _ date: CivilDate) -> [Int64] {
        cases.compactMap { item in
            let isSolved = item.states.last?.status.isSolved ?? false
            let solvedToday = day(item.lastResolvedAt) == date
            let touched = isSolved && solvedToday
            switch metric {
            case .casesCreated: return day(item.openedAt) == date ? 1 : nil
            case .participants: return day(item.openedAt) == date ? Int64(item.participants) : nil
            case .replied: return day(item.openedAt) == date && item.firstReplyAt != nil ? 1 : nil
            case .unreplied:
                return day(item.openedAt) == date && item.firstReplyAt == nil && item.replies != nil ? 1 : nil
            case .firstReply: return day(item.firstReplyAt) == date ? item[.firstReply]?.calendar : nil
            case .firstResolution: return day(item.firstResolvedAt) == date ? item[.firstResolution]?.calendar : nil
            case .fullResolution: return touched ? item[.fullResolution]?.calendar : nil
            case .requesterWait: return touched ? item[.requesterWait]?.calendar : nil
            case .caseDuration: return day(item.lastEventAt) == date ? item[.caseDuration]?.calendar : nil
            case .solved: return touched ? 1 : nil
            case .zeroTouch: return touched && item.replies == 0 ? 1 : nil
            case .oneTouch: return touched && item.replies == 1 ? 1 : nil
            case .multiTouch: return touched && (item.replies ?? 0) > 2 ? 1 : nil
            case .reopens: return solvedToday ? item.reopens.map(Int64.init) : nil
            case .ratingsGood: return day(item.ratedAt) == date && item.rating == .good ? 1 : nil
            case .sentimentNegative: return day(item.openedAt) == date ? Int64(item.labels.negativeMessages) : nil
            case .backlog: return isOpen(item, endOf: date) ? 1 : nil
            case .unrepliedBacklog:
                guard isOpen(item, endOf: date), item.replies != nil || item.firstReplyAt != nil else { return nil }
                return item.firstReplyAt.map { $0 < zone.start(of: date + 1) } ?? false ? nil : 1
            case .messages, .agentMessages, .customerMessages:
                let role: Role? = metric == .agentMessages ? .agent : metric == .customerMessages ? .customer : nil
                let count = item.activity.filter {
                    zone.day(of: $0.start) == date && $0.isPublic && $0.role != .system
                        && (role == nil || $0.role == role)
                }.reduce(0) { $0 + Int64($1.count) }
                return count > 0 ? count : nil
            default: return nil
            }
        }
    }
}

@Suite struct DayAggregatorTests {
    private static let twinned: [Metric] = [
        .casesCreated, .participants, .replied, .unreplied, .firstReply, .firstResolution, .fullResolution,
        .requesterWait,
        .caseDuration, .solved, .zeroTouch, .oneTouch, .multiTouch, .reopens, .ratingsGood, .sentimentNegative,
        .backlog,
        .unrepliedBacklog, .messages, .agentMessages, .customerMessages,
    ]

    @Test(arguments: [111, 112] as [UInt64])
    func cellsAgreeWithTheSlowTwin(seed: UInt64) throws {
        let zone = try shanghai()
        let cases = try cases(300, seed: seed)
        let days = (0..<30).map { firstDay + $0 }
        let cube = DailyCube(cells: aggregate(cases, days, zone).cells)
        let twin = Twin(cases: cases, zone: zone)
        for metric in DayAggregatorTests.twinned {
            for day in days {
                let expected = twin.values(metric, day)
                let tally = cube.total(metric, day...day).calendar
                #expect(tally.sum == expected.reduce(0, +), "\(metric) on \(day), seed \(seed)")
                if metric.kind == .duration {
                    #expect(tally.count == Int64(expected.count) && tally.sketch.count == tally.count)
                }
            }
        }
    }

    @Test func onlyTheDaysAskedForAreMade() throws {
        let zone = try shanghai()
        let cases = try cases(200, seed: 5)
        let all = aggregate(cases, (0..<20).map { firstDay + $0 }, zone)
        let some = [firstDay + 17, firstDay + 3, firstDay + 4, firstDay + 3]
        let few = aggregate(cases, some, zone)
        #expect(few.cells == all.cells.filter { some.contains($0.day) } && !few.cells.isEmpty)
        #expect(few.hourly == all.hourly.filter { some.contains($0.day) })
        #expect(aggregate(cases, [], zone).cells.isEmpty)
    }

    @Test(arguments: [121, 122] as [UInt64])
    func orderAndShardsDoNotMatter(seed: UInt64) throws {
        let zone = try shanghai()
        var random = SeededGenerator(seed: seed)
        var cases = try cases(200, seed: seed)
        let days = (0..<15).map { firstDay + $0 }
        let whole = aggregate(cases, days, zone)
        for shards in [1, 2, 5] {
            cases.shuffle(using: &random)
            var parts = (0..<shards).map { _ in DayAggregator(days: days, zone: zone) }
            for (index, item) in cases.enumerated() { parts[index % shards].add(item) }
            parts.shuffle(using: &random)
            var merged = DayAggregator(days: days.reversed(), zone: zone)
            for part in parts { merged.merge(part) }
            let result = merged.finish()
            #expect(result.cells == whole.cells && result.hourly == whole.hourly, "seed \(seed), \(shards) shards")
        }
        let order = whole.cells.map { ($0.day, $0.cuboid == .topic ? 0 : 1, $0.metric.index, $0.segment) }
        #expect(zip(order, order.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func numbersBelongToThePersonWhoActed() throws {
        let zone = try shanghai()
        var line = timeline(
            [customer(0), agent(5, "ben"), agent(9, "anna")],
            events: [status(20, "solved", from: "open", by: "carl", role: .agent)],
            ratings: [rating(30, "good", agent: "ben")])
        line.ticket?.assigneeID = "anna"
        let cube = DailyCube(cells: aggregate([CaseMeasurer(schedule: nil).measure(line)], [firstDay], zone).cells)
        func agents(_ metric: Metric) -> [String?] { cube.by(.agent, metric, firstDay...firstDay).map(\.value) }
        #expect(agents(.firstReply) == ["ben"] && agents(.replies) == ["anna", "ben"] && agents(.solved) == ["carl"])
        #expect(agents(.fullResolution) == ["carl"] && agents(.ratingsGood) == ["ben"] && agents(.messages) == [])
        #expect(cube.total(.multiTouch, firstDay...firstDay).calendar.sum == 0)
        #expect(cube.total(.twoTouch, firstDay...firstDay).calendar.sum == 1)
        #expect(cube.by(.channel, .firstReply, firstDay...firstDay).map(\.value) == ["mail"])
    }

    @Test func midnightBelongsToTheNextDay() throws {
        let zone = try shanghai()
        // 15 hours after 09:00 is midnight.
        let line = timeline([customer(0)], events: [status(15 * 60, "solved", from: "open")])
        let days = [firstDay, firstDay + 1]
        let cube = DailyCube(cells: aggregate([CaseMeasurer(schedule: nil).measure(line)], days, zone).cells)
        #expect(cube.series(.backlog, days[0]...days[1]).map(\.measure.calendar.sum) == [1, 0])
        #expect(cube.series(.solved, days[0]...days[1]).map(\.measure.calendar.sum) == [0, 1])
    }

    @Test func touchedDays() throws {
        let zone = try shanghai()
        let line = timeline(
            [customer(0), agent(1_440)],
            events: [status(2 * 1_440, "solved", from: "open"), status(5 * 1_440, "open")],
            ratings: [rating(9 * 1_440, "5")])
        let item = CaseMeasurer(schedule: nil).measure(line)
        #expect(CaseDays.events(of: item, zone: zone) == Set([0, 1, 2, 5, 9].map { firstDay + $0 }))
        let stock = CaseDays.stock(of: item, zone: zone, last: firstDay + 7)
        #expect(stock == [firstDay...(firstDay + 1), (firstDay + 5)...(firstDay + 7)])
        #expect(CaseDays.stock(of: item, zone: zone, last: firstDay + 3) == [firstDay...(firstDay + 1)])
    }

    @Test(arguments: [131, 132] as [UInt64])
    func everyDayWithACellOfACaseIsAmongItsTouchedDays(seed: UInt64) throws {
        let zone = try shanghai()
        let days = (0..<40).map { firstDay + $0 }
        for item in try cases(60, seed: seed) {
            var touched = CaseDays.events(of: item, zone: zone)
            for range in CaseDays.stock(of: item, zone: zone, last: days[39]) {
                for offset in 0...(range.upperBound - range.lowerBound) { touched.insert(range.lowerBound + offset) }
            }
            let made = Set(aggregate([item], days, zone).cells.map(\.day))
            #expect(made.isSubset(of: touched), "seed \(seed), case \(item.id)")
        }
    }

    @Test func hoursAreLocal() throws {
        let item = CaseMeasurer(schedule: nil).measure(
            timeline([customer(0), agent(61), bot(62), agent(63, isPublic: false)]))
        let hourly = aggregate([item], [firstDay], try shanghai()).hourly
        #expect(
            hourly.map(\.hour) == [9, 9, 9, 10, 10]
                && hourly.map(\.metric) == [.casesCreated, .messages, .customerMessages, .messages, .agentMessages])
        #expect(hourly.map(\.count) == [1, 1, 1, 2, 1])
    }
}

@Suite struct ReconciliationTests {
    @Test(arguments: [141, 142, 143] as [UInt64])
    func soundNumbersGiveNoWarning(seed: UInt64) throws {
        let zone = try shanghai()
        let cases = try cases(300, seed: seed)
        let days = (0..<40).map { firstDay + $0 }
        var whole = Reconciliation(days: days, zone: zone)
        var halves = [whole, whole]
        for (index, item) in cases.enumerated() {
            whole.add(item)
            halves[index % 2].add(item)
        }
        let result = aggregate(cases, days, zone)
        #expect(whole.check(cells: result.cells, hourly: result.hourly) == [], "seed \(seed)")
        halves[0].merge(halves[1])
        #expect(halves[0].check(cells: result.cells, hourly: result.hourly) == [])
    }

    @Test(arguments: [
        (Metric.replied, 1), (.zeroTouch, 2), (.backlog, 3), (.solveTime, 5), (.agentWait, 5), (.ratingsGood, 12),
        (.ticketsCreated, 15), (.agentMessages, 15), (.customerMessages, 15), (.solved, 16), (.messages, 16),
    ])
    func aChangedCellIsFound(metric: Metric, identity: Int) throws {
        let zone = try shanghai()
        let cases = try cases(200, seed: 7)
        let days = (0..<20).map { firstDay + $0 }
        var ledger = Reconciliation(days: days, zone: zone)
        for item in cases { ledger.add(item) }
        var result = aggregate(cases, days, zone)
        let index = try #require(result.cells.lastIndex { $0.metric == metric && $0.cuboid == .topic })
        result.cells[index].calendar.sum += 3
        let day = result.cells[index].day
        let warnings = ledger.check(cells: result.cells, hourly: result.hourly)
        #expect(
            warnings.contains { $0.hasPrefix("reconciliation \(identity) ") && $0.contains("\(day)") }, "\(warnings)")
        #expect(!warnings.contains { $0.contains("()") })
    }

    @Test func aBrokenCaseIsFound() throws {
        let zone = try shanghai()
        let sound = CaseMeasurer(schedule: nil).measure(
            timeline([customer(0), agent(4)], events: [status(9, "solved", from: "open")]))
        let breaks: [(Int, (inout ServiceCase) -> Void)] = [
            (5, { $0[.solveTime]?.calendar += 1 }), (5, { $0[.onHold]?.calendar += 1 }),
            (6, { $0[.firstResolution]?.calendar += 1 }), (7, { $0.reopens = 4 }),
            (8, { $0[.firstReply]?.business = 1 << 40 }), (8, { $0[.agentWork]?.business = -1 }),
            (11, { $0[.firstReply] = nil }),
        ]
        for (identity, change) in breaks {
            var ledger = Reconciliation(days: [firstDay], zone: zone)
            for _ in 0..<10 {
                var item = sound
                change(&item)
                ledger.add(item)
            }
            let warnings = ledger.check(cells: [], hourly: []).filter { $0.contains("broken by") }
            #expect(
                warnings.contains {
                    $0.hasPrefix("reconciliation \(identity) ") && $0.contains("10 cases") && $0.contains("s/t")
                })
        }
    }

    @Test func businessAboveCalendarInACellIsFound() throws {
        var cell = DailyCell(
            day: firstDay, cuboid: .topic, metric: .onHold, segment: SegmentKey(), calendar: Tally(count: 1, sum: 5))
        cell.business.sum = 9
        let warnings = Reconciliation(days: [firstDay], zone: .utc).check(cells: [cell], hourly: [])
        #expect(
            warnings.contains { $0.hasPrefix("reconciliation 8 ") }
                && warnings.contains { $0.hasPrefix("reconciliation 11 ") })
    }
}

@Suite struct MetricCatalogueTests {
    @Test func everyMetricIsDefinedOnceInBothLanguages() {
        let all = MetricCatalogue.definitions(profile: .zendesk)
        #expect(all.map(\.metric) == Metric.allCases)
        #expect(Set(all.map(\.title.en)).count == all.count && Set(all.map(\.title.zh)).count == all.count)
        #expect(Set(all.map(\.definition.en)).count == all.count && Set(all.map(\.definition.zh)).count == all.count)
        for one in all {
            #expect(one.definition.en.hasSuffix(".") && one.definition.zh.hasSuffix("。"), "\(one.metric)")
            #expect(one.definition.zh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
            #expect(["created", "event", "solved", "end of day"].contains(one.attribution) && one.profile == "zendesk")
            #expect((one.kind == .stock) == (one.attribution == "end of day") && !one.source.isEmpty)
        }
    }
}

@Suite struct ExplanationTests {
    @Test func namesTheEventsBehindTheNumbers() throws {
        let schedule = BusinessCalendar.always(zone: try shanghai())
        let line = timeline(
            [customer(0), agent(2, isPublic: false), agent(5, "ben")],
            events: [status(-3, "open"), status(9, "solved", from: "open", by: "ben", role: .agent)],
            ratings: [rating(12, "good"), rating(13, "offered")])
        let lines = CaseMeasurer(schedule: schedule).explain(line)
        let text = lines.map(\.text)
        #expect(
            text.contains("message a5 by agent ben ← first reply") && text.contains("private note a2 by agent anna"))
        #expect(text.contains("status: open → solved by ben ← first resolution ← full resolution"))
        #expect(text.contains { $0.hasPrefix("first_reply: 300 s, business 300 s = ") })
        #expect(text.contains("rating good = good") && text.contains("rating offered = no verdict"))
        #expect(text.contains("resolution credited to ben") && text.contains { $0.contains("before the opening") })
        let times = lines.compactMap(\.at)
        #expect(times == times.sorted() && lines.first?.kind == .header)
    }

    @Test func saysWhyANumberIsMissing() {
        let measurer = CaseMeasurer(schedule: nil)
        var line = timeline(status: .closed)
        line.ticket?.solvedAt = minute(-1)
        line.ticket?.firstReplyAt = minute(-1)
        var text = measurer.explain(line).map(\.text)
        #expect(text.contains("first_reply: none (the stamp lies before the opening)"))
        #expect(text.contains("first_resolution: none (the stamp lies before the opening)"))
        line.ticket?.solvedAt = minute(4)
        line.ticket?.firstReplyAt = Timestamp(milliseconds: minute(0).milliseconds + 1_050)
        text = measurer.explain(line).map(\.text)
        #expect(text.contains { $0.hasPrefix("first_reply: 1.050 s = ") })
        #expect(
            text.contains("first reply, by the source's own stamp")
                && text.contains("closed, by the source's own stamp"))
        text = measurer.explain(timeline(status: .open)).map(\.text)
        #expect(
            text.contains("first_resolution: none (never solved)")
                && text.contains("case_duration: none (a single event)"))
        #expect(text.contains("full_resolution: none (not solved now)"))
        #expect(measurer.explain(timeline()).map(\.text).contains("solve_time: none (no states known)"))
        var guessed = timeline([customer(0)])
        guessed.messages[0].roleOrigin = .majority
        #expect(measurer.explain(guessed).contains { $0.text.hasSuffix("(role from majority)") })
    }
}
