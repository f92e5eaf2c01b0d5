import Features
import FoundationEssentials
import Models
import Runtime

/// Finds unusual points of series.
///
/// Series of a day or longer a step are watched together, night by night, with control of the false discoveries
/// (`EarlyWarning`); a metric that arrives several times a day is judged by itself as it arrives (`StreamingDetector`).
package enum SeriesAnomaliesJob {
    package struct Request: Sendable {
        package var paths: [String]
        package var columns = SeriesColumns.usual
        /// Steps of the season and of a longer one; found from the step where empty.
        package var seasons: [Int] = []
        package var calendarPath: String?
        package var falseDiscoveryRate = 0.1

        package init(paths: [String]) { self.paths = paths }
    }

    package struct Outcome: Encodable, Sendable {
        package struct Alert: Encodable, Sendable {
            package let alertId: String
            package let uniqueId: String
            package let raised: String
            package let last: String
            package let steps: Int
            package let state: String
            package let observed: Double
            package let expected: Double
            package let score: Double
            package let pValue: Double
        }

        package var series = 0
        package var points = 0
        package var anomalies = 0
        package var alerts: [Alert] = []
        package var warnings: [String] = []
    }

    /// What is said of one row of the input.
    private struct Line {
        var expected = Double.nan
        var score = Double.nan
        var pValue = Double.nan
        var isAnomaly = false
        var isAbove = false
    }

    private struct Item {
        let series: LongSeries
        let grid: RegularSeries
        var lines: [Line]
    }

    /// Judges every series of the files and hands over the CSV piece by piece, in the order of the input.
    package static func run(_ request: Request, write: (ArraySlice<UInt8>) throws -> Void) throws -> Outcome {
        guard request.falseDiscoveryRate > 0, request.falseDiscoveryRate < 1 else {
            throw JobFailure(.usage, "--fdr \(request.falseDiscoveryRate): expected a share between 0 and 1")
        }
        let calendar = try request.calendarPath.map(CalendarFile.read) ?? .empty
        var outcome = Outcome()
        var items: [Item] = []
        for path in request.paths {
            let file = try SeriesFile.read(path, columns: request.columns)
            outcome.warnings += file.warnings
            for series in file.series {
                let grid = series.regular
                items.append(
                    Item(series: series, grid: grid, lines: Array(repeating: Line(), count: grid.values.count)))
            }
        }
        judge(&items, request, calendar)
        var text = SeriesText()
        text.row(["unique_id", "ds", "y", "expected", "score", "p_value", "is_anomaly", "alert_id"])
        for item in items {
            report(item, &outcome, &text)
            try text.drain(above: 1 << 20, write)
        }
        try text.drain(above: 0, write)
        outcome.series = items.count
        return outcome
    }

    /// Whether a series is watched by night: a step of a day or longer, or no clock at all.
    private static func isNightly(_ axis: TimeAxis) -> Bool {
        if case .seconds(let seconds) = axis.step { return seconds >= 86_400 }
        return true
    }

    private static func judge(_ items: inout [Item], _ request: Request, _ calendar: EventCalendar) {
        // Series of one step and origin share their nights.
        var groups: [String: [Int]] = [:]
        for index in items.indices {
            let axis = items[index].grid.axis
            if isNightly(axis) {
                groups["\(axis.form) \(axis.step)", default: []].append(index)
            } else {
                items[index].lines = stream(items[index].grid, seasons: request.seasons)
            }
        }
        for indices in groups.values {
            guard let one = indices.first else { continue }
            let axis = items[one].grid.axis
            let first = indices.map { items[$0].grid.axis.start }.min() ?? 0
            let origin = TimeAxis(form: axis.form, step: axis.step, start: first)
            let isDaily = axis.form == .date && axis.step == .days(1)
            var warning = EarlyWarning()
            warning.falseDiscoveryRate = request.falseDiscoveryRate
            warning.period = request.seasons.first ?? axis.usualSeasons.first ?? 1
            let series = indices.map { index in
                let grid = items[index].grid
                return EarlyWarning.Series(
                    start: isDaily ? Int(grid.axis.start) : origin.index(of: grid.axis.start).index,
                    values: grid.values)
            }
            let judged = warning.judge(series, calendar: isDaily ? calendar : .empty)
            for (place, index) in indices.enumerated() {
                items[index].lines = judged[place].verdicts.enumerated().map { position, verdict in
                    guard let verdict else { return Line() }
                    return Line(
                        expected: verdict.expectation.mean, score: verdict.score, pValue: verdict.pValue ?? .nan,
                        isAnomaly: verdict.isAnomaly,
                        isAbove: items[index].grid.values[position] >= verdict.expectation.mean)
                }
            }
        }
    }

    private static func stream(_ grid: RegularSeries, seasons: [Int]) -> [Line] {
        let detector = StreamingDetector()
        let points: [StreamingDetector.Point]
        if let season = seasons.first {
            let (fine, coarse, cycles) = StreamingDetector.stepSlots(
                count: grid.values.count, season: season, longer: seasons.dropFirst().first)
            points = detector.judge(grid.values, fine: fine, coarse: coarse, cycles: cycles)
        } else {
            let (fine, coarse) = StreamingDetector.clockSlots(
                grid.values.indices.map { grid.axis.coordinate(at: $0) })
            points = detector.judge(grid.values, fine: fine, coarse: coarse)
        }
        return points.enumerated().map { position, point in
            Line(
                expected: point.expected, score: point.score, pValue: point.pValue, isAnomaly: point.isAnomaly,
                isAbove: grid.values[position] >= point.expected)
        }
    }

    private static func report(_ item: Item, _ outcome: inout Outcome, _ text: inout SeriesText) {
        let (episodes, ofStep) = AlertEpisode.episodes(
            item.lines.indices.map {
                (item.lines[$0].isAnomaly, item.lines[$0].isAbove, item.grid.values[$0].isFinite)
            })
        let ids = episodes.map { "\(item.series.id)@\(item.grid.axis.text(at: $0.first))" }
        let id = SeriesText.field(item.series.id)
        for (row, place) in item.grid.positionOfRow.enumerated() {
            let line = item.lines[place]
            text.bytes(id)
            text.comma()
            text.string(item.series.stamps[row])
            text.comma()
            text.number(item.series.values[row])
            text.comma()
            text.number(line.expected)
            text.comma()
            text.number(line.score)
            text.comma()
            text.number(line.pValue)
            text.comma()
            text.bytes([line.isAnomaly ? UInt8(ascii: "1") : UInt8(ascii: "0")][...])
            text.comma()
            if let episode = ofStep[place] { text.string(ids[episode]) }
            text.newline()
        }
        outcome.points += item.series.values.count
        outcome.anomalies += ofStep.count { $0 != nil }
        for (index, episode) in episodes.enumerated() {
            let line = item.lines[episode.first]
            outcome.alerts.append(
                Outcome.Alert(
                    alertId: ids[index], uniqueId: item.series.id, raised: item.grid.axis.text(at: episode.first),
                    last: item.grid.axis.text(at: episode.last), steps: episode.count, state: episode.state.rawValue,
                    observed: item.grid.values[episode.first], expected: line.expected, score: line.score,
                    pValue: line.pValue))
        }
    }
}
