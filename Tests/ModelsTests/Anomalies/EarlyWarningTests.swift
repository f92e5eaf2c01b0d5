import Features
import Foundation
import Models
import Runtime
import Support
import Testing

private let corpora = ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"]
private let start = 20_000

/// Desks with a weekly pattern and negative-binomial noise of dispersion about 0.03.
private func panel(
    _ count: Int, days: Int, seed: UInt64, change: (Int, Int) -> Double = { _, _ in 1 }
) -> [EarlyWarning.Series] {
    var random = SeededGenerator(seed: seed)
    func normal() -> Double {
        let (u, v) = (Double.random(in: 1e-12..<1, using: &random), Double.random(in: 0..<1, using: &random))
        return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
    }
    let week = [1.2, 1.1, 1, 1, 1.1, 0.8, 0.7]
    return (0..<count).map { index in
        let base = exp(4 + normal())
        let values = (0..<days).map { day -> Double in
            let mean = base * week[day % 7] * change(index, day)
            // Normal with the variance of the negative binomial, rounded: near enough above a few cases.
            return max(0, (mean + (mean + 0.03 * mean * mean).squareRoot() * normal()).rounded())
        }
        return EarlyWarning.Series(start: start, values: values)
    }
}

private func calls(_ judged: [EarlyWarning.Judged], day: Int) -> [Int] {
    judged.indices.filter { judged[$0].verdicts[day]?.isAnomaly == true }
}

private func made(_ count: Int, _ value: (Int) -> Double) -> [Double] { (0..<count).map(value) }

private let week: [Double] = [5, 5, 5, 5, 5, 1, 0]
private let degenerate: [[Double]] = [
    [], [3], [3, 4, 4], made(200) { _ in 0 }, made(200) { _ in 7 }, made(60) { _ in .nan },
    made(100) { Double($0 + 1) },
    made(150) { week[$0 % 7] }, made(80) { $0 < 40 ? 0 : 5 }, made(120) { $0 == 60 ? 1_000 : 0 },
    made(120) { $0 % 9 == 0 ? 1 : 0 }, made(100) { 1e12 + Double($0 % 7) * 1e10 },
    made(100) { 1e-12 * Double(1 + $0 % 7) }, made(100) { $0 % 3 == 0 ? .nan : 20 }, made(150) { $0 < 60 ? 30 : .nan },
]

@Suite struct EarlyWarningTests {
    @Test func spikesShiftsAndDropsAreFoundAndLittleElse() {
        let judged = EarlyWarning().judge(
            panel(150, days: 240, seed: 1) { series, day in
                switch series {
                case 0: day == 200 ? 3 : 1
                case 1: day == 200 ? 0.2 : 1
                case 2: day >= 200 ? 1.9 : 1
                default: 1
                }
            })
        #expect(Set(calls(judged, day: 200)).isSuperset(of: [0, 1, 2]))
        let others = (60..<240).reduce(0) { sum, day in sum + calls(judged, day: day).count { $0 > 2 } }
        #expect(others <= 25, "\(others) false calls in 180 nights")
        // A spike does not echo.
        for day in 201..<215 { #expect(!calls(judged, day: day).contains(0), "day \(day)") }
    }

    @Test func aSlowRampIsFoundByItsLastDaysTogether() {
        let ramp: (Int, Int) -> Double = { series, day in series == 0 && day >= 200 ? 1 + 0.06 * Double(day - 199) : 1 }
        let whole = EarlyWarning().judge(panel(100, days: 215, seed: 2, change: ramp))
        var single = EarlyWarning()
        single.windows = []
        let alone = single.judge(panel(100, days: 215, seed: 2, change: ramp))
        func first(_ judged: [EarlyWarning.Judged]) -> Int {
            (200..<215).first { judged[0].verdicts[$0]?.isAnomaly == true } ?? 999
        }
        #expect(first(whole) <= first(alone) && first(whole) < 212, "\(first(whole)) \(first(alone))")
    }

    @Test func nothingLooksAhead() {
        let series = panel(30, days: 160, seed: 3) { index, day in index == 4 && day == 120 ? 4 : 1 }
        let whole = EarlyWarning().judge(series)
        for length in [20, 90, 121, 150] {
            let part = EarlyWarning().judge(
                series.map { EarlyWarning.Series(start: $0.start, values: Array($0.values.prefix(length))) })
            for index in series.indices {
                #expect(
                    part[index].verdicts == Array(whole[index].verdicts.prefix(length)),
                    "series \(index), \(length) days")
            }
        }
    }

