import Features
import Models
import Runtime

/// Finds where the level of series changes.
package enum SeriesChangepointsJob {
    package struct Request: Sendable {
        package var path: String
        package var columns = SeriesColumns.usual
        /// Steps of the season; found from the step where `nil`.
        package var season: Int?
        /// In squared units of the values; `LevelShifts.usualPenalty` of each series where `nil`.
        package var penalty: Double?

        package init(path: String) { self.path = path }
    }

    package struct Outcome: Encodable, Sendable {
        package struct Shift: Encodable, Sendable {
            package let uniqueId: String
            package let ds: String
            package let before: Double
            package let after: Double
        }

        package var series = 0
        package var changepoints: [Shift] = []
        package var warnings: [String] = []
    }

    /// The shifts of every series, in the order of the file and of time.
    package static func run(_ request: Request) throws -> Outcome {
        if let penalty = request.penalty, !(penalty >= 0 && penalty.isFinite) {
            throw JobFailure(.usage, "--penalty \(penalty): expected a number of 0 or more")
        }
        let file = try SeriesFile.read(request.path, columns: request.columns)
        var outcome = Outcome()
        outcome.series = file.series.count
        outcome.warnings = file.warnings
        for series in file.series {
            let grid = series.regular
            let period = request.season ?? grid.axis.usualSeasons.first ?? 1
            for shift in LevelShifts.shifts(grid.values, period: period, penalty: request.penalty) {
                outcome.changepoints.append(
                    Outcome.Shift(
                        uniqueId: series.id, ds: grid.axis.text(at: shift.index), before: shift.before,
                        after: shift.after))
            }
        }
        return outcome
    }

    /// The CSV of an outcome.
    package static func csv(_ outcome: Outcome) -> [UInt8] {
        var text = SeriesText()
        text.row(["unique_id", "ds", "before", "after"])
        for shift in outcome.changepoints {
            text.string(shift.uniqueId)
            text.comma()
            text.string(shift.ds)
            text.comma()
            text.number(shift.before)
            text.comma()
            text.number(shift.after)
            text.newline()
        }
        var out: [UInt8] = []
        text.drain(above: 0) { out += $0 }
        return out
    }
}
