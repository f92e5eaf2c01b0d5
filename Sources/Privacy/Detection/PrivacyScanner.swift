/// Finds personal data in UTF-8 text: one pass from left to right, without allocation once its buffers have grown.
///
/// Boundaries are ASCII look-arounds, since `\b` counts Han characters as letters. Full-width ASCII is folded for
/// matching; ranges are those of the given bytes. Every rule is bounded, so that time grows with the length of the text.
/// A scanner is a worker's own: it keeps buffers between texts.
package struct PrivacyScanner {
    /// The matches of the last `scan`, in order, apart from each other.
    package private(set) var matches: [PrivacyMatch] = []
    /// The bytes of each match with full-width ASCII folded, one after the other.
    private(set) var folded: [UInt8] = []
    /// For each folded byte where its character starts in the text, and the end.
    private var offsets: [Int32] = []
    private var mails: [Range<Int>] = []
    private let tables = HanTables.shared

    package init() {}

    /// Looks for personal data; the answer is whether there is any, and stands in `matches`.
    package mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Bool {
        matches.removeAll(keepingCapacity: true)
        guard let start = bytes.baseAddress, bytes.count > 1, bytes.count < Int(Int32.max) else { return false }
        // Bound for the length of the call only: UInt8 has no alignment to break.
        let text = ByteText(base: start.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        let hints = FirstPass.look(text, tables.pairFirsts)
        if hints.isEmpty { return false }
        if hints.contains(.fullWidth) {
            fold(text)
            let buffer = folded
            buffer.withUnsafeBufferPointer {
                guard let base = $0.baseAddress else { return }
                scan(ByteText(base: base, count: $0.count), hints.union([.digit, .at]))
            }
            for index in matches.indices {
                let range = matches[index].range
                matches[index] = PrivacyMatch(
                    kind: matches[index].kind,
                    range: Int(offsets[range.lowerBound])..<Int(offsets[range.upperBound]))
            }
        } else if !hints.isDisjoint(with: [.digit, .at, .word]) {
            scan(text, hints)
        }
        return !matches.isEmpty
    }

    package mutating func scan(_ text: String) -> [PrivacyMatch] {
        var text = text
        _ = text.withUTF8 { scan(UnsafeRawBufferPointer($0)) }
        return matches
    }

    private mutating func fold(_ text: ByteText) {
        folded.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        var index = 0
        while index < text.count {
            if text.base[index] == 0xEF, FirstPass.isFolding(text.wide(index)) {
                folded.append(UInt8(text.wide(index) - 0xFEE0))
                offsets.append(Int32(index))
                index += 3
            } else {
                folded.append(text.base[index])
                offsets.append(Int32(index))
                index += 1
            }
        }
        offsets.append(Int32(text.count))
    }

    private mutating func scan(_ text: ByteText, _ hints: FirstPass) {
        mails.removeAll(keepingCapacity: true)
        if hints.contains(.at) { findMails(text) }
        var mail = 0
        var index = 0
        // Nothing may start before this: the end of the last match.
        var floor = 0
        while index < text.count {
            if mail < mails.count, index >= mails[mail].lowerBound {
                matches.append(PrivacyMatch(kind: .email, range: mails[mail]))
                index = mails[mail].upperBound
                floor = index
                mail += 1
                continue
            }
            let byte = text.base[index]
            let next: Int
            var found: PrivacyMatch?
            if byte < 0x80 {
                if ByteText.isAlphanumeric(byte) {
                    var runEnd = index + 1
                    while runEnd < text.count, ByteText.isAlphanumeric(text.base[runEnd]) { runEnd += 1 }
                    next = runEnd
                    let before = text[index - 1]
                    if before != UInt8(ascii: "_"), before != UInt8(ascii: "*") {
                        found = inToken(text, index, runEnd, from: floor)
                    }
                } else {
                    next = index + 1
                    if byte == UInt8(ascii: "+") {
                        if !text.isAlphanumeric(index - 1), text[index - 1] != UInt8(ascii: "*"),
                            let (kind, end) = NumberRules.international(text, at: index)
                        {
                            found = PrivacyMatch(kind: kind, range: index..<end)
                        }
                    } else if byte == UInt8(ascii: "("), text.isDigit(index + 1), !text.isAlphanumeric(index - 1),
                        let (kind, end) = NumberRules.parenthesised(text, at: index)
                    {
                        found = PrivacyMatch(kind: kind, range: index..<end)
                    }
                }
            } else if byte & 0xF0 == 0xE0 {
                next = min(index + 3, text.count)
                found = atHan(text, index, from: floor)
            } else {
                next = index + 1
            }
            if let match = found, mail >= mails.count || match.range.upperBound <= mails[mail].lowerBound {
                matches.append(match)
                // A name stands before or after the word that announced it; the scan goes on behind both.
                index = max(next, match.range.upperBound)
                floor = match.range.upperBound
            } else {
                index = next
            }
        }
    }

    private mutating func findMails(_ text: ByteText) {
        var floor = 0
        var index = 0
        while index < text.count {
            if text.base[index] == UInt8(ascii: "@"), index > floor,
                let range = MachineRules.email(text, at: index, from: floor)
            {
                mails.append(range)
                floor = range.upperBound
                index = range.upperBound
            } else {
                index += 1
            }
        }
    }

    private func inToken(_ text: ByteText, _ start: Int, _ runEnd: Int, from floor: Int) -> PrivacyMatch? {
        if text.isDigit(start) {
            if let (kind, end) = NumberRules.match(text, at: start, runEnd: runEnd) {
                return PrivacyMatch(kind: kind, range: start..<end)
            }
            let digitsEnd = text.digitsEnd(start, limit: 6)
            if digitsEnd == runEnd {
                if let range = AddressRules.chinese(text, number: start, numberEnd: digitsEnd, from: floor, tables)
                    ?? AddressRules.english(text, number: start, numberEnd: digitsEnd)
                {
                    return PrivacyMatch(kind: .address, range: range)
                }
            }
            return nil
        }
        if let (kind, end) = CodeRules.match(text, at: start, runEnd: runEnd) {
            return PrivacyMatch(kind: kind, range: start..<end)
        }
        if let range = NameRules.afterEnglishTitle(text, at: start, runEnd: runEnd) {
            return PrivacyMatch(kind: .name, range: range)
        }
        if runEnd - start == 4, let range = NameRules.afterNameWord(text, at: start) {
            return PrivacyMatch(kind: .name, range: range)
        }
        if runEnd - start >= 6, text.matches("wechat", at: start), let range = CodeRules.wechat(text, after: start + 6)
        {
            return PrivacyMatch(kind: .wechatID, range: range)
        }
        return nil
    }

    private func atHan(_ text: ByteText, _ index: Int, from floor: Int) -> PrivacyMatch? {
        let scalar = text.wide(index)
        if tables.provinces.contains(scalar), ByteText.isUpper(text[index + 3]),
            let end = CodeRules.plate(text, at: index, tables)
        {
            return PrivacyMatch(kind: .plate, range: index..<end)
        }
        guard tables.pairFirsts.contains(scalar) else { return nil }
        switch (scalar, text.wide(index + 3)) {
        case (0x5148, 0x751F), (0x5973, 0x58EB), (0x5C0F, 0x59D0):
            return NameRules.beforeTitle(text, title: index, from: floor, tables)
                .map { PrivacyMatch(kind: .name, range: $0) }
        case (0x6211, 0x53EB), (0x59D3, 0x540D), (0x540D, 0x5B57), (0x540D, 0x53EB), (0x4EF6, 0x4EBA),
            (0x8D27, 0x4EBA), (0x8CA8, 0x4EBA), (0x7CFB, 0x4EBA), (0x7D61, 0x4EBA), (0x7E6B, 0x4EBA),
            (0x5361, 0x4EBA):
            return NameRules.afterPhrase(text, phraseEnd: index + 6, tables)
                .map { PrivacyMatch(kind: .name, range: $0) }
        case (0x5FAE, 0x4FE1):
            return CodeRules.wechat(text, after: index + 6).map { PrivacyMatch(kind: .wechatID, range: $0) }
        default: return nil
        }
    }
}
