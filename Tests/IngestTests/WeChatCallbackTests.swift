import Crypto
import CryptoExtras
import Foundation
import Records
import Testing

@testable import Ingest

@Suite("WeChat callbacks")
struct WeChatCallbackTests {
    private static let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

    /// The envelope as the documentation builds it.
    private func sealed(_ message: String, key: String = key, receiver: String = "wx0123456789abcdef") throws -> String
    {
        let secret = try #require(Data(base64Encoded: key + "="))
        var plain = Data((0..<16).map { UInt8($0 * 7) })
        let length = UInt32(message.utf8.count)
        plain += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
        plain += Data(message.utf8) + Data(receiver.utf8)
        let padding = 32 - plain.count % 32
        plain += Data(repeating: UInt8(padding), count: padding)
        let vector = try AES._CBC.IV(ivBytes: secret.prefix(16))
        return try AES._CBC.encrypt(plain, using: SymmetricKey(data: secret), iv: vector, noPadding: true)
            .base64EncodedString()
    }

    private func message(_ text: String, id: Int) -> String {
        "<xml><ToUserName><![CDATA[gh_shop]]></ToUserName><FromUserName><![CDATA[oUser1]]></FromUserName><CreateTime>1772421249</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[\(text)]]></Content><MsgId>\(id)</MsgId></xml>"
    }

    private func read(_ text: String, key: String?) throws -> MappedItems {
        let adapter = WeChatCallbackAdapter()
        let context = AdapterContext(source: "s", now: AdapterHarness.now, envelopeKey: key)
        var text = text
        return try text.withUTF8 { buffer in
            let bytes = UnsafeRawBufferPointer(buffer)
            #expect(adapter.confidence(for: bytes) > 0.9)
            var sink = RecordSink(context: context)
            try adapter.prepare(bytes, context: context).map(bytes, offset: 0, to: &sink)
            return sink.take()
        }
    }

    @Test func plainAndEncrypted() throws {
        let envelope =
            "<xml><ToUserName>gh_shop</ToUserName><Encrypt><![CDATA[\(try sealed(message("发票怎么开 <b>", id: 2)))]]></Encrypt></xml>"
        let log = message("你好 & 再见", id: 1) + "\n" + envelope
        let found = try read(log, key: Self.key)
        #expect(found.batch.rejects.isEmpty)
        let lines = AdapterHarness.lines(found.batch).filter { $0.hasPrefix("message") }
        #expect(
            lines == [
                "message id=1 conversation_id=oUser1 sent_at=2026-03-02T03:14:09Z role=customer author_id=oUser1 text=你好 & 再见 is_public=1",
                "message id=2 conversation_id=oUser1 sent_at=2026-03-02T03:14:09Z role=customer author_id=oUser1 text=发票怎么开 <b> is_public=1",
            ])
    }

    @Test(
        "What cannot be opened says what it needs",
        arguments: [
            (nil, "CS_ANALYTICS_WECHAT_AES_KEY"), ("short", "EncodingAESKey"),
            ("ZYXWVUTSRQPONMLKJIHGFEDCBA0123456789abcdefg", "does not open"),
        ] as [(String?, String)])
    func keys(_ key: String?, _ words: String) throws {
        let envelope = "<xml><Encrypt>\(try sealed(message("x", id: 2)))</Encrypt></xml>"
        let found = try read(envelope, key: key)
        #expect(found.batch.rejects.first?.reason == .encrypted)
        #expect(found.batch.rejects.first?.detail.contains(words) == true)
    }

    @Test func damagedEnvelopes() throws {
        #expect(throws: WeChatEnvelope.Fault.badText) { try WeChatEnvelope.open("not base64!", key: Self.key) }
        #expect(throws: WeChatEnvelope.Fault.badText) { try WeChatEnvelope.open("AAAA", key: Self.key) }
        let found = try read("<xml><MsgType>text</MsgType><CreateTime>1</CreateTime></xml>", key: nil)
        #expect(found.batch.rejects.first?.reason == .missingField)
    }
}
