import Testing
import Text

@testable import Models

@Suite("Labelled data")
struct LabelledDataReaderTests {
    private func read(
        _ text: String, as name: String, _ reader: LabelledDataReader = LabelledDataReader()
    ) throws -> [[String]] {
        try Samples.withFolder { folder in
            try Samples.write(text, to: "\(folder)/\(name)")
            let data = try reader.read(["\(folder)/\(name)"])
            return (0..<data.count).map { [data.label($0), data.texts[$0]] }
        }
    }

    @Test(arguments: [
        ("plain.tsv", "b\tsecond\na\tfirst\tpart two\n"),
        ("crlf.tsv", "b\tsecond\r\na\tfirst\tpart two\r\n"),
        ("bom.tsv", "\u{feff}b\tsecond\n\na\tfirst\tpart two"),
        ("header.tsv", "label\ttext\nb\tsecond\na\tfirst\tpart two\n"),
        ("swapped.tsv", "text\tlabel\nsecond\tb\nfirst\tpart two\ta\n"),
        ("plain.csv", "label,text\nb,second\na,first\tpart two\n"),
        ("quoted.csv", "text,id,label\r\n\"second\",1,b\r\n\"first\tpart two\",2,\" a \"\r\n"),
        (
            "lines.jsonl",
            "{\"label\":\"b\",\"text\":\"second\"}\n{\"x\":null,\"text\":\"first\\tpart two\",\"label\":\"a\"}\n"
        ),
        ("no-ending", "b\tsecond\na\tfirst\tpart two\n"),
        (
            "json-without-ending",
            "{\"label\":\"b\",\"text\":\"second\"}\n{\"label\":\"a\",\"text\":\"first\\tpart two\"}"
        ),
    ])
    func readsEveryForm(name: String, text: String) throws {
        #expect(try read(text, as: name) == [["b", "second"], ["a", "first\tpart two"]])
    }

    @Test func quotesHoldCommasLineEndsAndQuotes() throws {
        let rows = try read("label,text\n1,\"a, \"\"b\"\"\nc\"\n\n2,\n", as: "x.csv")
        #expect(rows == [["1", "a, \"b\"\nc"], ["2", ""]])
    }

    @Test func columnsCanBeNamed() throws {
        let reader = LabelledDataReader(labelColumn: "intent", textColumn: "body")
        #expect(try read("body,intent\nhello,greet\n", as: "x.csv", reader) == [["greet", "hello"]])
        #expect(try read("{\"body\":\"hello\",\"intent\":3}", as: "x.jsonl", reader) == [["3", "hello"]])
        #expect(try read("{\"body\":1.5,\"intent\":true}", as: "x.jsonl", reader) == [["true", "1.5"]])
    }

    @Test(arguments: [
        ("x.tsv", "a\tfine\nno tab here\n", 2, "tab"),
        ("x.tsv", "a\tfine\n \tempty label\n", 2, "label is empty"),
        ("x.csv", "label,text\na,b\nonly one\n", 3, "expected 2 fields"),
        ("x.csv", "label,text\na,\"b\n\n", 2, "not closed"),
        ("x.csv", "label,text\na,\"b\nc\"d\n", 3, "behind a closing quote"),
        ("x.jsonl", "{\"label\":\"a\",\"text\":\"b\"}\n[1]\n", 2, "not a JSON object"),
        ("x.jsonl", "{\"label\":\"a\"}\n", 1, "\"text\""),
        ("x.jsonl", "{\"text\":\"a\"}\n", 1, "\"label\""),
    ])
    func errorsNameTheLine(name: String, text: String, line: Int, reason: String) throws {
        let error = try #require(throws: ModelError.self) { try read(text, as: name) }
        guard case .row(let path, let found, let why) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(path.hasSuffix(name) && found == line && why.contains(reason))
        #expect(error.description.contains("\(name):\(line): "))
    }

    @Test func missingColumnsFilesAndRowsAreErrors() throws {
        let column = try #require(throws: ModelError.self) { try read("tag,text\na,b\n", as: "x.csv") }
        #expect(column.description.contains("no column \"label\"") && column.description.contains("\"tag\""))
        let text = try #require(throws: ModelError.self) { try read("label,body\na,b\n", as: "x.csv") }
        #expect(text.description.contains("no column \"text\""))
        let file = try #require(throws: ModelError.self) { try LabelledDataReader().read(["/no/such/file.tsv"]) }
        #expect(file == .file(path: "/no/such/file.tsv", reason: "no such file"))
        let folder = try #require(throws: ModelError.self) { try LabelledDataReader().read(["/"]) }
        #expect(folder.description.contains("folder"))
        let rows = try #require(throws: ModelError.self) { try read("\n", as: "x.tsv") }
        #expect(rows.description.hasSuffix("no rows"))
        let bytes: [UInt8] = [0xff, 0x09, 0x61]
        #expect(throws: ModelError.self) { try LabelledDataReader().read(bytes, path: "x.tsv") { _, _ in } }
    }

    @Test func labelsAreInOrderAndTheHashFollowsTheRows() {
        let data = LabelledData(pairs: [("b", "1"), ("a", "2"), ("b", "3")])
        #expect(data.labelNames == ["a", "b"] && data.labels == [1, 0, 1])
        #expect(data.sha256 == LabelledData(pairs: [("b", "1"), ("a", "2"), ("b", "3")]).sha256)
        #expect(data.sha256 != LabelledData(pairs: [("b", "1"), ("a", "2"), ("a", "3")]).sha256)
        #expect(data.selecting([1]).labelNames == ["a", "b"])
    }
}
