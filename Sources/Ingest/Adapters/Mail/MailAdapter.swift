import Records
import Runtime

/// Mail: single messages (`.eml`, files of a Maildir) and mailboxes (mbox with `>From` quoting, Gmail's Takeout).
///
/// Shape: RFC 5322, RFC 2045 to 2047, RFC 4155; X-GM-THRID and X-Gmail-Labels of Google Takeout. A thread is Gmail's own, else
/// the first of `References`, else `In-Reply-To`, else the mail itself. What a person wrote is kept as the text; quoted
/// history, signatures and disclaimers are left out and their length noted. Staff are the settings' list of agents (addresses
/// or domains `@shop.example`); answers of machines are system messages.
package struct MailAdapter: TextAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "mail", reads: "mail: .eml, mbox (Gmail Takeout), Maildir",
            shapeSource: "RFC 5322, RFC 2045, RFC 4155",
            zone: .stated)
    }

    package var readsRawBytes: Bool { true }

    private static let names: Set<String> = [
        "from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "content-type",
        "delivered-to", "reply-to", "x-mailer", "dkim-signature", "cc", "in-reply-to", "references", "x-gm-thrid",
        "sender",
        "content-transfer-encoding", "x-received", "authentication-results",
    ]

    package func confidence(for head: UnsafeRawBufferPointer) -> Double {
        var known = 0
        var lines = 0
        var isMailbox = false
        var isBroken = false
        TextLines.forEach(head) { range in
            if range.isEmpty { return lines == 0 }
            let line = UnsafeRawBufferPointer(rebasing: head[range])
            lines += 1
            if lines == 1, Mailbox.isSeparator(line) {
                isMailbox = true
                return true
            }
            if line[0] == 0x20 || line[0] == 0x09 { return lines < 200 }
            guard let colon = line.prefix(80).firstIndex(of: UInt8(ascii: ":")), colon > 0,
                line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else {
                isBroken = true
                return false
            }
            let name = String(decoding: UnsafeRawBufferPointer(rebasing: line[..<colon]), as: UTF8.self).lowercased()
            if MailAdapter.names.contains(name) { known += 1 }
            return lines < 200
        }
        if isBroken, !isMailbox { return known >= 3 ? 0.7 : 0 }
        if isMailbox { return known >= 1 ? 0.95 : 0.3 }
        return known >= 3 ? 0.95 : known == 2 ? 0.7 : 0
    }

    package func prepare(_ text: UnsafeRawBufferPointer, context: AdapterContext) throws(ItemFault) -> any PreparedText
    {
        var isMailbox = false
        TextLines.forEach(text) { range in
            isMailbox = Mailbox.isSeparator(UnsafeRawBufferPointer(rebasing: text[range]))
            return range.isEmpty
        }
        return PreparedMail(isMailbox: isMailbox)
    }
}

/// The separator of an mbox.
enum Mailbox {
    /// `From somebody Tue Mar  3 10:00:00 2026`.
    static func isSeparator(_ line: UnsafeRawBufferPointer) -> Bool {
        guard line.count > 5, line.prefix(5).elementsEqual("From ".utf8) else { return false }
        // A sentence that begins with "From " has no time in it.
        return line.dropFirst(5).contains(UInt8(ascii: ":")) && line.count < 400
    }

    /// A message without the `>` that mboxrd put before lines that look like separators.
    static func unquoted(_ message: UnsafeRawBufferPointer) -> [UInt8]? {
        var needs = false
        var at = 0
        // Rare enough that the whole is looked through once before anything is copied.
        TextLines.forEach(message) { range in
            if isQuotedSeparator(UnsafeRawBufferPointer(rebasing: message[range])) { needs = true }
            return !needs
        }
        guard needs else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(message.count)
        while at < message.count {
            let next = TextLines.start(message, from: at + 1)
            let line = UnsafeRawBufferPointer(rebasing: message[at..<next])
            out.append(contentsOf: isQuotedSeparator(line) ? line.dropFirst() : line[...])
            at = next
        }
        return out
    }

    private static func isQuotedSeparator(_ line: UnsafeRawBufferPointer) -> Bool {
        guard line.first == UInt8(ascii: ">") else { return false }
        let rest = line.drop { $0 == UInt8(ascii: ">") }
        return rest.count > 5 && rest.prefix(5).elementsEqual("From ".utf8)
    }
}

/// A mailbox or a single mail, ready to be cut.
struct PreparedMail: PreparedText {
    let isMailbox: Bool

    func nextItem(_ text: UnsafeRawBufferPointer, from position: Int) -> Int {
        guard isMailbox else { return text.count }
        var at = TextLines.start(text, from: position)
        while at < text.count {
            let next = TextLines.start(text, from: at + 1)
            if text[at] == UInt8(ascii: "F"), at == 0 || isBlank(text, before: at) {
                var end = next
                while end > at, text[end - 1] <= 0x20 { end -= 1 }
                if Mailbox.isSeparator(UnsafeRawBufferPointer(rebasing: text[at..<end])) { return at }
            }
            at = next
        }
        return text.count
    }

    /// Whether the line before a position is empty.
    private func isBlank(_ text: UnsafeRawBufferPointer, before at: Int) -> Bool {
        guard at >= 2, text[at - 1] == 0x0A else { return false }
        return text[at - 2] == 0x0A || (text[at - 2] == 0x0D && at >= 3 && text[at - 3] == 0x0A)
    }

