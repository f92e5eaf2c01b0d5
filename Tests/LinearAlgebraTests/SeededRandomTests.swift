import Testing

@testable import LinearAlgebra

@Suite("Seeded random numbers")
struct SeededRandomTests {
    /// From an independent implementation of SplitMix64 and xoshiro256**.
    @Test func givesTheReferenceNumbers() {
        var random = SeededRandom(seed: 0)
        #expect(
            (0..<4).map { _ in random.next() } == [
                0x99ec_5f36_cb75_f2b4, 0xbf6e_1f78_4956_452a, 0x1a5f_849d_4933_e6e0, 0x6aa5_94f1_262d_2d2c,
            ])
    }

    @Test func sameSeedSameNumbersAndOtherStreamsOthers() {
        var (a, b) = (SeededRandom(seed: 5, stream: 1), SeededRandom(seed: 5, stream: 1))
        var c = SeededRandom(seed: 5, stream: 2)
        let numbers = (0..<100).map { _ in a.next() }
        #expect(numbers == (0..<100).map { _ in b.next() })
        #expect(numbers != (0..<100).map { _ in c.next() })
    }

    @Test(arguments: [1, 2, 7, 1000])
    func indicesStayBelowTheirBoundAndReachAll(bound: Int) {
        var random = SeededRandom(seed: 3)
        var seen = Set<Int>()
        for _ in 0..<bound * 20 { seen.insert(random.index(below: bound)) }
        #expect(seen.allSatisfy { (0..<bound).contains($0) })
        // Each of the 20 n draws misses a given index with (1 - 1/n)^(20 n), about 2e-9.
        #expect(seen.count == bound)
    }

    @Test func unitAndNormalHaveTheirMoments() {
        var random = SeededRandom(seed: 11)
        let count = 20_000
        let units = (0..<count).map { _ in random.unit() }
        let normals = (0..<count).map { _ in random.normal() }
        #expect(units.allSatisfy { $0 >= 0 && $0 < 1 })
        // Five standard errors: 5 · 0.289 / √20000 and 5 / √20000.
        #expect(abs(units.reduce(0, +) / Double(count) - 0.5) < 0.0102)
        #expect(abs(normals.reduce(0, +) / Double(count)) < 0.0354)
        #expect(abs(normals.reduce(0) { $0 + $1 * $1 } / Double(count) - 1) < 0.05)
    }

    @Test func shufflingKeepsTheValues() {
        var random = SeededRandom(seed: 1)
        var values = (0..<100).map(Int32.init)
        random.shuffle(&values)
        #expect(values != (0..<100).map(Int32.init))
        #expect(values.sorted() == (0..<100).map(Int32.init))
        var one: [Int32] = [4]
        random.shuffle(&one)
        #expect(one == [4])
    }
}