    @Test func aCalendarExplainsItsDays() {
        let peaks = [60, 61, 160, 161]
        let day = { (offset: Int) in CivilDate(daysSinceEpoch: Int32(start + offset)) }
        let calendar = EventCalendar([.init(name: "peak", kind: .peak, days: peaks.map(day))])
        let series = panel(120, days: 200, seed: 4) { index, day in
            peaks.contains(day) ? 1.5 + Double(index % 7) * 0.3 : 1
        }
        let without = EarlyWarning().judge(series)
        let with = EarlyWarning().judge(series, calendar: calendar)
        #expect(calls(without, day: 160).count > 40)
        for day in peaks { #expect(calls(with, day: day).count <= 2, "day \(day): \(calls(with, day: day).count)") }
        for day in 162..<170 { #expect(calls(with, day: day).count <= 2) }
    }

    @Test func aLoneSeriesIsNotAlarmedEveryTenthNight() {
        let judged = (0..<10).flatMap { EarlyWarning().judge(panel(1, days: 300, seed: 50 + UInt64($0))) }
        let all = judged.reduce(0) { $0 + $1.verdicts.count { $0?.isAnomaly == true } }
        #expect(all <= 15, "\(all) calls in 3,000 nights")
    }

    @Test(arguments: [1e-12, 1e-3, 1, 1e12])
    func realMeasuresWorkAtEveryScale(scale: Double) throws {
        var values = (0..<120).map { (sin(Double($0) * 1.7) * 3 + cos(Double($0) * 0.9)) * scale }
        values[100] = 40 * scale
        let judged = try #require(
            EarlyWarning().judge([EarlyWarning.Series(start: start, values: values)]).first)
        #expect(judged.verdicts[100]?.isAnomaly == true)
        #expect(judged.verdicts.count { $0?.isAnomaly == true } == 1)
        #expect(judged.verdicts.allSatisfy { $0?.expectation.mean.isFinite ?? true })
    }

    /// Degenerate inputs: never a crash, never a number that is no number, never a false certainty.
    @Test(arguments: degenerate)
    func degenerateSeries(values: [Double]) throws {
        var warning = EarlyWarning()
        warning.horizon = 7
        let judged = try #require(warning.judge([EarlyWarning.Series(start: start, values: values)]).first)
        #expect(judged.verdicts.count == values.count)
        for (index, verdict) in judged.verdicts.enumerated() {
            guard let verdict else { continue }
            let (lower, upper) = verdict.expectation.band()
            #expect(verdict.expectation.mean.isFinite && lower <= upper, "step \(index)")
            #expect((0...1).contains(verdict.pValue ?? 0))
            if verdict.expectation.family != .real { #expect(lower >= 0) }
            if verdict.expectation.mean > 0.5 { #expect(upper > lower) }
        }
        #expect(judged.verdicts.count { $0?.isAnomaly == true } <= 15)
        #expect(judged.ahead.allSatisfy { $0.mean.isFinite && $0.band().lower >= -1e-9 })
    }

    @Test func aNewQueueIsNoAlarmAndAClosedDayIsAZero() {
        let opening = Array(repeating: 0.0, count: 100) + panel(1, days: 60, seed: 7)[0].values
        let judged = EarlyWarning().judge([EarlyWarning.Series(start: start, values: opening)])
        #expect((100..<115).allSatisfy { judged[0].verdicts[$0]?.isAnomaly != true })
        let closed = made(200) { $0 % 7 == 6 ? 0 : 50 + Double($0 * 7 % 11) }
        let sundays = EarlyWarning().judge([EarlyWarning.Series(start: start, values: closed)])
        #expect(sundays[0].verdicts.allSatisfy { $0?.isAnomaly != true })
        #expect((sundays[0].verdicts[195]?.expectation.mean ?? 99) < 2)
    }

    @Test func seriesOfDifferentStartsShareTheirNights() {
        var series = panel(20, days: 150, seed: 9)
        series[3].start += 40
        series[3].values.removeFirst(40)
        series[5].values.removeLast(100)
        let judged = EarlyWarning().judge(series)
        #expect(judged[3].verdicts.count == 110 && judged[5].verdicts.count == 50)
        #expect(judged[3].verdicts[60] != nil)
    }

    /// A part of a synthetic desk with planted events in its last 60 days; the whole of it is measured in Benchmarks.
    @Test(.enabled(if: corpora != nil, "needs CS_ANALYTICS_CORPORA"))
    func plantedEventsAreFoundWithinTheRate() throws {
        let folder = try #require(corpora) + "/ts/synth_cs"
        func rows(_ name: String) throws -> [[Substring]] {
            try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(whereSeparator: \.isNewline)
                .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        }
        let table = try rows("daily_counts_wide.csv")
        let first = try #require(CivilDate(String(table[1][0])))
        let body = table.dropFirst()
        let series = (1...200).map { column in
            EarlyWarning.Series(
                start: Int(first.daysSinceEpoch), values: body.map { Double($0[column]) ?? .nan })
        }
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/calendar.csv")))
        let calendar = try EventCalendar(bytes, path: "calendar.csv")
        #expect(calendar.sets.map(\.name) == ["cny", "national_day", "d11_peak", "d11_after", "d618"])
        let judged = EarlyWarning().judge(series, calendar: calendar)
        var events: [Int: ClosedRange<Int>] = [:]
        for row in try rows("labels.csv").dropFirst() {
            let index = try #require(table[0].firstIndex(of: row[0])) - 1
            events[index] = (try #require(Int(row[2])))...(try #require(Int(row[3])))
        }
        var rates: [Double] = []
        var found: Set<Int> = []
        for day in 670..<730 {
            let called = calls(judged, day: day)
            let isTrue = called.filter { index in
                events[index].map { $0.contains(day) || (day > $0.upperBound && day <= $0.upperBound + 2) } ?? false
            }
            rates.append(called.isEmpty ? 0 : 1 - Double(isTrue.count) / Double(called.count))
            found.formUnion(called.filter { events[$0]?.contains(day) ?? false })
        }
        let planted = events.keys.filter { $0 < 200 }.count
        #expect(rates.reduce(0, +) / 60 <= 0.15, "\(rates.reduce(0, +) / 60)")
        #expect(Double(found.count) >= 0.5 * Double(planted), "\(found.count) of \(planted)")
        for set in calendar.sets {
            for day in set.days { #expect(calls(judged, day: day - first).count <= 1, "\(set.name) \(day)") }
        }
    }
}

@Suite struct TailCalibrationTests {
    @Test func uniformPValuesAreLeftAlone() {
        var tail = TailCalibration(weight: 100)
        var random = SeededGenerator(seed: 5)
        for _ in 0..<200 { tail.add((0..<500).map { _ in Double.random(in: 0..<1, using: &random) }) }
        for p in [1e-6, 1e-4, 0.01] { #expect(abs(log(tail.calibrated(p) / p)) < 0.5, "\(p): \(tail.calibrated(p))") }
        #expect(tail.calibrated(1) == 1 && tail.calibrated(0.5) > 0.45)
    }

    @Test func tailsThatAreTooLightAreLifted() {
        var tail = TailCalibration(weight: 100)
        var random = SeededGenerator(seed: 6)
        // p² of a uniform: far too many small ones.
        for _ in 0..<200 {
            tail.add(
                (0..<500).map { _ in
                    let u = Double.random(in: 0..<1, using: &random)
                    return u * u
                })
        }
        for u in [0.003, 0.03] {
            #expect(abs(log(tail.calibrated(u * u) / u)) < 0.35, "\(u): \(tail.calibrated(u * u))")
        }
    }

    @Test func theOrderIsKept() {
        var tail = TailCalibration()
        tail.add(Array(repeating: 0.001, count: 300))
        let all = stride(from: 0.0, through: 1, by: 0.001).map { tail.calibrated($0) }
        #expect(zip(all.dropFirst(), all).allSatisfy { $0 >= $1 } && all[1000] == 1)
    }
}
