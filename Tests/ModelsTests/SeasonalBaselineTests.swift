import Aggregates
import Features
import Foundation
import Models
import Runtime
import Testing

private let monday = CivilDate(year: 2026, month: 1, day: 5)

private func series(_ values: [Double?], kind: DailySeries.Kind = .count, _ name: String? = nil) -> DailySeries {
    DailySeries(
        id: SeriesID(
            metric: kind == .count ? .messages : .firstReply, dimension: name == nil ? nil : .channel, value: name),
        kind: kind, start: monday, values: values)
}

/// A weekly pattern with small fixed deviations, `weeks` weeks long.
private func weekly(_ weeks: Int, scale: Double = 1) -> [Double?] {
    let pattern: [Double] = [120, 100, 95, 90, 105, 40, 30]
    return (0..<(7 * weeks)).map { day in
        let wobble = Double((day * 7_919) % 13) - 6
        return (pattern[day % 7] * (1 + wobble / 100) * scale).rounded()
    }
}

private func called(_ values: [Double?], kind: DailySeries.Kind = .count, at index: Int) -> Bool {
    let watch = SeriesWatch()
    return !watch.alerts(watch.judge([series(values, kind: kind)]), days: [monday + index]).isEmpty
}

@Suite struct SeasonalBaselineTests {
    private let baseline = SeasonalBaseline()

    @Test(arguments: [0, 1, 7, 1e6, 1e12])
    func aConstantStaysWhatItIs(value: Double) throws {
        let all = baseline.expectations(series(Array(repeating: value, count: 100)))
        #expect(all.prefix(14).allSatisfy { $0 == nil })
        let last = try #require(all[99])
        #expect(abs(last.mean - value) <= max(0.06, value * 1e-9), "expected \(last.mean)")
        // An honest width: never none, never below zero.
        #expect(last.lower <= value && last.upper >= value && last.lower >= 0 && last.upper.isFinite)
        if value > 0 { #expect(last.upper > last.lower) }
        #expect(last.pValue(value) > 0.3)
        let ahead = baseline.forecast(series(Array(repeating: value, count: 100)), days: 14)
        #expect(
            ahead.count == 14 && ahead.allSatisfy { $0.lower >= 0 && abs($0.mean - value) <= max(0.06, value * 1e-9) })
    }

    @Test func tooShortASeriesSaysNothing() {
        for count in 0...13 {
            let short = series(Array(repeating: 5, count: count))
            #expect(baseline.expectations(short).allSatisfy { $0 == nil } && baseline.forecast(short, days: 14).isEmpty)
        }
        let three = SeriesWatch().watched(SeriesWatch().judge([series([3, 4, 5])]))
        #expect(three.first?.points.map(\.observed) == [3, 4, 5] && three.first?.forecast.isEmpty == true)
        #expect(baseline.forecast(series(weekly(4)), days: 0).isEmpty)
    }

