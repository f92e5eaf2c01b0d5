import Aggregates
import Runtime

/// What was read and what was not, how fresh it is, and what does not add up.
enum QualityPage {
    static func build(_ c: PageContext) -> PageView {
        var view = PageView(c)
        let p = c.phrases
        view["warnings"] = c.input.run.warnings.map { PlainLabel.clean($0, limit: 500) }
        view["has_warnings"] = !c.input.run.warnings.isEmpty
        view.table("sources", sources(c))
        records(&view)
        rejects(&view)
        absences(&view)
        let run = c.input.run
        view["stages"] = run.stageSeconds.sorted { $0.value > $1.value }.map {
            ["name": PlainLabel.clean($0.key), "seconds": c.format.decimal($0.value, digits: 2)] as [String: Any]
        }
        view["has_stages"] = !run.stageSeconds.isEmpty
        view["files"] = p(
            "files_of_run", c.format.count(Int64(run.inputs.count)),
            c.format.count(Int64(run.inputs.filter(\.isKnown).count)),
            c.format.count(Int64(run.inputs.reduce(0) { $0 + $1.read })),
            c.format.count(Int64(run.inputs.reduce(0) { $0 + $1.accepted })),
            c.format.count(Int64(run.inputs.reduce(0) { $0 + $1.duplicates })),
            c.format.count(Int64(run.inputs.reduce(0) { $0 + $1.rejected })))
        return view
    }

    private static func sources(_ c: PageContext) -> ReportTable {
        let p = c.phrases
        return ReportTable(
            id: "quality_sources", title: p("sources_title"),
            columns: [
                .init("source", p("col_source"), isNumeric: false),
                .init("adapters", p("col_adapters"), isNumeric: false),
                .init("read", p("col_read")), .init("rejected", p("col_rejected")),
                .init("rejected_share", p("col_reject_share")), .init("first_at", p("col_first"), isNumeric: false),
                .init("last_at", p("col_last"), isNumeric: false),
            ],
            rows: c.input.quality.sorted { $0.source < $1.source }.map { source -> [ReportTable.Cell] in
                [
                    .label(PlainLabel.clean(source.source), raw: source.source),
                    .label(
                        source.adapters.sorted().map { PlainLabel.clean($0) }.joined(separator: ", "),
                        raw: source.adapters.sorted().joined(separator: " ")), .count(source.read),
                    .count(source.rejected),
                    .ratio(source.read > 0 ? Double(source.rejected) / Double(source.read) : nil),
                    .label(source.firstAt.map(c.format.instant) ?? Formatter.absent, raw: source.firstAt?.iso8601),
                    .label(source.lastAt.map(c.format.instant) ?? Formatter.absent, raw: source.lastAt?.iso8601),
                ]
            })
    }

    private static func records(_ view: inout PageView) {
        let c = view.context
        let p = c.phrases
        let rows = c.input.quality.sorted { $0.source < $1.source }.flatMap { source in
            source.records.sorted { $0.key < $1.key }.map { (source.source, $0.key, $0.value) }
        }
        view.table(
            "records",
            ReportTable(
                id: "quality_records", title: p("records_title"),
                columns: [
                    .init("source", p("col_source"), isNumeric: false), .init("kind", p("col_kind"), isNumeric: false),
                    .init("records", p("col_records")),
                ],
                rows: rows.map { source, kind, count -> [ReportTable.Cell] in
                    [
                        .label(PlainLabel.clean(source), raw: source),
                        .label(p.optional("kind_\(kind)") ?? PlainLabel.clean(kind), raw: kind), .count(count),
                    ]
                }))
    }

    private static func rejects(_ view: inout PageView) {
        let c = view.context
        let p = c.phrases
        let rows = c.input.quality.flatMap { source in
            source.rejectReasons.map { (source: source.source, reason: $0.key, count: $0.value) }
        }.sorted { $0.count == $1.count ? ($0.source, $0.reason) < ($1.source, $1.reason) : $0.count > $1.count }
        view.chart(
            "rejects",
            HorizontalBarChart(
                rows: rows.prefix(10).map {
                    .init(
                        label: PlainLabel.clean($0.reason), value: Double($0.count), note: PlainLabel.clean($0.source))
                }), title: p("rejects_title"), note: p("note_rejects"),
            table: ReportTable(
                id: "quality_rejects", title: p("rejects_title"),
                columns: [
                    .init("source", p("col_source"), isNumeric: false),
                    .init("reason", p("col_reason"), isNumeric: false), .init("rejected", p("col_rejected")),
                ],
                rows: rows.map {
                    [
                        .label(PlainLabel.clean($0.source), raw: $0.source),
                        .label(PlainLabel.clean($0.reason), raw: $0.reason), .count($0.count),
                    ]
                }))
    }

    /// For how many cases of the period the sources and models say nothing.
    private static func absences(_ view: inout PageView) {
        let c = view.context
        let p = c.phrases
        let dimensions: [Dimension] = [.channel, .group, .category, .intent]
        let total = c.count(.casesCreated, c.period.days)
        let missing = dimensions.map { dimension in
            total.map { _ in
                c.cube.total(.casesCreated, c.period.days, where: [DailyCube.Condition(dimension, nil)]).calendar.sum
            }
        }
        func share(_ index: Int) -> Double? {
            guard let total, total > 0, let one = missing[index] else { return nil }
            return Double(one) / Double(total)
        }
        view.chart(
            "absences",
            HorizontalBarChart(
                rows: dimensions.indices.map { .init(label: c.labels.dimension(dimensions[$0]), value: share($0)) },
                unit: .ratio), title: p("absences_title"), note: p("note_absences"),
            table: ReportTable(
                id: "quality_absences", title: p("absences_title"),
                columns: [
                    .init("dimension", p("col_dimension"), isNumeric: false), .init("cases", p("col_without")),
                    .init("share", p("col_share")),
                ],
                rows: dimensions.indices.map {
                    [
                        .label(c.labels.dimension(dimensions[$0]), raw: dimensions[$0].rawValue), .count(missing[$0]),
                        .share(share($0)),
                    ]
                }))
    }
}
