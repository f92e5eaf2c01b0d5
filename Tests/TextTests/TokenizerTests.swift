import Testing

@testable import Text

@Suite("Tokenizer")
struct TokenizerTests {
    private func tokens(_ text: String) -> [(String, Token.Kind)] {
        var buffer: [Token] = []
        let bytes = Array(text.utf8)
        let count = bytes.withUnsafeBufferPointer { Tokenizer().tokenize($0, into: &buffer) }
        return buffer[..<count].map {
            (String(decoding: bytes[Int($0.start)..<Int($0.end)], as: UTF8.self), $0.kind)
        }
    }

    @Test(
        arguments: [
            ("", []),
            ("how do i", ["how", "do", "i"]),
            ("don't stop!", ["don", "'", "t", "stop", "!"]),
            ("没有送水", ["没", "有", "送", "水"]),
            ("我的iphone坏了", ["我", "的", "iphone", "坏", "了"]),
            ("café привет", ["café", "привет"]),
            ("カメラ 한국어", ["カ", "メ", "ラ", "한국어"]),
            ("👍ok", ["👍", "ok"]),
            ("a_b 00", ["a_b", "00"]),
            ("𠮷野", ["𠮷", "野"]),
        ] as [(String, [String])])
    func cuts(text: String, expected: [String]) {
        #expect(tokens(text).map(\.0) == expected)
    }

    @Test func kindsFollowTheScript() {
        #expect(tokens("ok 好 !").map(\.1) == [.word, .ideograph, .symbol])
    }

    @Test func tokensLieInOrderAndCoverAllButSpaces() {
        let text = "mixed 中文 and English, 标点。 ok?"
        #expect(tokens(text).map(\.0).joined() == text.filter { $0 != " " })
    }
}
