import Aggregates
import Foundation
import Runtime
import Testing

@testable import Reports

struct TemplateTests {
    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "reports-templates-\(UInt64.random(in: 0 ... .max))"
        try AtomicFile.makeFolder(folder)
        defer { AtomicFile.removeTree(folder) }
        for (name, text) in files { try AtomicFile.write(text, to: "\(folder)/\(name)") }
        try body(folder)
    }

    @Test func aFolderReplacesByName() throws {
        try withFolder(["volume.mustache": "{{> head}}<p>Mine: {{page_title}}</p>{{> foot}}", "notes.txt": "{{"]) {
            folder in
            let templates = try TemplateSet(directory: folder)
            #expect(templates.overridden == ["volume"])
            let report = try ReportRenderer(locale: .en, templates: templates).render(AbsenceTests.empty)
            #expect(String(decoding: report.files["volume.html"] ?? [], as: UTF8.self).contains("<p>Mine: Volume</p>"))
            #expect(String(decoding: report.files["index.html"] ?? [], as: UTF8.self).contains("Key figures"))
        }
    }

    @Test func anErrorNamesFileAndLine() throws {
        try withFolder(["topics.mustache": "<p>\n{{#a}}\n<b>{{/b}}\n"]) { folder in
            #expect {
                try TemplateSet(directory: folder)
            } throws: { error in
                guard case .template(let file, let line, _, let reason)? = error as? ReportError else { return false }
                return file == "\(folder)/topics.mustache" && line == 3 && reason.contains("sectionCloseNameIncorrect")
                    && "\(error)".contains("topics.mustache:3:")
            }
        }
    }

    @Test func unknownNamesAndPartials() throws {
        try withFolder(["volumes.mustache": "x"]) { folder in
            #expect(throws: ReportError.unknownTemplate(file: "\(folder)/volumes.mustache", nearest: "volume")) {
                try TemplateSet(directory: folder)
            }
        }
        try withFolder(["head.mustache": "{{> logo }}"]) { folder in
            #expect(throws: ReportError.missingPartial(file: "\(folder)/head.mustache", partial: "logo")) {
                try TemplateSet(directory: folder)
            }
        }
        #expect(throws: ReportError.self) { try TemplateSet(directory: "/nonexistent-templates") }
    }

    @Test func errorsSayWhatToDo() {
        #expect("\(ReportError.unreadable(path: "p", reason: "r"))".contains("--template"))
        #expect("\(ReportError.unknownTemplate(file: "f", nearest: "n"))".contains("n.mustache"))
        #expect("\(ReportError.missingPartial(file: "f", partial: "q"))".contains("q.mustache"))
        #expect("\(ReportError.encoding(file: "run.json", reason: "r"))".contains("run.json"))
    }
}
