import LinearAlgebra
import Testing
import Text

@testable import Features

@Suite("Hashed n-grams")
struct HashedNGramsTests {
    /// Enough buckets that no two features of these tests collide.
    private var wide: HashedNGrams {
        var scheme = HashedNGrams()
        scheme.bits = 19
        return scheme
    }

    @Test(arguments: [
        ["how do i locate my card?", "where is my card", "the card has not arrived!"],
        ["is my card late or is it lost", "card is late", "late card, my card", "卡 late 在 card 哪 it is"],
        ["没有送水，太慢了", "很好吃！", "送得慢"],
        ["我的iphone坏了 please help", "café crème", "привет мир", "", "👍👍👍👍"],
        ["a", "a a a a", "b, b; b"],
    ])
    func weightsAreThoseOfTheObviousTwin(texts: [String]) {
        let (features, matrix) = wide.fit(TextBatch(texts))
        let expected = SlowVectors(texts).rows
        for (row, expected) in expected.enumerated() {
            let found = Array(matrix.row(row).values).sorted()
            #expect(found.count == expected.count, "\(texts[row])")
            for (value, expected) in zip(found, expected.sorted()) { #expect(abs(Double(value) - expected) < 1e-5) }
        }
        #expect(features.transform(TextBatch(texts)) == matrix)
    }

    @Test func vectorsHaveLengthOne() {
        let (features, matrix) = HashedNGrams().fit(TextBatch(["one two", "三四五", "mixed 混合 text"]))
        for row in 0..<matrix.rows {
            let length = matrix.row(row).values.reduce(0) { $0 + $1 * $1 }
            #expect(abs(length - 1) < 1e-5)
        }
        let unknown = features.transform(TextBatch(["zzqq", "", "   ", "😀"]))
        #expect(unknown.rows == 4)
        #expect(unknown.row(1).values.isEmpty && unknown.row(3).values.isEmpty)
    }

    @Test func rareFeaturesCanBeLeftOut() {
        var scheme = wide
        scheme.minimumTexts = 2
        let (features, matrix) = scheme.fit(TextBatch(["alpha beta", "alpha gamma", "zzz"]))
        #expect(matrix.row(2).values.isEmpty)
        #expect(features.columns < wide.fit(TextBatch(["alpha beta", "alpha gamma", "zzz"])).features.columns)
        #expect(features.keeping([0]).columns == 1)
    }

    @Test func rawFrequenciesCanBeUsed() {
        var scheme = wide
        scheme.isSublinear = false
        scheme.longestWithinWord = 0
        let (_, matrix) = scheme.fit(TextBatch(["a a a b"]))
        // a: 3, a a: 2, b: 1, a b: 1; all with the same idf.
        let expected = [3, 2, 1, 1].map { Float($0) / Float(15).squareRoot() }.sorted()
        for (found, expected) in zip(matrix.row(0).values.sorted(), expected) { #expect(abs(found - expected) < 1e-6) }
    }

    @Test func ordersCanBeChosen() {
        var scheme = wide
        scheme.longestWithinWord = 0
        scheme.wordOrder = 3
        #expect(scheme.fit(TextBatch(["a b c d"])).features.columns == 4 + 3 + 2)
        scheme.wordOrder = 1
        scheme.ideographOrder = 4
        #expect(scheme.fit(TextBatch(["一二三四五"])).features.columns == 5 + 4 + 3 + 2)
        scheme.ideographOrder = 1
        #expect(scheme.fit(TextBatch(["一二三四五"])).features.columns == 5)
    }

    @Test func aSubjectCountsOnceMore() {
        var scheme = wide
        scheme.longestWithinWord = 0
        scheme.hasSubject = true
        // In the text: alpha, beta, gamma and two pairs in a row; in the subject: alpha, beta and one.
        #expect(scheme.fit(TextBatch(["alpha beta\ngamma"])).features.columns == 5 + 3)
        #expect(scheme.fit(TextBatch(["\nalpha beta gamma"])).features.columns == 5)
        #expect(scheme.fit(TextBatch(["alpha beta gamma"])).features.columns == 5)
        #expect(scheme.fit(TextBatch(["退款\n请"])).features.columns == 3 + 2 + 1 + 3)
    }

    @Test func traditionalTextAndUnseenEmojiMeetWhatTrainingSaw() {
        let (features, matrix) = wide.fit(TextBatch(["快递还没发货😡", "x"]))
        let other = features.transform(TextBatch(["快遞還沒發貨🤬"]))
        #expect(other.row(0).values.elementsEqual(matrix.row(0).values))
        var plain = wide
        plain.simplifiesChinese = false
        plain.groupsEmoji = false
        let unmet = plain.fit(TextBatch(["快递还没发货😡", "x"])).features.transform(TextBatch(["遞還沒發貨🤬"]))
        #expect(unmet.row(0).values.isEmpty)
    }

    @Test func theSchemeOfAFileIsChecked() {
        #expect(HashedNGrams().isValid)
        var scheme = HashedNGrams()
        scheme.bits = 40
        #expect(!scheme.isValid)
    }

    @Test func oneLongTextFits() {
        let text = String(repeating: "长文本 and words, ", count: 8_000)
        let (_, matrix) = HashedNGrams().fit(TextBatch([text, "short"]))
        #expect(matrix.row(0).values.allSatisfy { $0.isFinite })
    }

    @Test func theKernelNeverNeedsMoreThanItsCapacity() {
        var state: UInt64 = 17
        let alphabet = Array("ab ,!一二é").map(String.init)
        var scheme = HashedNGrams()
        scheme.wordOrder = 3
        scheme.ideographOrder = 4
        scheme.shortestWithinWord = 1
        scheme.longestWithinWord = 8
        let kernel = NGramKernel(scheme)
        for length in 0..<200 {
            var text = ""
            for _ in 0..<length {
                state = ByteHash.mix(state &+ 1)
                text += alphabet[Int(state >> 33) % alphabet.count]
            }
            var scratch = VectorScratch()
            let bytes = Array(text.utf8)
            bytes.withUnsafeBufferPointer { scratch.count($0, scheme) }
            let total = scratch.distinctCounts.reduce(0, +)
            #expect(Int(total) <= kernel.capacity(bytes: bytes.count), "seed 17, length \(length)")
        }
    }
}

/// TF-IDF over n-grams as strings, written for clarity alone.
private struct SlowVectors {
    var rows: [[Double]]

    init(_ texts: [String]) {
        let parts = texts.map { SlowVectors.grams(TextNormalizer().normalized($0)) }
        let total = Double(texts.count)
        var frequency: [String: Double] = [:]
        for part in parts {
            for gram in Set(part.units + part.within + part.pairs) { frequency[gram, default: 0] += 1 }
        }
        func weights(_ grams: [String]) -> [Double] {
            Dictionary(grams.map { ($0, 1.0) }, uniquingKeysWith: +).map { gram, count in
                let idf = power(logarithm((1 + total) / (1 + (frequency[gram] ?? 0))) + 1, 0.6)
                return (1 + logarithm(count)) * idf
            }
        }
        rows = parts.map { part in
            let units = weights(part.units)
            let within = weights(part.within)
            let pairs = weights(part.pairs.filter { frequency[$0] ?? 0 >= 2 })
            let share = units.isEmpty ? 1 : part.wordShare
            func scaled(_ values: [Double], energy: Double) -> [Double] {
                let norm = values.reduce(0) { $0 + $1 * $1 }
                return values.map { $0 * (energy / norm).squareRoot() }
            }
            let pairShare = pairs.isEmpty ? 0 : 0.35 * part.wordShare
            let whole = (units.isEmpty ? 0 : 1.0) + (within.isEmpty ? 0 : share) + pairShare
            return scaled(units, energy: 1 / whole) + scaled(within, energy: share / whole)
                + scaled(pairs, energy: pairShare / whole)
        }
    }

    private struct Grams {
        var units: [String] = []
        var within: [String] = []
        var pairs: [String] = []
        var wordShare = 1.0
    }

    private static func grams(_ text: String) -> Grams {
        enum Kind { case word, ideograph, symbol }
        func kind(_ scalar: Unicode.Scalar) -> Kind? {
            if scalar == " " { return nil }
            switch Script.of(scalar.value) {
            case .han, .kana: return .ideograph
            case .none: return scalar == "_" ? .word : .symbol
            default: return .word
            }
        }
        var tokens: [(text: String, kind: Kind)] = []
        var pieces: [(text: String, hasWord: Bool)] = []
        var before: Kind?
        for scalar in text.unicodeScalars {
            let now = kind(scalar)
            if let now {
                if now == .word, before == .word {
                    tokens[tokens.count - 1].text.unicodeScalars.append(scalar)
                } else {
                    tokens.append((String(scalar), now))
                }
                if now != .ideograph {
                    if before == nil || before == .ideograph { pieces.append(("", false)) }
                    pieces[pieces.count - 1].text.unicodeScalars.append(scalar)
                    if now == .word { pieces[pieces.count - 1].hasWord = true }
                }
            }
            before = now
        }
        var units: [String] = []
        var words: [String] = []
        for (place, token) in tokens.enumerated() {
            units.append("u:" + token.text)
            if token.kind == .ideograph { words = [] }
            if token.kind == .word {
                if let last = words.last { units.append("w:\(last) \(token.text)") }
                words.append(token.text)
            }
            for order in 2...3 where place + 1 >= order {
                let window = tokens[(place + 1 - order)...place]
                if window.contains(where: { $0.kind == .ideograph }) {
                    units.append("i:" + window.map(\.text).joined(separator: "|"))
                }
            }
        }
        var within: [String] = []
        for piece in pieces where piece.hasWord {
            let scalars = Array((" " + piece.text + " ").unicodeScalars)
            for size in 2...5 {
                for start in scalars.indices where start + size <= scalars.count {
                    within.append("c:" + scalars[start..<start + size].map(String.init).joined())
                }
            }
        }
        let wordCount = Double(tokens.filter { $0.kind == .word }.count)
        let ideographs = Double(tokens.filter { $0.kind == .ideograph }.count)
        let all = tokens.filter { $0.kind == .word }.map(\.text)
        var pairs: [String] = []
        for first in all.indices {
            for second in all.indices where second > first && second <= first + 4 && all[first] != all[second] {
                pairs.append("p:" + [all[first], all[second]].sorted().joined(separator: " "))
            }
        }
        return Grams(
            units: units, within: within, pairs: pairs,
            wordShare: wordCount + ideographs == 0 ? 1 : wordCount / (wordCount + ideographs))
    }
}
