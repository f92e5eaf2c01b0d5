/// Rules for personal names beside a title or a phrase that announces one. They are weak by nature: a name on its own
/// is not found, and a rare surname neither.
enum NameRules {
    /// The name before a title (先生, 女士, 小姐) at `title`: a surname with a given name of one or two characters.
    ///
    /// A surname alone (张先生) is left: it tells little, and the mask of one character is itself.
    static func beforeTitle(_ text: ByteText, title: Int, from floor: Int, _ tables: HanTables) -> Range<Int>? {
        let last = text.han(title - 3)
        guard title - 3 >= floor, last != 0, !tables.surnames.contains(last) else { return nil }
        let second = text.han(title - 6)
        guard title - 6 >= floor, second != 0 else { return nil }
        let third = title - 9 >= floor ? text.han(title - 9) : 0
        if tables.compoundFirst.contains(third), isCompound(third, second) { return title - 9..<title }
        if tables.surnames.contains(third), !tables.afterName.contains(second), !tables.surnames.contains(second) {
            return title - 9..<title
        }
        if isCompound(second, last) { return nil }
        return tables.surnames.contains(second) && !tables.afterName.contains(last) ? title - 6..<title : nil
    }

    /// The name after 我叫, 姓名, 收件人 …, with an optional 是 or colon between.
    static func afterPhrase(_ text: ByteText, phraseEnd: Int, _ tables: HanTables) -> Range<Int>? {
        var index = phraseEnd
        var steps = 0
        while steps < 3 {
            let scalar = text.wide(index)
            if text[index] == 0x20 || text[index] == UInt8(ascii: ":") {
                index += 1
            } else if scalar == 0xFF1A || scalar == 0x662F || scalar == 0x53EB || scalar == 0x4E3A {  // ： 是 叫 为
                index += 3
            } else {
                break
            }
            steps += 1
        }
        let first = text.han(index)
        let second = text.han(index + 3)
        guard first != 0, second != 0 else { return nil }
        var given = index + 3
        if isCompound(first, second) {
            given = index + 6
        } else if !tables.surnames.contains(first) {
            return nil
        }
        let one = text.han(given)
        guard one != 0, !tables.afterName.contains(one) else { return nil }
        let two = text.han(given + 3)
        if one == 0x5C0F, two == 0x59D0 { return nil }  // 小姐
        guard two != 0, !tables.afterName.contains(two) else { return index..<given + 3 }
        // A third given character that is not the sentence's means that this was no name.
        let three = text.han(given + 6)
        return three == 0 || tables.afterName.contains(three) ? index..<given + 6 : index..<given + 3
    }

    private static func isCompound(_ first: UInt32, _ second: UInt32) -> Bool {
        switch (first, second) {
        case (0x6B27, 0x9633), (0x6B50, 0x967D), (0x53F8, 0x9A6C), (0x53F8, 0x99AC), (0x4E0A, 0x5B98),
            (0x8BF8, 0x845B), (0x8AF8, 0x845B), (0x4E1C, 0x65B9), (0x7687, 0x752B), (0x5C09, 0x8FDF),
            (0x516C, 0x5B59), (0x6155, 0x5BB9), (0x53F8, 0x5F92):
            true
        default: false
        }
    }

    /// The capitalised words after `Mr.`, `Ms`, `Mrs.`, `Miss`, `Dr.` at `start`.
    static func afterEnglishTitle(_ text: ByteText, at start: Int, runEnd: Int) -> Range<Int>? {
        let length = runEnd - start
        let isTitle: Bool
        switch length {
        case 2:
            isTitle =
                text.matches("mr", at: start) || text.matches("ms", at: start) || text.matches("dr", at: start)
        case 3: isTitle = text.matches("mrs", at: start)
        case 4: isTitle = text.matches("miss", at: start)
        default: isTitle = false
        }
        guard isTitle, ByteText.isUpper(text[start]), !ByteText.isUpper(text[start + 1]) else { return nil }
        var index = runEnd
        if text[index] == UInt8(ascii: ".") { index += 1 }
        guard text[index] == 0x20 else { return nil }
        return words(text, at: index + 1, most: 2)
    }

    /// The capitalised words after `name is` or `name:` at `start`.
    static func afterNameWord(_ text: ByteText, at start: Int) -> Range<Int>? {
        guard text.matches("name", at: start) else { return nil }
        var index = start + 4
        if text.matches(" is ", at: index) {
            index += 4
        } else if text[index] == UInt8(ascii: ":") {
            index += text[index + 1] == 0x20 ? 2 : 1
        } else {
            return nil
        }
        return words(text, at: index, most: 3)
    }

    private static func words(_ text: ByteText, at start: Int, most: Int) -> Range<Int>? {
        var end = start
        var index = start
        for _ in 0..<most {
            guard ByteText.isUpper(text[index]) else { break }
            var stop = index + 1
            while stop - index < 24, isNameByte(text[stop]) { stop += 1 }
            guard stop - index >= 2, stop - index < 24, text[stop] != UInt8(ascii: "*"), !text.isDigit(stop),
                text[stop] != UInt8(ascii: "@"), text[stop] != UInt8(ascii: "_")
            else { break }
            end = stop
            guard text[stop] == 0x20 else { break }
            index = stop + 1
        }
        return end > start ? start..<end : nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        ByteText.isLetter(byte) || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "-")
    }
}
