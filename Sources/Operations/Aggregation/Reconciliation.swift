package import Aggregates
package import Records
package import Runtime

/// The identities that must hold between the numbers of a run; each broken one is a warning for the report.
///
/// Cases are added as they are aggregated, which checks each of them and counts, in a second and simpler way, what the
/// cells should add up to. Numbers refer to section 7 of the metrics reference in `docs/metrics.md`.
package struct Reconciliation: Sendable {
    /// Wording of the identities that are checked, by number; messages use it.
    package static let identities: [Int: String] = [
        1: "cases = replied + unreplied, among those whose source tells of replies",
        2: "solved = zero-touch + one-touch + two-touch + multi-touch, among those whose source tells of replies",
        3: "backlog = backlog of the day before + created + reopened - solved transitions - removed",
        5: "solve time = requester wait + agent wait; requester wait = agent work + on hold",
        6: "first resolution is at most full resolution, and equal to it without a reopening",
        7: "reopens = transitions into solved less one",
        8: "0 <= business time <= calendar time",
        11: "a first reply time exists exactly for replied cases",
        12: "good + neutral + bad ratings = rated cases",
        15: "the parts of a total add up to it",
        16: "cells agree with a count of the cases themselves",
    ]

    private let zone: LocalZone
    private let days: [CivilDate]
    private let wanted: Set<CivilDate>
    private var expected: [Key: Int64] = [:]
    /// Created cases that never had a state, by day: they are outside the backlog's identity.
    private var stateless: [CivilDate: Int64] = [:]
    private var silent: [CivilDate: Int64] = [:]
    private var silentSolved: [CivilDate: Int64] = [:]
    private var broken: [Int: (count: Int, samples: [String])] = [:]

    private struct Key: Hashable {
        var metric: Metric
        var day: CivilDate
    }

    package init(days: some Sequence<CivilDate>, zone: LocalZone) {
        self.zone = zone
        wanted = Set(days)
        self.days = wanted.sorted()
    }

    // MARK: Cases

    package mutating func add(_ item: ServiceCase) {
        checkCase(item)
        let created = zone.day(of: item.openedAt)
        count(.casesCreated, created)
        if item.states.isEmpty && wanted.contains(created) { stateless[created, default: 0] += 1 }
        if item.firstReplyAt != nil {
            count(.replied, created)
        } else if item.replies != nil {
            count(.unreplied, created)
        } else if wanted.contains(created) {
            silent[created, default: 0] += 1
        }
        for entry in item.activity where entry.isPublic && entry.role != .system {
            count(.messages, zone.day(of: entry.start), Int64(entry.count))
        }
        if let at = item.lastResolvedAt, item.status?.isSolved == true, item.states.last?.status.isSolved == true {
            count(.solved, zone.day(of: at))
            if item.replies == nil && wanted.contains(zone.day(of: at)) {
                silentSolved[zone.day(of: at), default: 0] += 1
            }
        }
        if item.rating != nil, let at = item.ratedAt { count(.ratingsGood, zone.day(of: at)) }
    }

    private mutating func count(_ metric: Metric, _ day: CivilDate, _ value: Int64 = 1) {
        if wanted.contains(day) { expected[Key(metric: metric, day: day), default: 0] += value }
    }

    private mutating func checkCase(_ item: ServiceCase) {
        func calendar(_ metric: DurationMetric) -> Int64? { item[metric]?.calendar }
        func business(_ metric: DurationMetric) -> Int64? { item[metric]?.business }
        for read in [calendar, business] {
            guard let wait = read(.requesterWait), let work = read(.agentWork), let other = read(.agentWait),
                let hold = read(.onHold), let all = read(.solveTime)
            else { continue }
            if all != wait + other {
                fail(5, item, "solve_time \(all) ms, requester_wait + agent_wait \(wait + other) ms")
            }
            if wait != work + hold {
                fail(5, item, "requester_wait \(wait) ms, agent_work + on_hold \(work + hold) ms")
            }
        }
        if let first = calendar(.firstResolution), let full = calendar(.fullResolution) {
            if first > full || (item.reopens == 0 && first != full) {
                fail(6, item, "first_resolution \(first) ms, full_resolution \(full) ms, reopens \(item.reopens ?? 0)")
            }
        }
        let solvings = StateHistory.solvings(item.states).count
        if let reopens = item.reopens, reopens != max(0, solvings - 1) {
            fail(7, item, "reopens \(reopens), transitions into solved \(solvings)")
        }
        for metric in DurationMetric.allCases {
            guard let value = item[metric] else { continue }
            if value.calendar < 0 || (value.business.map { $0 < 0 || $0 > value.calendar } ?? false) {
                let name = metric.metric.rawValue
                fail(8, item, "\(name) calendar \(value.calendar) ms, business \(value.business ?? 0) ms")
            }
        }
        if (item[.firstReply] != nil) != (item.firstReplyAt != nil) {
            let (time, at) = (item[.firstReply] == nil ? 0 : 1, item.firstReplyAt == nil ? 0 : 1)
            fail(11, item, "first_reply values \(time), replies \(at)")
        }
    }

    private mutating func fail(_ identity: Int, _ item: ServiceCase, _ numbers: String) {
        var entry = broken[identity] ?? (0, [])
        entry.count += 1
        entry.samples.append("\(item.source)/\(item.id): \(numbers)")
        // A few samples, always the same ones whatever the order of cases.
        if entry.samples.count > 8 { entry.samples = Array(entry.samples.sorted(by: precedes).prefix(3)) }
        broken[identity] = entry
    }

    package mutating func merge(_ other: Reconciliation) {
        expected.merge(other.expected, uniquingKeysWith: +)
        stateless.merge(other.stateless, uniquingKeysWith: +)
        silent.merge(other.silent, uniquingKeysWith: +)
        silentSolved.merge(other.silentSolved, uniquingKeysWith: +)
        broken.merge(other.broken) { ($0.count + $1.count, $0.samples + $1.samples) }
    }

    // MARK: Cells

    /// One warning for each broken identity and day, naming the metric, the day and both numbers; empty when all hold.
    package func check(cells: [DailyCell], hourly: [HourlyCell]) -> [String] {
        var warnings: [String] = []
        for (identity, entry) in broken.sorted(by: { $0.key < $1.key }) {
            let samples = entry.samples.sorted(by: precedes).prefix(3).joined(separator: "; ")
            warnings.append("\(text(identity)): broken by \(entry.count) cases, such as \(samples)")
        }
        let sums = Sums(cells: cells, hourly: hourly)
        for day in days {
            func sum(_ metric: Metric) -> Int64 { sums.topic[Sums.Key(metric: metric, day: day)]?.sum ?? 0 }
            func own(_ metric: Metric) -> Int64 { expected[Key(metric: metric, day: day)] ?? 0 }
            func compare(_ identity: Int, _ metric: Metric, _ a: Int64, _ b: Int64) {
                if a != b { warnings.append("\(text(identity)): \(metric.rawValue) on \(day) is \(a), expected \(b)") }
            }
            compare(1, .casesCreated, sum(.casesCreated) - (silent[day] ?? 0), sum(.replied) + sum(.unreplied))
            compare(
                2, .solved, sum(.solved) - (silentSolved[day] ?? 0),
                sum(.zeroTouch) + sum(.oneTouch) + sum(.twoTouch) + sum(.multiTouch))
            if wanted.contains(day - 1) {
                let before = sums.topic[Sums.Key(metric: .backlog, day: day - 1)]?.sum ?? 0
                compare(
                    3, .backlog, sum(.backlog),
                    before + sum(.casesCreated) - (stateless[day] ?? 0) + sum(.reopened) - sum(.solvedTransitions)
                        - sum(.removed))
            }
            compare(5, .solveTime, sum(.solveTime), sum(.requesterWait) + sum(.agentWait))
            compare(5, .requesterWait, sum(.requesterWait), sum(.agentWork) + sum(.onHold))
            compare(12, .ratingsGood, sum(.ratingsGood) + sum(.ratingsNeutral) + sum(.ratingsBad), own(.ratingsGood))
            compare(15, .casesCreated, sum(.casesCreated), sum(.ticketsCreated) + sum(.conversationsOpened))
            compare(15, .messages, sum(.messages), sum(.customerMessages) + sum(.agentMessages) + sum(.botMessages))
            for metric in Reconciliation.personal {
                let key = Sums.Key(metric: metric, day: day)
                compare(15, metric, sums.agent[key]?.sum ?? 0, sum(metric))
            }
            for metric in [Metric.casesCreated, .messages, .customerMessages, .agentMessages] {
                compare(15, metric, sums.hourly[Sums.Key(metric: metric, day: day)] ?? 0, sum(metric))
            }
            for metric in [Metric.casesCreated, .replied, .unreplied, .messages, .solved] {
                compare(16, metric, sum(metric), own(metric))
            }
            for metric in Metric.allCases where metric.kind == .duration {
                guard let tally = sums.topic[Sums.Key(metric: metric, day: day)] else { continue }
                if tally.business > tally.sum { compare(8, metric, tally.business, tally.sum) }
                if tally.sketched != tally.count { compare(11, metric, tally.sketched, tally.count) }
            }
        }
        return warnings
    }

    /// Metrics that both cuboids hold.
    package static let personal: [Metric] = [
        .agentMessages, .replies, .firstReply, .firstResolution, .fullResolution, .solved, .solvedTransitions,
        .ratingsGood, .ratingsNeutral, .ratingsBad,
    ]

    private func text(_ identity: Int) -> String {
        "reconciliation \(identity) (\(Reconciliation.identities[identity] ?? ""))"
    }
}

private func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

/// Totals of cells by metric and day.
private struct Sums {
    struct Key: Hashable {
        var metric: Metric
        var day: CivilDate
    }
    struct Total {
        var count: Int64 = 0
        var sum: Int64 = 0
        var business: Int64 = 0
        var sketched: Int64 = 0
    }
    var topic: [Key: Total] = [:]
    var agent: [Key: Total] = [:]
    var hourly: [Key: Int64] = [:]

    init(cells: [DailyCell], hourly cells2: [HourlyCell]) {
        for cell in cells {
            let key = Key(metric: cell.metric, day: cell.day)
            var total = (cell.cuboid == .topic ? topic[key] : agent[key]) ?? Total()
            total.count += cell.calendar.count
            total.sum += cell.calendar.sum
            total.business += cell.business.sum
            total.sketched += cell.calendar.sketch.count
            if cell.cuboid == .topic { topic[key] = total } else { agent[key] = total }
        }
        for cell in cells2 { hourly[Key(metric: cell.metric, day: cell.day), default: 0] += cell.count }
    }
}
