import Runtime
import Testing

@Suite struct EscapingTests {
    @Test(arguments: [
        ("a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#39;"), ("退款\u{0}\u{7}", "退款\u{FFFD}\u{FFFD}"), ("a\tb\n", "a\tb\n"),
        ("\u{7F}", "\u{FFFD}"), ("", ""),
    ])
    func html(text: String, expected: String) { #expect(Escaping.html(text) == expected) }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("a\r\nb", "\"a\r\nb\""),
        ("=1+1", "'=1+1"), ("@x", "'@x"), ("-1.5", "-1.5"), ("-x", "'-x"), ("+1", "+1"), ("\tx", "'\tx"),
        ("＝1", "'＝1"), ("", ""), ("=a,\"b\"", "\"'=a,\"\"b\"\"\""),
    ])
    func csv(text: String, expected: String) { #expect(Escaping.csv(text) == expected) }

    @Test func formulasStayWhenAsked() { #expect(Escaping.csv("=1", neutralisingFormulas: false) == "=1") }

    @Test(arguments: [
        ("a\u{1B}[31m", "a\\x1b[31m"), ("\u{202E}x", "\\u202ex"), ("a\nb\rc\td", "a\\nb\\rc\\td"), ("\u{9B}", "\\x9b"),
        ("退款", "退款"), ("\u{7F}", "\\x7f"), ("\u{FEFF}", "\\ufeff"),
    ])
    func terminal(text: String, expected: String) { #expect(Escaping.terminal(text) == expected) }

    @Test func contentHash() {
        #expect(
            ContentHasher.hexDigest(of: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        var hasher = ContentHasher()
        hasher.update("a")
        Array("bc".utf8).withUnsafeBytes { hasher.update($0) }
        #expect(hasher.hexDigest() == ContentHasher.hexDigest(of: "abc"))
    }
}
