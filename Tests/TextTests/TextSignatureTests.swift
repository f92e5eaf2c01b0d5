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
