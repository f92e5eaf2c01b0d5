import Aggregates
import Foundation
import Runtime
import Testing

@testable import Reports

/// What must hold of every page, in both languages, for a full period and for none.
struct StructureTests {
    enum Input: String, CaseIterable, CustomTestStringConvertible {
        case day, month, oneDay, empty, hostile
        var testDescription: String { rawValue }

        var value: ReportInput {
            switch self {
            case .day: RenderedPages.day
            case .month: RenderedPages.month
            case .oneDay: SampleInput(days: 1, scale: 0.2, schedule: nil).make()
            case .empty: AbsenceTests.empty
            case .hostile: HostileTests.input
            }
        }
    }

    @Test(arguments: Input.allCases, ReportLocale.allCases)
    func everyPage(_ input: Input, _ locale: ReportLocale) throws {
        let rendered = try RenderedPages(input.value, locale)
        for (name, html) in rendered.pages {
            let markup = Markup(html)
            #expect(markup.faults == [], "\(name)")
            #expect(!html.contains("⟦"), "\(name): a string is missing")
            #expect(!html.contains("Optional("), "\(name)")
            #expect(markup.all("html").first?.attributes["lang"] == locale.rawValue)
            let policy = markup.all("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
            #expect(
                policy?.attributes["content"]?.hasPrefix("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
                    == true)
            #expect(
                markup.all("meta").contains {
                    $0.attributes["name"] == "robots" && $0.attributes["content"] == "noindex"
                })
            for forbidden in ["script", "iframe", "object", "embed", "form", "base"] {
                #expect(markup.all(forbidden).isEmpty, "\(name): <\(forbidden)>")
            }
            for element in markup.elements {
                #expect(!element.attributes.keys.contains { $0.hasPrefix("on") }, "\(name): \(element)")
                if let href = element.attributes["href"] {
                    #expect(!href.contains(":") && !href.hasPrefix("//"), "\(name): links elsewhere: \(href)")
                }
            }
            #expect(markup.all("h1").count == 1)
            #expect(markup.all("main").count == 1)
            #expect(markup.all("a").first?.attributes["href"] == "#main", "the skip link comes first")
            #expect(
                markup.all("a").filter { $0.attributes["aria-current"] == "page" }.map { $0.attributes["href"] } == [
                    name
                ])
            let ids = markup.elements.compactMap { $0.attributes["id"] }
            #expect(Set(ids).count == ids.count, "\(name): an id stands twice")
            for wanted in [rendered.input.zone, rendered.input.profile] { #expect(html.contains(wanted)) }
        }
    }

    @Test(arguments: ReportLocale.allCases)
    func chartsAreNamedAndHaveTables(_ locale: ReportLocale) throws {
        let rendered = try RenderedPages(RenderedPages.day, locale)
        var figures = 0
        for (name, html) in rendered.pages {
            for part in html.components(separatedBy: "<figure").dropFirst() {
                let figure = part.components(separatedBy: "</figure>")[0]
                figures += 1
                #expect(figure.contains("<table"), "\(name): a chart without a table")
                #expect(figure.contains("csv/"), "\(name): a table without CSV")
                #expect(figure.contains("role=\"img\""), "\(name): a chart without a drawing")
            }
            for part in html.components(separatedBy: "<svg").dropFirst() where part.contains("role=\"img\"") {
                let svg = part.components(separatedBy: "</svg>")[0]
                guard svg.prefix(200).contains("role=\"img\"") else { continue }
                #expect(svg.contains("<title>") && svg.contains("<desc>"), "\(name)")
            }
            let tables = Markup(html)
            #expect(tables.all("table").count == tables.all("caption").count)
            #expect(tables.all("th").allSatisfy { $0.attributes["scope"] != nil })
        }
        #expect(figures > 30)
    }

    @Test func pagesOfBothLanguagesHaveTheSameTables() throws {
        let english = try RenderedPages(RenderedPages.day, .en).report
        let chinese = try RenderedPages(RenderedPages.day, .zhHans).report
        #expect(english.files.keys.sorted() == chinese.files.keys.sorted())
        for path in english.files.keys where path.hasPrefix("csv/") && !path.hasSuffix("agents.csv") {
            #expect(english.files[path] == chinese.files[path], "\(path) depends on the language")
        }
    }
}
