import Runtime

/// The head of a line of a WhatsApp chat: date, time and where the rest begins.
///
/// Android writes `12/31/25, 9:04 PM - Name: text`, iOS `[31/12/25, 21:04:33] Name: text`; dots, hyphens, the year first, 上午
/// and 下午, narrow spaces before AM and PM, and direction marks occur.
struct WhatsAppLine: Equatable {
    /// The three numbers of the date as written.
    var date: (Int, Int, Int)
    var isYearFirst: Bool
    /// Milliseconds since midnight.
    var time: Int64
    /// Where the sender or the system's words begin, in bytes of the line.
    var body: Int

    static func == (a: WhatsAppLine, b: WhatsAppLine) -> Bool {
        a.date == b.date && a.isYearFirst == b.isYearFirst && a.time == b.time && a.body == b.body
    }

    init?(_ line: UnsafeRawBufferPointer) {
        var at = 0
        WhatsAppLine.skipMarks(line, &at)
        let isBracketed = at < line.count && line[at] == UInt8(ascii: "[")
        if isBracketed { at += 1 }
        guard let (first, firstDigits) = WhatsAppLine.number(line, &at), at < line.count else { return nil }
        let separator = line[at]
        guard separator == UInt8(ascii: "/") || separator == UInt8(ascii: ".") || separator == UInt8(ascii: "-") else {
            return nil
        }
        at += 1
        guard let (second, _) = WhatsAppLine.number(line, &at), at < line.count, line[at] == separator else {
            return nil
        }
        at += 1
        guard let (third, thirdDigits) = WhatsAppLine.number(line, &at),
            firstDigits == 4 || thirdDigits == 4 || thirdDigits == 2
        else { return nil }
        date = (first, second, third)
        isYearFirst = firstDigits == 4
        if at < line.count, line[at] == UInt8(ascii: ",") { at += 1 }
        WhatsAppLine.skipSpaces(line, &at)
        var isAfternoon = WhatsAppLine.half(line, &at)
        WhatsAppLine.skipSpaces(line, &at)
        guard let (hour, _) = WhatsAppLine.number(line, &at), at < line.count,
            line[at] == UInt8(ascii: ":") || line[at] == UInt8(ascii: ".")
        else { return nil }
        at += 1
        guard let (minute, minuteDigits) = WhatsAppLine.number(line, &at), minuteDigits == 2, hour < 24, minute < 60
        else {
            return nil
        }
        var second60 = 0
        if at < line.count, line[at] == UInt8(ascii: ":") {
            at += 1
            guard let (seconds, _) = WhatsAppLine.number(line, &at), seconds <= 60 else { return nil }
            second60 = min(seconds, 59)
        }
        WhatsAppLine.skipSpaces(line, &at)
        if isAfternoon == nil { isAfternoon = WhatsAppLine.half(line, &at) }
        var hour24 = hour
        if let isAfternoon {
            guard (0...12).contains(hour) || !isAfternoon else { return nil }
            hour24 = hour % 12 + (isAfternoon ? 12 : 0)
        }
        time = Int64((hour24 * 60 + minute) * 60 + second60) * 1000
        if isBracketed {
            guard at < line.count, line[at] == UInt8(ascii: "]") else { return nil }
            at += 1
        } else {
            WhatsAppLine.skipSpaces(line, &at)
            guard at + 1 < line.count, line[at] == UInt8(ascii: "-"), line[at + 1] == 0x20 else { return nil }
            at += 1
        }
        WhatsAppLine.skipSpaces(line, &at)
        WhatsAppLine.skipMarks(line, &at)
        body = at
    }

    private static func number(_ line: UnsafeRawBufferPointer, _ at: inout Int) -> (value: Int, digits: Int)? {
        let start = at
        var value = 0
        while at < line.count, at - start < 4, line[at] &- 48 < 10 {
            value = value * 10 + Int(line[at] &- 48)
            at += 1
        }
        return at > start ? (value, at - start) : nil
    }

    /// Plain, no-break and narrow no-break spaces.
    private static func skipSpaces(_ line: UnsafeRawBufferPointer, _ at: inout Int) {
        while at < line.count {
            if line[at] == 0x20 {
                at += 1
            } else if at + 1 < line.count, line[at] == 0xC2, line[at + 1] == 0xA0 {
                at += 2
            } else if at + 2 < line.count, line[at] == 0xE2, line[at + 1] == 0x80, line[at + 2] == 0xAF {
                at += 3
            } else {
                return
            }
        }
    }

    /// Left-to-right and right-to-left marks and a byte-order mark.
    private static func skipMarks(_ line: UnsafeRawBufferPointer, _ at: inout Int) {
        while at + 2 < line.count {
            let isMark = line[at] == 0xE2 && line[at + 1] == 0x80 && (line[at + 2] == 0x8E || line[at + 2] == 0x8F)
            guard isMark || (line[at] == 0xEF && line[at + 1] == 0xBB && line[at + 2] == 0xBF) else { return }
            at += 3
        }
    }

    private static let halves: [(text: [UInt8], isAfternoon: Bool)] = [
        (Array("am".utf8), false), (Array("pm".utf8), true), (Array("a.m.".utf8), false), (Array("p.m.".utf8), true),
        (Array("上午".utf8), false), (Array("凌晨".utf8), false), (Array("早上".utf8), false), (Array("中午".utf8), true),
        (Array("下午".utf8), true), (Array("晚上".utf8), true),
    ]

    private static func half(_ line: UnsafeRawBufferPointer, _ at: inout Int) -> Bool? {
        for (text, isAfternoon) in halves where at + text.count <= line.count {
            let isEqual = text.indices.allSatisfy { index in
                let found = line[at + index]
                return found == text[index] || (found < 0x80 && found | 0x20 == text[index])
            }
            if isEqual {
                at += text.count
                return isAfternoon
            }
        }
        return nil
    }
}
