package import Aggregates
package import Records
package import Runtime

/// Adds cases up to daily and hourly cells of the days that were asked for.
///
/// Attribution: volume and `participants`, `replied`, `unreplied`, `handoffs` and feelings to the day of creation;
/// messages, `replies`, `first_reply`, `solved_transitions`, `reopened`, `removed` and ratings to their own instant;
/// `first_resolution` to the first solving; `full_resolution`, the times in states, touches, `solved` and `reopens` to
/// the last solving (`reopens` also while the case is open again); `case_duration` to the last event; stocks to the end
/// of the local day. The result does not depend on the order of cases, and aggregators over the same days merge.
///
/// `Tally.count` is the number of cases that gave a value (for `replies` and messages: case-days), for a stock the
/// stock itself. Cells whose count and sum are zero are left out.
package struct DayAggregator: Sendable {
    package let zone: LocalZone
    /// Ascending, without repetition.
    package let days: [CivilDate]
    /// For each day the first instant after it.
    private let dayEnds: [Int64]
    private let positions: [CivilDate: Int32]

    private var names: [String: Int32] = [:]
    private var nameList: [String] = []
    private var segments: [PackedSegment: Int32] = [:]
    private var segmentList: [PackedSegment] = []
    private var table = IntegerTable()
    /// By position in `table`.
    private var tallies: [Sums] = []
    private var sketches: [Sketches] = []
    private var hourTable = IntegerTable()
    private var hours: [(key: UInt64, count: Int64)] = []
    /// Per stock and segment: change of the stock at each day's position.
    private var stocks: [UInt64: [Int64]] = [:]

    /// The sums of one cell, without anything that is counted by reference.
    private struct Sums: Sendable {
        var key: UInt64
        var count: Int64 = 0
        var sum: Int64 = 0
        var businessCount: Int64 = 0
        var businessSum: Int64 = 0
        /// Position in `sketches`, −1 for a count.
        var sketch: Int32 = -1
    }

    private struct Sketches: Sendable {
        var calendar = DurationSketch()
        var business = DurationSketch()
    }

    /// A segment with interned names; −1 stands for "does not say".
    private struct PackedSegment: Hashable, Sendable {
        var cuboid: UInt8
        var channel: Int32
        var group: Int32
        var agent: Int32
        var category: Int32
        var intent: Int32
    }

    package init(days: some Sequence<CivilDate>, zone: LocalZone) {
        self.zone = zone
        self.days = Set(days).sorted()
        dayEnds = self.days.map { zone.start(of: $0 + 1).milliseconds }
        positions = Dictionary(uniqueKeysWithValues: self.days.enumerated().map { ($1, Int32($0)) })
    }

    // MARK: Adding

    package mutating func add(_ item: ServiceCase) {
        let topic = TopicOfCase(aggregator: &self, item)
        addCreation(item, topic)
        addActivity(item, topic)
        addReplies(item, topic)
        addSolving(item, topic)
        addRating(item, topic)
        addStocks(item, topic.segment)
    }

    /// The interned segment of a case, and how to cut it by an agent.
    private struct TopicOfCase {
        let segment: Int32
        let channel: Int32
        let group: Int32

        init(aggregator: inout DayAggregator, _ item: ServiceCase) {
            channel = aggregator.name(item.channel)
            group = aggregator.name(item.group)
            segment = aggregator.segment(
                PackedSegment(
                    cuboid: 0, channel: channel, group: group, agent: -1,
                    category: aggregator.name(item.sourceCategory ?? item.labels.category),
                    intent: aggregator.name(item.labels.intent)))
        }
    }

    private mutating func addCreation(_ item: ServiceCase, _ topic: TopicOfCase) {
        guard let day = position(of: item.openedAt) else { return }
        let segment = topic.segment
        add(.casesCreated, day, segment, 1)
        add(item.kind == .ticket ? .ticketsCreated : .conversationsOpened, day, segment, 1)
        add(.participants, day, segment, Int64(item.participants))
        if item.firstReplyAt != nil {
            add(.replied, day, segment, 1)
        } else if item.replies != nil {
            add(.unreplied, day, segment, 1)
        }
        if let handoffs = item.handoffs { add(.handoffs, day, segment, Int64(handoffs)) }
        let labels = item.labels
        if labels.negativeMessages > 0 { add(.sentimentNegative, day, segment, Int64(labels.negativeMessages)) }
        if labels.neutralMessages > 0 { add(.sentimentNeutral, day, segment, Int64(labels.neutralMessages)) }
        if labels.positiveMessages > 0 { add(.sentimentPositive, day, segment, Int64(labels.positiveMessages)) }
        addHour(.casesCreated, day, zone.hour(of: item.openedAt), topic.channel, 1)
    }

    private mutating func addActivity(_ item: ServiceCase, _ topic: TopicOfCase) {
        var index = 0
        let activity = item.activity
        while index < activity.count {
            let date = zone.day(of: activity[index].start)
            var end = index
            while end < activity.count, zone.day(of: activity[end].start) == date { end += 1 }
            defer { index = end }
            guard let day = positions[date] else { continue }
            var byRole: [Int64] = [0, 0, 0, 0]
            var byAgent: [(agent: String?, count: Int64)] = []
            for entry in activity[index..<end] where entry.isPublic && entry.role != .system {
                let count = Int64(entry.count)
                byRole[Int(entry.role.code)] += count
                let hour = zone.hour(of: entry.start)
                addHour(.messages, day, hour, topic.channel, count)
                if entry.role == .customer { addHour(.customerMessages, day, hour, topic.channel, count) }
                if entry.role == .agent {
                    addHour(.agentMessages, day, hour, topic.channel, count)
                    if let known = byAgent.firstIndex(where: { $0.agent == entry.agent }) {
                        byAgent[known].count += count
                    } else {
                        byAgent.append((entry.agent, count))
                    }
                }
            }
            let metrics: [Metric] = [.customerMessages, .agentMessages, .botMessages]
            for (role, metric) in metrics.enumerated() where byRole[role] > 0 {
                add(metric, day, topic.segment, byRole[role])
            }
            let all = byRole[0] + byRole[1] + byRole[2]
            if all > 0 { add(.messages, day, topic.segment, all) }
            for (agent, count) in byAgent { add(.agentMessages, day, personal(topic, agent), count) }
        }
    }

    private mutating func addReplies(_ item: ServiceCase, _ topic: TopicOfCase) {
        if let at = item.firstReplyAt, let value = item[.firstReply], let day = position(of: at) {
            add(.firstReply, day, topic.segment, value)
            add(.firstReply, day, personal(topic, item.firstReplyAgent), value)
        }
        for reply in Replies.list(activity: item.activity, channel: item.channel) {
            guard let day = position(of: Timestamp(milliseconds: Int64(reply.quarter) * 900_000)) else { continue }
            add(.replies, day, topic.segment, Int64(reply.count))
            add(.replies, day, personal(topic, reply.agent), Int64(reply.count))
        }
    }

    private mutating func addSolving(_ item: ServiceCase, _ topic: TopicOfCase) {
        let solvings = StateHistory.solvings(item.states)
        if let first = solvings.first, let day = position(of: first.at), let value = item[.firstResolution] {
            add(.firstResolution, day, topic.segment, value)
            add(.firstResolution, day, personal(topic, first.actor), value)
        }
        for solving in solvings {
            guard let day = position(of: solving.at) else { continue }
            add(.solvedTransitions, day, topic.segment, 1)
            add(.solvedTransitions, day, personal(topic, solving.actor), 1)
        }
        for change in StateHistory.reopenings(item.states) {
            if let day = position(of: change.at) { add(.reopened, day, topic.segment, 1) }
        }
        for change in StateHistory.removals(item.states) {
            if let day = position(of: change.at) { add(.removed, day, topic.segment, 1) }
        }
        if let value = item[.caseDuration], let day = position(of: item.lastEventAt) {
            add(.caseDuration, day, topic.segment, value)
        }
        guard let last = solvings.last, let day = position(of: last.at) else { return }
        if let reopens = item.reopens { add(.reopens, day, topic.segment, Int64(reopens)) }
        guard item.states.last?.status.isSolved == true else { return }
        add(.solved, day, topic.segment, 1)
        add(.solved, day, personal(topic, last.actor), 1)
        if let touches = item.replies {
            let metric: Metric =
                touches == 0 ? .zeroTouch : touches == 1 ? .oneTouch : touches == 2 ? .twoTouch : .multiTouch
            add(metric, day, topic.segment, 1)
        }
        if let value = item[.fullResolution] {
            add(.fullResolution, day, topic.segment, value)
            add(.fullResolution, day, personal(topic, last.actor), value)
        }
        for duration in [DurationMetric.requesterWait, .agentWork, .agentWait, .onHold, .solveTime] {
            if let value = item[duration] { add(duration.metric, day, topic.segment, value) }
        }
    }

    private mutating func addRating(_ item: ServiceCase, _ topic: TopicOfCase) {
        guard let rating = item.rating, let at = item.ratedAt, let day = position(of: at) else { return }
        let metric: Metric =
            switch rating {
            case .good: .ratingsGood
            case .neutral: .ratingsNeutral
            case .bad: .ratingsBad
            }
        add(metric, day, topic.segment, 1)
        add(metric, day, personal(topic, item.ratingAgent), 1)
    }

    private mutating func addStocks(_ item: ServiceCase, _ segment: Int32) {
        guard !days.isEmpty else { return }
        for span in OpenSpans.of(item.states) {
            addStock(.backlog, segment, from: span.start, to: span.end)
            guard item.replies != nil || item.firstReplyAt != nil else { continue }
            let end = [span.end, item.firstReplyAt].compactMap { $0 }.min()
            if end.map({ $0 > span.start }) ?? true {
                addStock(.unrepliedBacklog, segment, from: span.start, to: end)
            }
        }
    }

    /// The stock counts a day when the case is open just before the day's end.
    private mutating func addStock(_ metric: Metric, _ segment: Int32, from start: Timestamp, to end: Timestamp?) {
        let first = firstDay(endingAfter: start.milliseconds)
        let last = end.map { firstDay(endingAfter: $0.milliseconds) } ?? days.count
        guard first < last else { return }
        let key = UInt64(metric.index) << 32 | UInt64(UInt32(bitPattern: segment))
        stocks[key, default: Array(repeating: 0, count: days.count + 1)][first] += 1
        stocks[key, default: []][last] -= 1
    }

    private func firstDay(endingAfter instant: Int64) -> Int {
        var low = 0
        var high = dayEnds.count
        while low < high {
            let middle = (low + high) / 2
            if dayEnds[middle] > instant { high = middle } else { low = middle + 1 }
        }
        return low
    }

    // MARK: Cells

    private func position(of instant: Timestamp) -> Int32? { positions[zone.day(of: instant)] }

    private mutating func name(_ text: String?) -> Int32 {
        guard let text else { return -1 }
        if let known = names[text] { return known }
        let next = Int32(nameList.count)
        names[text] = next
        nameList.append(text)
        return next
    }

    private mutating func segment(_ segment: PackedSegment) -> Int32 {
        if let known = segments[segment] { return known }
        let next = Int32(segmentList.count)
        segments[segment] = next
        segmentList.append(segment)
        return next
    }

    private mutating func personal(_ topic: TopicOfCase, _ agent: String?) -> Int32 {
        segment(
            PackedSegment(
                cuboid: 1, channel: topic.channel, group: topic.group, agent: name(agent), category: -1, intent: -1))
    }

    /// Bits: segment 32, day 24, metric 8.
    private static func key(_ metric: Metric, _ day: Int32, _ segment: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: segment)) << 32 | UInt64(UInt32(bitPattern: day)) << 8 | UInt64(metric.index)
    }

    private mutating func slot(_ key: UInt64) -> Int {
        let (position, isNew) = table.position(of: key)
        if isNew { tallies.append(Sums(key: key)) }
        return position
    }

    private mutating func add(_ metric: Metric, _ day: Int32, _ segment: Int32, _ value: Int64) {
        let slot = slot(DayAggregator.key(metric, day, segment))
        tallies[slot].count += 1
        tallies[slot].sum += value
    }

    private mutating func add(_ metric: Metric, _ day: Int32, _ segment: Int32, _ value: ClockedDuration) {
        let slot = slot(DayAggregator.key(metric, day, segment))
        let sketch = sketch(of: slot)
        tallies[slot].count += 1
        tallies[slot].sum += value.calendar
        sketches[sketch].calendar.insert(value.calendar)
        if let business = value.business {
            tallies[slot].businessCount += 1
            tallies[slot].businessSum += business
            sketches[sketch].business.insert(business)
        }
    }

    private mutating func sketch(of slot: Int) -> Int {
        if tallies[slot].sketch < 0 {
            tallies[slot].sketch = Int32(sketches.count)
            sketches.append(Sketches())
        }
        return Int(tallies[slot].sketch)
    }

    /// Bits: channel 32, day 19, hour 5, metric 8.
    private mutating func addHour(_ metric: Metric, _ day: Int32, _ hour: Int, _ channel: Int32, _ count: Int64) {
        addHour(
            UInt64(UInt32(bitPattern: channel)) << 32 | UInt64(UInt32(bitPattern: day)) << 13 | UInt64(hour) << 8
                | UInt64(metric.index), count)
    }

    private mutating func addHour(_ key: UInt64, _ count: Int64) {
        let (position, isNew) = hourTable.position(of: key)
        if isNew { hours.append((key, 0)) }
        hours[position].count += count
    }

    // MARK: Merging and reading

    /// Adds what another aggregator over the same days and zone has; the order of merging does not matter.
    package mutating func merge(_ other: DayAggregator) {
        precondition(days == other.days && zone.identifier == other.zone.identifier, "aggregators of different days")
        let nameMap = other.nameList.map { name($0) }
        func mapped(_ id: Int32) -> Int32 { id < 0 ? -1 : nameMap[Int(id)] }
        var segmentMap: [Int32] = []
        for segment in other.segmentList {
            segmentMap.append(
                self.segment(
                    PackedSegment(
                        cuboid: segment.cuboid, channel: mapped(segment.channel), group: mapped(segment.group),
                        agent: mapped(segment.agent), category: mapped(segment.category), intent: mapped(segment.intent)
                    )))
        }
        func renumbered(_ id: UInt64) -> UInt64 { UInt64(UInt32(bitPattern: segmentMap[Int(id)])) }
        for from in other.tallies {
            let slot = slot(renumbered(from.key >> 32) << 32 | from.key & 0xFFFF_FFFF)
            tallies[slot].count += from.count
            tallies[slot].sum += from.sum
            tallies[slot].businessCount += from.businessCount
            tallies[slot].businessSum += from.businessSum
            guard from.sketch >= 0 else { continue }
            let sketch = sketch(of: slot)
            sketches[sketch].calendar.merge(other.sketches[Int(from.sketch)].calendar)
            sketches[sketch].business.merge(other.sketches[Int(from.sketch)].business)
        }
        for (key, changes) in other.stocks {
            let own = (key >> 32) << 32 | renumbered(key & 0xFFFF_FFFF)
            var sums = stocks[own] ?? Array(repeating: 0, count: days.count + 1)
            for index in changes.indices { sums[index] += changes[index] }
            stocks[own] = sums
        }
        for (key, count) in other.hours {
            let channel = mapped(Int32(bitPattern: UInt32(key >> 32)))
            addHour(UInt64(UInt32(bitPattern: channel)) << 32 | key & 0xFFFF_FFFF, count)
        }
    }

    /// The cells in order of (day, cuboid, metric, segment) and (day, hour, metric, channel).
    package func finish() -> (cells: [DailyCell], hourly: [HourlyCell]) {
        let metrics = Metric.allCases
        let keys = segmentList.map { segment in
            SegmentKey(
                channel: text(segment.channel), group: text(segment.group), agent: text(segment.agent),
                category: text(segment.category), intent: text(segment.intent))
        }
        // Rank segments once, so that sorting cells compares integers.
        var rank = Array(repeating: 0, count: keys.count)
        for (position, index) in keys.indices.sorted(by: { keys[$0] < keys[$1] }).enumerated() {
            rank[index] = position
        }
        // Order as one number: day 20 bits, cuboid 1, metric 8, rank of the segment 35.
        func order(_ segment: Int, _ day: Int, _ metric: Int) -> UInt64 {
            UInt64(day) << 44 | UInt64(segmentList[segment].cuboid) << 43 | UInt64(metric) << 35 | UInt64(rank[segment])
        }
        // `slot` is a position in `tallies`, or −1 for a stock of `level`.
        var rows: [(order: UInt64, segment: Int32, slot: Int32, level: Int64)] = []
        rows.reserveCapacity(tallies.count)
        for (slot, sums) in tallies.enumerated() {
            if sums.sum == 0 && sums.count == 0 { continue }
            let segment = Int(sums.key >> 32)
            let order = order(segment, Int(sums.key >> 8 & 0xFF_FFFF), Int(sums.key & 0xFF))
            rows.append((order, Int32(segment), Int32(slot), 0))
        }
        for (key, changes) in stocks {
            var level: Int64 = 0
            let segment = Int(key & 0xFFFF_FFFF)
            for day in days.indices {
                level += changes[day]
                if level != 0 { rows.append((order(segment, day, Int(key >> 32)), Int32(segment), -1, level)) }
            }
        }
        rows.sort { $0.order < $1.order }
        let made = rows.map { row in
            var cell = DailyCell(
                day: days[Int(row.order >> 44)], cuboid: row.order >> 43 & 1 == 0 ? .topic : .agent,
                metric: metrics[Int(row.order >> 35 & 0xFF)], segment: keys[Int(row.segment)],
                calendar: Tally(count: row.level, sum: row.level))
            guard row.slot >= 0 else { return cell }
            let sums = tallies[Int(row.slot)]
            cell.calendar.count = sums.count
            cell.calendar.sum = sums.sum
            cell.business.count = sums.businessCount
            cell.business.sum = sums.businessSum
            if sums.sketch >= 0 {
                cell.calendar.sketch = sketches[Int(sums.sketch)].calendar
                cell.business.sketch = sketches[Int(sums.sketch)].business
            }
            return cell
        }

        var grid: [HourlyCell] = []
        grid.reserveCapacity(hours.count)
        for (key, count) in hours {
            grid.append(
                HourlyCell(
                    day: days[Int(key >> 13 & 0x7_FFFF)], hour: Int(key >> 8 & 31),
                    channel: text(Int32(bitPattern: UInt32(key >> 32))), metric: metrics[Int(key & 0xFF)], count: count)
            )
        }
        grid.sort { a, b in
            if a.day != b.day { return a.day < b.day }
            if a.hour != b.hour { return a.hour < b.hour }
            if a.metric != b.metric { return a.metric.index < b.metric.index }
            return SegmentKey(channel: a.channel) < SegmentKey(channel: b.channel)
        }
        return (made, grid)
    }

    private func text(_ id: Int32) -> String? { id < 0 ? nil : nameList[Int(id)] }
}
