import Foundation
import Testing

@testable import Ingest

@Suite struct JSONTests {
    private static let suite = corpora.map { "\($0)/json/JSONTestSuite/test_parsing" } ?? ""

    private func accepts(_ bytes: [UInt8]) -> Bool { (try? bytes.json { _ in true }) ?? false }

    @Test(.enabled(if: corpora != nil, "CS_ANALYTICS_CORPORA"))
    func conformance() {
        let files = filesOf(JSONTests.suite)
        #expect(files.count == 318)
        for file in files {
            let accepted = accepts(contents("\(JSONTests.suite)/\(file)"))
            if file.hasPrefix("y_") { #expect(accepted, "\(file) must be accepted") }
            if file.hasPrefix("n_") { #expect(!accepted, "\(file) must be refused") }
        }
    }

    @Test func valuesOfAllKinds() throws {
        let text =
            #"{"a":9007199254740993,"b":"x\n\u4f60\ud83d\ude00","c":[true,false,null,1.5],"d":{"e":"7"},"f":null}"#
        try text.json { value in
            #expect(value["a"]?.id == "9007199254740993")
            #expect(value["a"]?.integer == 9_007_199_254_740_993)
            #expect(value["b"]?.string == "x\n你😀")
            #expect(value["c"]?.elements.map(\.kind) == [.true, .false, .null, .number])
            #expect(value["c"]?.elements.map(\.bool) == [true, false, nil, nil])
            #expect(value["d"]?["e"]?.integer == 7)
            #expect(value[path: ["d", "e"]]?.real == 7)
            #expect(value["f"] == nil && value.has("f") && !value.has("g"))
            #expect(value.count == 5 && value["c"]?.count == 4)
            #expect(value.members.map { $0.key.string ?? "" } == ["a", "b", "c", "d", "f"])
        }
    }

    @Test(arguments: [
        #"{"a":[1,2,{"b":"c\"d"}],"e":{},"f":[],"g":"\t"}"#, "[]", "{}", "[[],[[1]],{\"a\":{\"b\":[{}]}}]", "\"x\"",
        "-0.5e10",
    ])
    func writingGivesTheSameText(_ text: String) throws { #expect(try text.json(\.json) == text) }

    @Test func whitespaceIsDroppedOnWriting() throws {
        #expect(try "  { \"a\" : [ 1 , 2 ] ,\n \"b\" : { } }  ".json(\.json) == #"{"a":[1,2],"b":{}}"#)
    }

    @Test func loneSurrogatesAndNULBecomeReplacementCharacters() throws {
        #expect(
            try #"["\ud800","\udc00x","\u0000"]"#.json { $0.elements.map(\.string) } == [
                "\u{FFFD}", "\u{FFFD}x", "\u{FFFD}",
            ])
    }

    @Test func theLastOfTwoEqualKeysCounts() throws {
        let parser = JSONParser()
        let text = Array(#"{"a":1,"b":2,"a":3}"#.utf8)
        try text.withUnsafeBytes { bytes in
            let value = try parser.parse(bytes)
            #expect(value["a"]?.integer == 3)
            #expect(parser.duplicateKeys == 1)
        }
    }

    @Test func depthIsLimitedWithoutUsingTheStack() {
        let fits = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(accepts(Array(fits.utf8)))
        for open in ["[", "{\"a\":"] {
            let deep = Array(String(repeating: open, count: 100_000).utf8)
            #expect(throws: JSONFault.self) { try deep.json { _ in } }
        }
    }

    @Test func escapedKeysAreFound() throws { #expect(try #"{"\u0061b":1}"#.json { $0["ab"]?.integer } == 1) }

    @Test(arguments: [
        (#"{"tickets":[{"id":1},{"id":2},{"id":"#, #"{"tickets":[{"id":1},{"id":2},{}]}"#),
        (#"{"a":[1,2"#, #"{"a":[1,2]}"#), (#"{"a":1,"b"#, #"{"a":1}"#),
    ])
    func aCutTextKeepsWhatIsThere(_ text: String, _ salvaged: String) throws {
        let parser = JSONParser()
        try Array(text.utf8).withUnsafeBytes { bytes in
            let value = try parser.parseSalvaging(bytes)
            #expect(value.json == salvaged)
        }
    }

    /// Every prefix and every one-byte change of a text is accepted or refused, and never traps.
    @Test func mutationsNeverTrap() {
        let text = Array(#"{"id":12,"t":"a\u00e9\n","l":[1,-2.5e3,true,null,{"x":""}],"名":"值"}"#.utf8)
        for length in 0..<text.count { _ = accepts(Array(text[..<length])) }
        for at in text.indices {
            for byte in [0, 0x22, 0x5C, 0x7B, 0x7D, 0x5B, 0x5D, 0x2C, 0x3A, 0x80, 0xFF, 0x31] as [UInt8] {
                var changed = text
                changed[at] = byte
                _ = try? changed.json { value in
                    _ = value.json
                    _ = value["id"]?.integer
                    _ = value["t"]?.string
                }
            }
        }
    }

    @Test func elementsOfAnArrayAreCutAsTheyStand() {
        let text = Array(#" {"a":"],{"} , 2 ]"#.utf8)
        text.withUnsafeBytes { bytes in
            let first = JSONScan.elementEnd(bytes, 0)
            #expect(first == 13)
            #expect(JSONScan.elementEnd(bytes, 14) == 17)
            #expect(JSONScan.elementEnd(bytes, 17) == 17)
        }
    }

    @Test(arguments: [
        ("12", 12), ("-9223372036854775808", Int64.min), ("9223372036854775807", Int64.max), (" 7 ", 7), ("+5", 5),
    ])
    func wholeNumbers(_ text: String, _ value: Int64) {
        #expect(Array(text.utf8).withUnsafeBytes { Numbers.integer($0) } == value)
    }

    @Test(arguments: ["", "-", "1.5", "9223372036854775808", "12a", "99999999999999999999999"])
    func whatIsNoWholeNumber(_ text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { Numbers.integer($0) } == nil)
    }
}
