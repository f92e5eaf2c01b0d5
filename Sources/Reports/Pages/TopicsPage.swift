import Aggregates
import Runtime

/// What customers came with: intents and categories, what grew and what shrank.
enum TopicsPage {
    static func build(_ c: PageContext) -> PageView {
        var view = PageView(c)
        let p = c.phrases
        let shared = SharedTables(context: c)
        let intents = shared.breakdown(.intent, .casesCreated, id: "topics_intents", title: p("intents_title"))
        view.chart(
            "intents", shared.bars(intents.rows, .intent, limit: 15), title: p("intents_title"),
            note: p("note_tick", c.comparisonName), table: intents.table)
        let categories = shared.breakdown(
            .category, .casesCreated, id: "topics_categories", title: p("categories_title"))
        view.chart(
            "categories", shared.bars(categories.rows, .category, limit: 15), title: p("categories_title"),
            note: p("note_tick", c.comparisonName), table: categories.table)
        moves(&view, intents.rows)
        trends(&view, shared)
        view.table("intent_service", service(c, .intent, id: "topics_intent_service", title: p("intent_service")))
        view.table(
            "category_service", service(c, .category, id: "topics_category_service", title: p("category_service")))
        view["definitions"] = c.definitions([.casesCreated, .firstReply, .sentimentNegative])
        return view
    }

    /// The intents whose number moved most.
    private static func moves(_ view: inout PageView, _ rows: [(value: String?, now: Int64, before: Int64)]) {
        let c = view.context
        let p = c.phrases
        guard c.covers(c.comparison.days) else { return }
        let moved = rows.filter { $0.now != $0.before }
            .sorted {
                let (a, b) = (($0.now - $0.before).magnitude, ($1.now - $1.before).magnitude)
                return a == b ? ($0.value ?? "") < ($1.value ?? "") : a > b
            }.prefix(10)
        view.table(
            "moves",
            ReportTable(
                id: "topics_moves", title: p("moves_title", c.comparisonName),
                columns: [
                    .init("intent", c.labels.dimension(.intent), isNumeric: false),
                    .init("cases_created", c.labels.metric(.casesCreated)), .init("comparison", c.comparisonName),
                    .init("difference", p("col_difference")), .init("change", p("col_change")),
                ],
                rows: moved.map { row -> [ReportTable.Cell] in
                    [
                        c.cell(row.value, of: .intent), .count(row.now), .count(row.before),
                        .count(row.now - row.before),
                        .change(
                            Change(from: Double(row.before), to: Double(row.now), favour: .neither)?.ratio, .neither),
                    ]
                }))
    }

    private static func trends(_ view: inout PageView, _ shared: SharedTables) {
        let c = view.context
        let series = c.dailyBy(.intent, .casesCreated, limit: 11).filter { !$0.isRest }.prefix(10)
        let panels = series.map { one -> SmallMultiples.Panel in
            // A week's mean calms the weekly rhythm.
            let smooth: [Double?] = one.counts.indices.map { index in
                let window = one.counts[max(0, index - 6)...index].compactMap { $0 }
                return one.counts[index] == nil || window.isEmpty ? nil : window.reduce(0, +) / Double(window.count)
            }
            return SmallMultiples.Panel(
                title: c.labels.value(one.value, of: .intent), values: smooth, note: c.phrases("per_day"))
        }
        view.chart(
            "trends", SmallMultiples(days: c.days, panels: Array(panels), sharesScale: false),
            title: c.phrases("intent_trends"),
            note: c.phrases("note_multiples"), span: .full,
            table: ReportTable(
                id: "topics_intents_by_day", title: c.phrases("intent_trends"),
                columns: [
                    .init("day", c.phrases("col_day"), isNumeric: false),
                    .init("intent", c.labels.dimension(.intent), isNumeric: false),
                    .init("cases_created", c.labels.metric(.casesCreated)),
                ],
                rows: c.days.indices.suffix(28).flatMap { index in
                    series.map { one -> [ReportTable.Cell] in
                        [
                            .day(c.days[index]), c.cell(one.value, of: .intent),
                            .count(one.counts[index].map { Int64($0) }),
                        ]
                    }
                }))
    }

    /// How each topic was served: first reply, resolution, feeling.
    private static func service(_ c: PageContext, _ dimension: Dimension, id: String, title: String) -> ReportTable {
        let p = c.phrases
        func by(_ metric: Metric) -> [String?: DailyCube.Measure] {
            Dictionary(
                c.cube.by(dimension, metric, c.period.days).map { ($0.value, $0.measure) },
                uniquingKeysWith: { first, _ in first })
        }
        let cases = by(.casesCreated)
        let reply = by(.firstReply)
        let resolution = by(.fullResolution)
        let feelings = [Metric.sentimentNegative, .sentimentNeutral, .sentimentPositive].map(by)
        let rows = cases.filter { $0.value.calendar.sum > 0 }
            .sorted {
                $0.value.calendar.sum == $1.value.calendar.sum
                    ? ($0.key ?? "") < ($1.key ?? "") : $0.value.calendar.sum > $1.value.calendar.sum
            }
        return ReportTable(
            id: id, title: title,
            columns: [
                .init(dimension.rawValue, c.labels.dimension(dimension), isNumeric: false),
                .init("cases_created", c.labels.metric(.casesCreated)),
                .init("first_reply_median_seconds", "\(c.labels.metric(.firstReply)), \(p("median"))"),
                .init("first_reply_n", "n"),
                .init("full_resolution_median_seconds", "\(c.labels.metric(.fullResolution)), \(p("median"))"),
                .init("full_resolution_n", "n"), .init("negative_share", p("negative_share")),
                .init("messages_scored", p("messages_scored")),
            ],
            rows: rows.map { value, measure in
                let first = reply[value].map(DurationFigure.init)?.calendar
                let full = resolution[value].map(DurationFigure.init)?.calendar
                let scores = feelings.map { $0[value]?.calendar.sum ?? 0 }
                return [
                    c.cell(value, of: dimension), .count(measure.calendar.sum), .seconds(first?.median),
                    .count(first?.count ?? 0), .seconds(full?.median), .count(full?.count ?? 0),
                    .ratio(c.ratio(scores[0], scores[1], scores[2])), .count(scores.reduce(0, +)),
                ]
            })
    }
}
