import FoundationEssentials
import Mustache

/// The templates that pages are rendered through: the built-in ones, with those of a folder in their place.
package struct TemplateSet: Sendable {
    let library: MustacheLibrary
    /// Names of templates that a folder replaced.
    package let overridden: [String]

    /// The built-in templates.
    package init() throws(ReportError) {
        try self.init(sources: TemplateSet.builtIn, files: [:])
    }

    /// The built-in templates with the files `NAME.mustache` of a folder in their place.
    package init(directory: String) throws(ReportError) {
        var sources = TemplateSet.builtIn
        var files: [String: String] = [:]
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        } catch {
            throw ReportError.unreadable(path: directory, reason: "\(error)")
        }
        for file in names where file.hasSuffix(".mustache") {
            let path = "\(directory)/\(file)"
            let name = String(file.dropLast(".mustache".count))
            guard TemplateSet.builtIn[name] != nil else {
                throw ReportError.unknownTemplate(file: path, nearest: TemplateSet.nearest(to: name))
            }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ReportError.unreadable(path: path, reason: "the file could not be opened")
            }
            sources[name] = String(decoding: data, as: UTF8.self)
            files[name] = path
        }
        try self.init(sources: sources, files: files)
    }

    private init(sources: [String: String], files: [String: String]) throws(ReportError) {
        var library = MustacheLibrary()
        for (name, text) in sources.sorted(by: { $0.key < $1.key }) {
            let file = files[name] ?? "\(name).mustache"
            do {
                try library.register(text, named: name)
            } catch let error as MustacheTemplate.ParserError {
                throw ReportError.template(
                    file: file, line: error.context.lineNumber, column: error.context.columnNumber,
                    reason: "\(error.error) in ‘\(PlainLabel.clean(error.context.line))’")
            } catch {
                throw ReportError.template(file: file, line: 1, column: 1, reason: "\(error)")
            }
            for partial in TemplateSet.partials(in: text) where sources[partial] == nil {
                throw ReportError.missingPartial(file: file, partial: partial)
            }
        }
        self.library = library
        overridden = files.keys.sorted()
    }

    func render(_ name: String, _ values: [String: Any]) -> [UInt8] {
        Array((library.render(values, withTemplate: name) ?? "").utf8)
    }

    /// Every template by name.
    static let builtIn: [String: String] = [
        "head": Layout.head, "foot": Layout.foot, "style": Stylesheet.css, "figures": Layout.figures,
        "chart": Layout.chart, "table": Layout.table, "definitions": Layout.definitions,
        "index": PageTemplates.index, "volume": PageTemplates.volume, "service": PageTemplates.service,
        "topics": PageTemplates.topics, "sentiment": PageTemplates.sentiment,
        "anomalies": PageTemplates.anomalies, "agents": PageTemplates.agents, "models": PageTemplates.models,
        "quality": PageTemplates.quality, "calendar": PageTemplates.calendar,
    ]

    /// Names of the templates that a text includes by `{{> name}}`.
    static func partials(in text: String) -> [String] {
        text.split(separator: "{{>", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
            rest.split(separator: "}}").first.map { String($0.filter { $0 != " " }) }
        }
    }

    private static func nearest(to name: String) -> String {
        func shared(_ other: String) -> Int { Set(other).intersection(name).count * 2 - abs(other.count - name.count) }
        return builtIn.keys.sorted().max { shared($0) < shared($1) } ?? "index"
    }
}
