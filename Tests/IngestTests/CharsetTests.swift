import Foundation
import Support
import Testing

@testable import Ingest

@Suite struct CharsetTests {
    private static let chinese = "您好，我的订单还没有发货，请问什么时候可以到？退款已经申请三天了，客服态度很好，谢谢。"
    private static let traditional = "您好，我的訂單還沒有出貨，請問什麼時候可以到？退款已經申請三天了，謝謝。"
    private static let japanese = "こんにちは、注文した商品がまだ届きません。いつ届きますか。よろしくお願いします。"
    private static let korean = "안녕하세요, 주문한 상품이 아직 도착하지 않았습니다. 언제 도착하나요?"
    private static let french =
        "Bonjour, ma commande n'est pas arrivée. Où est-elle ? J'ai déjà écrit à l'équipe, très déçu."

    private func encode(_ text: String, _ charset: String) throws -> [UInt8] {
        let folder = TemporaryFolder()
        let path = folder.write("text", text)
        let encoded = "\(folder.path)/encoded"
        #expect(shell("iconv -f UTF-8 -t \(charset) '\(path)'", output: encoded) == 0)
        return Array(try #require(FileManager.default.contents(atPath: encoded)))
    }

    private func decode(_ bytes: [UInt8]) throws -> (DetectedCharset, String) {
        let input = try inMemory(bytes)
        let detected = CharsetDetector.detect(input.bytes)
        let (text, _) = try Transcoder.utf8(input, detected)
        return (detected, withExtendedLifetime(text) { String(decoding: text.bytes, as: UTF8.self) })
    }

    @Test(arguments: [
        (chinese, "GB18030", Charset.gb18030), (chinese, "GBK", .gb18030), (chinese, "UTF-16LE", .utf16LE),
        (chinese, "UTF-16BE", .utf16BE), (chinese, "UTF-8", .utf8), (traditional, "BIG5", .big5),
        (japanese, "SHIFT_JIS", .shiftJIS), (japanese, "EUC-JP", .eucJP), (japanese, "ISO-2022-JP", .iso2022JP),
        (korean, "EUC-KR", .eucKR), (french, "WINDOWS-1252", .windows1252), ("plain ascii", "ASCII", .utf8),
    ])
    func detection(_ text: String, _ name: String, _ charset: Charset) throws {
        // Wide sets without a mark need ASCII among the text, as any table has.
        let table = "id,text\n1,\(text)\n2,\(text)\n3,ok\n"
        let (detected, decoded) = try decode(try encode(table, name))
        #expect(detected.charset == charset)
        #expect(decoded == table)
    }

    @Test(arguments: ["UTF-16", "UTF-16LE", "UTF-16BE"])
    func marksAreTaken(_ name: String) throws {
        var bytes = try encode("id,名\n1,a\n", name)
        if name == "UTF-16LE" { bytes = [0xFF, 0xFE] + bytes }
        if name == "UTF-16BE" { bytes = [0xFE, 0xFF] + bytes }
        #expect(try decode(bytes).1 == "id,名\n1,a\n")
        #expect(try decode([0xEF, 0xBB, 0xBF] + Array("a,b".utf8)).1 == "a,b")
    }

    @Test func hz() throws {
        let (detected, text) = try decode(Array("id,text\n1,~{<:Ky2;SP~}~~\n".utf8))
        #expect(detected.charset == .hz)
        #expect(text == "id,text\n1,己所不有~\n")
    }

    @Test func aFileThatIsASCIIForLong() throws {
        let head = String(repeating: "1,plain ascii text\n", count: 20_000)
        let bytes = Array(head.utf8) + (try encode(CharsetTests.chinese, "GBK")) + Array("\n".utf8)
        let (detected, text) = try decode(bytes)
        #expect(detected.charset == .gb18030)
        #expect(text.hasSuffix(CharsetTests.chinese + "\n"))
    }

    @Test func oneBadByteLeavesUTF8AsItIs() throws {
        let bytes = Array(CharsetTests.chinese.utf8) + [0xFF] + Array(CharsetTests.chinese.utf8)
        let (detected, _) = try decode(bytes)
        #expect(detected.charset == .utf8 && detected.hasInvalidBytes)
    }

    /// A character cut by any chunk border is decoded as if there were none.
    @Test(arguments: [1, 2, 3, 5, 7])
    func chunksDoNotMatter(_ size: Int) throws {
        let text = CharsetTests.chinese + "𠀀㐀" + CharsetTests.chinese
        let bytes = try encode(text, "GB18030")
        guard var decoder = Iconv(.gb18030) else {
            Issue.record("the C library has no GB18030")
            return
        }
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            let end = min(bytes.count, at + size)
            Array(bytes[at..<end]).withUnsafeBytes { decoder.decode($0, isLast: end == bytes.count, into: &out) }
            at = end
        }
        #expect(String(decoding: out, as: UTF8.self) == text)
        let replaced = decoder.replaced
        #expect(replaced == 0)
    }

    @Test(.enabled(if: corpora != nil, "CS_ANALYTICS_CORPORA"))
    func gb18030AgainstTheWHATWGLines() throws {
        let folder = "\(corpora ?? "")/enc/gb18030"
        let bytes = contents("\(folder)/gb18030_in.txt")
        let expected = contents("\(folder)/gb18030_in_ref.txt").split(separator: 0x0A, omittingEmptySubsequences: false)
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        #expect(lines.count == expected.count)
        var right = 0
        for (line, reference) in zip(lines, expected) {
            guard var decoder = Iconv(.gb18030) else { break }
            var out: [UInt8] = []
            Array(line).withUnsafeBytes { decoder.decode($0, isLast: true, into: &out) }
            if out.elementsEqual(reference) { right += 1 }
        }
        // The C library knows all but a handful of the 23,945; the yardstick counts 23,938.
        #expect(right >= 23_930, "\(right) of \(lines.count)")
    }

    @Test func brokenPairsBecomeOneReplacement() {
        guard var decoder = Iconv(.gb18030) else {
            Issue.record("the C library has no GB18030")
            return
        }
        var out: [UInt8] = []
        ([0x61, 0xFF, 0x62, 0x81] as [UInt8]).withUnsafeBytes { decoder.decode($0, isLast: true, into: &out) }
        #expect(String(decoding: out, as: UTF8.self) == "a\u{FFFD}b\u{FFFD}")
        let replaced = decoder.replaced
        #expect(replaced == 2)
    }

    /// The validator agrees with the standard library on random bytes.
    @Test(arguments: 0..<50)
    func validatorAgreesWithTheStandardLibrary(_ seed: UInt64) {
        var random = SystemRandomNumberGeneratorSeeded(seed: seed)
        let parts: [[UInt8]] = [
            Array("abc".utf8), Array("你好世界".utf8), Array("é".utf8), Array("😀".utf8), [0xED, 0xA0, 0x80], [0xC0, 0x80],
            [0xF4, 0x90, 0x80, 0x80],
            [0xE0, 0x80, 0x80], [0x80], Array("ascii for eight and more bytes".utf8), [0xF0, 0x80, 0x80, 0x80],
            [0xE4, 0xBD],
        ]
        var bytes: [UInt8] = []
        for _ in 0..<12 { bytes += parts[Int.random(in: 0..<(seed % 2 == 0 ? 4 : parts.count), using: &random)] }
        let expected = String(validating: bytes, as: UTF8.self) != nil
        #expect(bytes.withUnsafeBytes { UTF8Check.isValid($0) } == expected, "seed \(seed)")
        #expect(UTF8Check.isValid(UnsafeRawBufferPointer(start: nil, count: 0)))
    }
}
