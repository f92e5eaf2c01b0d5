package import Features
import Glibc
import Runtime

/// Early warning over many series: what was expected of every step, how unusual it was, and which steps are called.
///
/// Every series has a dynamic generalised linear model (West, Harrison and Migon 1985): a level that drifts, a seasonal
/// profile and the effects of a calendar add up on the logarithm, and each new value moves them by its error, bounded,
/// in proportion to how uncertain they are. Counts are negative binomial; their dispersion is drawn to that of all
/// series. Evidence of single steps and of the last few together becomes one p-value, calibrated by `TailCalibration`
/// against the p-values of earlier nights, and Benjamini and Hochberg's rule decides once a night over all series.
///
/// Nothing looks ahead: the verdicts of a prefix are the prefix of the verdicts. They do not depend on the order of the
/// series but for the last digits of sums. Time is linear in the number of values.
package struct EarlyWarning: Sendable {
    /// Share of false calls aimed at among the calls of one night.
    package var falseDiscoveryRate = 0.1
    /// No step above this p-value is called: with a handful of series the rate alone would call every tenth night.
    package var greatestPValue = 0.0027
    /// Steps of the season; 1 for none.
    package var period = 7
    /// Steps that are looked at together besides single ones, ascending.
    package var windows = [2, 4, 7, 14]
    /// Steps after the last one of all series that are looked ahead.
    package var horizon = 0

    package init() {}

    /// One series on a gapless grid; a missing value is `NaN`.
    package struct Series: Sendable {
        /// Steps from a common origin; days since 1970-01-01 where a calendar is used.
        package var start: Int
        package var values: [Double]
        /// Found from the first values where it is `nil`.
        package var family: SeriesFamily?

        package init(start: Int, values: [Double], family: SeriesFamily? = nil) {
            self.start = start
            self.values = values
            self.family = family
        }
    }

    /// What is said of one step of one series.
    package struct Verdict: Sendable, Equatable {
        package var expectation: SeriesExpectation
        /// Signed distance from expected in standard deviations.
        package var score: Double
        /// Calibrated two-sided p-value of the step and the last few before it; `nil` while there is too little history.
        package var pValue: Double?
        package var isAnomaly: Bool
    }

    /// One series judged.
    package struct Judged: Sendable, Equatable {
        /// One per value; `nil` before the series has a history, and where a value is missing.
        package var verdicts: [Verdict?]
        /// The steps after its last value.
        package var ahead: [SeriesExpectation]
    }

    /// Judges all series together, step by step.
    package func judge(_ series: [Series], calendar: EventCalendar = .empty) -> [Judged] {
        guard let first = series.lazy.filter({ !$0.values.isEmpty }).map(\.start).min(),
            let end = series.lazy.filter({ !$0.values.isEmpty }).map({ $0.start + $0.values.count }).max()
        else { return series.map { _ in Judged(verdicts: [], ahead: []) } }
        var panel = SeriesPanel(self, series, calendar: calendar)
        for step in first..<end { panel.night(step) }
        return panel.finish()
    }
}
