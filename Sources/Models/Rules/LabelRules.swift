internal import Runtime
internal import Text

/// Labels that an administrator gives by rule; they take precedence over what a model says.
///
/// A rule holds conditions, all of which must be met; the first rule that is met decides. Phrases are found as whole words
/// (in Chinese anywhere), in any case, width and script form: text and phrase are normalised alike.
package struct LabelRules: Sendable, Equatable {
    /// One rule.
    package struct Rule: Sendable, Equatable {
        package var name: String
        /// The labels that it sets, by task.
        package var labels: [String: String]
        /// One of these phrases must stand in the subject or the text.
        package var anyPhrase: [String] = []
        /// All of these must.
        package var allPhrases: [String] = []
        /// None of these may.
        package var noPhrase: [String] = []
        /// One of these phrases must stand in the subject.
        package var subject: [String] = []
        /// The channel must be one of these.
        package var channels: [String] = []
        /// The group must be one of these.
        package var groups: [String] = []

        package init(name: String, labels: [String: String]) {
            self.name = name
            self.labels = labels
        }

        /// Whether it has a condition at all.
        package var hasCondition: Bool {
            !(anyPhrase.isEmpty && allPhrases.isEmpty && subject.isEmpty && channels.isEmpty && groups.isEmpty)
        }
    }

    /// What a rule looks at.
    package struct Matter: Sendable {
        package var subject: String?
        package var text: String?
        package var channel: String?
        package var group: String?

        package init(subject: String? = nil, text: String? = nil, channel: String? = nil, group: String? = nil) {
            self.subject = subject
            self.text = text
            self.channel = channel
            self.group = group
        }
    }

    package let rules: [Rule]
    private let compiled: [Compiled]

    package init(_ rules: [Rule]) {
        self.rules = rules
        compiled = rules.map(Compiled.init)
    }

    package var isEmpty: Bool { rules.isEmpty }

    package static func == (a: LabelRules, b: LabelRules) -> Bool { a.rules == b.rules }

    /// The first rule that sets a label of the task and whose conditions are met, with its label.
    package func label(_ task: String, of matter: Matter) -> (label: String, rule: String)? {
        var normalized: (subject: [UInt8], all: [UInt8])?
        for (rule, compiled) in zip(rules, compiled) {
            guard let label = rule.labels[task] else { continue }
            if !rule.channels.isEmpty, !(matter.channel.map(rule.channels.contains) ?? false) { continue }
            if !rule.groups.isEmpty, !(matter.group.map(rule.groups.contains) ?? false) { continue }
            let texts = normalized ?? LabelRules.normalized(matter)
            normalized = texts
            if compiled.isMet(texts) { return (label, rule.name) }
        }
        return nil
    }

    /// Names the rules: another text for other rules.
    package var fingerprint: String {
        if rules.isEmpty { return "" }
        var hasher = ContentHasher()
        for rule in rules {
            let labels = rule.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            for part in [
                [rule.name], labels, rule.anyPhrase, rule.allPhrases, rule.noPhrase, rule.subject, rule.channels,
                rule.groups,
            ] {
                hasher.update(part.joined(separator: "\u{1f}") + "\u{1e}")
            }
        }
        return String(hasher.hexDigest().prefix(12))
    }

    private static func normalized(_ matter: Matter) -> (subject: [UInt8], all: [UInt8]) {
        let subject = bytes(matter.subject ?? "")
        return (subject, subject + [0x0a] + bytes(matter.text ?? ""))
    }

    fileprivate static func bytes(_ text: String) -> [UInt8] {
        Array(TextNormalizer(simplifiesChinese: true).normalized(text).utf8)
    }
}

/// A rule with its phrases normalised.
private struct Compiled: Sendable {
    var any: [[UInt8]]
    var all: [[UInt8]]
    var none: [[UInt8]]
    var subject: [[UInt8]]

    init(_ rule: LabelRules.Rule) {
        any = rule.anyPhrase.map(LabelRules.bytes)
        all = rule.allPhrases.map(LabelRules.bytes)
        none = rule.noPhrase.map(LabelRules.bytes)
        subject = rule.subject.map(LabelRules.bytes)
    }

    func isMet(_ texts: (subject: [UInt8], all: [UInt8])) -> Bool {
        (any.isEmpty || any.contains { Compiled.has($0, in: texts.all) })
            && all.allSatisfy { Compiled.has($0, in: texts.all) }
            && !none.contains { Compiled.has($0, in: texts.all) }
            && (subject.isEmpty || subject.contains { Compiled.has($0, in: texts.subject) })
    }

    /// Whether a phrase stands in a text; where it begins or ends with an ASCII letter or digit, a word must begin or end.
    static func has(_ phrase: [UInt8], in text: [UInt8]) -> Bool {
        guard let first = phrase.first, let last = phrase.last, text.count >= phrase.count else { return false }
        func isWord(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7a || byte >= 0x30 && byte <= 0x39 }
        for start in 0...(text.count - phrase.count) where text[start] == first {
            let end = start + phrase.count
            if isWord(first), start > 0, isWord(text[start - 1]) { continue }
            if isWord(last), end < text.count, isWord(text[end]) { continue }
            if text[start..<end].elementsEqual(phrase) { return true }
        }
        return false
    }
}
