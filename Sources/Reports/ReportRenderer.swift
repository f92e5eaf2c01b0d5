package import Aggregates
import Runtime

/// The files of a report by path relative to its folder.
package struct RenderedReport: Sendable {
    package var files: [String: [UInt8]]
    /// Every table of the pages, in their order.
    package var tables: [ReportTable]
}

/// Renders the pages of a period, their tables as CSV, `run.json` and `metrics.prom`.
package struct ReportRenderer: Sendable {
    package let locale: ReportLocale
    package let templates: TemplateSet

    package init(locale: ReportLocale, templates: TemplateSet) {
        self.locale = locale
        self.templates = templates
    }

    /// All files of one period. Equal input gives equal bytes.
    package func render(_ input: ReportInput) throws(ReportError) -> RenderedReport {
        let context = PageContext(input, locale: locale)
        var files: [String: [UInt8]] = [:]
        var tables: [ReportTable] = []
        for page in PageName.allCases {
            let view = ReportRenderer.view(page, context)
            var values = view.values
            frame(&values, page, context)
            files[page.file] = templates.render(page.rawValue, values)
            for table in view.tables {
                files[table.path] = Array(table.csv.utf8)
                tables.append(table)
            }
        }
        files["run.json"] = try RunFile(input).bytes()
        files["metrics.prom"] = Array(
            MetricsFile(input.run, figures: KeyFigures(context: context).headline()).text.utf8)
        return RenderedReport(files: files, tables: tables)
    }

    /// `run.json` and `metrics.prom` alone, for a run that has ended since its pages were rendered.
    package func runFiles(_ input: ReportInput) throws(ReportError) -> [String: [UInt8]] {
        let context = PageContext(input, locale: locale)
        return [
            "run.json": try RunFile(input).bytes(),
            "metrics.prom": Array(
                MetricsFile(input.run, figures: KeyFigures(context: context).headline()).text.utf8),
        ]
    }

    /// The calendar page of the reports that exist, newest first.
    package func renderCalendar(_ entries: [CalendarEntry], zone: String, profile: String) -> [UInt8] {
        let phrases = Phrasebook(locale)
        var values = CalendarPage(entries: entries, phrases: phrases).values
        values["lang"] = locale.rawValue
        values["css"] = Stylesheet.css
        values["t"] = phrases
        values["page_title"] = phrases("calendar")
        values["period"] = phrases("report")
        values["facts"] = [fact(phrases("zone"), zone), fact(phrases("profile"), profile)]
        values["has_nav"] = false
        return templates.render("calendar", values)
    }

    private static func view(_ page: PageName, _ context: PageContext) -> PageView {
        switch page {
        case .index: OverviewPage.build(context)
        case .volume: VolumePage.build(context)
        case .service: ServicePage.build(context)
        case .topics: TopicsPage.build(context)
        case .sentiment: SentimentPage.build(context)
        case .anomalies: AnomaliesPage.build(context)
        case .agents: AgentsPage.build(context)
        case .models: ModelsPage.build(context)
        case .quality: QualityPage.build(context)
        }
    }

    /// What stands around every page.
    private func frame(_ values: inout [String: Any], _ page: PageName, _ c: PageContext) {
        let p = c.phrases
        let input = c.input
        values["lang"] = locale.rawValue
        values["css"] = Stylesheet.css
        values["t"] = p
        values["page_title"] = p("page_\(page.rawValue)")
        values["period"] = c.periodTitle
        values["home"] = "../../index.html"
        values["facts"] = [
            fact(p("zone"), PlainLabel.clean(input.zone)), fact(p("profile"), PlainLabel.clean(input.profile)),
            fact(p("schedule"), input.schedule.map { PlainLabel.clean($0) } ?? p("no_schedule")),
            fact(p("data_until"), input.dataUntil.map(c.format.date) ?? Formatter.absent),
        ]
        values["has_nav"] = true
        values["nav"] = PageName.allCases.map { one -> [String: Any] in
            ["href": one.file, "title": p("page_\(one.rawValue)"), "current": one == page]
        }
        let definitions = values["definitions"] as? [[String: Any]] ?? []
        values["has_definitions"] = !definitions.isEmpty
        values["footer"] = [
            p("footer_absent"),
            p(
                "footer_run", PlainLabel.clean(input.run.runID), PlainLabel.clean(input.run.version),
                c.format.instant(input.run.startedAt)),
        ]
    }

    private func fact(_ name: String, _ value: String) -> [String: Any] { ["name": name, "value": value] }
}
