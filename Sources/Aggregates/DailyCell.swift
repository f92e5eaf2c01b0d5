package import Runtime

/// The segment of a cell; `nil` is "the source does not say", which is a row of its own.
package struct SegmentKey: Hashable, Sendable, Comparable {
    package var channel: String?
    package var group: String?
    package var agent: String?
    package var category: String?
    package var intent: String?

    package init(
        channel: String? = nil, group: String? = nil, agent: String? = nil, category: String? = nil,
        intent: String? = nil
    ) {
        self.channel = channel
        self.group = group
        self.agent = agent
        self.category = category
        self.intent = intent
    }

    package subscript(_ dimension: Dimension) -> String? {
        switch dimension {
        case .channel: channel
        case .group: group
        case .agent: agent
        case .category: category
        case .intent: intent
        }
    }

    package static func < (a: SegmentKey, b: SegmentKey) -> Bool {
        for dimension in Dimension.allCases where a[dimension] != b[dimension] {
            guard let left = a[dimension] else { return true }
            guard let right = b[dimension] else { return false }
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        }
        return false
    }
}

/// What days can be cut by.
package enum Dimension: String, CaseIterable, Sendable, Codable {
    case channel, group, agent, category, intent
}

/// Which dimensions a stored cell keeps apart.
///
/// `topic` holds every metric by channel × group × category × intent, with `agent` left out; `agent` holds the metrics
/// that belong to a person by channel × group × agent. Each adds up to the same totals where both hold a metric.
package enum Cuboid: String, CaseIterable, Sendable, Codable {
    case topic, agent
}

/// Count, sum and sketch of a metric in a cell; merging adds.
package struct Tally: Sendable, Equatable {
    /// Number of values.
    package var count: Int64 = 0
    /// Sum of values: milliseconds for durations, pieces for counts.
    package var sum: Int64 = 0
    /// Only for durations.
    package var sketch = DurationSketch()

    package init(count: Int64 = 0, sum: Int64 = 0, sketch: DurationSketch = DurationSketch()) {
        self.count = count
        self.sum = sum
        self.sketch = sketch
    }

    package mutating func merge(_ other: Tally) {
        count += other.count
        sum += other.sum
        if !other.sketch.isEmpty { sketch.merge(other.sketch) }
    }

    package var mean: Double? { count > 0 ? Double(sum) / Double(count) : nil }
    package var isEmpty: Bool { count == 0 && sum == 0 }
}

/// One metric of one segment on one local day.
package struct DailyCell: Sendable, Equatable {
    package var day: CivilDate
    package var cuboid: Cuboid
    package var metric: Metric
    package var segment: SegmentKey
    package var calendar: Tally
    /// Business clock: empty where no schedule applies and for counts.
    package var business: Tally

    package init(
        day: CivilDate, cuboid: Cuboid, metric: Metric, segment: SegmentKey, calendar: Tally, business: Tally = Tally()
    ) {
        self.day = day
        self.cuboid = cuboid
        self.metric = metric
        self.segment = segment
        self.calendar = calendar
        self.business = business
    }
}

/// Pieces in one local hour of a day by channel: the grid behind heatmaps and hourly series.
package struct HourlyCell: Sendable, Equatable {
    package var day: CivilDate
    /// Local hour 0–23; on the day of a repeated hour both are counted here.
    package var hour: Int
    package var channel: String?
    /// `casesCreated`, `messages`, `customerMessages` or `agentMessages`.
    package var metric: Metric
    package var count: Int64

    package init(day: CivilDate, hour: Int, channel: String?, metric: Metric, count: Int64) {
        self.day = day
        self.hour = hour
        self.channel = channel
        self.metric = metric
        self.count = count
    }
}
