import Records

/// The words of help desks in the terms of the canonical form.
enum DeskWords {
    /// A channel: `email`, `chat`, `web`, `phone`, `wechat`, `whatsapp`, `sms`, `telegram`, `line`, `social`, `api`,
    /// `other`; an unknown word is `other`, an absent one stays absent.
    static func channel(_ word: String?) -> String? {
        guard let word, !word.isEmpty else { return nil }
        var name = word.lowercased()
        if name.hasPrefix("channel::") { name = String(name.dropFirst(9)) }
        return channels[name] ?? "other"
    }

    static let channels: [String: String] = [
        "email": "email", "mail": "email", "outbound email": "email", "forwarded email": "email", "mailbox": "email",
        "chat": "chat", "chat_transcript": "chat", "live chat": "chat", "messaging": "chat", "native_messaging": "chat",
        "conversation": "chat", "webwidget": "chat", "web_widget": "chat", "messenger": "chat", "answer_bot": "chat",
        "answer_bot_for_web_widget": "chat", "mobile_sdk": "chat", "mobile": "chat", "mobihelp": "chat",
        "web": "web", "web form": "web", "web service": "api", "portal": "web", "help_center": "web",
        "help center post": "web", "feedback widget": "web", "feedback": "web", "closed ticket": "web", "forum": "web",
        "phone": "phone", "voice": "phone", "phone call": "phone", "phone_call": "phone",
        "phone call (incoming)": "phone",
        "phone call (outbound)": "phone", "voicemail": "phone", "twilio voice": "phone",
        "wechat": "wechat", "weixin": "wechat", "微信": "wechat",
        "whatsapp": "whatsapp", "sms": "sms", "sms_push": "sms", "twiliosms": "sms", "telegram": "telegram",
        "line": "line",
        "twitter": "social", "twitter_dm": "social", "x_corp_dm": "social", "facebook": "social",
        "facebook_message": "social", "facebookpage": "social", "facebook post": "social", "any_channel": "social",
        "instagram": "social", "instagram_dm": "social", "twitterprofile": "social", "tiktok": "social",
        "api": "api", "mobile app": "chat", "ecommerce": "api", "bot": "chat",
        "邮件": "email", "电子邮件": "email", "门户": "web", "网页": "web", "电话": "phone", "聊天": "chat", "在线聊天": "chat",
    ]

    /// Status words of Zendesk's and Freshdesk's tables.
    static let statuses: [String: String] = [
        "new": "new", "open": "open", "pending": "pending", "on-hold": "hold", "on hold": "hold", "hold": "hold",
        "solved": "solved", "resolved": "solved", "closed": "closed", "deleted": "deleted",
        "waiting on customer": "pending", "awaiting your reply": "pending", "waiting on third party": "hold",
        "being processed": "open", "reopened": "open",
        "新建": "new", "未解决": "open", "打开": "open", "处理中": "open", "待处理": "pending", "等待客户": "pending",
        "等待客户回复": "pending", "等待第三方": "hold", "挂起": "hold", "已解决": "solved", "已关闭": "closed",
    ]

    static let priorities: [String: String] = [
        "low": "low", "medium": "normal", "normal": "normal", "high": "high", "urgent": "urgent",
        "低": "low", "中": "normal", "普通": "normal", "高": "high", "紧急": "urgent",
    ]
}

/// Collects what an adapter does not map, for a record's `extra`.
struct ExtraFields {
    private var out: [UInt8] = []

    /// Every member of an object whose key is not in `known`; `null`, empty text, `[]` and `{}` are no information.
    init(_ object: JSONValue, except known: Set<String> = []) {
        for (key, value) in object.members {
            guard let name = key.string, !known.contains(name) else { continue }
            append(name, value)
        }
    }

    init() {}

    mutating func append(_ name: String, _ value: JSONValue?) {
        guard let value, !ExtraFields.isEmpty(value) else { return }
        open(name)
        value.write(to: &out)
    }

    mutating func append(_ name: String, text: String) {
        open(name)
        JSONScan.appendQuoted(text, to: &out)
    }

    mutating func append(_ name: String, flag: Bool) {
        open(name)
        out.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    private mutating func open(_ name: String) {
        out.append(out.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
        JSONScan.appendQuoted(name, to: &out)
        out.append(UInt8(ascii: ":"))
    }

    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value.kind {
        case .null: true
        case .string: value.withText { $0.count == 0 }
        case .array: !value.elements.contains { _ in true }
        case .object: !value.members.contains { _ in true }
        default: false
        }
    }

    var text: String? { out.isEmpty ? nil : String(decoding: out + [UInt8(ascii: "}")], as: UTF8.self) }
}

/// Builds the JSON arrays of the canonical form.
struct JSONArrayText {
    private var out: [UInt8] = [UInt8(ascii: "[")]

    private mutating func separate() { if out.count > 1 { out.append(UInt8(ascii: ",")) } }

    mutating func append(_ text: String?) {
        guard let text, !text.isEmpty else { return }
        separate()
        JSONScan.appendQuoted(text, to: &out)
    }

    /// An identity `{"kind":…,"value":…}`.
    mutating func append(kind: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        append(object: [("kind", kind), ("value", value)])
    }

    /// An object of text members; absent ones are left out.
    mutating func append(object members: [(name: String, value: String?)]) {
        var inside: [UInt8] = []
        for (name, value) in members {
            guard let value, !value.isEmpty else { continue }
            if !inside.isEmpty { inside.append(UInt8(ascii: ",")) }
            JSONScan.appendQuoted(name, to: &inside)
            inside.append(UInt8(ascii: ":"))
            JSONScan.appendQuoted(value, to: &inside)
        }
        guard !inside.isEmpty else { return }
        separate()
        out.append(UInt8(ascii: "{"))
        out.append(contentsOf: inside)
        out.append(UInt8(ascii: "}"))
    }

    /// `nil` where nothing was appended.
    var text: String? { out.count > 1 ? String(decoding: out + [UInt8(ascii: "]")], as: UTF8.self) : nil }

    /// The attachments of a message as `{name, type, size}`, whatever the source calls these.
    static func attachments(_ value: JSONValue?) -> String? {
        guard let value else { return nil }
        var out = JSONArrayText()
        for item in value.elements {
            let name = item["file_name"]?.id ?? item["name"]?.id ?? item["filename"]?.id ?? item["title"]?.id
            let type = item["content_type"]?.id ?? item["file_type"]?.id ?? item["type"]?.id
            let size = item["size"]?.id ?? item["file_size"]?.id ?? item["filesize"]?.id
            out.append(object: [("name", name), ("type", type), ("size", size)])
        }
        return out.text
    }
}
