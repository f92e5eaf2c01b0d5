import Aggregates
import Runtime

/// What people did, by credit for the act; in the order of names, never as a ranking.
enum AgentsPage {
    /// Fewer values than this give no median or rate for a person.
    static let minimum: Int64 = 10

    static func build(_ c: PageContext) -> PageView {
        var view = PageView(c)
        let p = c.phrases
        view.table("agents", agents(c))
        groups(&view)
        spread(&view)
        view["caution"] = p("note_agents", "\(minimum)")
        view["definitions"] = c.definitions([.replies, .agentMessages, .solved, .firstReply, .ratingsGood, .ratingsBad])
        return view
    }

    private static func agents(_ c: PageContext) -> ReportTable {
        let p = c.phrases
        func by(_ metric: Metric) -> [String?: DailyCube.Measure] {
            Dictionary(
                c.cube.by(.agent, metric, c.period.days).map { ($0.value, $0.measure) },
                uniquingKeysWith: { first, _ in first })
        }
        let metrics: [Metric] = [.agentMessages, .replies, .solved, .ratingsGood, .ratingsNeutral, .ratingsBad]
        let counts = metrics.map(by)
        let reply = by(.firstReply)
        let resolution = by(.fullResolution)
        let keys = Set(counts.flatMap(\.keys) + Array(reply.keys)).sorted { a, b in
            guard let a else { return false }
            guard let b else { return true }
            let (left, right) = (c.labels.value(a, of: .agent), c.labels.value(b, of: .agent))
            return left == right ? a < b : left < right
        }
        return ReportTable(
            id: "agents", title: p("agents_title"),
            columns: [
                .init("agent", c.labels.dimension(.agent), isNumeric: false),
                .init("agent_messages", c.labels.metric(.agentMessages)), .init("replies", c.labels.metric(.replies)),
                .init("solved", c.labels.metric(.solved)), .init("first_reply_n", p("first_replies")),
                .init("first_reply_median_seconds", "\(c.labels.metric(.firstReply)), \(p("median"))"),
                .init("full_resolution_n", p("resolutions")),
                .init("full_resolution_median_seconds", "\(c.labels.metric(.fullResolution)), \(p("median"))"),
                .init("ratings", p("ratings_n")), .init("csat", p("csat")),
            ],
            rows: keys.map { key in
                func count(_ index: Int) -> Int64? {
                    c.cube.holds(metrics[index]) ? counts[index][key]?.calendar.sum ?? 0 : nil
                }
                let first = DurationFigure(reply[key] ?? .init()).calendar
                let full = DurationFigure(resolution[key] ?? .init()).calendar
                let ratings = (3...5).compactMap(count).reduce(0, +)
                let scored = (count(3) ?? 0) + (count(5) ?? 0)
                return [
                    .label(key.map { c.labels.value($0, of: .agent) } ?? p("nobody"), raw: key), .count(count(0)),
                    .count(count(1)), .count(count(2)), .count(first.count),
                    .seconds(first.count >= minimum ? first.median : nil), .count(full.count),
                    .seconds(full.count >= minimum ? full.median : nil), .count(ratings),
                    .ratio(scored >= minimum ? c.ratio(count(3), count(5)) : nil),
                ]
            }, note: p("note_small", "\(minimum)"))
    }

    /// Work by group, where numbers are large enough to compare.
    private static func groups(_ view: inout PageView) {
        let c = view.context
        let metrics: [Metric] = [.casesCreated, .solved, .reopened]
        let by = metrics.map { metric in
            Dictionary(
                c.cube.by(.group, metric, c.period.days).map { ($0.value, $0.measure.calendar.sum) },
                uniquingKeysWith: { first, _ in first })
        }
        let rows = CountsByValue.rows(by).sorted { a, b in
            a.counts[0] == b.counts[0] ? PageContext.precedes(a.value, b.value) : a.counts[0] > b.counts[0]
        }
        view.chart(
            "groups",
            BarChart(
                categories: rows.map { c.labels.value($0.value, of: .group) },
                series: metrics.enumerated().map { index, metric in
                    .init(
                        title: c.labels.metric(metric), values: rows.map { Double($0.counts[index]) }, fill: index + 1)
                }, layout: .grouped, isSequence: false), title: c.phrases("groups_title"), span: .full,
            table: ReportTable(
                id: "agents_groups", title: c.phrases("groups_title"),
                columns: CountsByValue.columns(.group, metrics, c),
                rows: rows.map { row -> [ReportTable.Cell] in CountsByValue.cells(row, .group, c) }))
    }

    /// How work is spread, without names: how many people wrote how much.
    private static func spread(_ view: inout PageView) {
        let c = view.context
        let p = c.phrases
        let series = c.cube.series(.agentMessages, c.history)
        let active: [Double?] = activePeople(c)
        let perPerson: [Double?] = c.days.indices.map { index in
            guard let people = active[index], people > 0 else { return nil }
            return Double(series[index].measure.calendar.sum) / people
        }
        let shared = SharedTables(context: c)
        view.chart(
            "spread",
            LineChart(
                days: c.days, series: [.init(title: p("messages_per_person"), values: perPerson)], unit: .count,
                shaded: c.shaded), title: p("messages_per_person"), note: p("note_per_person"), span: .full,
            table: shared.daily(
                id: "agents_load_by_day", title: p("messages_per_person"),
                columns: [
                    ("active_agents", p("active_people"), shared.counts(active)),
                    ("messages_per_agent", p("messages_per_person"), perPerson.map { .number($0, digits: 1) }),
                ]))
    }

    /// People with at least one message, by day.
    private static func activePeople(_ c: PageContext) -> [Double?] {
        var people = [Set<String>](repeating: [], count: c.days.count)
        c.cube.visit(.agentMessages, c.history, cuboid: .agent) { cell in
            if let agent = cell.segment.agent, cell.calendar.sum > 0 {
                people[cell.day - c.history.lowerBound].insert(agent)
            }
        }
        return people.map { $0.isEmpty ? nil : Double($0.count) }
    }
}
