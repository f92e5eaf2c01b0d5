/// A cheap guess at the language of a short text, enough to group a report by.
package enum LanguageGuess: String, Sendable, Codable, CaseIterable {
    /// Chinese.
    case zh
    /// English.
    case en
    /// Another language, or nothing to go by.
    case other

    /// Guesses from the scripts of UTF-8 bytes.
    ///
    /// Han characters without kana mean Chinese: a Han character says about as much as a Latin word, so a tenth of the
    /// letters is enough. Letters of ASCII with few accents mean English, unless frequent words of another Latin
    /// language outnumber the English ones.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let counts = ScriptCounts(bytes)
        if counts.letters == 0 {
            self = .other
            return
        }
        if counts.share(of: .han) >= 0.1 {
            self = counts.count(of: .kana) * 10 > counts.count(of: .han) ? .other : .zh
            return
        }
        guard counts.share(of: .latin) >= 0.9 else {
            self = .other
            return
        }
        self = LanguageGuess.isEnglish(bytes, latin: counts.count(of: .latin)) ? .en : .other
    }

    /// Guesses the language of a text.
    package init(_ text: String) {
        var text = text
        self = text.withUTF8 { LanguageGuess($0) }
    }

    private static func isEnglish(_ bytes: UnsafeBufferPointer<UInt8>, latin: Int) -> Bool {
        var ascii = 0
        var english = 0
        var foreign = 0
        var word: UInt64 = 0
        var length = 0
        func close() {
            if length > 0 && length <= 7 {
                if englishWords.contains(word) { english += 1 } else if foreignWords.contains(word) { foreign += 1 }
            }
            word = 0
            length = 0
        }
        for byte in bytes {
            let lower = byte | 0x20
            if byte < 0x80 && lower >= 0x61 && lower <= 0x7a {
                ascii += 1
                length += 1
                word = word << 8 | UInt64(lower)
            } else if byte >= 0x80 {
                length = 8
            } else {
                close()
            }
        }
        close()
        if foreign > english { return false }
        return ascii * 100 >= latin * (english > foreign ? 90 : 98)
    }

    private static func keys(_ words: String) -> Set<UInt64> {
        Set(words.split(separator: " ").map { $0.utf8.reduce(0) { $0 << 8 | UInt64($1) } })
    }

    private static let englishWords = keys(
        "the and to is you it my for not have this that was are can with but what please order how do been your i "
            + "of in be they would when hello help will from get there any still why where thanks thank")
    private static let foreignWords = keys(
        "de la el los las que un una por para con mi el es le les des une est pour je vous pas der die das und "
            + "ich nicht ist ein eine mit il che di per non sono o os um uma meu nao com het een niet ik van bir ve")
}
