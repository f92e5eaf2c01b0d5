import Foundation
import Records
import Testing

@testable import Ingest

@Suite struct TableTests {
    private static let spectrum = corpora.map { "\($0)/csv/csv-spectrum" } ?? ""
    private static let dirty = corpora.map { "\($0)/csv/dirty" } ?? ""

    @Test(.enabled(if: corpora != nil, "CS_ANALYTICS_CORPORA"))
    func csvSpectrum() throws {
        let files = filesOf("\(TableTests.spectrum)/csvs")
        #expect(files.count == 12)
        for file in files {
            let found = try #require(try table(contents("\(TableTests.spectrum)/csvs/\(file)")), "\(file)")
            let twin = contents("\(TableTests.spectrum)/json/\(file.dropLast(4)).json")
            let expected: [[String: String]] = try twin.json { value in
                (value.kind == .array ? Array(value.elements) : [value]).map { object in
                    Dictionary(
                        uniqueKeysWithValues: object.members.map { ($0.key.string ?? "", $0.value.string ?? "") })
                }
            }
            #expect(found.faults.isEmpty)
            var rows = found.rows.map { Dictionary(uniqueKeysWithValues: zip(found.shape.header.names, $0)) }
            var twins = expected
            if file == "location_coordinates.csv" {
                // The twin holds another telephone number than the table.
                rows = rows.map { $0.filter { $0.key != "Contact Phone Number" } }
                twins = twins.map { $0.filter { $0.key != "Contact Phone Number" } }
            }
            #expect(rows == twins, "\(file)")
        }
    }

