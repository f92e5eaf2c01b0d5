package import Aggregates

/// Makes one alert of the many that one cause raises in a night.
///
/// Two alerts belong together when they lie on the same side, their metrics move with each other (volumes, or
/// durations), and one is the whole that the other is a part of, or both are cut by the same value, or the cases that
/// both hold explain half of the smaller deviation. Each group is led by its most specific alert that still explains four
/// fifths of the group's greatest deviation: "payment", not "all cases".
package struct AlertGroups: Sendable {
    /// Share of the smaller deviation that has to lie in the overlap.
    package var leastOverlap = 0.5
    /// Share of the greatest deviation that a leader explains.
    package var leastExplained = 0.8

    package init() {}

    /// The alerts of one night with their leaders set, in the order given.
    ///
    /// - Parameter overlap: the deviation (observed − expected) of the cases that both series hold; `nil` if unknown.
    package func grouped(_ alerts: [Alert], overlap: (SeriesID, SeriesID) -> Double?) -> [Alert] {
        // Wholes first, then by size: a group forms around its greatest alert.
        let order = alerts.indices.sorted { a, b in
            let (x, y) = (alerts[a], alerts[b])
            if (x.series.dimension == nil) != (y.series.dimension == nil) { return x.series.dimension == nil }
            if x.change.magnitude != y.change.magnitude { return x.change.magnitude > y.change.magnitude }
            return x.series < y.series
        }
        var groups: [[Int]] = []
        for index in order {
            if let place = groups.firstIndex(where: { group in
                group.contains { related(alerts[$0], alerts[index], overlap) }
            }) {
                groups[place].append(index)
            } else {
                groups.append([index])
            }
        }
        var out = alerts
        for group in groups {
            let leader = leader(group.map { alerts[$0] })
            for index in group { out[index].leader = alerts[index].series == leader ? nil : leader }
        }
        return out
    }

    private func leader(_ group: [Alert]) -> SeriesID? {
        // Deviations of one metric compare; the metric of the first (greatest) alert counts.
        guard let first = group.first else { return nil }
        let same = group.filter { $0.series.metric == first.series.metric }
        let greatest = same.map(\.change.magnitude).max() ?? 0
        return same.filter { $0.change.magnitude >= leastExplained * greatest }.min { a, b in
            a.expected != b.expected ? a.expected < b.expected : a.series < b.series
        }?.series
    }

    private func related(_ a: Alert, _ b: Alert, _ overlap: (SeriesID, SeriesID) -> Double?) -> Bool {
        guard (a.change >= 0) == (b.change >= 0), Family(a.series.metric) == Family(b.series.metric) else {
            return false
        }
        let (x, y) = (a.series, b.series)
        if x.dimension == nil || y.dimension == nil { return true }
        if x.dimension == y.dimension { return x.value == y.value }
        guard x.metric == y.metric, let shared = overlap(x, y) else { return false }
        let smaller = a.change.magnitude < b.change.magnitude ? a.change : b.change
        return shared / smaller >= leastOverlap
    }

    private enum Family {
        case volume, duration

        init(_ metric: Metric) { self = metric.kind == .duration ? .duration : .volume }
    }
}

extension Alert {
    /// Observed less expected.
    package var change: Double { observed - expected }

    /// Severity by what the deviation weighs against the whole business: of the expected total of its metric a quarter
    /// is critical, a twelfth major; times `weight`, for what is worth more than its volume.
    package func severity(total: Double?, weight: Double = 1) -> Severity {
        let whole = max(total ?? expected, 1e-9)
        let share = weight * change.magnitude / whole
        return share >= 0.25 ? .critical : share >= 1.0 / 12 ? .major : .minor
    }
}
