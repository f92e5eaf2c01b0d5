import Testing

@testable import Text

@Suite("Script and language")
struct ScriptTests {
    @Test(arguments: [
        ("hello", Script.latin), ("你好", .han), ("カメラ", .kana), ("한국어", .hangul), ("привет", .cyrillic),
        ("καλημέρα", .greek), ("שלום", .other), ("ＡＢ", .latin),
    ])
    func dominantScript(text: String, script: Script) {
        #expect(ScriptCounts(text).dominant == script)
        #expect(ScriptCounts(text).share(of: script) == 1)
    }

    @Test func textWithoutLettersHasNoScript() {
        let counts = ScriptCounts("123 !? 👍")
        #expect(counts.dominant == nil)
        #expect(counts.letters == 0)
        #expect(counts.count(of: .digit) == 3)
        #expect(counts.share(of: .han) == 0)
    }

    @Test func sharesAddUp() {
        let counts = ScriptCounts("ab你好")
        #expect(counts.share(of: .latin) == 0.5 && counts.share(of: .han) == 0.5)
        #expect(counts.share(of: .none) == 0)
    }

    @Test func invalidBytesArePassedOver() {
        let bytes: [UInt8] = [0xff, 0x61, 0xe4]
        #expect(bytes.withUnsafeBufferPointer { ScriptCounts($0) }.letters == 1)
    }

    @Test(arguments: [
        ("How do I locate my card?", LanguageGuess.en), ("没有送水没有送水", .zh), ("我的iPhone坏了 please help", .zh),
        ("ok", .en), ("カメラを買いました。日本語", .other), ("привет", .other), ("12345", .other), ("", .other),
        ("No puedo pagar con la tarjeta por que no funciona", .other), ("Où est mon colis, je ne le vois pas", .other),
        ("The café is closed and I want my money back", .en), ("退款", .zh), ("한국어 문장", .other),
        ("Ich habe die Karte nicht bekommen und das ist ein Problem", .other),
    ])
    func guessesTheLanguage(text: String, language: LanguageGuess) {
        #expect(LanguageGuess(text) == language)
    }
}
