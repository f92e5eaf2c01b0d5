import Foundation
import Models
import Testing

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

@Suite struct MidTailTests {
    /// P(Y > y) + P(Y = y) / 2 above the mean and its mirror below, from the sum of the probabilities themselves.
    private func slow(_ y: Double, _ mean: Double, _ dispersion: Double) -> Double {
        let size = 1 / dispersion
        func mass(_ k: Double) -> Double {
            let head = lgamma(k + size) - lgamma(size) - lgamma(k + 1)
            return exp(head + size * log(size / (size + mean)) + k * log(mean / (size + mean)))
        }
        var below = 0.0
        var k = 0.0
        while k < y {
            below += mass(k)
            k += 1
        }
        let lower = below + mass(y) / 2
        return y >= mean ? 1 - lower : lower
    }

    @Test(arguments: [0.02, 0.3, 2], [0.3, 6, 90])
    func agreesWithTheSumOfProbabilities(dispersion: Double, mean: Double) {
        for y in [0, mean / 3, mean, 2 * mean, 4 * mean + 3].map({ $0.rounded() }) {
            let found = TailProbability.midTail(y, mean: mean, dispersion: dispersion)
            let exact = slow(y, mean, dispersion)
            // Near the mean an approximation of the gamma is used; the digits there decide nothing.
            #expect(
                abs(found - exact) < (exact > 0.1 ? 0.03 : 1e-6 + 1e-6 * exact), "y \(y) of \(mean): \(found) \(exact)")
        }
    }

    @Test func farTailsStayAboveZeroAndFallSteadily() {
        var last = 1.0
        for y in stride(from: 20.0, through: 400, by: 20) {
            let p = TailProbability.midTail(y, mean: 10, dispersion: 0.02)
            #expect(p > 0 && p < last, "y \(y): \(p)")
            last = p
        }
        #expect(TailProbability.midTail(2e12, mean: 1e12, dispersion: 0.001) < 1e-20)
        #expect(TailProbability.midTail(0, mean: 1e12, dispersion: 0.001) < 1e-20)
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
