import Features
import Runtime
import Testing

@Suite("Grids of series")
struct TimeAxisTests {
    private func day(_ text: String) throws -> Double {
        Double(try #require(CivilDate(text)).daysSinceEpoch)
    }

    @Test(
        "A grid writes its own times and those behind its end",
        arguments: [
            (["2026-01-01", "2026-01-02", "2026-01-03"], "2026-01-04", [7]),
            (["2026-01-31", "2026-02-28", "2026-03-31"], "2026-04-30", [12]),
            (["2025-10-01", "2026-01-01", "2026-04-01"], "2026-07-01", [4]),
            (["2026-01-05", "2026-01-12", "2026-01-19"], "2026-01-26", [52]),
            (["2024-01-01", "2025-01-01", "2026-01-01"], "2027-01-01", []),
            (["2026-01-02", "2026-01-05", "2026-01-06", "2026-01-07"], "2026-01-08", [7]),
        ])
    func dates(_ stamps: [String], _ next: String, _ seasons: [Int]) throws {
        let axis = TimeAxis(form: .date, sorted: try stamps.map(day))
        let last = axis.index(of: try day(stamps[stamps.count - 1]))
        #expect(last.offGrid < 0.01)
        #expect(axis.text(at: last.index) == stamps[stamps.count - 1])
        #expect(axis.text(at: last.index + 1) == next)
        #expect(axis.usualSeasons == seasons)
    }

    @Test("Hours and minutes keep the writing of the file")
    func times() {
        let form = AxisForm.dateTime(separator: UInt8(ascii: " "), hasSeconds: true, suffix: "+08:00")
        let axis = TimeAxis(form: form, sorted: [0, 3600, 7200, 14_400])
        #expect(axis.step == .seconds(3600))
        #expect(axis.text(at: 25) == "1970-01-02 01:00:00+08:00")
        #expect(axis.usualSeasons == [24, 168])
        #expect(TimeAxis(form: form, sorted: [0, 300, 600]).usualSeasons == [288, 2016])
    }

    @Test("Rounded decimal years are a grid of twelfths")
    func decimalYears() {
        let stamps = (0..<144).map { ((1949 + Double($0) / 12) * 1e6).rounded() / 1e6 }
        let axis = TimeAxis(form: .number, sorted: stamps)
        #expect(axis.step == .number(1.0 / 12))
        #expect(axis.usualSeasons == [12])
        for (index, stamp) in stamps.enumerated() { #expect(axis.index(of: stamp).index == index) }
        #expect(axis.text(at: 144) == "1961.0")
        #expect(TimeAxis(form: .number, sorted: [1, 2, 3]).text(at: 3) == "4")
    }

    @Test("A gap is missing, not zero; the last of two rows for one time counts")
    func gaps() {
        let series = LongSeries(
            id: "a", form: .number, times: [3, 1, 6, 3], stamps: ["3", "1", "6", "3"], values: [30, 10, 60, 31])
        let regular = RegularSeries(
            LongSeries(
                id: "a", form: .number, times: series.times + [4], stamps: series.stamps + ["4"],
                values: series.values + [40]))
        #expect(regular.positionOfRow == [2, 0, 5, 2, 3])
        #expect(
            regular.values[0] == 10 && regular.values[2] == 31 && regular.values[3] == 40 && regular.values[5] == 60)
        #expect(regular.values[1].isNaN && regular.values[4].isNaN)
        #expect(regular.repeated == 1)
        #expect(!regular.wasSorted)
    }

    @Test("One absurd date does not fill memory")
    func absurdDate() {
        let regular = RegularSeries(
            LongSeries(
                id: "a", form: .number, times: [1, 2, 3, 1e12], stamps: ["1", "2", "3", "1e12"], values: [1, 2, 3, 4]))
        #expect(regular.values == [1, 2, 3, 4])
    }
}
