import Foundation
import Models
import Support
import Testing

/// Five-minute values of some days with a daily pattern.
private func stream(days: Int, seed: UInt64) -> (values: [Double], seconds: [Double]) {
    var random = SeededGenerator(seed: seed)
    let seconds = (0..<(288 * days)).map { 1.7e9 + 300 * Double($0) }
    let values = seconds.map { time -> Double in
        let hour = (time / 3_600).truncatingRemainder(dividingBy: 24)
        return 50 + 20 * sin(hour / 24 * 2 * .pi) + Double.random(in: -3...3, using: &random)
    }
    return (values, seconds)
}

@Suite struct StreamingDetectorTests {
    private let detector = StreamingDetector()

    @Test func aBurstIsCalledOnce() {
        var (values, seconds) = stream(days: 14, seed: 1)
        for index in 3_000..<3_030 { values[index] = 160 }
        let (fine, coarse) = StreamingDetector.clockSlots(seconds)
        let points = detector.judge(values, fine: fine, coarse: coarse)
        let called = points.indices.filter { points[$0].isAnomaly && $0 > 600 }
        #expect(called.count >= 1 && called.count <= 3 && (3_000..<3_030).contains(called[0]), "\(called)")
        #expect(points[2_900].pValue > 0.001 && points[3_000].pValue < 0.001)
        #expect(abs(points[2_900].expected - values[2_900]) < 15)
        // After the warm-up a score is a claim or nothing.
        #expect(points.prefix(100).allSatisfy { $0.score == 0 })
    }

    @Test func thePrefixOfTheScoresIsTheScoresOfThePrefix() {
        var (values, seconds) = stream(days: 8, seed: 2)
        values[900] = 200
        values[1_500] = .nan
        values[2_000] = 0
        let (fine, coarse) = StreamingDetector.clockSlots(seconds)
        let whole = detector.judge(values, fine: fine, coarse: coarse)
        for length in [0, 50, 101, 901, 1_501, 2_001, 2_300] {
            let part = detector.judge(
                Array(values.prefix(length)), fine: Array(fine.prefix(length)), coarse: Array(coarse.prefix(length)))
            #expect(part.count == length)
            for (a, b) in zip(part, whole) {
                #expect(a.score == b.score && a.isAnomaly == b.isAnomaly)
                #expect(a.pValue == b.pValue || a.pValue.isNaN && b.pValue.isNaN)
            }
        }
    }

    @Test(arguments: [1e-12, 1, 1e12])
    func scoresDoNotDependOnTheUnit(scale: Double) {
        let (values, seconds) = stream(days: 6, seed: 3)
        let (fine, coarse) = StreamingDetector.clockSlots(seconds)
        let plain = detector.judge(values, fine: fine, coarse: coarse)
        let scaled = detector.judge(values.map { $0 * scale }, fine: fine, coarse: coarse)
        for (a, b) in zip(plain, scaled) { #expect(abs(a.score - b.score) < 1e-6 * (1 + a.score)) }
    }

    @Test(arguments: [
        [], [1], Array(repeating: 0, count: 500), Array(repeating: 7, count: 500), Array(repeating: .nan, count: 300),
        (0..<400).map { $0 == 300 ? 1 : 0 }, (0..<400).map { $0 < 200 ? 5 : -5 },
    ])
    func degenerateStreams(values: [Double]) {
        let (fine, coarse, cycles) = StreamingDetector.stepSlots(count: values.count, season: 24)
        let points = detector.judge(values, fine: fine, coarse: coarse, cycles: cycles)
        #expect(points.count == values.count && points.allSatisfy { $0.score.isFinite && $0.score >= 0 })
        // A new level comes back until its slots have learnt it.
        #expect(points.count(where: \.isAnomaly) <= 6)
    }

    @Test func aConstantThatMovesIsNoticed() {
        let values = (0..<400).map { $0 == 300 ? 1.0 : 0 }
        let (fine, coarse, cycles) = StreamingDetector.stepSlots(count: 400, season: 1)
        let points = detector.judge(values, fine: fine, coarse: coarse, cycles: cycles)
        #expect(points.indices.filter { points[$0].isAnomaly } == [300])
    }

    @Test func clockSlotsBeginOnMonday() {
        // 2026-11-16 was a Monday; 1970-01-01 a Thursday.
        let monday = 1_794_787_200.0
        let (fine, coarse) = StreamingDetector.clockSlots([monday, monday + 5_400, 0, -1])
        #expect(fine == [0, 3, 0, 47] && coarse == [0, 1, 72, 71])
    }
}