    @Test func anExactWeeklyPatternIsFollowed() throws {
        let pattern: [Double] = [70, 60, 50, 40, 30, 20, 0]
        let values = (0..<70).map { Optional(pattern[$0 % 7]) }
        let all = baseline.expectations(series(values))
        for index in 21..<70 { #expect(abs(try #require(all[index]).mean - pattern[index % 7]) < 0.1) }
        let ahead = baseline.forecast(series(values), days: 14)
        for (offset, expected) in ahead.enumerated() { #expect(abs(expected.mean - pattern[offset % 7]) < 0.1) }
    }

    @Test(arguments: [0.1, 1, 1_000, 1e9])
    func aSpikeIsFlaggedAndDoesNotPoisonTheDaysAfter(scale: Double) {
        var values = weekly(20, scale: scale)
        #expect(!called(values, at: 100) && !called(values, at: 135))
        values[100] = (values[100] ?? 0) * 5 + 20
        #expect(called(values, at: 100))
        for index in 101..<140 { #expect(!called(values, at: index), "day \(index), scale \(scale)") }
    }

    @Test func anOutageDayIsFlagged() {
        var values = weekly(20)
        values[130] = 0
        #expect(called(values, at: 130))
        values[130] = nil
        #expect(!called(values, at: 130) && !called(values, at: 131))
    }

    @Test func gapsAreNotZeros() throws {
        var values = weekly(20)
        for index in 60..<75 { values[index] = nil }
        for index in values.indices where index % 11 == 0 { values[index] = nil }
        let all = baseline.expectations(series(values))
        for index in 76..<140 {
            let expected = try #require(all[index])
            let usual: [Double] = [120, 100, 95, 90, 105, 40, 30]
            #expect(abs(expected.mean - usual[index % 7]) < 12, "day \(index): \(expected.mean)")
        }
    }

    @Test func aNewLevelIsFollowed() throws {
        let values = weekly(10) + weekly(10).map { $0.map { ($0 * 1.6).rounded() } }
        let all = baseline.expectations(series(values))
        let after = try #require(all[75])
        let later = try #require(all[139])
        let expected = try #require(values[139])
        #expect(after.mean < (values[75] ?? 0) && abs(later.mean - expected) < 0.15 * expected)
        // One alarm, then adapt: weeks after the change nothing is called.
        #expect(called(values, at: 70) && !called(values, at: 120))
    }

    @Test func theScoreOfADayUsesOnlyDaysBeforeIt() {
        let values = weekly(20)
        var changed = values
        for index in 100..<140 { changed[index] = 9_999 }
        let (a, b) = (baseline.expectations(series(values)), baseline.expectations(series(changed)))
        #expect(Array(a.prefix(101)) == Array(b.prefix(101)))
    }

    @Test func medianDurationsAreWatchedOnALogScale() throws {
        var values: [Double?] = (0..<140).map { (day: Int) -> Double? in
            let wobble = (day * 31) % 7 - 3
            return 600 + 60 * Double(wobble)
        }
        #expect(!called(values, kind: .measure, at: 139))
        values[139] = 6_000
        #expect(called(values, kind: .measure, at: 139))
        values[139] = 1
        #expect(called(values, kind: .measure, at: 139))
        let constant = series(Array(repeating: 60, count: 60), kind: .measure)
        let last = try #require(baseline.expectations(constant)[59])
        #expect(last.lower > 50 && last.lower < 60 && last.upper > 60 && last.upper < 70)
        #expect(baseline.forecast(constant, days: 14).allSatisfy { $0.lower >= 0 && $0.upper.isFinite })
        let zero = series(Array(repeating: 0, count: 60), kind: .measure)
        #expect(baseline.forecast(zero, days: 3).allSatisfy { $0.lower == 0 && $0.mean == 0 })
    }
}

@Suite struct SeriesWatchTests {
    private func cube(spike: Bool) -> DailyCube {
        var cells: [DailyCell] = []
        for day in 0..<100 {
            for (channel, base) in [("mail", 60), ("chat", 40)] as [(String, Int64)] {
                for (category, share) in [("refund", 1), ("delivery", 2)] as [(String, Int64)] {
                    var sum = base * share / 3 + Int64(day * 7_919 % 5)
                    if spike && day == 95 && category == "refund" { sum *= 4 }
                    cells.append(
                        DailyCell(
                            day: monday + day, cuboid: .topic, metric: .casesCreated,
                            segment: SegmentKey(channel: channel, category: category),
                            calendar: Tally(count: 1, sum: sum)))
                }
            }
        }
        return DailyCube(cells: cells)
    }

    @Test func anAlertNamesWhatMoved() throws {
        let days = monday...(monday + 99)
        let quiet = SeriesWatch().run(cube: cube(spike: false), history: days, nights: [monday + 95])
        #expect(quiet.alerts.isEmpty && quiet.watched.count == 5)
        let found = SeriesWatch().run(cube: cube(spike: true), history: days, nights: [monday + 95, monday + 96])
        #expect(found.alerts.allSatisfy { $0.day == monday + 95 && $0.score > 2 && $0.observed > $0.upper })
        let total = try #require(found.alerts.first { $0.series == SeriesID(metric: .casesCreated) })
        let first = try #require(total.contributions.first)
        #expect(first.dimension == .category && first.value == "refund" && first.share > 0.9)
        #expect(total.contributions.map(\.share) == total.contributions.map(\.share).sorted(by: >))
        #expect(
            found.alerts.contains { $0.series.value == "refund" }
                && !found.alerts.contains { $0.series.value == "delivery" })
        #expect(found.alerts.first { $0.series.value == "refund" }?.contributions == [])
    }

    @Test func watchedSeriesCarryBandsAndTheDaysAhead() throws {
        var watch = SeriesWatch()
        watch.shownDays = 30
        let run = watch.run(cube: cube(spike: false), history: monday...(monday + 99), nights: [])
        let total = try #require(run.watched.first)
        #expect(total.points.count == 30 && total.points.last?.day == monday + 99 && total.forecast.count == 14)
        #expect(total.forecast.first?.day == monday + 100 && total.forecast.allSatisfy { $0.observed == nil })
        for point in total.points + total.forecast {
            let (low, middle, high) = (
                try #require(point.lower), try #require(point.expected), try #require(point.upper)
            )
            #expect(low >= 0 && low <= middle && middle <= high)
        }
        let widths = total.forecast.map { ($0.upper ?? 0) - ($0.lower ?? 0) }
        #expect((widths.last ?? 0) > (widths.first ?? 0))
    }

    @Test func theOrderOfSeriesDoesNotMatter() {
        let watch = SeriesWatch()
        var all = (0..<12).map { index in
            var values = weekly(20)
            if index % 4 == 0 { values[135] = 500 }
            return series(values, "s\(index)")
        }
        let expected = watch.alerts(watch.judge(all), days: [monday + 135])
        all.reverse()
        #expect(watch.alerts(watch.judge(all), days: [monday + 135]) == expected && expected.count == 3)
    }
}

@Suite struct TailProbabilityTests {
    @Test(arguments: [
        (3.0, 2.5, 0.0), (0, 2.5, 0), (10, 2.5, 0), (3, 2.5, 0.5),
    ])
    func negativeBinomial(y: Double, mean: Double, dispersion: Double) {
        let found = TailProbability.negativeBinomial(atMost: y, mean: mean, dispersion: dispersion)
        let slow = slowCDF(y, mean, dispersion)
        #expect(abs(found - slow) < 1e-10, "\(found) \(slow)")
    }

    /// The sum of the probabilities themselves.
    private func slowCDF(_ y: Double, _ mean: Double, _ dispersion: Double) -> Double {
        var sum = 0.0
        for k in 0...Int(y) {
            let n = Double(k)
            if dispersion == 0 {
                sum += exp(n * log(mean) - mean - lgamma(n + 1))
            } else {
                let size = 1 / dispersion
                sum += exp(
                    lgamma(n + size) - lgamma(size) - lgamma(n + 1) + size * log(size / (size + mean))
                        + n * log(mean / (size + mean)))
            }
        }
        return sum
    }

    @Test(arguments: [0.0, 0.01, 0.2, 2], [0.3, 5, 80, 900])
    func agreesWithTheSumOfProbabilities(dispersion: Double, mean: Double) {
        for y in [0, 1, mean / 2, mean, mean * 1.5, mean * 3].map({ $0.rounded() }) {
            let found = TailProbability.negativeBinomial(atMost: y, mean: mean, dispersion: dispersion)
            #expect(abs(found - slowCDF(y, mean, dispersion)) < 1e-8, "y \(y), mean \(mean), dispersion \(dispersion)")
        }
    }

    @Test(arguments: [0.001, 0.05])
    func theApproximationJoinsTheExactForm(dispersion: Double) {
        for ratio in [0.7, 0.9, 1, 1.1, 1.4] {
            let exact = TailProbability.negativeBinomial(atMost: 9_999 * ratio, mean: 9_999, dispersion: dispersion)
            let near = TailProbability.negativeBinomial(atMost: 10_001 * ratio, mean: 10_001, dispersion: dispersion)
            #expect(abs(exact - near) < 2e-3, "ratio \(ratio): \(exact) \(near)")
        }
    }

    @Test func quantilesInvertTails() {
        for (mean, dispersion) in [(0.2, 0.0), (3, 0.4), (500, 0.02), (1e7, 0.01), (1e12, 0.001)] {
            for q in [0.025, 0.5, 0.975] {
                let y = TailProbability.quantileCount(q, mean: mean, dispersion: dispersion)
                #expect(
                    TailProbability.negativeBinomial(atMost: y * (1 + 1e-8), mean: mean, dispersion: dispersion) >= q
                        - 1e-6)
                if y > 0 {
                    #expect(
                        TailProbability.negativeBinomial(atMost: y * (1 - 1e-8) - 1, mean: mean, dispersion: dispersion)
                            <= q + 1e-6)
                }
            }
        }
        #expect(TailProbability.quantileCount(0.5, mean: 0, dispersion: 0) == 0)
        #expect(abs(TailProbability.quantileStudent(level: 0.95, freedom: 5) - 2.570_581_836) < 1e-8)
        #expect(abs(TailProbability.twoSidedStudent(2.570_581_836, freedom: 5) - 0.05) < 1e-9)
    }

