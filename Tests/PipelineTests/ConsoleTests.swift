import Testing

@testable import Pipeline

@Suite struct ConsoleTests {
    @Test func progressTellsRateAndRemainingTime() {
        #expect(TerminalProgress.line(stage: "ingest", done: 0, total: 10, milliseconds: 5) == "ingest")
        #expect(
            TerminalProgress.line(stage: "ingest", done: 120_000, total: 180_000, milliseconds: 2000)
                == "ingest  120,000  60,000/s  1 s left")
        #expect(TerminalProgress.line(stage: "cases", done: 999, total: nil, milliseconds: 0) == "cases  999  0/s")
    }

    @Test(arguments: [(0.5, "50.00%"), (0.123456, "12.35%"), (1, "100.00%"), (-0.05, "-5.00%")])
    func sharesArePerCent(share: Double, text: String) {
        #expect(percent(share) == text)
    }

    @Test func absentIsADash() {
        #expect(percent(nil) == "-")
        #expect(percent(.nan) == "-")
        #expect(padded("ab", 4) == "ab  ")
    }

    @Test(arguments: [
        (0, "0"), (1000, "1"), (1500, "1.5"), (1050, "1.05"), (1001, "1.001"), (-500, "-0.5"),
        (2_671_462_000, "2671462"),
    ])
    func secondsKeepWhatIsThere(milliseconds: Int64, text: String) {
        #expect(CaseRow.seconds(milliseconds) == text)
    }
}
