import Aggregates
import Runtime

/// The first page: headline figures, what needs attention, then trends.
enum OverviewPage {
    static func build(_ c: PageContext) -> PageView {
        var view = PageView(c)
        let p = c.phrases
        let shared = SharedTables(context: c)
        let figures = KeyFigures(context: c)
        let headline = figures.headline()
        view["figures"] = figures.views(headline)
        view.table("key_figures", figures.table(headline, id: "key_figures"))
        if let lead = lead(c, headline) { view["lead"] = lead }

        let attention = Attention(context: c).items()
        view["attention"] = attention
        view["has_attention"] = !attention.isEmpty

        let cases = shared.trend(.casesCreated, id: "overview_cases")
        view.chart(
            "cases", cases.chart, title: p("cases_by_day"), note: p("note_band"), span: .full, table: cases.table)
        flows(&view, shared)
        replies(&view, shared)
        let topics = shared.breakdown(.intent, .casesCreated, id: "overview_intents", title: p("intents_title"))
        view.chart(
            "topics", shared.bars(topics.rows, .intent, limit: 8), title: p("top_intents"),
            note: p("note_tick", c.comparisonName), table: topics.table)
        let channels = shared.breakdown(.channel, .casesCreated, id: "overview_channels", title: p("channels_title"))
        view.chart(
            "channels", shared.bars(channels.rows, .channel, limit: 8), title: p("channels_title"),
            note: p("note_tick", c.comparisonName), table: channels.table)
        return view
    }

    /// Created against solved, with the backlog that is left.
    private static func flows(_ view: inout PageView, _ shared: SharedTables) {
        let c = view.context
        let created = c.daily(.casesCreated)
        let solved = c.daily(.solved)
        let backlog = c.daily(.backlog)
        view.chart(
            "flows",
            LineChart(
                days: c.days,
                series: [
                    .init(title: c.labels.metric(.backlog), values: backlog),
                    .init(title: c.labels.metric(.casesCreated), values: created, isDashed: true, color: 2),
                    .init(title: c.labels.metric(.solved), values: solved, isDashed: true, color: 3),
                ], unit: .count, shaded: c.shaded), title: c.phrases("backlog_by_day"), note: c.phrases("note_backlog"),
            table: shared.daily(
                id: "overview_flows", title: c.phrases("backlog_by_day"),
                columns: [
                    ("cases_created", c.labels.metric(.casesCreated), shared.counts(created)),
                    ("solved", c.labels.metric(.solved), shared.counts(solved)),
                    ("backlog", c.labels.metric(.backlog), shared.counts(backlog)),
                ]))
    }

    private static func replies(_ view: inout PageView, _ shared: SharedTables) {
        ServicePage.trend(&view, shared, .firstReply, key: "first_reply", id: "overview_first_reply")
    }

    /// The day in one or two sentences.
    private static func lead(_ c: PageContext, _ figures: [KeyFigure]) -> String? {
        let p = c.phrases
        let f = c.format
        func figure(_ id: String) -> KeyFigure? { figures.first { $0.id == id && $0.value != nil } }
        guard let cases = figure("cases_created"), let count = cases.value else { return nil }
        var out = p("lead_cases", f.count(Int64(count)))
        let old = c.period.kind == .day ? cases.sameWeekday : cases.previous
        if let change = cases.change(from: old) {
            out += p(
                change.ratio.magnitude < 0.005 ? "lead_same" : change.ratio > 0 ? "lead_more" : "lead_fewer",
                f.percent(change.ratio.magnitude, digits: 0), c.comparisonName)
        }
        if let reply = figure("first_reply") {
            out += p("lead_reply", f.duration(seconds: reply.value), f.count(reply.n))
        }
        if let backlog = figure("backlog"), let left = backlog.value { out += p("lead_backlog", f.count(Int64(left))) }
        return out + p("sentence_end")
    }
}

/// What somebody should look at, most pressing first.
struct Attention {
    let context: PageContext

    func items() -> [[String: Any]] {
        let p = context.phrases
        var out: [[String: Any]] = []
        func add(_ kind: String, _ text: String, _ link: PageName) {
            out.append([
                "kind": kind, "label": p("attention_\(kind)"), "text": text, "href": link.file,
                "link": p("page_\(link.rawValue)"),
            ])
        }
        let sentence = AlertSentence(context: context)
        let list = AlertList(context.input.alerts).entries
        for entry in list.prefix(4) {
            let life = sentence.life(entry, on: context.period.days.upperBound)
            add("alert", sentence.text(entry.alert) + life, .anomalies)
        }
        if list.count > 4 { add("alert", p("more_alerts", "\(list.count - 4)"), .anomalies) }
        if context.cube.span == nil {
            add("warning", p("no_data_at_all"), .quality)
        } else if let until = context.input.dataUntil, until < context.input.period.days.upperBound {
            add("warning", p("data_end_early", context.format.date(until)), .quality)
        }
        for warning in context.input.run.warnings.prefix(6) {
            add("warning", PlainLabel.clean(warning, limit: 500), .quality)
        }
        if context.input.run.warnings.count > 6 {
            add("warning", p("more_warnings", "\(context.input.run.warnings.count - 6)"), .quality)
        }
        for source in context.input.quality where source.read > 0 && source.rejected * 100 > source.read {
            add(
                "warning",
                p(
                    "many_rejects", PlainLabel.clean(source.source), context.format.count(source.rejected),
                    context.format.count(source.read),
                    context.format.percent(Double(source.rejected) / Double(source.read))), .quality)
        }
        return out
    }
}
