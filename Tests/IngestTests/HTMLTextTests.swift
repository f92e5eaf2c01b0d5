import Testing

@testable import Ingest

@Suite struct HTMLTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("  a \n b\t", "a b"), ("<p>a</p><p>b</p>", "a\nb"), ("a<br/>b<br>c", "a\nb\nc"),
        ("<div>你好，<b>世界</b></div>", "你好，世界"), ("a &amp; b &lt;c&gt; &quot;d&quot; &#39;e&#x27;", "a & b <c> \"d\" 'e'"),
        ("a&nbsp;&nbsp;b", "a b"), ("&hellip;&mdash;&unknown; &", "…—&unknown; &"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<style>p{a:b}</style>x<script>if(a<b){}</script>y", "xy"), ("<!-- c > d -->x", "x"), ("x<!-- open", "x"),
        ("<a href=\"x>y\">link</a>", "link"), ("<td>a</td><td>b</td>", "a b"), ("<a href=\"open>text", "text"),
        ("a <b", "a <b"),
        ("&#0;&#55296;&#99999999;x", "&#55296;&#99999999;x"), ("<script>never closed", ""),
        ("<SCRIPT>x</ScRiPt>y", "y"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
    ])
    func plain(_ html: String, _ expected: String) { #expect(HTMLText.plain(html) == expected) }

    /// Fragments that invite a search to the end at every byte.
    @Test(arguments: ["<", "<a ", "<a\"", "&", "<!--", "<style>", "</"]) func hostile(_ piece: String) {
        let text = String(repeating: piece, count: 100_000 / piece.utf8.count)
        let start = ContinuousClock.now
        _ = HTMLText.plain(text)
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
