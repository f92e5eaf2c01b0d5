/// What a person wrote in a mail, apart from what the mail program and the firm put around it.
struct WrittenText: Equatable {
    /// The words of this mail.
    var written: String
    /// The history below or above it, quoted or forwarded.
    var quoted: String
    /// Signature and disclaimer.
    var signature: String

    init(_ body: String) {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.last == "\r" ? line.dropLast() : line
        }
        let cut = WrittenText.historyStart(lines)
        var own: [Substring] = []
        var quotedLines: [Substring] = []
        for line in lines[..<cut] {
            // Answers between quoted lines stay, the quoted lines go.
            if WrittenText.isQuoted(line) { quotedLines.append(line) } else { own.append(line) }
        }
        quotedLines += lines[cut...]
        let end = WrittenText.signatureStart(own)
        written = WrittenText.joined(own[..<end])
        signature = WrittenText.joined(own[end...])
        quoted = WrittenText.joined(quotedLines[...])
    }

    private static func joined(_ lines: ArraySlice<Substring>) -> String {
        EncodedWords.trimmed(lines.joined(separator: "\n"))
    }

    static func isQuoted(_ line: Substring) -> Bool {
        let text = line.drop { $0 == " " }
        return text.first == ">" || text.first == "＞" || text.hasPrefix("&gt;")
    }

    // Where history starts.

    private static let separators = [
        "-----original message-----", "----- original message -----", "---------- forwarded message ----------",
        "---------- forwarded message ---------", "-----forwarded message-----", "begin forwarded message:",
        "-------- original message --------", "-------- 原始邮件 --------", "-----原始邮件-----",
        "------------------ 原始邮件 ------------------",
        "------------------ original ------------------", "---原始邮件---", "---------- 转发的邮件 ----------",
        "--------- 转发邮件信息 ---------",
        "在原邮件中",
    ]

    /// The first line of the history; the number of lines where there is none.
    private static func historyStart(_ lines: [Substring]) -> Int {
        for (index, line) in lines.enumerated() {
            // A rule of underscores belongs to the headers that it stands over.
            if line.count >= 10, line.allSatisfy({ $0 == "_" }),
                (index + 1..<min(lines.count, index + 3)).contains(where: { isHeaderBlock(lines, $0) })
            {
                return index
            }
            let plain = compact(line)
            if plain.isEmpty { continue }
            if plain.count >= 8, separators.contains(where: { plain.hasPrefix(compact(Substring($0))) }) {
                return index
            }
            if isAttribution(lines, index) { return index }
            if isHeaderBlock(lines, index) { return index }
        }
        return lines.count
    }

    /// Lower case without blanks, stars and underlining.
    private static func compact(_ line: Substring) -> String {
        line.lowercased().filter { !" \t*_\u{A0}\u{200B}".contains($0) }
    }

    /// `On … wrote:`, `在 … 写道：`, `Am … schrieb …:`, possibly over two lines, and quoted lines or the end behind it.
    private static func isAttribution(_ lines: [Substring], _ index: Int) -> Bool {
        let first = trimmed(lines[index])
        guard first.count < 300 else { return false }
        let joined = index + 1 < lines.count ? first + " " + trimmed(lines[index + 1]) : first
        for text in [first, joined] {
            guard let last = text.last, last == ":" || last == "：" else { continue }
            let lower = text.lowercased()
            let ends = lower.dropLast().drop { _ in false }
            if lower.hasPrefix("on "), ends.hasSuffix("wrote"), lower.contains(where: \.isNumber) { return true }
            if (lower.hasPrefix("在") || lower.hasPrefix("于") || lower.first?.isNumber == true),
                ends.hasSuffix("写道") || ends.hasSuffix("寫道")
            {
                return true
            }
            if lower.contains("<"), lower.contains("@"),
                ends.hasSuffix("wrote") || ends.hasSuffix("写道") || ends.hasSuffix("寫道")
            {
                return true
            }
            if (lower.hasPrefix("am ") && lower.contains(" schrieb "))
                || (lower.hasPrefix("le ") && ends.hasSuffix("a écrit "))
            {
                return true
            }
        }
        return false
    }

    private static let fromWords = ["from:", "发件人:", "发件人：", "寄件人:", "寄件者:", "寄件者：", "von:", "de:"]
    private static let otherWords = [
        "sent:", "to:", "subject:", "date:", "cc:", "发送时间:", "发送时间：", "收件人:", "收件人：", "主题:", "主题：", "日期:", "日期：",
        "抄送:", "抄送：", "寄件日期:", "收件者:", "收件者：", "主旨:", "主旨：", "gesendet:", "an:", "betreff:", "时间:", "时间：",
    ]

    /// A block of headers as Outlook, Foxmail and QQ write it: a From line and two more within the next five.
    private static func isHeaderBlock(_ lines: [Substring], _ index: Int) -> Bool {
        let plain = compact(lines[index])
        guard fromWords.contains(where: { plain.hasPrefix(compact(Substring($0))) }) else { return false }
        var others = 0
        for line in lines[(index + 1)..<min(lines.count, index + 6)] {
            let plain = compact(line)
            if otherWords.contains(where: { plain.hasPrefix(compact(Substring($0))) }) { others += 1 }
        }
        return others >= 2
    }

    // Where the signature starts.

    private static let mobile = [
        "sent from my ", "get outlook for", "发自我的", "从我的", "来自我的", "發自我的", "从 windows 版邮件发送", "发自网易邮箱", "从qq邮箱发来",
    ]
    private static let disclaimers = [
        "this email and any", "this e-mail and any", "this message is intended", "this message contains confidential",
        "confidentiality notice", "the information contained in this", "the information transmitted", "disclaimer:",
        "please consider the environment", "本邮件及其附件", "本邮件及附件", "此邮件及", "本电子邮件", "免责声明", "声明：本邮件", "保密声明", "本郵件",
    ]

    private static func signatureStart(_ lines: [Substring]) -> Int {
        for (index, line) in lines.enumerated() {
            // RFC 3676: two hyphens and a blank; many programs lose the blank.
            if line == "-- " || line == "--" || line == "—" || line == "– " { return index }
            let lower = trimmed(line).lowercased()
            if lower.isEmpty { continue }
            if mobile.contains(where: lower.hasPrefix), lower.count < 60 { return index }
            if disclaimers.contains(where: lower.hasPrefix) { return backOverRule(lines, index) }
        }
        return lines.count
    }

    /// A rule of signs above a disclaimer belongs to it.
    private static func backOverRule(_ lines: [Substring], _ index: Int) -> Int {
        var start = index
        while start > 0, !lines[start - 1].isEmpty, lines[start - 1].allSatisfy({ "-_=* ".contains($0) }) { start -= 1 }
        return start
    }

    private static func trimmed(_ line: Substring) -> String {
        EncodedWords.trimmed(String(line.drop { $0 == ">" || $0 == " " || $0 == "*" }))
    }
}