    /// What each dirty file must give: header, rows of the right width, rows of a wrong width, faults.
    @Test(
        .enabled(if: corpora != nil, "CS_ANALYTICS_CORPORA"),
        arguments: [
            ("bad_quote.csv", ["id", "name"], 2, 0, 0), ("bad_utf8.csv", ["id", "name"], 2, 0, 0),
            ("big5.csv", ["id", "name"], -1, 0, 0), ("big_int.csv", [], -1, 0, 0),
            ("bom.csv", ["id", "name"], -1, 0, 0),
            ("crlf_mixed.csv", ["id", "name"], 4, 0, 0),
            ("dup_headers.csv", ["id", "name", "name_2", "name_3"], 1, 0, 0),
            ("empty_header.csv", ["id", "column2", "name", "column4"], 1, 0, 0),
            ("gbk.csv", [], -1, 0, 0), ("late_type_change.csv", [], -1, 0, 0),
            ("leading_garbage.csv", ["id", "name"], 2, 0, 0),
            ("no_header.csv", ["column1", "column2", "column3"], 2, 0, 0),
            ("no_trailing_newline.csv", ["id", "name"], -1, 0, 0), ("nul.csv", ["id", "name"], 2, 0, 0),
            ("null_words.csv", ["id", "name"], 4, 0, 0), ("only_header.csv", ["id", "name"], 0, 0, 0),
            ("ragged_long.csv", ["id", "name", "x"], 2, 1, 0), ("ragged_short.csv", ["id", "name", "x"], 2, 1, 0),
            ("semicolon.csv", [], -1, 0, 0), ("tab.tsv", [], -1, 0, 0), ("total_row.csv", ["id", "n"], 3, 0, 0),
            ("unclosed_quote.csv", ["id", "name"], 2, 0, 1), ("utf16be_bom.csv", ["id", "name"], -1, 0, 0),
            ("utf16le_bom.csv", ["id", "name"], -1, 0, 0), ("leading_zero.csv", [], -1, 0, 0),
            ("date_ambig.csv", ["d", "v"], 2, 0, 0), ("formula.csv", [], -1, 0, 0), ("cols_20k.csv", [], -1, 0, 0),
        ] as [(String, [String], Int, Int, Int)])
    func dirty(_ file: String, _ header: [String], _ right: Int, _ wrong: Int, _ faults: Int) throws {
        let found = try #require(try table(contents("\(TableTests.dirty)/\(file)")), "\(file)")
        let columns = found.shape.header.names.count
        if !header.isEmpty { #expect(found.shape.header.names == header) }
        if right >= 0 { #expect(found.rows.filter { $0.count == columns }.count == right) }
        if right < 0 { #expect(!found.rows.isEmpty) }
        #expect(found.rows.filter { $0.count != columns }.count == wrong)
        #expect(found.faults.count == faults)
    }

    @Test(.enabled(if: corpora != nil, "CS_ANALYTICS_CORPORA"))
    func dirtyCharacterSetsAndNotes() throws {
        #expect(try table(contents("\(TableTests.dirty)/big5.csv"))?.rows.first?.last == "訂單還沒有出貨")
        let gbk = try #require(try table(contents("\(TableTests.dirty)/gbk.csv")))
        #expect(gbk.rows.joined().joined().unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
        #expect(!gbk.rows.joined().joined().contains("\u{FFFD}"))
        #expect(try table(contents("\(TableTests.dirty)/bad_utf8.csv"))?.rows.first?.last == "ab\u{FFFD}\u{FFFD}cd")
        #expect(try table(contents("\(TableTests.dirty)/bad_quote.csv"))?.rows.first?.last == "\"abc\"def")
        #expect(try table(contents("\(TableTests.dirty)/leading_garbage.csv"))?.shape.preamble.count == 2)
        #expect(try table(contents("\(TableTests.dirty)/no_header.csv"))?.shape.hasHeader == false)
        #expect(try table(contents("\(TableTests.dirty)/cols_20k.csv"))?.shape.header.names.count == 20_000)
        #expect(try table(contents("\(TableTests.dirty)/empty.csv")) == nil)
        let total = contents("\(TableTests.dirty)/total_row.csv")
        #expect(total.withUnsafeBytes { TableShape.sniff($0)?.endsWithTotal($0) } == true)
    }

    @Test func aFieldOf20MegabytesCostsItsRecordOnly() throws {
        let big = String(repeating: "x", count: 20 << 20)
        let found = try #require(try table(Array("id,text\n1,a\n2,\"\(big)\"\n3,b\n4,\(big)\n5,c\n".utf8)))
        #expect(found.rows.map(\.first) == ["1", "3", "5"])
        #expect(found.faults.map(\.reason) == [.limitExceeded, .limitExceeded])
    }

    @Test func anUnclosedQuoteCostsItsOwnLine() throws {
        let found = try #require(
            try table(Array("id,text\n1,\"abc\n2,\"x, y\"\n3,\"\"\"z\"\"\"\n4,\"multi\nline\"\n".utf8)))
        #expect(found.faults.map(\.reason) == [.badSyntax])
        #expect(found.rows == [["2", "x, y"], ["3", "\"z\""], ["4", "multi\nline"]])
    }

    @Test(arguments: [
        ("a;b\n1;2,5\n3;4,5\n", UInt8(0x3B)), ("a\tb\n1\t2\n", 0x09), ("a|b\n1|2\n", 0x7C),
        ("a,b\n\"1;2;3\",2\n", 0x2C),
        ("sep=;\na;b\n1;2\n", 0x3B),
    ])
    func delimiters(_ text: String, _ delimiter: UInt8) throws {
        let found = try #require(try table(Array(text.utf8)))
        #expect(found.shape.delimiter == delimiter)
        #expect(found.shape.header.names == ["a", "b"])
    }

    @Test func proseIsNoTable() throws { #expect(try table(Array("one line\nanother line\n".utf8)) == nil) }

    @Test func headersAreFoundWithoutRegardToCaseAndMarks() {
        let header = TableHeader(["\u{FEFF}ID", " Created At "])
        #expect(header.index(of: "id") == 0 && header.index(of: "created at") == 1 && !header.has("x"))
        #expect(header.hasAll(["ID", "CREATED AT"]) && header.first(of: ["y", "id"]) == "id")
    }

    /// The reader against a slow, obvious twin on random well-formed tables.
    @Test(arguments: 0..<40)
    func agreesWithASlowTwin(_ seed: UInt64) {
        var random = SystemRandomNumberGeneratorSeeded(seed: seed)
        let pieces = [
            "a", "", "x y", "\"q\"", "1,2", "line\nbreak", "cr\r\nlf", "你好", "  ", "\"",
            "long" + String(repeating: "z", count: 40),
        ]
        let columns = Int.random(in: 2...6, using: &random)
        let rows = (0..<Int.random(in: 1...60, using: &random)).map { _ in
            (0..<columns).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }
        }.filter { !($0.first?.isEmpty ?? true) }
        let ends = ["\n", "\r\n", "\r"]
        var text = ""
        for row in rows {
            text +=
                row.map { field in
                    let needs =
                        field.contains("\"") || field.contains(",") || field.contains("\n") || field.contains("\r\n")
                    return needs || Bool.random(using: &random)
                        ? "\"\(field.replacingOccurrences(of: "\"", with: "\"\""))\"" : field
                }.joined(separator: ",") + ends[Int.random(in: 0..<3, using: &random)]
        }
        let bytes = Array(text.utf8)
        bytes.withUnsafeBytes { raw in
            for maximum in [1, 3, 8192] {
                var reader = CSVReader(raw, delimiter: 0x2C)
                var read: [[String]] = []
                while let block = reader.next(maximumRows: maximum) {
                    for row in 0..<block.rowCount { read.append(block.texts(row)) }
                }
                #expect(read == rows, "seed \(seed)")
            }
        }
    }

    @Test func mutationsNeverTrap() {
        let text = Array("id,name,\"te\"\"xt\"\r\n1,\"a\nb\",c\n2,,\"\"\n".utf8)
        for at in text.indices {
            for byte in [0, 0x22, 0x2C, 0x0A, 0x0D, 0xFF] as [UInt8] {
                var changed = text
                changed[at] = byte
                _ = try? table(changed)
                _ = try? table(Array(changed[..<at]))
            }
        }
    }
}

/// A seeded generator (SplitMix64), so that a failing case can be repeated.
struct SystemRandomNumberGeneratorSeeded: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