    @Test func edges() {
        #expect(TailProbability.negativeBinomial(atMost: -1, mean: 5, dispersion: 0.1) == 0)
        #expect(TailProbability.negativeBinomial(atMost: 5, mean: 0, dispersion: 0.1) == 1)
        #expect(
            TailProbability.twoSidedStudent(.infinity, freedom: 3) == 0
                && TailProbability.twoSidedStudent(.nan, freedom: 3) == 1)
        #expect(TailProbability.regularisedBeta(0, 1, 1) == 0 && TailProbability.regularisedBeta(1, 1, 1) == 1)
        #expect(abs(TailProbability.regularisedBeta(0.3, 1, 1) - 0.3) < 1e-14)
        #expect(TailProbability.regularisedGamma(shape: 2, 0) == 0)
        #expect(TailProbability.twoSidedCount(0, mean: 1e-3, dispersion: 0) == 1)
    }
}

@Suite struct FalseDiscoveryTests {
    // Benjamini and Hochberg 1995, section 4: at q = 0.05 the four smallest of fifteen are called.
    @Test func thePapersExample() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1,
        ]
        #expect(FalseDiscovery.called(p, q: 0.05) == (0..<15).map { $0 < 4 })
        #expect(FalseDiscovery.called(p.reversed(), q: 0.05) == (0..<15).map { $0 >= 11 })
    }

    @Test func edges() {
        #expect(FalseDiscovery.called([], q: 0.1) == [] && FalseDiscovery.called([0.2], q: 0.1) == [false])
        #expect(FalseDiscovery.called([0, 0], q: 0) == [true, true] && FalseDiscovery.called([0.1], q: 0.1) == [true])
    }
}

