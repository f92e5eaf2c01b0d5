package import Records
package import Runtime

/// How long each local hour of some days lasts: 60 minutes, 0 where a clock change skips it, 120 where one repeats it.
package struct LocalHours: Sendable, Equatable {
    package let days: ClosedRange<CivilDate>
    /// 24 a day.
    package let minutes: [Int]

    package init(days: ClosedRange<CivilDate>, zone: LocalZone) {
        self.days = days
        let spans = zone.offsetSpans
        var minutes: [Int] = []
        minutes.reserveCapacity(24 * (days.upperBound - days.lowerBound + 1))
        var day = days.lowerBound
        var start = zone.start(of: day).milliseconds
        while day <= days.upperBound {
            let next = zone.start(of: day + 1).milliseconds
            if next - start == 86_400_000
                && zone.offset(at: Timestamp(milliseconds: start))
                    == zone.offset(
                        at: Timestamp(milliseconds: next - 1))
            {
                minutes += repeatElement(60, count: 24)
            } else {
                let midnight = Int64(day.daysSinceEpoch) * 86_400_000
                minutes += (0..<24).map { hour in
                    LocalHours.length(from: midnight + Int64(hour) * 3_600_000, spans)
                }
            }
            day = day + 1
            start = next
        }
        self.minutes = minutes
    }

    /// Minutes of real time during which clocks show the hour that begins at a wall-clock instant.
    private static func length(from wall: Int64, _ spans: [(start: Int64, offset: Int64)]) -> Int {
        var total: Int64 = 0
        for (index, span) in spans.enumerated() {
            let end = index + 1 < spans.count ? spans[index + 1].start : .max
            total += max(0, min(end, wall + 3_600_000 - span.offset) - max(span.start, wall - span.offset))
        }
        return Int(total / 60_000)
    }

    /// The length of an hour of a day inside.
    package subscript(day: CivilDate, hour: Int) -> Int { minutes[24 * (day - days.lowerBound) + hour] }
}

extension HourlySeries {
    /// Counts an hour of 60 minutes on the gapless grid, `NaN` for what is not known: hours that a clock change skips,
    /// days without data, and hours from `knownUntil` on (24 hours a day from the start). Repeated hours are halved.
    package func rates(
        _ hours: LocalHours, missing: (CivilDate) -> Bool = { _ in false }, knownUntil: Int = .max
    ) -> [Double] {
        values.indices.map { index in
            let day = start + index / 24
            let minutes = hours.days.contains(day) ? hours[day, index % 24] : 60
            if minutes == 0 || index >= knownUntil || missing(day) { return .nan }
            let count = Double(values[index])
            return minutes == 60 ? count : (count * 60 / Double(minutes)).rounded()
        }
    }
}
