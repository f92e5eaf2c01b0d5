import Records
import Runtime

/// A WhatsApp chat as the telephone exports it (`_chat.txt`).
///
/// Shape: invented after the export of Android and iOS; the order of day and month is found in the whole file (a number above
/// 12, else the order in which time does not run backwards), and where it stays open the file is refused. Times are the
/// telephone's and need a zone. Who is staff is not said: the settings' list of agents, else one of two people is taken for
/// the customer, the one who wrote first.
package struct WhatsAppAdapter: TextAdapter {
    package init() {}

    package var descriptor: AdapterDescriptor {
        AdapterDescriptor(
            name: "whatsapp", reads: "WhatsApp: exported chat (_chat.txt)",
            shapeSource: "exports of WhatsApp for Android and iOS", zone: .needed)
    }

    package func confidence(for head: UnsafeRawBufferPointer) -> Double {
        var lines = 0
        var heads = 0
        TextLines.forEach(head) { range in
            guard !range.isEmpty else { return true }
            lines += 1
            if WhatsAppLine(UnsafeRawBufferPointer(rebasing: head[range])) != nil { heads += 1 }
            return lines < 200
        }
        guard heads > 0 else { return 0 }
        // Continuation lines have no head; a table of dates has separators that this form has not.
        return Double(heads) >= 0.6 * Double(lines) ? 0.9 : Double(heads) >= 0.2 * Double(lines) ? 0.65 : 0
    }

    package func prepare(_ text: UnsafeRawBufferPointer, context: AdapterContext) throws(ItemFault) -> any PreparedText
    {
        var firstMax = 0
        var secondMax = 0
        var isYearFirst = false
        var dayFirst: [Int] = []
        var monthFirst: [Int] = []
        var authors: [String] = []
        TextLines.forEach(text) { range in
            let line = UnsafeRawBufferPointer(rebasing: text[range])
            guard let head = WhatsAppLine(line) else { return true }
            if head.isYearFirst {
                isYearFirst = true
            } else {
                firstMax = max(firstMax, head.date.0)
                secondMax = max(secondMax, head.date.1)
                let year = head.date.2 < 100 ? 2000 + head.date.2 : head.date.2
                dayFirst.append(year * 10_000 + head.date.1 * 100 + head.date.0)
                monthFirst.append(year * 10_000 + head.date.0 * 100 + head.date.1)
            }
            if let (author, _) = WhatsAppAdapter.author(line, from: head.body), authors.count < 3,
                !authors.contains(author)
            {
                authors.append(author)
            }
            return true
        }
        let order: PreparedWhatsApp.Order
        if isYearFirst {
            order = .yearFirst
        } else if firstMax > 12 && secondMax > 12 {
            throw ItemFault(.badTime, "dates of which neither number can be the month")
        } else if firstMax > 12 {
            order = .dayFirst
        } else if secondMax > 12 {
            order = .monthFirst
        } else {
            let dayFirstRuns = zip(dayFirst, dayFirst.dropFirst()).allSatisfy { $0 <= $1 }
            let monthFirstRuns = zip(monthFirst, monthFirst.dropFirst()).allSatisfy { $0 <= $1 }
            guard dayFirstRuns != monthFirstRuns else {
                throw ItemFault(
                    .badTime,
                    "it cannot be told whether day or month stands first in its dates; export a longer stretch of the chat"
                )
            }
            order = dayFirstRuns ? .dayFirst : .monthFirst
        }
        let known = authors.filter { context.people.role(of: $0) == .agent }
        let customer = authors.count == 2 && known.isEmpty ? authors.first : nil
        return PreparedWhatsApp(order: order, customer: customer, hasOnlyTwo: authors.count == 2, context: context)
    }

    /// The sender before the first `: ` of a line, and where the words begin.
    static func author(_ line: UnsafeRawBufferPointer, from start: Int) -> (String, Int)? {
        var at = start
        while at + 1 < line.count, at - start < 200 {
            if line[at] == UInt8(ascii: ":"), line[at + 1] == 0x20 {
                return at > start ? (TextLines.string(line, start..<at), at + 2) : nil
            }
            at += 1
        }
        // A message may end at the colon where its words start on the next line.
        if let last = line.last, last == UInt8(ascii: ":"), line.count - 1 > start, line.count - start < 200 {
            return (TextLines.string(line, start..<line.count - 1), line.count)
        }
        return nil
    }
}

/// A chat of which the order of dates and the customer are known.
struct PreparedWhatsApp: PreparedText {
    enum Order { case dayFirst, monthFirst, yearFirst }
    let order: Order
    let customer: String?
    let hasOnlyTwo: Bool
    let context: AdapterContext

    func nextItem(_ text: UnsafeRawBufferPointer, from position: Int) -> Int {
        var at = TextLines.start(text, from: position)
        while at < text.count {
            let next = TextLines.start(text, from: at + 1)
            if WhatsAppLine(UnsafeRawBufferPointer(rebasing: text[at..<next])) != nil { return at }
            at = next
        }
        return text.count
    }