private let corpora = ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"]

@Suite struct SyntheticDeskTests {
    /// The first 200 of 1,000 daily series with planted events in the last 60 days.
    @Test(.enabled(if: corpora != nil, "needs CS_ANALYTICS_CORPORA"))
    func plantedEventsAreFoundAndFewOthers() throws {
        let folder = try #require(corpora) + "/ts/synth_cs"
        func rows(_ name: String) throws -> [[Substring]] {
            try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(whereSeparator: \.isNewline)
                .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        }
        let table = try rows("daily_counts_wide.csv")
        let start = try #require(CivilDate(String(table[1][0])))
        let all = (1...200).map { column in
            DailySeries(
                id: SeriesID(metric: .messages, dimension: .channel, value: String(table[0][column])), kind: .count,
                start: start, values: table.dropFirst().suffix(260).map { Double($0[column]) })
        }
        let shift = table.count - 1 - 260
        var events: [String: ClosedRange<Int>] = [:]
        for row in try rows("labels.csv").dropFirst() {
            events[String(row[0])] = (try #require(Int(row[2])) - shift)...(try #require(Int(row[3])) - shift)
        }
        let watch = SeriesWatch()
        let alerts = watch.alerts(watch.judge(all), days: (200..<260).map { start + $0 })
        var isTrue = 0
        var found: Set<String> = []
        for alert in alerts {
            let name = try #require(alert.series.value)
            if events[name]?.contains(alert.day - start) ?? false {
                isTrue += 1
                found.insert(name)
            }
        }
        let planted = all.filter { events[$0.id.value ?? ""] != nil }.count
        #expect(Double(isTrue) >= 0.65 * Double(alerts.count), "\(isTrue) of \(alerts.count) alerts lie in events")
        #expect(Double(found.count) >= 0.25 * Double(planted), "\(found.count) of \(planted) events")
        #expect(alerts.count - isTrue <= 30)
    }
}
