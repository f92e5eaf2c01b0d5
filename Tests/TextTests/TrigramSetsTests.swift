import Testing
import Text

@Suite("Similarity of texts by character trigrams")
struct TrigramSetsTests {
    private func sets(_ texts: [String]) -> TrigramSets {
        let normalizer = TextNormalizer()
        var buffer = NormalizedText()
        var sets = TrigramSets()
        for text in texts {
            var text = text
            text.withUTF8 { normalizer.normalize($0, into: &buffer) }
            sets.append(buffer)
        }
        return sets
    }

    /// The slow, obvious twin.
    private func jaccard(_ a: String, _ b: String) -> Double {
        func trigrams(_ text: String) -> Set<[Unicode.Scalar]> {
            let scalars = Array(TextNormalizer().normalized(text).unicodeScalars)
            guard scalars.count >= 3 else { return scalars.isEmpty ? [] : [scalars] }
            return Set((0...scalars.count - 3).map { Array(scalars[$0..<$0 + 3]) })
        }
        let (first, second) = (trigrams(a), trigrams(b))
        if first.isEmpty && second.isEmpty { return 1 }
        return Double(first.intersection(second).count) / Double(first.union(second).count)
    }

    private let texts = [
        "where is my parcel", "where is my parcel please", "Where is my order", "", "钱什么时候退给我", "钱什么时候能退给我", "hi", "hi",
        "order 12345 is late", "order 99 is late", "🎉🎉🎉", "你好", "my parcel, where is it", "i want a refund now",
    ]

    @Test("Similarity is the Jaccard index of the trigram sets")
    func similarity() {
        let sets = sets(texts)
        for a in texts.indices {
            for b in texts.indices {
                #expect(abs(sets.similarity(a, b) - jaccard(texts[a], texts[b])) < 1e-12, "\(texts[a]) | \(texts[b])")
            }
        }
    }

    @Test("Prefix filtering finds the pairs that comparing all with all finds", arguments: [0.2, 0.4, 0.6, 0.8])
    func pairs(_ threshold: Double) {
        let sets = sets(texts)
        var expected: Set<[Int]> = []
        for a in texts.indices {
            for b in texts.indices where b < a && !texts[a].isEmpty && jaccard(texts[a], texts[b]) > threshold {
                expected.insert([a, b])
            }
        }
        #expect(Set(sets.pairs(above: threshold).map { [$0.0, $0.1] }) == expected)
    }

    @Test("The nearest neighbour is the most alike of the others")
    func nearest() {
        let sets = sets(texts)
        let rows = [0, 2, 4, 5, 8, 9]
        for (row, value) in zip(rows, sets.nearest(among: rows)) {
            let expected = rows.filter { $0 != row }.map { jaccard(texts[row], texts[$0]) }.max()
            #expect(abs(value - (expected ?? 0)) < 1e-12)
        }
    }

    @Test("Groups hold what is alike, up to the greatest size allowed")
    func groups() {
        let many = (0..<50).map { "please tell me where parcel \(String(repeating: "x", count: $0 % 3 + 1)) is" }
        #expect(Set(sets(many).groups(above: 0.6, largest: 1000)).count == 1)
        let bounded = sets(many).groups(above: 0.6, largest: 10)
        #expect(Dictionary(grouping: bounded, by: { $0 }).values.allSatisfy { $0.count <= 10 })
        #expect(sets(["a b c d", "完全不同的一句话"]).groups(above: 0.6, largest: 10) == [0, 1])
    }
}
