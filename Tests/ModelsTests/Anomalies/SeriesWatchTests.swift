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

private func judged(_ values: [Double?], kind: DailySeries.Kind = .count) -> SeriesWatch.Judged? {
    SeriesWatch().judge([series(values, kind: kind)]).first
}

private func isCalled(_ values: [Double?], kind: DailySeries.Kind = .count, at index: Int) -> Bool {
    judged(values, kind: kind)?.verdicts[index]?.isAnomaly ?? false
}

@Suite struct SeriesWatchBaselineTests {
    @Test(arguments: [0, 1, 7, 1e6, 1e12])
    func aConstantStaysWhatItIs(value: Double) throws {
        let found = try #require(judged(Array(repeating: value, count: 100)))
        #expect(found.verdicts.prefix(14).allSatisfy { $0 == nil })
        let last = try #require(found.verdicts[99])
        #expect(abs(last.expectation.mean - value) <= max(0.06, value * 1e-3), "expected \(last.expectation.mean)")
        // An honest width: never none, never below zero.
        let (lower, upper) = last.expectation.band()
        #expect(lower <= value && upper >= value && lower >= 0 && upper.isFinite)
        if value > 0 { #expect(upper > lower) }
        #expect(last.expectation.pValue(value) > 0.3 && !last.isAnomaly)
        #expect(found.ahead.count == 14)
        for expectation in found.ahead {
            #expect(expectation.band().lower >= 0 && abs(expectation.mean - value) <= max(0.06, value * 1e-3))
        }
    }

    @Test func tooShortASeriesSaysNothing() throws {
        for count in 0...13 {
            let short = try #require(judged(Array(repeating: 5, count: count)))
            #expect(short.verdicts.allSatisfy { $0 == nil } && short.ahead.isEmpty)
        }
        let three = SeriesWatch().watched(SeriesWatch().judge([series([3, 4, 5])]))
        #expect(three.first?.points.map(\.observed) == [3, 4, 5] && three.first?.forecast.isEmpty == true)
    }

    @Test func anExactWeeklyPatternIsFollowed() throws {
        let pattern: [Double] = [70, 60, 50, 40, 30, 20, 2]
        let found = try #require(judged((0..<140).map { Optional(pattern[$0 % 7]) }))
        for index in 70..<140 {
            let mean = try #require(found.verdicts[index]).expectation.mean
            #expect(abs(mean - pattern[index % 7]) < 0.05 * pattern[index % 7] + 0.3, "day \(index): \(mean)")
        }
        for (offset, expected) in found.ahead.enumerated() {
            #expect(abs(expected.mean - pattern[offset % 7]) < 0.05 * pattern[offset % 7] + 0.3)
        }
    }

    @Test(arguments: [0.1, 1, 1_000, 1e9])
    func aSpikeIsFlaggedAndDoesNotPoisonTheDaysAfter(scale: Double) {
        var values = weekly(20, scale: scale)
        #expect(!isCalled(values, at: 100) && !isCalled(values, at: 135))
        values[100] = (values[100] ?? 0) * 5 + 20
        #expect(isCalled(values, at: 100))
        for index in 101..<140 { #expect(!isCalled(values, at: index), "day \(index), scale \(scale)") }
    }

    @Test func anOutageDayIsFlagged() {
        var values = weekly(20)
        values[130] = 0
        #expect(isCalled(values, at: 130))
        values[130] = nil
        #expect(!isCalled(values, at: 130) && !isCalled(values, at: 131))
    }

    @Test func gapsAreNotZeros() throws {
        var values = weekly(20)
        for index in 60..<75 { values[index] = nil }
        for index in values.indices where index % 11 == 0 { values[index] = nil }
        let found = try #require(judged(values))
        let usual: [Double] = [120, 100, 95, 90, 105, 40, 30]
        for index in 76..<140 where values[index] != nil {
            let mean = try #require(found.verdicts[index]).expectation.mean
            #expect(abs(mean - usual[index % 7]) < 12, "day \(index): \(mean)")
            #expect(found.verdicts[index]?.isAnomaly == false)
        }
    }

    @Test func aNewLevelAlarmsOnceAndIsThenFollowed() throws {
        let values = weekly(10) + weekly(20).map { $0.map { ($0 * 1.6).rounded() } }
        let found = try #require(judged(values))
        #expect(found.verdicts[70]?.isAnomaly == true)
        #expect(found.episodes.map(\.first) == [70] && found.episodes.first?.state == .over, "\(found.episodes)")
        for index in 110..<210 { #expect(found.verdicts[index]?.isAnomaly == false, "day \(index)") }
        let last = try #require(found.verdicts[209]).expectation.mean
        let observed = try #require(values[209])
        #expect(abs(last - observed) < 0.15 * observed)
    }

    @Test func medianDurationsAreWatchedOnALogScale() throws {
        var values: [Double?] = (0..<140).map { (day: Int) -> Double? in
            let wobble = (day * 31) % 7 - 3
            return 600 + 60 * Double(wobble)
        }
        #expect(!isCalled(values, kind: .measure, at: 139))
        values[139] = 6_000
        #expect(isCalled(values, kind: .measure, at: 139))
        values[139] = 1
        #expect(isCalled(values, kind: .measure, at: 139))
        let constant = try #require(judged(Array(repeating: 60, count: 60), kind: .measure))
        let (lower, upper) = try #require(constant.verdicts[59]).expectation.band()
        #expect(lower > 50 && lower < 60 && upper > 60 && upper < 70)
        #expect(constant.ahead.count == 14 && constant.ahead.allSatisfy { $0.band().lower >= 0 })
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

    @Test func anAlertNamesWhatMovedAndStandsForAllOfIt() throws {
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
        // One alert for the night, named after its most specific cause.
        let leaders = found.alerts.filter { $0.leader == nil }
        #expect(leaders.map(\.series.value) == ["refund"])
        #expect(leaders.first?.severity == .critical)
        #expect(leaders.first?.state(on: monday + 95) == .raised && leaders.first?.state(on: monday + 99) == .over)
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
        let expected = watch.alerts(watch.judge(all), days: [monday + 135]).map(\.series)
        all.reverse()
        #expect(watch.alerts(watch.judge(all), days: [monday + 135]).map(\.series).sorted() == expected.sorted())
        #expect(expected.count == 3)
    }
}
