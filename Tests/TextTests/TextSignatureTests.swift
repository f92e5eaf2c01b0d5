import Testing

@testable import Text

@Suite("Text signatures")
struct TextSignatureTests {
    private func normalized(_ text: String) -> NormalizedText {
        var text = text
        var buffer = NormalizedText()
        text.withUTF8 { TextNormalizer().normalize($0, into: &buffer) }
        return buffer
    }

    @Test func identityIgnoresCaseWidthAndSpacing() {
        #expect(TextSignature.identity(normalized("Ｈello  World")) == TextSignature.identity(normalized("hello world")))
        #expect(TextSignature.identity(normalized("hello world")) != TextSignature.identity(normalized("hello word")))
        #expect(TextSignature.identity(normalized("")) != TextSignature.identity(normalized("a")))
    }

    @Test func similarTextsDifferInFewBits() {
        let base =
            "I am still waiting for my new card to arrive, it was ordered two weeks ago from your branch in Berlin"
        let near =
            "I am still waiting for my new card to arrive; it was ordered two weeks ago from your branch in Berlin"
        let far = "Please cancel the subscription and send the money back to the account that I named in my first mail"
        let (a, b, c) = (normalized(base), normalized(near), normalized(far))
        let close = TextSignature.distance(TextSignature.similarity(a), TextSignature.similarity(b))
        let distant = TextSignature.distance(TextSignature.similarity(a), TextSignature.similarity(c))
        #expect(close <= 8)
        #expect(distant > 16)
    }

    @Test func shortTextsHaveSignatures() {
        #expect(TextSignature.similarity(normalized("好")) != TextSignature.similarity(normalized("坏")))
        #expect(TextSignature.similarity(normalized("")) == TextSignature.similarity(normalized(" ")))
    }

    @Test(arguments: [0, 1, 3])
    func groupsAreThoseOfComparingAll(distance: Int) {
        var state: UInt64 = 4
        var signatures: [UInt64] = []
        for index in 0..<60 {
            state = ByteHash.mix(state &+ 1)
            signatures.append(state)
            if index % 3 == 0 { signatures.append(state ^ 1 << UInt64(index)) }
            if index % 5 == 0 { signatures.append(state ^ 0b101 << UInt64(index % 60)) }
        }
        var expected = Array(signatures.indices)
        for _ in signatures {
            for a in signatures.indices {
                for b in signatures.indices where TextSignature.distance(signatures[a], signatures[b]) <= distance {
                    let least = min(expected[a], expected[b])
                    (expected[a], expected[b]) = (least, least)
                }
            }
        }
        #expect(TextSignature.groups(of: signatures, distance: distance) == expected)
    }
}

@Suite("Byte hash")
struct ByteHashTests {
    @Test func everyLengthAndEveryByteCounts() {
        var seen = Set<UInt64>()
        for length in 0..<40 {
            let bytes = [UInt8](repeating: 7, count: length)
            seen.insert(bytes.withUnsafeBufferPointer { ByteHash.hash($0) })
            for position in 0..<length {
                var other = bytes
                other[position] = 8
                seen.insert(other.withUnsafeBufferPointer { ByteHash.hash($0) })
            }
        }
        #expect(seen.count == 40 + (0..<40).reduce(0, +))
    }

    @Test func seedAndOrderCount() {
        let bytes: [UInt8] = [1, 2, 3]
        #expect(bytes.withUnsafeBufferPointer { ByteHash.hash($0) != ByteHash.hash($0, seed: 1) })
        #expect(ByteHash.combine(1, 2) != ByteHash.combine(2, 1))
    }
}

@Suite("Text batch")
struct TextBatchTests {
    @Test func givesTextsBack() {
        var batch = TextBatch(["one", "", "三"])
        batch.append([0x34, 0x35] as [UInt8])
        batch.append(Array("six".utf8).span)
        #expect(batch.count == 5)
        #expect((0..<5).map { batch[$0] } == ["one", "", "三", "45", "six"])
        #expect(batch.selecting([2, 0]) == TextBatch(["三", "one"]))
        #expect(batch.withText(1) { $0.count } == 0)
    }
}
