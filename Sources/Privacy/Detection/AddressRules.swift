/// Rules for postal addresses that hold a house number: basic, without a gazetteer.
enum AddressRules {
    private static let reach = 24

    /// The address round a house number such as the 177 of 北京市朝阳区建国路177号3单元2831室.
    ///
    /// To the left it goes to the first unit of administration and the name before it, to the right through the numbers
    /// of building, entrance and room.
    static func chinese(_ text: ByteText, number start: Int, numberEnd: Int, from floor: Int, _ tables: HanTables)
        -> Range<Int>?
    {
        guard numberEnd - start <= 5 else { return nil }
        let unit = text.wide(numberEnd)
        guard tables.units.contains(unit) else { return nil }
        let next = text.wide(numberEnd + 3)
        // 2号线 is an underground line, 5号 after 月 a day.
        guard next != 0x7EBF, next != 0x7DDA, next != 0x67DC else { return nil }  // 线 線 柜
        let previous = text.han(start - 3)
        guard start - 3 >= floor, previous != 0, !isOrdinal(previous) else { return nil }
        var runStart = start
        var district = -1
        var steps = 0
        while steps < reach, runStart - 3 >= floor, text.han(runStart - 3) != 0 {
            runStart -= 3
            steps += 1
            if tables.districts.contains(text.han(runStart)), !isOrdinaryWord(text, runStart) { district = runStart }
        }
        let isStreet = tables.streets.contains(previous)
        if district < 0 {
            guard isStreet, unit == 0x53F7 || unit == 0x865F || unit == 0x5F04 || unit == 0x680B else { return nil }
            district = start - 3
        }
        var begin = district
        steps = 0
        while steps < 5, begin - 3 >= max(floor, runStart), !tables.beforeAddress.contains(text.han(begin - 3)) {
            begin -= 3
            steps += 1
        }
        guard begin < district else { return nil }
        return begin..<end(text, afterNumber: numberEnd, tables)
    }

    /// 第3号, 5月6号 and the like.
    private static func isOrdinal(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x7B2C, 0x6708, 0x5E74, 0x5171, 0x6709, 0x5355, 0x53F7, 0x662F, 0x4E86: true  // 第 月 年 共 有 单 号 是 了
        default: false
        }
    }

    /// 超市, 小区, 地区 …: words that end like a unit of administration.
    private static func isOrdinaryWord(_ text: ByteText, _ index: Int) -> Bool {
        switch (text.han(index - 3), text.han(index)) {
        case (0x8D85, 0x5E02), (0x95E8, 0x5E02), (0x80A1, 0x5E02), (0x4E0A, 0x5E02), (0x591C, 0x5E02),
            (0x57CE, 0x5E02), (0x5C0F, 0x533A), (0x793E, 0x533A), (0x5730, 0x533A), (0x4E13, 0x533A):
            true
        default: false
        }
    }

    private static func end(_ text: ByteText, afterNumber: Int, _ tables: HanTables) -> Int {
        var end = afterUnit(text, afterNumber, tables)
        for _ in 0..<6 {
            var index = end
            var steps = 0
            while steps < 10, text.han(index) != 0, !tables.afterAddress.contains(text.han(index)) {
                index += 3
                steps += 1
            }
            let numberStart = index
            if ByteText.isUpper(text[index]) { index += 1 }
            index = text.digitsEnd(index, limit: 5)
            while text[index] == UInt8(ascii: "-"), text.isDigit(index + 1) {
                index = text.digitsEnd(index + 1, limit: 5)
            }
            guard index > numberStart, tables.units.contains(text.wide(index)) else { break }
            end = afterUnit(text, index, tables)
        }
        return end
    }

    /// Past 号, 号楼, 单元 ….
    private static func afterUnit(_ text: ByteText, _ index: Int, _ tables: HanTables) -> Int {
        var end = index + 3
        let unit = text.wide(index)
        if unit == 0x5355 || unit == 0x55AE {  // 单 單
            if text.wide(end) == 0x5143 { end += 3 }
        } else if unit == 0x53F7 || unit == 0x865F {
            let next = text.wide(end)
            if next == 0x697C || next == 0x6A13 || next == 0x9662 || next == 0x5E62 { end += 3 }  // 楼 樓 院 幢
        }
        return end
    }

    /// A house number and up to four capitalised words, the last of them Street, Road, Avenue or the like.
    static func english(_ text: ByteText, number start: Int, numberEnd: Int) -> Range<Int>? {
        guard numberEnd - start <= 5, text[numberEnd] == 0x20 else { return nil }
        var index = numberEnd + 1
        for word in 0..<4 {
            guard ByteText.isUpper(text[index]) else { return nil }
            var stop = index + 1
            while stop - index < 20, ByteText.isLetter(text[stop]) { stop += 1 }
            if word > 0, isStreetWord(text, index, stop - index), !text.isAlphanumeric(stop) { return start..<stop }
            guard text[stop] == 0x20 else { return nil }
            index = stop + 1
        }
        return nil
    }

    private static func isStreetWord(_ text: ByteText, _ index: Int, _ length: Int) -> Bool {
        switch length {
        case 2: text.matches("st", at: index) || text.matches("rd", at: index) || text.matches("ln", at: index)
        case 3: text.matches("ave", at: index)
        case 4: text.matches("road", at: index) || text.matches("lane", at: index) || text.matches("blvd", at: index)
        case 5: text.matches("drive", at: index) || text.matches("court", at: index)
        case 6:
            text.matches("street", at: index) || text.matches("avenue", at: index) || text.matches("square", at: index)
        case 9: text.matches("boulevard", at: index)
        default: false
        }
    }
}
