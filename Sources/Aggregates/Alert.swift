package import Runtime

/// One point of a watched series with what was expected of it.
package struct SeriesPoint: Sendable, Equatable {
    package var day: CivilDate
    package var observed: Double?
    package var expected: Double?
    package var lower: Double?
    package var upper: Double?
    package init(day: CivilDate, observed: Double?, expected: Double?, lower: Double?, upper: Double?) {
        self.day = day
        self.observed = observed
        self.expected = expected
        self.lower = lower
        self.upper = upper
    }
}

/// A watched series: a metric, cut by nothing or by one value of one dimension.
package struct SeriesID: Sendable, Hashable, Comparable {
    package var metric: Metric
    package var dimension: Dimension?
    package var value: String?
    package init(metric: Metric, dimension: Dimension? = nil, value: String? = nil) {
        self.metric = metric
        self.dimension = dimension
        self.value = value
    }
    /// `metric`, or `metric/dimension=value`.
    package var name: String {
        guard let dimension else { return metric.rawValue }
        return "\(metric.rawValue)/\(dimension.rawValue)=\(value ?? "")"
    }
    package static func < (a: SeriesID, b: SeriesID) -> Bool { a.name.utf8.lexicographicallyPrecedes(b.name.utf8) }
}

/// An unusual day (or hours of one) of a watched series.
package struct Alert: Sendable, Equatable {
    package var series: SeriesID
    package var day: CivilDate
    package var observed: Double
    package var expected: Double
    package var lower: Double
    package var upper: Double
    /// Distance from expected in robust standard deviations, signed.
    package var score: Double
    /// Two-sided tail probability under the baseline.
    package var pValue: Double
    /// What moved most on that day: dimension, value, share of the total change (0–1), largest first.
    package var contributions: [Contribution]
    /// The first day of the deviation that this day belongs to.
    package var since: CivilDate
    /// Its last unusual day, where it was over by the end of the history.
    package var until: CivilDate?
    package var severity: Severity
    /// The alert of the same day that this one is a part or an echo of; `nil` for one that stands by itself.
    package var leader: SeriesID?

    /// How much of the whole business a deviation concerns.
    package enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
        case minor, major, critical

        package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
        private var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
    }

    /// The life of an alert.
    package enum State: String, Sendable, Codable { case raised, continuing, over }

    /// How the deviation stands on a day from its own on.
    package func state(on day: CivilDate) -> State {
        if let until, day > until { return .over }
        return day <= since ? .raised : .continuing
    }

    package struct Contribution: Sendable, Equatable {
        package var dimension: Dimension
        package var value: String?
        package var observed: Double
        package var expected: Double
        package var share: Double
        package init(dimension: Dimension, value: String?, observed: Double, expected: Double, share: Double) {
            self.dimension = dimension
            self.value = value
            self.observed = observed
            self.expected = expected
            self.share = share
        }
    }

    package init(
        series: SeriesID, day: CivilDate, observed: Double, expected: Double, lower: Double, upper: Double,
        score: Double, pValue: Double, contributions: [Contribution] = [], since: CivilDate? = nil,
        until: CivilDate? = nil, severity: Severity = .minor, leader: SeriesID? = nil
    ) {
        self.series = series
        self.day = day
        self.observed = observed
        self.expected = expected
        self.lower = lower
        self.upper = upper
        self.score = score
        self.pValue = pValue
        self.contributions = contributions
        self.since = since ?? day
        self.until = until
        self.severity = severity
        self.leader = leader
    }
}

/// A watched series with its band over the history and the days ahead.
package struct WatchedSeries: Sendable, Equatable {
    package var id: SeriesID
    package var points: [SeriesPoint]
    /// Days after the last observed one: `observed` is absent.
    package var forecast: [SeriesPoint]
    /// What made the forecast; `nil` where the watch's own baseline did.
    package var method: ForecastMethod?
    package init(id: SeriesID, points: [SeriesPoint], forecast: [SeriesPoint], method: ForecastMethod? = nil) {
        self.id = id
        self.points = points
        self.forecast = forecast
        self.method = method
    }
}
