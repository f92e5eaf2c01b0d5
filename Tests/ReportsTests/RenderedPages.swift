import Aggregates
import Foundation
import Runtime
import Testing

@testable import Reports

/// A report rendered once and shared by tests.
struct RenderedPages {
    let report: RenderedReport
    let input: ReportInput
    let locale: ReportLocale

    init(_ input: ReportInput, _ locale: ReportLocale) throws {
        self.input = input
        self.locale = locale
        report = try ReportRenderer(locale: locale, templates: TemplateSet()).render(input)
    }

    func text(_ path: String) -> String { String(decoding: report.files[path] ?? [], as: UTF8.self) }

    var pages: [(name: String, html: String)] { PageName.allCases.map { ($0.file, text($0.file)) } }

    static let day = SampleInput(scale: PagesForTheEye.folder == nil ? 0.3 : 1).make()
    static let month: ReportInput = {
        var input = day
        input.period = SampleInput(kind: .month).period
        return input
    }()
}

/// Keeps the pages for a look in a browser, where the environment names a folder.
struct PagesForTheEye {
    static let folder = ProcessInfo.processInfo.environment["CS_ANALYTICS_REPORT_PAGES"]

    @Test(.enabled(if: folder != nil), arguments: ReportLocale.allCases)
    func write(_ locale: ReportLocale) throws {
        let folder = try #require(PagesForTheEye.folder)
        for (name, input) in [("days", RenderedPages.day), ("months", RenderedPages.month)] {
            let base = "\(folder)/\(locale.rawValue)/\(name)/\(input.period.name)"
            try AtomicFile.makeFolder(base + "/csv")
            let report = try ReportRenderer(locale: locale, templates: TemplateSet()).render(input)
            for (path, bytes) in report.files { try AtomicFile.write(bytes, to: "\(base)/\(path)") }
        }
        let calendar = try ReportRenderer(locale: locale, templates: TemplateSet()).renderCalendar(
            CalendarTests.entries, zone: "Asia/Shanghai", profile: "zendesk")
        try AtomicFile.write(calendar, to: "\(folder)/\(locale.rawValue)/index.html")
    }
}
