import Testing
import Text

@testable import Models

@Suite("WordPiece tokenizer")
struct WordPieceTokenizerTests {
    private func tokenizer(_ change: (inout WordPieceTokenizer.Settings) -> Void = { _ in }) throws
        -> WordPieceTokenizer
    {
        var settings = WordPieceTokenizer.Settings()
        change(&settings)
        let extra = ["Hello", "é", "ss", "##s", "a", "b", "##b", "x", "か", "か\u{3099}", "é", "-", "—", "「"]
        return try WordPieceTokenizer(
            vocabulary: Array((TinyEncoder.tokens + extra).joined(separator: "\n").utf8), settings: settings,
            path: "vocab.txt")
    }

    private func pieces(_ text: String, _ tokenizer: WordPieceTokenizer, limit: Int = 512) -> String {
        tokenizer.tokenize(text, limit: limit).map { tokenizer.tokens[Int($0)] }.joined(separator: " ")
    }

    @Test(arguments: [
        ("", "[CLS] [SEP]"), ("unaffable", "[CLS] un ##aff ##able [SEP]"), ("HELLO  world", "[CLS] hello world [SEP]"),
        ("hello,world!", "[CLS] hello , world ! [SEP]"),
        ("café CAFÉ cafe\u{301}", "[CLS] caf ##e caf ##e caf ##e [SEP]"),
        ("中国hello中", "[CLS] 中 国 hello 中 [SEP]"), ("hel\u{200b}lo hel\u{0}lo", "[CLS] hello hello [SEP]"),
        ("unknownword hello", "[CLS] [UNK] hello [SEP]"), ("unaffablez", "[CLS] [UNK] [SEP]"),
        ("hello\u{a0}world\u{3000}is\nyou", "[CLS] hello world is you [SEP]"), ("a—b「", "[CLS] a — b 「 [SEP]"),
        ("[SEP]", "[CLS] [UNK] [UNK] [UNK] [SEP]"), ("👍 hello", "[CLS] [UNK] hello [SEP]"),
        ("ＨＥＬＬＯ", "[CLS] [UNK] [SEP]"), ("\u{ff0c}", "[CLS] [UNK] [SEP]"), ("ab abb", "[CLS] a ##b a ##b ##b [SEP]"),
    ])
    func cutsAsBertDoes(text: String, expected: String) throws {
        let tokenizer = try tokenizer()
        #expect(pieces(text, tokenizer) == expected)
    }

    @Test func settingsAreKept() throws {
        let cased = try tokenizer { ($0.isLowerCasing, $0.isStrippingAccents) = (false, false) }
        #expect(pieces("Hello é", cased) == "[CLS] Hello é [SEP]")
        let whole = try tokenizer { $0.isSplittingIdeographs = false }
        #expect(pieces("中国", whole) == "[CLS] 中 ##国 [SEP]")
    }

    @Test func longWordsAreUnknownAndLongTextsAreCut() throws {
        let tokenizer = try tokenizer()
        #expect(pieces(String(repeating: "b", count: 100), tokenizer).contains("b ##b ##b"))
        #expect(pieces(String(repeating: "b", count: 101), tokenizer) == "[CLS] [UNK] [SEP]")
        let long = String(repeating: "hello ", count: 50)
        #expect(pieces(long, tokenizer, limit: 4) == "[CLS] hello hello [SEP]")
        #expect(pieces("unaffable", tokenizer, limit: 3) == "[CLS] un [SEP]")
        #expect(tokenizer.tokenize(String(repeating: "长 long ", count: 12_500)).count == 512)
    }

    @Test func bytesThatAreNotTextAreLeftOut() throws {
        let tokenizer = try tokenizer()
        var scratch = WordPieceTokenizer.Scratch()
        let bytes: [UInt8] = Array("hel".utf8) + [0xff, 0xc0] + Array("lo".utf8) + [0xe4, 0xb8]
        let found = bytes.withUnsafeBufferPointer { tokenizer.tokenize($0, limit: 8, scratch: &scratch) }
        #expect(found.map { tokenizer.tokens[Int($0)] } == ["[CLS]", "hello", "[SEP]"])
    }

    @Test func aVocabularyNeedsItsSpecialTokens() {
        let error = #expect(throws: ModelError.self) {
            try WordPieceTokenizer(vocabulary: Array("[CLS]\n[UNK]\na".utf8), settings: .init(), path: "v")
        }
        #expect(error?.description.contains("[SEP]") == true)
    }
}
