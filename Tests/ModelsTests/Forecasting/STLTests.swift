import LinearAlgebra
import Testing

@testable import Models

@Suite struct STLTests {
    private static let names = ["nottem", "logAirPassengers", "USAccDeaths", "ldeaths"]

    @Test(
        "the decomposition equals R's", .enabled(if: TimeSeriesCorpus.isThere, "needs CS_ANALYTICS_CORPORA"),
        arguments: names, ["periodic_plain", "periodic_robust", "s13_robust"])
    func equalsReference(name: String, setting: String) throws {
        let reference = try TimeSeriesCorpus.decode("reference_stl.json", as: TimeSeriesCorpus.Decompositions.self)
        let values = try #require(reference.series[name])
        let expected = try #require(reference.stl["\(name)_\(setting)"])
        let stl = STL(
            season: 12, window: setting == "s13_robust" ? .seasons(13) : .periodic,
            robust: setting != "periodic_plain")
        let found = try #require(stl.decompose(values))
        #expect(relativeDistance(found.seasonal, try #require(expected.seasonal)) < 1e-10)
        #expect(relativeDistance(found.trend, try #require(expected.trend)) < 1e-10)
        #expect(relativeDistance(found.remainder, try #require(expected.remainder)) < 1e-8)
        if let weights = expected.weights { #expect(relativeDistance(found.weights, weights) < 1e-8) }
    }

    @Test(
        "two seasons of half-hourly demand equal R's",
        .enabled(if: TimeSeriesCorpus.isThere, "needs CS_ANALYTICS_CORPORA"))
    func severalSeasonsEqualReference() throws {
        let reference = try TimeSeriesCorpus.decode("reference_stl.json", as: TimeSeriesCorpus.Decompositions.self)
        let expected = try #require(reference.stl["taylor_mstl"])
        let values = try #require(expected.x).map { $0 ?? .nan }
        let found = try #require(MSTL(seasons: [336, 48]).decompose(values))
        #expect(found.seasons == [48, 336])
        #expect(relativeDistance(found.seasonals[0], try #require(expected.seasonal48)) < 1e-10)
        #expect(relativeDistance(found.seasonals[1], try #require(expected.seasonal336)) < 1e-10)
        #expect(relativeDistance(found.trend, try #require(expected.trend)) < 1e-10)
    }

    @Test("parts add up to the values, and scale and shift with them")
    func laws() throws {
        let values = Series.noisy(count: 120, season: 7, seed: 3)
        let parts = try #require(STL(season: 7, window: .seasons(7)).decompose(values))
        for t in values.indices {
            #expect(abs(parts.seasonal[t] + parts.trend[t] + parts.remainder[t] - values[t]) < 1e-9)
        }
        let moved = try #require(STL(season: 7, window: .seasons(7)).decompose(values.map { 3 * $0 + 1000 }))
        for t in values.indices {
            #expect(abs(moved.seasonal[t] - 3 * parts.seasonal[t]) < 1e-7)
            #expect(abs(moved.trend[t] - 3 * parts.trend[t] - 1000) < 1e-7)
        }
    }

    @Test("an exact season is found exactly")
    func exactPattern() throws {
        let pattern = [5.0, -1, 0, 2, -3, -2, -1]
        let values = (0..<70).map { 10 + pattern[$0 % 7] }
        let parts = try #require(STL(season: 7).decompose(values))
        for t in 0..<70 {
            #expect(abs(parts.seasonal[t] - pattern[t % 7]) < 1e-9)
            #expect(abs(parts.remainder[t]) < 1e-9)
        }
    }

    @Test("the middle values are the sorted ones, but where the program that is followed stops early")
    func middleValues() {
        var random = SeededRandom(seed: 5)
        var equal = 0
        for count in 2..<120 {
            let values = (0..<count).map { _ in random.unit() }
            let sorted = values.sorted()
            let exact = sorted[count / 2] + sorted[count - count / 2 - 1]
            let found = MiddleOrderStatistics.sum(values)
            if abs(found - exact) < 1e-12 { equal += 1 }
            if !count.isMultiple(of: 2) { #expect(abs(found - exact) < 1e-12) }
        }
        #expect(equal > 100)
    }

    @Test("one spike does not move a robust season")
    func robustness() throws {
        let pattern = [5.0, -1, 0, 2, -3, -2, -1]
        var values = (0..<140).map { 10 + pattern[$0 % 7] }
        values[70] += 1000
        let parts = try #require(STL(season: 7, robust: true).decompose(values))
        #expect(parts.weights[70] == 0)
        for t in 0..<7 { #expect(abs(parts.seasonal[t] - pattern[t]) < 1e-6) }
    }

    @Test("too short, missing or endless values are refused")
    func refusals() {
        #expect(STL(season: 7).decompose([Double](repeating: 1, count: 14)) == nil)
        #expect(STL(season: 7).decompose((0..<30).map { $0 == 4 ? .nan : 1 }) == nil)
        #expect(MSTL(seasons: [7]).decompose([Double](repeating: .nan, count: 30)) == nil)
        #expect(MSTL(seasons: [7, 365]).decompose((0..<300).map { Double($0 % 7) })?.seasons == [7])
    }
}
