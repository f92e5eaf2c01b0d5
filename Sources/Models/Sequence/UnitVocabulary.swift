package import Text

/// The units that a recurrent model reads: words of alphabetic scripts, single Chinese characters and symbols.
///
/// Words that the vocabulary lacks are spelt out, character by character; what it still lacks is unit 0. Texts are
/// normalised first, as for n-grams.
package struct UnitVocabulary: Sendable, Equatable {
    /// The units by their number; the first is empty and stands for all that are not known.
    package let units: [String]
    private let numbers: [[UInt8]: Int32]

    /// A vocabulary with given units, as a model file holds them; the first is empty.
    package init(units: [String]) {
        self.units = units
        var numbers: [[UInt8]: Int32] = [:]
        for (number, unit) in units.enumerated() where number > 0 { numbers[Array(unit.utf8)] = Int32(number) }
        self.numbers = numbers
    }

    /// Learns the units of texts that occur at least `least` times, at most `most` of them, the commonest first.
    package init(_ texts: TextBatch, least: Int = 2, most: Int = 20_000) {
        var buffer = NormalizedText()
        var words: [[UInt8]: Int] = [:]
        for index in 0..<texts.count {
            UnitVocabulary.forEachUnit(texts, index, &buffer) { words[Array($0), default: 0] += 1 }
        }
        var counts = words.filter { $0.value >= least }
        // The letters of rare words must be known, for they are spelt out.
        for (word, count) in words where count < least {
            UnitVocabulary.forEachCharacter(word) { counts[Array($0), default: 0] += count }
        }
        let ordered = counts.filter { $0.value >= least }
            .sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.lexicographicallyPrecedes($1.key) }
        self.init(units: [""] + ordered.prefix(most).map { String(decoding: $0.key, as: UTF8.self) })
    }

    package static func == (left: UnitVocabulary, right: UnitVocabulary) -> Bool { left.units == right.units }

    /// The numbers of a text's units, at most `limit`, at least one.
    package func encode(_ texts: TextBatch, _ index: Int, limit: Int, _ buffer: inout NormalizedText) -> [Int32] {
        var out: [Int32] = []
        UnitVocabulary.forEachUnit(texts, index, &buffer) { unit in
            if out.count >= limit { return }
            if let number = numbers[Array(unit)] {
                out.append(number)
                return
            }
            UnitVocabulary.forEachCharacter(unit) { if out.count < limit { out.append(numbers[Array($0)] ?? 0) } }
        }
        return out.isEmpty ? [0] : out
    }

    /// Runs of letters and digits of alphabetic scripts, and every other character that is no space.
    private static func forEachUnit(
        _ texts: TextBatch, _ index: Int, _ buffer: inout NormalizedText, _ body: (ArraySlice<UInt8>) -> Void
    ) {
        texts.withText(index) { TextNormalizer().normalize($0, into: &buffer) }
        let bytes = buffer.storage[..<buffer.count]
        var start: Int?
        var position = 0
        while position < bytes.count {
            let length = UnitVocabulary.length(bytes[position])
            let end = min(position + length, bytes.count)
            let isLetter = length == 1 ? UnitVocabulary.isAlphanumeric(bytes[position]) : length == 2
            if !isLetter {
                if let word = start { body(bytes[word..<position]) }
                start = nil
                if bytes[position] != 0x20 { body(bytes[position..<end]) }
            } else if start == nil {
                start = position
            }
            position = end
        }
        if let word = start { body(bytes[word...]) }
    }

    private static func forEachCharacter(
        _ word: some RandomAccessCollection<UInt8>, _ body: (ArraySlice<UInt8>) -> Void
    ) {
        let bytes = Array(word)
        var position = 0
        while position < bytes.count {
            let end = min(position + length(bytes[position]), bytes.count)
            body(bytes[position..<end])
            position = end
        }
    }

    private static func length(_ lead: UInt8) -> Int { lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4 }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte >= 0x61 && byte <= 0x7a || byte >= 0x30 && byte <= 0x39 || byte == 0x27
    }
}
