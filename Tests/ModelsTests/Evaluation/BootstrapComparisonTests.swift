import LinearAlgebra
import Testing

@testable import Models

@Suite("Bootstrap comparison")
struct BootstrapComparisonTests {
    private func rows(_ share: Double, seed: UInt64, truth: [Int32]) -> [Int32] {
        var random = SeededRandom(seed: seed)
        return truth.map { random.unit() < share ? $0 : 1 - $0 }
    }

    @Test func theIntervalIsAboutAsWideAsTheNormalOne() {
        let truth = (0..<900).map { Int32($0 % 2) }
        let first = rows(0.8, seed: 1, truth: truth)
        let found = BootstrapComparison(first: first, second: truth, truth: truth, labelCount: 2, seed: 3)
        let accuracy = Double(zip(first, truth).count { $0 == $1 }) / 900
        #expect(abs(found.accuracyFirst.value - accuracy) < 1e-12)
        #expect(found.accuracySecond.value == 1 && found.accuracySecond.low == 1)
        // Two standard errors of a share, within what a thousand resamples allow.
        let width = 2 * 1.96 * (accuracy * (1 - accuracy) / 900).squareRoot()
        #expect(abs(found.accuracyFirst.high - found.accuracyFirst.low - width) < 0.2 * width)
        #expect(found.accuracyDifference.low > 0 && found.macroF1Difference.low > 0)
    }

    @Test func equalClassifiersDoNotDiffer() {
        let truth = (0..<100).map { Int32($0 % 3) }
        let found = BootstrapComparison(first: truth, second: truth, truth: truth, labelCount: 3, samples: 50)
        #expect(found.accuracyDifference == .init(value: 0, low: 0, high: 0))
        #expect(found == BootstrapComparison(first: truth, second: truth, truth: truth, labelCount: 3, samples: 50))
    }

    @Test func noRowsGiveNoFigures() {
        let found = BootstrapComparison(first: [], second: [], truth: [], labelCount: 2)
        #expect(found.accuracyFirst == .init(value: 0, low: 0, high: 0))
    }
}
