import Foundation
import Models
import Support
import Testing

private let corpora = ProcessInfo.processInfo.environment["CS_ANALYTICS_CORPORA"]

@Suite struct LevelShiftsTests {
    /// The definition itself: dynamic programming over all last cuts, without pruning.
    private func slow(_ values: [Double], penalty: Double, least: Int) -> [Int] {
        let n = values.count
        var best = Array(repeating: Double.infinity, count: n + 1)
        best[0] = -penalty
        var previous = Array(repeating: 0, count: n + 1)
        for end in least...n {
            for start in 0...(end - least) where best[start].isFinite {
                let part = values[start..<end]
                let mean = part.reduce(0, +) / Double(part.count)
                let cost = best[start] + part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } + penalty
                if cost < best[end] - 1e-9 {
                    best[end] = cost
                    previous[end] = start
                }
            }
        }
        var out: [Int] = []
        var end = n
        while previous[end] > 0 {
            end = previous[end]
            out.append(end)
        }
        return out.reversed()
    }

    @Test(arguments: [1, 2, 5], [1, 2, 3, 4, 5, 6])
    func agreesWithTheDefinition(least: Int, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var level = 10.0
        let values = (0..<90).map { _ -> Double in
            if Double.random(in: 0..<1, using: &random) < 0.06 { level += Double.random(in: -8...8, using: &random) }
            return level + Double.random(in: -2...2, using: &random)
        }
        for penalty in [2.0, 12, 60] {
            #expect(
                LevelShifts.cuts(values, penalty: penalty, minimumLength: least)
                    == slow(values, penalty: penalty, least: least), "seed \(seed), penalty \(penalty)")
        }
    }

    @Test(.enabled(if: corpora != nil, "needs CS_ANALYTICS_CORPORA"))
    func equalsThePublishedReferences() throws {
        let root = (corpora ?? "") + "/ts/"
        func column(_ path: String, _ index: Int) throws -> [Double] {
            try String(contentsOfFile: root + path, encoding: .utf8).split(whereSeparator: \.isNewline).compactMap {
                Double($0.split(separator: ",")[index])
            }
        }
        let nile = try column("classic/Nile.csv", 1)
        let made = try column("pelt_synth_730.csv", 0)
        #expect(nile.count == 100 && made.count == 730)
        for penalty in [128_865.5662, 193_298.3494] { #expect(LevelShifts.cuts(nile, penalty: penalty) == [28]) }
        for penalty in [754.2750, 1_131.4125] {
            #expect(LevelShifts.cuts(made, penalty: penalty) == [121, 250, 521, 650])
        }
        #expect(LevelShifts.cuts(nile) == [28])
        #expect(LevelShifts.cuts(made).contains(121) && LevelShifts.cuts(made).contains(650))
    }

    @Test func degenerateSeriesHaveNoShifts() {
        #expect(LevelShifts.cuts([]) == [] && LevelShifts.cuts([1]) == [] && LevelShifts.cuts([1, 2, 9]) == [])
        #expect(LevelShifts.cuts(Array(repeating: 7, count: 50)) == [])
        #expect(LevelShifts.cuts(Array(repeating: 0, count: 50)) == [])
        #expect(LevelShifts.shifts(Array(repeating: .nan, count: 50)) == [])
    }

    @Test(arguments: [1e-12, 1, 1e12])
    func aStepIsFoundAtEveryScale(scale: Double) throws {
        let values = (0..<60).map { (index: Int) -> Double in
            let level: Double = index < 31 ? 100 : 130
            return (Double(index * 7 % 5) + level) * scale
        }
        let shift = try #require(LevelShifts.shifts(values).first)
        #expect(shift.index == 31 && LevelShifts.shifts(values).count == 1)
        #expect(abs(shift.before / scale - 102) < 0.5 && abs(shift.after / scale - 132) < 0.5)
    }

    @Test func aWeeklyPatternIsNoShiftAndMissingDaysKeepTheirPlace() throws {
        let pattern: [Double] = [120, 100, 95, 90, 105, 40, 30]
        var values = (0..<140).map { (day: Int) -> Double in
            let shift: Double = day < 80 ? 0 : 60
            return pattern[day % 7] + Double(day * 11 % 13) + shift
        }
        for index in [3, 40, 81, 82] { values[index] = .nan }
        let shifts = LevelShifts.shifts(values, period: 7)
        #expect(shifts.map(\.index) == [80])
        #expect(LevelShifts.shifts(Array(values.prefix(80)), period: 7) == [])
    }
}
