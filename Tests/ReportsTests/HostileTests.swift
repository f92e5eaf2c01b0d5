import Aggregates
import Foundation
import Runtime
import Testing

@testable import Reports

/// Labels that want to be markup, formulas or a change of direction.
struct HostileTests {
    static let labels = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "\u{202E}evil\u{202C}",
        "'\u{0301} onmouseover=\u{0301}\"", "{{#t}}x{{/t}}", "a\u{0}b\nc", String(repeating: "长", count: 400),
    ]

    static let input: ReportInput = {
        let day = CivilDate(year: 2026, month: 11, day: 20)
        var cells: [DailyCell] = []
        for (index, label) in labels.enumerated() {
            let topic = SegmentKey(channel: label, group: label, category: label, intent: label)
            var reply = Tally(count: 1, sum: 60_000)
            reply.sketch.insert(60_000)
            for back in [0, 1, 7] {
                let at = day - back
                cells.append(
                    DailyCell(
                        day: at, cuboid: .topic, metric: .casesCreated, segment: topic,
                        calendar: Tally(count: Int64(index + 1), sum: Int64(20 + index * (back + 1)))))
                cells.append(DailyCell(day: at, cuboid: .topic, metric: .firstReply, segment: topic, calendar: reply))
                cells.append(
                    DailyCell(
                        day: at, cuboid: .topic, metric: .sentimentNegative, segment: topic,
                        calendar: Tally(count: 12, sum: 12)))
                cells.append(
                    DailyCell(
                        day: at, cuboid: .agent, metric: .replies, segment: SegmentKey(channel: label, agent: label),
                        calendar: Tally(count: 3, sum: 3)))
            }
        }
        let all = labels.joined(separator: " ")
        var run = RunSummary(
            runID: labels[0], command: "nightly", version: labels[1], startedAt: Timestamp(seconds: 0), zone: "UTC",
            profile: "zendesk")
        run.warnings = labels
        run.stageSeconds = [labels[0]: 1]
        var source = SourceQuality(source: labels[1])
        source.adapters = labels
        source.read = 10
        source.rejected = 5
        source.rejectReasons = [labels[0]: 5]
        source.records = [labels[1]: 3]
        return ReportInput(
            period: ReportPeriod(kind: .day, days: day...day), cube: DailyCube(cells: cells), hourly: [],
            watched: [
                WatchedSeries(
                    id: SeriesID(metric: .casesCreated, dimension: .intent, value: labels[0]),
                    points: [SeriesPoint(day: day, observed: 3, expected: nil, lower: nil, upper: nil)], forecast: [])
            ],
            alerts: [
                Alert(
                    series: SeriesID(metric: .casesCreated, dimension: .intent, value: labels[0]), day: day,
                    observed: 9,
                    expected: 0, lower: -1, upper: 2, score: 9, pValue: 0,
                    contributions: [.init(dimension: .group, value: labels[1], observed: 1, expected: 0, share: 1)])
            ],
            definitions: [
                MetricDefinition(
                    metric: .casesCreated, title: Bilingual(en: labels[0], zh: labels[1]),
                    definition: Bilingual(en: all, zh: all), attribution: labels[0], profile: labels[1],
                    source: labels[0])
            ],
            models: [
                ModelSummary(
                    task: labels[0], version: labels[1], algorithm: labels[2], trainedAt: labels[3], rows: 1, labels: 1,
                    heldOutRows: 1, accuracy: 1, macroF1: 1, calibrationError: nil)
            ], quality: [source], run: run, zone: "UTC", profile: "zendesk", schedule: labels[0], dataUntil: day,
            agentNames: [labels[0]: labels[1]])
    }()

    @Test(arguments: ReportLocale.allCases)
    func staysText(_ locale: ReportLocale) throws {
        let rendered = try RenderedPages(HostileTests.input, locale)
        for (name, html) in rendered.pages {
            #expect(!html.contains("<script"), "\(name)")
            #expect(!html.contains("<img"), "\(name)")
            #expect(!html.unicodeScalars.contains { (0x202A...0x202E).contains($0.value) }, "\(name)")
            let markup = Markup(html)
            #expect(markup.faults == [])
            #expect(!markup.elements.contains { $0.attributes.keys.contains { $0.lowercased().hasPrefix("on") } })
        }
        for (path, bytes) in rendered.report.files where path.hasPrefix("csv/") {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.contains("\n=") && !text.contains(",="), "\(path) holds a formula")
        }
    }

    @Test func combiningMarksDoNotHideQuotes() {
        let clean = PlainLabel.clean("\"\u{0301}x<\u{0338}y")
        for character in clean where character.unicodeScalars.count > 1 {
            #expect(!character.unicodeScalars.contains("\"") && !character.unicodeScalars.contains("<"))
        }
        #expect(PlainLabel.clean(String(repeating: "a", count: 500)).count == PlainLabel.limit + 1)
    }
}
