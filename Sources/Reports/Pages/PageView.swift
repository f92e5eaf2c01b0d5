/// The values that a page's template shows, and the tables that go with them.
struct PageView {
    let context: PageContext
    private(set) var values: [String: Any] = [:]
    private(set) var tables: [ReportTable] = []

    init(_ context: PageContext) { self.context = context }

    subscript(key: String) -> Any? {
        get { values[key] }
        set { values[key] = newValue }
    }

    /// Sets a table under a name for the template and for CSV.
    mutating func table(_ key: String, _ table: ReportTable) {
        tables.append(table)
        values[key] = view(table)
    }

    /// Sets a chart with the table behind it. With `isOpen` the table is shown at once, otherwise on demand.
    mutating func chart(
        _ key: String, _ chart: some Chart, title: String, note: String? = nil, span: ChartSpan = .half,
        table: ReportTable
    ) {
        tables.append(table)
        values[key] = figure(chart, title: title, note: note, span: span, table: table)
    }

    func figure(
        _ chart: some Chart, title: String, note: String?, span: ChartSpan, table: ReportTable
    ) -> [String: Any] {
        var out: [String: Any] = [
            "id": table.id, "title": title, "span": span.rawValue, "table": view(table),
        ]
        if let note { out["note"] = note }
        if chart.isEmpty {
            out["is_empty"] = true
        } else {
            out["svg"] = chart.markup(span, title: title, context.format, context.phrases)
            out["legend"] = chart.legend.map { ["swatch": $0.swatch, "title": $0.title] as [String: Any] }
            out["has_legend"] = !chart.legend.isEmpty
        }
        return out
    }

    /// Adds a table that a nested value shows.
    mutating func keep(_ table: ReportTable) { tables.append(table) }

    func view(_ table: ReportTable) -> [String: Any] {
        var out: [String: Any] = [
            "id": table.id, "title": table.title, "html": table.html(context.format), "csv": table.path,
            "rows": context.format.count(Int64(table.rows.count)),
        ]
        if let note = table.note { out["note"] = note }
        return out
    }
}
