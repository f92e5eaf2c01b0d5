import CGMime
import Glibc
import Records
import Runtime

/// Bounds of mail reading.
struct MailLimits: Sendable, Equatable {
    /// Bytes of a message's own headers.
    var headerBytes = 1 << 20
    var depth = 100
    var parts = 10_000
    /// Bytes of text that a message keeps.
    var text = 4 << 20
}

/// One mail: its headers decoded, its text, what hangs on it.
struct MailMessage: Sendable {
    struct Attachment: Sendable, Equatable {
        var name: String?
        var type: String
        var size: Int
        /// SHA-256 of the decoded content.
        var hash: String
    }

    /// A text of the tree, in order.
    struct Text: Sendable {
        var isHTML: Bool
        var text: String
        /// The multipart/alternative that it stands in, counted from 1; 0 outside of any.
        var alternative: Int
        /// Whether a message enclosed in the mail holds it.
        var isEnclosed: Bool
    }

    var subject = ""
    var from: [MailAddress] = []
    var to: [MailAddress] = []
    var cc: [MailAddress] = []
    var replyTo: [MailAddress] = []
    /// Seconds since 1970 and seconds east of UTC.
    var date: (seconds: Int64, offset: Int32)?
    /// Times of the `Received` headers, the last hop first.
    var received: [Int64] = []
    var messageID: String?
    var inReplyTo: [String] = []
    var references: [String] = []
    /// Further headers by their name in lower case, the first of each.
    var headers: [String: String] = [:]
    var texts: [Text] = []
    var attachments: [Attachment] = []
    /// What a limit left out.
    var isCut = false

    /// Reads a message.
    ///
    /// - Throws: `ItemFault` where it is no message, or where its headers pass the limit.
    init(_ bytes: UnsafeRawBufferPointer, limits: MailLimits = MailLimits()) throws(ItemFault) {
        guard let base = bytes.baseAddress else { throw ItemFault(.badSyntax, "an empty mail") }
        let head = MailMessage.headerEnd(bytes)
        guard head <= limits.headerBytes else {
            throw ItemFault(.limitExceeded, "headers of \(head) bytes; the limit is \(limits.headerBytes)")
        }
        let builder = Builder(limits: limits)
        var callbacks = cs_mail_callbacks()
        callbacks.context = Unmanaged.passUnretained(builder).toOpaque()
        callbacks.header = { context, name, raw in
            guard let context, let name, let raw else { return 0 }
            Builder.from(context).header(String(cString: name), UnsafeRawBufferPointer(start: raw, count: strlen(raw)))
            return 0
        }
        callbacks.enter = { context, subtype, name, _ in
            guard let context, let subtype else { return 0 }
            Builder.from(context).enter(String(cString: subtype), name: name.map { String(cString: $0) })
            return 0
        }
        callbacks.part = { context, part in
            guard let context, let part else { return 0 }
            Builder.from(context).part(part.pointee)
            return 0
        }
        callbacks.leave = { context in if let context { Builder.from(context).leave() } }
        let result = withExtendedLifetime(builder) {
            cs_mail_parse(
                base.assumingMemoryBound(to: UInt8.self), bytes.count, Int32(limits.depth), Int32(limits.parts),
                &callbacks)
        }
        self = builder.message
        switch result {
        case CS_MAIL_OK: break
        case CS_MAIL_TOO_DEEP, CS_MAIL_TOO_MANY_PARTS: isCut = true
        default: throw ItemFault(.badSyntax, "no mail: neither headers nor a body were found")
        }
    }

    private init() {}

    /// Where the blank line behind the headers stands.
    static func headerEnd(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var at = 0
        while at < bytes.count {
            guard let found = memchr(base + at, 0x0A, bytes.count - at) else { return bytes.count }
            let next = base.distance(to: UnsafeRawPointer(found)) + 1
            if next >= bytes.count { return bytes.count }
            if bytes[next] == 0x0A || (bytes[next] == 0x0D && next + 1 < bytes.count && bytes[next + 1] == 0x0A) {
                return next
            }
            at = next
        }
        return bytes.count
    }

    /// The words of the mail: of alternatives the plain one where it says anything, else the HTML as text; in order.
    var body: String {
        var parts: [String] = []
        var index = 0
        let own = texts.filter { !$0.isEnclosed }
        while index < own.count {
            var group = [own[index]]
            while own[index].alternative != 0, index + 1 < own.count,
                own[index + 1].alternative == own[index].alternative
            {
                index += 1
                group.append(own[index])
            }
            index += 1
            let plain = group.first { !$0.isHTML && $0.text.utf8.contains { $0 > 0x20 } }
            if let text = plain ?? group.first(where: \.isHTML) ?? group.first {
                parts.append(text.isHTML ? HTMLText.plain(text.text) : text.text)
            }
        }
        return parts.joined(separator: "\n")
    }

    /// Takes a message together while GMime walks through it.
    private final class Builder {
        var message = MailMessage()
        let limits: MailLimits
        private var open: [(subtype: String, alternative: Int)] = []
        private var alternatives = 0
        private var textBytes = 0

        init(limits: MailLimits) { self.limits = limits }

        static func from(_ context: UnsafeMutableRawPointer) -> Builder {
            Unmanaged<Builder>.fromOpaque(context).takeUnretainedValue()
        }

