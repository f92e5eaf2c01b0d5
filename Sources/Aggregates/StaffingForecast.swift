package import Runtime

/// What continued a series: the model as practitioners write it.
package struct ForecastMethod: Sendable, Equatable {
    /// Such as `mean(ETS(A,N,A), MSTL[7]+ARIMA(1,0,1))`.
    package var name: String
    /// Whether the night's budget was spent, so that a cheap method stands in for the automatic choice.
    package var isFallback: Bool

    package init(name: String, isFallback: Bool = false) {
        self.name = name
        self.isFallback = isFallback
    }
}

/// What is expected to arrive in one local hour.
package struct StaffingHour: Sendable, Equatable {
    package var day: CivilDate
    /// Local hour 0–23. An hour that a clock change skips is not there; a repeated one is there once.
    package var hour: Int
    /// How long it lasts: 60, and 120 for a repeated hour.
    package var minutes: Int
    /// Whether the business calendar is open at any time of it; true where none is configured.
    package var isOpen: Bool
    /// Arrivals in the whole hour.
    package var expected: Double
    package var lower80: Double
    package var upper80: Double
    package var lower95: Double
    package var upper95: Double

    package init(
        day: CivilDate, hour: Int, minutes: Int, isOpen: Bool, expected: Double, lower80: Double, upper80: Double,
        lower95: Double, upper95: Double
    ) {
        self.day = day
        self.hour = hour
        self.minutes = minutes
        self.isOpen = isOpen
        self.expected = expected
        self.lower80 = lower80
        self.upper80 = upper80
        self.lower95 = lower95
        self.upper95 = upper95
    }
}

/// Arrivals by hour ahead: of a metric (cases created or customers' messages), in total or of one channel.
package struct StaffingSeries: Sendable, Equatable {
    package var id: SeriesID
    package var method: ForecastMethod
    /// In order of day and hour, from midnight after the last complete day.
    package var hours: [StaffingHour]

    package init(id: SeriesID, method: ForecastMethod, hours: [StaffingHour]) {
        self.id = id
        self.method = method
        self.hours = hours
    }
}
