import Support
import Testing

@testable import Models

@Suite struct HourOfWeekCountsTests {
    /// Knuth's way to a Poisson count.
    static func poisson(_ mean: Double, _ random: inout SeededGenerator) -> Double {
        let limit = exponential(-mean)
        var product = Double.random(in: 0..<1, using: &random)
        var count = 0.0
        while product > limit {
            product *= Double.random(in: 0..<1, using: &random)
            count += 1
        }
        return count
    }

    private static func exponential(_ x: Double) -> Double {
        var sum = 1.0
        var term = 1.0
        for n in 1...60 {
            term *= x / Double(n)
            sum += term
        }
        return sum
    }

    /// Arrivals of a desk that is open from 8 to 20, weaker at weekends, busy on Monday morning beyond the product.
    static func truth(_ t: Int, mean: Double) -> Double {
        let hour = t % 24
        let day = t / 24 % 7
        guard (8..<20).contains(hour) else { return 0.05 * mean }
        return mean * (day >= 5 ? 0.4 : 1) * (day == 0 && hour < 11 ? 3 : 1)
    }

    @Test(arguments: [0.3, 1.0, 3.0])
    func ratesAreNearerToTheTruthThanTheirHoursMeans(_ mean: Double) throws {
        var random = SeededGenerator(seed: 11)
        let values = (0..<12 * 168).map { Self.poisson(Self.truth($0, mean: mean), &random) }
        let fitted = try #require(HourOfWeekCounts().fit(values))
        var own = 0.0
        var means = 0.0
        var last = 0.0
        for c in 0..<168 {
            let truth = Self.truth(c, mean: mean)
            let sum = stride(from: c, to: values.count, by: 168).reduce(0.0) { $0 + values[$1] }
            own += (fitted.rates[c] - truth) * (fitted.rates[c] - truth)
            means += (sum / 12 - truth) * (sum / 12 - truth)
            last += (values[values.count - 168 + c] - truth) * (values[values.count - 168 + c] - truth)
        }
        #expect(own < 0.8 * means)
        #expect(own < 0.15 * last)
    }

    @Test func limitsOfCountsHoldWhatTheySay() throws {
        var random = SeededGenerator(seed: 5)
        let mean = 0.8
        let values = (0..<12 * 168).map { Self.poisson(Self.truth($0, mean: mean), &random) }
        let forecast = try #require(HourOfWeekCounts().fit(values)).forecast(horizon: 336, levels: [0.8, 0.95])
        var inside = [0.0, 0.0]
        let draws = 20
        for h in 0..<336 {
            for _ in 0..<draws {
                let value = Self.poisson(Self.truth(h, mean: mean), &random)
                for (i, interval) in forecast.intervals.enumerated()
                where interval.lower[h] <= value && value <= interval.upper[h] { inside[i] += 1 }
            }
        }
        // Counts are coarse: limits hold at least what they say.
        #expect(inside[0] / Double(336 * draws) >= 0.8 && inside[1] / Double(336 * draws) >= 0.95)
        for interval in forecast.intervals {
            #expect(interval.lower.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
            #expect(zip(interval.lower, interval.upper).allSatisfy { $0 <= $1 })
        }
    }

    @Test func theLevelIsThatOfTheLastWeeks() throws {
        let values = (0..<12 * 168).map { $0 < 8 * 168 ? 1.0 : 3.0 }
        let fitted = try #require(HourOfWeekCounts().fit(values))
        #expect(fitted.rates.allSatisfy { abs($0 - 3) < 0.15 })
    }

    @Test func badInput() throws {
        #expect(HourOfWeekCounts().fit([]) == nil)
        #expect(HourOfWeekCounts().fit([.nan, .nan]) == nil)
        let zeros = try #require(HourOfWeekCounts().fit([Double](repeating: 0, count: 400)))
        let nothing = zeros.forecast(horizon: 5, levels: [0.95])
        #expect(nothing.mean == [0, 0, 0, 0, 0] && nothing.intervals[0].lower.allSatisfy { $0 == 0 })
        // A week of which Sunday is unknown: its hours take the means of the hours.
        var week = (0..<168).map { $0 % 24 == 9 ? 12.0 : 0 }
        for t in 144..<168 { week[t] = .nan }
        let fitted = try #require(HourOfWeekCounts().fit(week))
        #expect(fitted.rates.allSatisfy(\.isFinite) && fitted.rates[153] > 8 && fitted.rates[150] < 1)
        // A constant of 7 stays 7.
        let constant = try #require(HourOfWeekCounts().fit([Double](repeating: 7, count: 1000)))
        #expect(constant.rates.allSatisfy { abs($0 - 7) < 1e-9 })
    }
}