        func header(_ name: String, _ raw: UnsafeRawBufferPointer) {
            let key = name.lowercased()
            switch key {
            case "subject": if message.subject.isEmpty { message.subject = EncodedWords.decode(raw) }
            case "from": if message.from.isEmpty { message.from = MailAddress.list(raw) }
            case "to": message.to += MailAddress.list(raw)
            case "cc": message.cc += MailAddress.list(raw)
            case "reply-to": if message.replyTo.isEmpty { message.replyTo = MailAddress.list(raw) }
            case "date":
                if message.date == nil { message.date = Builder.date(String(decoding: raw, as: UTF8.self)) }
            case "received":
                let text = String(decoding: raw, as: UTF8.self)
                if message.received.count < 50, let semicolon = text.lastIndex(of: ";"),
                    let time = Builder.date(String(text[text.index(after: semicolon)...]))
                {
                    message.received.append(time.seconds)
                }
            case "message-id": if message.messageID == nil { message.messageID = Builder.ids(raw).first }
            case "in-reply-to": message.inReplyTo += Builder.ids(raw)
            case "references": message.references += Builder.ids(raw)
            default:
                if message.headers[key] == nil, message.headers.count < 200 {
                    message.headers[key] = EncodedWords.decode(raw)
                }
            }
        }

        private static func date(_ text: String) -> (seconds: Int64, offset: Int32)? {
            var seconds: Int64 = 0
            var offset: Int32 = 0
            return cs_mail_date(text, &seconds, &offset) != 0 ? (seconds, offset) : nil
        }

        /// The ids in angle brackets; a header without any is one id of its words.
        private static func ids(_ raw: UnsafeRawBufferPointer) -> [String] {
            let text = String(decoding: raw, as: UTF8.self)
            var out: [String] = []
            var rest = Substring(text)
            while let open = rest.firstIndex(of: "<"), out.count < 200 {
                guard let close = rest[open...].firstIndex(of: ">") else { break }
                let id = rest[rest.index(after: open)..<close].filter { !$0.isWhitespace }
                if !id.isEmpty { out.append(id) }
                rest = rest[rest.index(after: close)...]
            }
            if out.isEmpty {
                let plain = EncodedWords.trimmed(text)
                if !plain.isEmpty, !plain.contains(" ") { out = [plain] }
            }
            return out
        }

        func enter(_ subtype: String, name: String?) {
            let subtype = subtype.lowercased()
            if subtype == "rfc822" {
                let name = name.map { EncodedWords.decode($0) }
                message.attachments.append(Attachment(name: name, type: "message/rfc822", size: 0, hash: ""))
            }
            if subtype == "alternative" { alternatives += 1 }
            let inherited = open.last?.alternative ?? 0
            open.append((subtype, subtype == "alternative" ? alternatives : subtype == "rfc822" ? 0 : inherited))
        }

        func leave() { if !open.isEmpty { open.removeLast() } }

        func part(_ part: cs_mail_part) {
            let type = part.type.map { String(cString: $0).lowercased() } ?? "text"
            let subtype = part.subtype.map { String(cString: $0).lowercased() } ?? "plain"
            let name = part.filename.map { EncodedWords.decode(String(cString: $0)) }
            let disposition = part.disposition.map { String(cString: $0).lowercased() }
            let data = UnsafeRawBufferPointer(start: part.data, count: part.length)
            let isEnclosed = open.contains { $0.subtype == "rfc822" }
            // A named text that is shown within the mail is both: words to read and a file.
            let isText = type == "text" && disposition != "attachment" && (name == nil || disposition == "inline")
            if type == "text" ? name != nil || disposition == "attachment" : true {
                attach(name, "\(type)/\(subtype)", data)
            }
            if isText, subtype == "plain" || subtype == "html" || name == nil {
                guard textBytes < limits.text else {
                    message.isCut = true
                    return
                }
                let kept = UnsafeRawBufferPointer(rebasing: data.prefix(limits.text - textBytes))
                if kept.count < data.count { message.isCut = true }
                textBytes += kept.count
                let label = part.charset.map { String(cString: $0) }
                let text = LabelledText.decode(kept, label: label ?? Builder.declared(kept, isHTML: subtype == "html"))
                message.texts.append(
                    Text(
                        isHTML: subtype == "html",
                        text: text.replacing("\r\n", with: "\n").replacing("\0", with: "\u{FFFD}"),
                        alternative: open.last?.alternative ?? 0, isEnclosed: isEnclosed))
            }
        }

        private func attach(_ name: String?, _ type: String, _ data: UnsafeRawBufferPointer) {
            var hasher = ContentHasher()
            hasher.update(data)
            message.attachments.append(Attachment(name: name, type: type, size: data.count, hash: hasher.hexDigest()))
        }

        /// The character set that an HTML text names for itself.
        private static func declared(_ data: UnsafeRawBufferPointer, isHTML: Bool) -> String? {
            guard isHTML else { return nil }
            let head = String(decoding: UnsafeRawBufferPointer(rebasing: data.prefix(1024)), as: UTF8.self).lowercased()
            guard let found = head.firstRange(of: "charset=") else { return nil }
            let name = head[found.upperBound...].drop { $0 == "\"" || $0 == "'" }
                .prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
            return name.isEmpty ? nil : String(name)
        }
    }
}