    func map(_ block: UnsafeRawBufferPointer, offset: Int, to records: inout RecordSink) {
        var at = 0
        while at < block.count {
            let next = nextItem(block, from: at + 1)
            let item = UnsafeRawBufferPointer(rebasing: block[at..<next])
            records.beginItem()
            let mark = records.mark()
            do throws(ItemFault) {
                try message(item, &records)
            } catch {
                records.rollBack(to: mark)
                records.reject(
                    error, line: 0, byteOffset: offset + at, ordinal: records.batch.itemCount, excerpt: item)
            }
            at = next
        }
    }

    private func message(_ item: UnsafeRawBufferPointer, _ records: inout RecordSink) throws(ItemFault) {
        guard let head = WhatsAppLine(item) else {
            if item.allSatisfy({ $0 <= 0x20 }) { return }
            throw ItemFault(.badSyntax, "words before the first message; expected a date and a time")
        }
        let (a, b, c) = head.date
        let (year, month, day) =
            switch order {
            case .yearFirst: (a, b, c)
            case .dayFirst: (c < 100 ? 2000 + c : c, b, a)
            case .monthFirst: (c < 100 ? 2000 + c : c, a, b)
            }
        guard CivilDate.isValid(year: year, month: month, day: day) else {
            throw ItemFault(.badTime, "\(a), \(b), \(c) is no date")
        }
        let wall = Int64(CivilDate(year: year, month: month, day: day).daysSinceEpoch) * 86_400_000 + head.time
        let at = try records.wallTime(wall)
        let conversation = PreparedWhatsApp.conversation(context)
        let firstEnd = item.firstIndex(of: 0x0A) ?? item.count
        guard
            let (author, start) = WhatsAppAdapter.author(
                UnsafeRawBufferPointer(rebasing: item[..<firstEnd]), from: head.body)
        else {
            let words = PreparedWhatsApp.trimmed(TextLines.string(item, head.body..<item.count))
            var message = MessageRow(
                id: PreparedWhatsApp.id(item), conversation: conversation, at: at, role: .system, text: words)
            message.isPublic = false
            return records.add(message, channel: "whatsapp")
        }
        let role: Role =
            context.people.role(of: author)
            ?? (hasOnlyTwo && customer != nil ? (author == customer ? .customer : .agent) : .customer)
        if context.people.role(of: author) == nil {
            records.warn("who is staff in a WhatsApp chat is guessed; list your people under agents in the settings")
        }
        var message = MessageRow(
            id: PreparedWhatsApp.id(item), conversation: conversation, at: at, role: role, author: personName(author))
        let words = PreparedWhatsApp.trimmed(TextLines.string(item, start..<item.count))
        if let medium = PreparedWhatsApp.medium(words) {
            message.attachments = attachment(medium)
        } else {
            message.text = words
        }
        records.add(message, channel: "whatsapp", customer: role == .customer ? message.author : nil)
    }

    private static func id(_ item: UnsafeRawBufferPointer) -> String {
        var hash = StableHash()
        hash.combine(item)
        return StableID.text(hash.value)
    }

    /// The chat's id: a hash of the file's name, which often holds the customer's, without what every export is called.
    static func conversation(_ context: AdapterContext) -> String {
        let path = context.entry.isEmpty ? context.file : "\(context.file)!\(context.entry)"
        let parts = path.split { $0 == "/" || $0 == "!" }.map(String.init)
        var name = parts.last ?? "chat"
        if name.lowercased() == "_chat.txt", parts.count > 1 { name = parts[parts.count - 2] }
        for ending in [".txt", ".zip"] where name.lowercased().hasSuffix(ending) { name = String(name.dropLast(4)) }
        var hash = StableHash()
        name.withUTF8 { hash.combine(UnsafeRawBufferPointer($0)) }
        return "chat-\(StableID.text(hash.value))"
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = Substring(text).unicodeScalars
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        while let first = scalars.first, first.properties.isWhitespace || first == "\u{200E}" { scalars.removeFirst() }
        return String(scalars)
    }

    private static let media: Set<String> = [
        "<media omitted>", "<省略多媒体文件>", "<已省略多媒体文件>", "image omitted", "video omitted", "audio omitted",
        "sticker omitted", "gif omitted", "document omitted", "图像已忽略", "视频已忽略", "音频已忽略", "<媒体文件已省略>",
    ]

    /// The kind of a medium that stands in place of words.
    private static func medium(_ words: String) -> String? {
        let plain = words.lowercased()
        if media.contains(plain) {
            let word = plain.drop { $0 == "<" }.prefix { $0.isLetter && $0.isASCII }
            return word.isEmpty ? "media" : String(word)
        }
        if plain.hasPrefix("<attached:") || plain.hasSuffix("(file attached)") { return "file" }
        return nil
    }
}
