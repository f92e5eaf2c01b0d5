import Privacy
import Records
import Runtime

/// A message as chat systems have it, with the conversation that it belongs to.
///
/// Systems that export streams of messages say little of the conversation; its row repeats with every message and is
/// stored once.
struct MessageRow {
    var id: String
    var conversation: String
    var at: Timestamp
    var role: Role
    var author: String?
    var text: String?
    var isPublic = true
    /// JSON array of `{name, type, size}`.
    var attachments: String?
    var replyTo: String?
    var updatedAt: Timestamp?
    var extra: String?

    init(id: String, conversation: String, at: Timestamp, role: Role, author: String? = nil, text: String? = nil) {
        self.id = id
        self.conversation = conversation
        self.at = at
        self.role = role
        self.author = author
        self.text = text
    }
}

extension RecordSink {
    /// Writes a message alone.
    mutating func add(_ message: MessageRow) {
        add(.message) { row in
            row.set(MessageField.id, message.id)
            row.set(MessageField.conversationID, message.conversation)
            row.set(MessageField.sentAt, time: message.at)
            row.set(MessageField.role, message.role.rawValue)
            row.set(MessageField.authorID, message.author)
            row.set(MessageField.text, message.text?.isEmpty == true ? nil : message.text)
            row.set(MessageField.isPublic, flag: message.isPublic)
            row.set(MessageField.attachments, message.attachments)
            row.set(MessageField.replyTo, message.replyTo)
            row.set(MessageField.updatedAt, time: message.updatedAt)
            row.set(MessageField.extra, message.extra)
        }
    }

    /// Writes a message behind the row of its conversation.
    mutating func add(
        _ message: MessageRow, channel: String, customer: String? = nil, group: String? = nil, subject: String? = nil
    ) {
        add(.conversation) { row in
            row.set(ConversationField.id, message.conversation)
            row.set(ConversationField.channel, channel)
            row.set(ConversationField.customerID, customer)
            row.set(ConversationField.group, group)
            row.set(ConversationField.subject, subject)
        }
        add(message)
    }

    /// Maps elements of one document as items of their own, so that a fault costs its element alone.
    mutating func eachItem(
        _ elements: JSONValue.Elements, _ body: (JSONValue, inout RecordSink) throws(ItemFault) -> Void
    ) {
        var isFirst = true
        for element in elements {
            if !isFirst { beginItem() }
            isFirst = false
            let mark = mark()
            do throws(ItemFault) {
                try body(element, &self)
            } catch {
                rollBack(to: mark)
                reject(error, line: 0, byteOffset: element.offset, ordinal: batch.itemCount, excerpt: element.source)
            }
        }
    }
}

/// A medium in place of words, as `[{"type":…}]`.
func attachment(_ type: String, name: String? = nil, size: String? = nil) -> String? {
    var out = JSONArrayText()
    out.append(object: [("name", name), ("type", type), ("size", size)])
    return out.text
}

/// A person who is known by a name alone, as an id: masking makes it a pseudonym.
func personName(_ name: String) -> String { "\(PersonName.prefix)\(name)" }
