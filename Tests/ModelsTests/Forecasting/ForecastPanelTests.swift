import Support
import Testing

@testable import Models

@Suite struct ForecastPanelTests {
    /// Ten daily counts of two months, of different levels.
    private static let requests: [ForecastPanel.Request] = {
        var random = SeededGenerator(seed: 3)
        return (0..<10).map { number in
            let level = 4.0 + 3 * Double(number)
            let values = (0..<56).map { day in
                HourOfWeekCountsTests.poisson(level * (day % 7 < 5 ? 1 : 0.5), &random)
            }
            return ForecastPanel.Request(
                values: values, seasons: [7], horizon: 14, budget: ForecastBudget(origins: 0))
        }
    }()

    private static func run(_ budget: Int, workers: Int, _ count: Int = 10) -> [ForecastPanel.Outcome] {
        var panel = ForecastPanel(budget: budget, workers: workers)
        return panel.forecast(Array(requests.prefix(count)))
    }

    @Test func workersAndBudgetNeverChangeWhatIsMade() throws {
        let whole = Self.run(.max, workers: 1)
        #expect(whole == Self.run(.max, workers: 3))
        let works = whole.map { outcome -> Int in
            guard case .made(let ahead) = outcome else { return 0 }
            return ahead.work
        }
        #expect(works.allSatisfy { $0 > 0 })
        for workers in [1, 4] {
            // The first wave may be begun, the second not.
            let cut = Self.run(works[0] + 1, workers: workers)
            #expect(Array(cut[..<8]) == Array(whole[..<8]))
            #expect(cut[8...].allSatisfy { $0 == .overBudget })
        }
        #expect(Self.run(0, workers: 2).allSatisfy { $0 == .overBudget })
        var panel = ForecastPanel(budget: 1_000_000_000, workers: 2)
        _ = panel.forecast(Array(Self.requests.prefix(2)))
        #expect(panel.left == 1_000_000_000 - works[0] - works[1])
    }

    @Test func countsHaveNoNegativeLimitsAndOrderedOnes() {
        for outcome in Self.run(.max, workers: 2, 4) {
            guard case .made(let ahead) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(ahead.forecast.mean.count == 14 && !ahead.name.isEmpty)
            let (narrow, wide) = (ahead.forecast.intervals[0], ahead.forecast.intervals[1])
            for h in 0..<14 {
                #expect(wide.lower[h] >= 0 && wide.lower[h] <= narrow.lower[h])
                #expect(narrow.upper[h] <= wide.upper[h] && ahead.forecast.mean[h] >= 0)
            }
        }
    }

    @Test func missingDaysAtTheEndDoNotShiftTheWeek() throws {
        let pattern = [50.0, 10, 10, 10, 10, 10, 10]
        var values = (0..<70).map { pattern[$0 % 7] }
        for t in 66..<70 { values[t] = .nan }
        var panel = ForecastPanel(budget: .max, workers: 1)
        let outcomes = panel.forecast([
            ForecastPanel.Request(values: values, seasons: [7], horizon: 14, budget: ForecastBudget(origins: 1))
        ])
        guard case .made(let ahead) = try #require(outcomes.first) else {
            Issue.record("no forecast")
            return
        }
        for h in 0..<14 { #expect(abs(ahead.forecast.mean[h] - pattern[h % 7]) < 5, "\(h)") }
    }

    @Test func aCalendarIsTakenOutAndPutIn() throws {
        var values = (0..<70).map { $0 % 7 < 5 ? 40.0 : 20.0 }
        var factors = [Double](repeating: 1, count: 84)
        for t in [30, 31, 75] { factors[t] = 3 }
        for t in [30, 31] { values[t] *= 3 }
        var panel = ForecastPanel(budget: .max, workers: 1)
        let outcomes = panel.forecast([
            ForecastPanel.Request(
                values: values, factors: factors, seasons: [7], horizon: 14, budget: ForecastBudget(origins: 1))
        ])
        guard case .made(let ahead) = try #require(outcomes.first) else {
            Issue.record("no forecast")
            return
        }
        #expect(abs(ahead.forecast.mean[5] - 3 * 20) < 8 && abs(ahead.forecast.mean[6] - 20) < 4)
    }

    @Test func whatCannotBeContinuedIsSaid() {
        func outcome(_ values: [Double], seasons: [Int] = [7]) -> ForecastPanel.Outcome? {
            var panel = ForecastPanel(budget: .max, workers: 1)
            return panel.forecast([
                ForecastPanel.Request(values: values, seasons: seasons, horizon: 14)
            ]).first
        }
        #expect(outcome([]) == .nothingKnown)
        #expect(outcome([Double](repeating: .nan, count: 50)) == .nothingKnown)
        #expect(outcome([Double](repeating: 3, count: 27)) == .nothingKnown)
        // A series that ended months ago.
        #expect(outcome((0..<100).map { $0 < 60 ? Double($0 % 5) : .nan }) == .nothingKnown)
        guard case .made(let constant) = outcome([Double](repeating: 7, count: 40)) else {
            Issue.record("a constant is a constant")
            return
        }
        #expect(constant.forecast.mean.allSatisfy { $0 == 7 })
        guard case .made(let sparse) = outcome((0..<600).map { $0 % 24 == 9 ? 1 : 0 }, seasons: [24, 168]) else {
            Issue.record("sparse hours are counts")
            return
        }
        #expect(sparse.name == "hour-of-week counts[168]" && sparse.forecast.mean[9] > 0.9)
    }
}