    func map(_ block: UnsafeRawBufferPointer, offset: Int, to records: inout RecordSink) {
        var at = 0
        while at < block.count {
            let next = nextItem(block, from: at + 1)
            let item = UnsafeRawBufferPointer(rebasing: block[at..<next])
            if item.allSatisfy({ $0 <= 0x20 }) {
                at = next
                continue
            }
            records.beginItem()
            let mark = records.mark()
            do throws(ItemFault) {
                try map(item, &records)
            } catch {
                records.rollBack(to: mark)
                records.reject(error, line: 0, byteOffset: offset + at, ordinal: records.batch.itemCount, excerpt: item)
            }
            at = next
        }
    }

    private func map(_ item: UnsafeRawBufferPointer, _ records: inout RecordSink) throws(ItemFault) {
        var message = item
        if isMailbox { message = UnsafeRawBufferPointer(rebasing: item[TextLines.start(item, from: 1)...]) }
        if isMailbox, let plain = Mailbox.unquoted(message) {
            // The copy lives as long as the call.
            let mail: Result<MailMessage, ItemFault> = plain.withUnsafeBytes { bytes in
                do throws(ItemFault) { return .success(try MailMessage(bytes)) } catch { return .failure(error) }
            }
            return try MailRecords.add(try mail.get(), raw: message, &records)
        }
        try MailRecords.add(try MailMessage(message), raw: message, &records)
    }
}

/// A mail as records.
enum MailRecords {
    static func add(_ mail: MailMessage, raw: UnsafeRawBufferPointer, _ records: inout RecordSink) throws(ItemFault) {
        guard let seconds = mail.date?.seconds ?? mail.received.first else { throw .missing("Date (and Received)") }
        let at = Timestamp(seconds: seconds)
        guard records.times.range.contains(at.milliseconds) else {
            throw ItemFault(.timeOutOfRange, "Date: \(at.iso8601) is before 1995 or more than two days ahead")
        }
        let sender = (mail.from.first ?? mail.replyTo.first)
        let author = sender?.address?.lowercased() ?? sender?.name
        let id = mail.messageID ?? hashed(raw)
        let gmail = mail.headers["x-gm-thrid"]
        let thread = gmail ?? mail.references.first ?? mail.inReplyTo.first ?? id
        let role = role(mail, author, records.context.people)
        let parts = WrittenText(mail.body)
        var message = MessageRow(id: id, conversation: thread, at: at, role: role, author: author, text: parts.written)
        message.attachments = attachments(mail.attachments)
        message.replyTo = mail.inReplyTo.first ?? mail.references.last
        var extra = ExtraFields()
        if !parts.quoted.isEmpty { extra.append("quoted_characters", text: "\(parts.quoted.count)") }
        if let labels = mail.headers["x-gmail-labels"] { extra.append("labels", text: labels) }
        if mail.isCut { extra.append("cut", flag: true) }
        message.extra = extra.text
        let customers = role == .customer ? [sender].compactMap { $0 } : mail.to + mail.cc
        let customer = customers.first { records.context.people.isStaff($0.address) == false }?.address?.lowercased()
        records.add(message, channel: channel(mail), customer: customer, subject: mail.subject)
        if role == .customer, let author, let name = sender?.name {
            var identities = JSONArrayText()
            identities.append(kind: "email", sender?.address?.lowercased())
            records.add(.customer) { row in
                row.set(CustomerField.id, author)
                row.set(CustomerField.identities, identities.text)
                row.set(CustomerField.name, name)
            }
        }
        if role == .agent, let author {
            records.add(.agent) { row in
                row.set(AgentField.id, author)
                row.set(AgentField.name, sender?.name)
                row.set(AgentField.role, "agent")
            }
        }
    }

    /// Gmail stores chats as mail with a label.
    private static func channel(_ mail: MailMessage) -> String {
        let labels = mail.headers["x-gmail-labels"]?.lowercased() ?? ""
        return labels.split(separator: ",").contains { $0 == "chat" || $0 == "聊天" } ? "chat" : "email"
    }

    /// Answers that nobody wrote are the system's: RFC 3834, bulk mail, delivery reports.
    private static func role(_ mail: MailMessage, _ author: String?, _ people: People) -> Role {
        let auto = mail.headers["auto-submitted"]?.lowercased() ?? "no"
        let precedence = mail.headers["precedence"]?.lowercased() ?? ""
        let isReport = mail.headers["content-type"]?.lowercased().contains("multipart/report") ?? false
        let isSuppressed = mail.headers["x-autoreply"] != nil || mail.headers["x-autorespond"] != nil
        let local = author?.split(separator: "@").first.map(String.init) ?? ""
        let isMachine = ["mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply"].contains(
            local)
        if !auto.hasPrefix("no") || ["bulk", "auto_reply", "junk"].contains(precedence) || isReport || isSuppressed
            || isMachine
        {
            return .system
        }
        return people.isStaff(author) ? .agent : .customer
    }

    private static func hashed(_ raw: UnsafeRawBufferPointer) -> String {
        var hash = StableHash()
        hash.combine(raw)
        return StableID.text(hash.value)
    }

    private static func attachments(_ list: [MailMessage.Attachment]) -> String? {
        var out = JSONArrayText()
        for item in list {
            out.append(object: [
                ("name", item.name), ("type", item.type), ("size", item.size > 0 ? "\(item.size)" : nil),
                ("sha256", item.hash),
            ])
        }
        return out.text
    }
}
