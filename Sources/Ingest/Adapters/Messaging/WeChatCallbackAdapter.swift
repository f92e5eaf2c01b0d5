import Records
import Runtime

/// Logged callbacks of WeChat official accounts and WeCom applications: `<xml>…</xml>` messages one after another, plain or
/// in their encrypted envelope.
///
/// Shape: "接收普通消息" and "消息加解密说明" of the official-account documentation. `CreateTime` is unix seconds. A message from a
/// follower is the customer's, one whose sender is the account (`gh_…`, or the receiver of the envelope) an answer by rule.
/// Envelopes need the account's EncodingAESKey in the environment (`CS_ANALYTICS_WECHAT_AES_KEY`), never in a file.
package struct WeChatCallbackAdapter: TextAdapter {
    package init() {}

    package static let keyVariable = "CS_ANALYTICS_WECHAT_AES_KEY"

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "wechat.callback", reads: "WeChat callbacks (XML), plain or encrypted (\(Self.keyVariable))",
            shapeSource: "developers.weixin.qq.com, 接收普通消息, 消息加解密说明", zone: .stated)
    }

    package func confidence(for head: UnsafeRawBufferPointer) -> Double {
        let text = String(decoding: UnsafeRawBufferPointer(rebasing: head.prefix(8192)), as: UTF8.self)
        guard text.contains("<xml>") else { return 0 }
        return text.contains("<Encrypt>") || (text.contains("<MsgType>") && text.contains("<CreateTime>")) ? 0.95 : 0
    }

    package func prepare(_ text: UnsafeRawBufferPointer, context: AdapterContext) throws(ItemFault) -> any PreparedText
    {
        PreparedCallbacks(key: context.envelopeKey)
    }
}

/// Callbacks ready to be cut at `<xml>`.
struct PreparedCallbacks: PreparedText {
    let key: String?

    func nextItem(_ text: UnsafeRawBufferPointer, from position: Int) -> Int {
        var at = max(0, position)
        while at + 5 <= text.count {
            if text[at] == UInt8(ascii: "<"), text[at..<at + 5].elementsEqual("<xml>".utf8) { return at }
            at += 1
        }
        return text.count
    }

    func map(_ block: UnsafeRawBufferPointer, offset: Int, to records: inout RecordSink) {
        var at = nextItem(block, from: 0)
        while at < block.count {
            let next = nextItem(block, from: at + 1)
            let item = UnsafeRawBufferPointer(rebasing: block[at..<next])
            records.beginItem()
            let mark = records.mark()
            do throws(ItemFault) {
                try message(String(decoding: item, as: UTF8.self), isOpened: false, &records)
            } catch {
                records.rollBack(to: mark)
                records.reject(error, line: 0, byteOffset: offset + at, ordinal: records.batch.itemCount, excerpt: item)
            }
            at = next
        }
    }

    private func message(_ xml: String, isOpened: Bool, _ records: inout RecordSink) throws(ItemFault) {
        if !isOpened, let encrypted = PreparedCallbacks.field("Encrypt", of: xml) {
            guard let key else {
                throw ItemFault(
                    .encrypted,
                    "an encrypted callback: put the account's EncodingAESKey into \(WeChatCallbackAdapter.keyVariable)")
            }
            let opened: [UInt8]
            do throws(WeChatEnvelope.Fault) {
                opened = try WeChatEnvelope.open(encrypted, key: key).message
            } catch {
                throw PreparedCallbacks.fault(error)
            }
            return try message(String(decoding: opened, as: UTF8.self), isOpened: true, &records)
        }
        guard let sender = PreparedCallbacks.field("FromUserName", of: xml) else { throw .missing("FromUserName") }
        guard let receiver = PreparedCallbacks.field("ToUserName", of: xml) else { throw .missing("ToUserName") }
        guard let stamp = PreparedCallbacks.field("CreateTime", of: xml), let seconds = Int64(stamp),
            records.times.range.contains(seconds * 1000)
        else { throw ItemFault(.badTime, "CreateTime is missing or no unix time") }
        let type = PreparedCallbacks.field("MsgType", of: xml) ?? ""
        let isAnswer = sender.hasPrefix("gh_")
        let customer = isAnswer ? receiver : sender
        var row = MessageRow(
            id: PreparedCallbacks.field("MsgId", of: xml) ?? "\(customer)-\(stamp)-\(type)", conversation: customer,
            at: Timestamp(seconds: seconds), role: isAnswer ? .bot : type == "event" ? .system : .customer,
            author: isAnswer ? nil : sender)
        switch type {
        case "text": row.text = PreparedCallbacks.field("Content", of: xml)
        case "voice":
            row.text = PreparedCallbacks.field("Recognition", of: xml)
            row.attachments = attachment("voice")
        case "link":
            row.text = PreparedCallbacks.field("Title", of: xml)
            row.attachments = attachment("link")
        case "event":
            var extra = ExtraFields()
            extra.append("event", text: PreparedCallbacks.field("Event", of: xml) ?? "")
            row.extra = extra.text
        case "": throw .missing("MsgType")
        default: row.attachments = attachment(type)
        }
        records.add(row, channel: "wechat", customer: customer)
    }

    private static func fault(_ fault: WeChatEnvelope.Fault) -> ItemFault {
        switch fault {
        case .badKey:
            ItemFault(.encrypted, "\(WeChatCallbackAdapter.keyVariable) is no EncodingAESKey (43 letters and digits)")
        case .badText: ItemFault(.badSyntax, "the envelope is no base64 of whole blocks")
        case .wrongKey: ItemFault(.encrypted, "the envelope does not open with \(WeChatCallbackAdapter.keyVariable)")
        }
    }

    /// The text of an element without children; CDATA and the five entities are undone.
    static func field(_ name: String, of xml: String) -> String? {
        guard let open = xml.firstRange(of: "<\(name)>"),
            let close = xml[open.upperBound...].firstRange(of: "</\(name)>")
        else { return nil }
        var text = xml[open.upperBound..<close.lowerBound]
        text = text.drop { $0.isWhitespace }
        if text.hasPrefix("<![CDATA["), let end = text.firstRange(of: "]]>") {
            return String(text[text.index(text.startIndex, offsetBy: 9)..<end.lowerBound])
        }
        return String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&apos;", with: "'").replacing("&amp;", with: "&")
    }
}
