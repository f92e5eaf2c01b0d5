import Runtime

/// A written time pattern: `yyyy`, `yy`, `M`/`MM`/`MMM`, `d`/`dd`, `H`/`HH`, `h`/`hh`, `mm`, `ss`, `S…` (fraction),
/// `a` (AM, PM, 上午, 下午), `EEE` (a weekday's three letters), `Z` (offset); every other character stands for itself.
///
/// `M`, `d`, `H` and `h` take one or two digits, the doubled forms too, since exports are careless about padding.
package struct TimePattern: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        case year, shortYear, month, monthName, weekdayName, day, hour, hour12, minute, second, fraction, half, offset
        case literal([UInt8])
    }

    package let text: String
    private let parts: [Part]

    /// The pattern of a text; `nil` where a letter of it means nothing or it lacks year, month or day.
    package init?(_ text: String) {
        var parts: [Part] = []
        var rest = text[...]
        while let first = rest.first {
            let run = rest.prefix { $0 == first }
            rest = rest.dropFirst(run.count)
            switch (first, run.count) {
            case ("y", 4): parts.append(.year)
            case ("y", 2): parts.append(.shortYear)
            case ("M", 1...2): parts.append(.month)
            case ("M", 3): parts.append(.monthName)
            case ("E", 3): parts.append(.weekdayName)
            case ("d", 1...2): parts.append(.day)
            case ("H", 1...2): parts.append(.hour)
            case ("h", 1...2): parts.append(.hour12)
            case ("m", 1...2): parts.append(.minute)
            case ("s", 1...2): parts.append(.second)
            case ("S", _): parts.append(.fraction)
            case ("a", 1): parts.append(.half)
            case ("Z", _), ("X", _), ("x", _): parts.append(.offset)
            default:
                guard !first.isASCII || !first.isLetter || first == "T" else { return nil }
                parts.append(.literal(Array(String(run).utf8)))
            }
        }
        guard parts.contains(.year) || parts.contains(.shortYear), parts.contains(.day),
            parts.contains(.month) || parts.contains(.monthName)
        else { return nil }
        self.text = text
        self.parts = parts
    }

    package static func == (a: TimePattern, b: TimePattern) -> Bool { a.text == b.text }

    func parse(_ bytes: UnsafeRawBufferPointer) -> WrittenTime? {
        var at = 0
        var (year, month, day, hour, minute, second, millis) = (0, 0, 0, 0, 0, 0, 0)
        var isAfternoon: Bool?
        var offset: Int64?
        for part in parts {
            switch part {
            case .year:
                guard at + 4 <= bytes.count, let y = ISOTime.four(bytes, at) else { return nil }
                year = y
                at += 4
            case .shortYear:
                guard at + 2 <= bytes.count, let y = ISOTime.two(bytes, at) else { return nil }
                year = y < 70 ? 2000 + y : 1900 + y
                at += 2
            case .month:
                guard let m = ISOTime.oneOrTwo(bytes, &at) else { return nil }
                month = m
            case .weekdayName:
                guard at + 3 <= bytes.count, (0..<3).allSatisfy({ (bytes[at + $0] | 0x20) &- 0x61 < 26 }) else {
                    return nil
                }
                at += 3
            case .monthName:
                guard at + 3 <= bytes.count, let m = TimePattern.month(bytes[at], bytes[at + 1], bytes[at + 2]) else {
                    return nil
                }
                month = m
                at += 3
            case .day:
                guard let d = ISOTime.oneOrTwo(bytes, &at) else { return nil }
                day = d
            case .hour, .hour12:
                guard let h = ISOTime.oneOrTwo(bytes, &at), h < 24 else { return nil }
                hour = h
            case .minute:
                guard let m = ISOTime.oneOrTwo(bytes, &at), m < 60 else { return nil }
                minute = m
            case .second:
                guard let s = ISOTime.oneOrTwo(bytes, &at), s <= 60 else { return nil }
                second = min(s, 59)
            case .fraction:
                guard let f = ISOTime.milliseconds(bytes, &at) else { return nil }
                millis = f
            case .half:
                guard let half = TimePattern.half(bytes, &at) else { return nil }
                isAfternoon = half
            case .offset:
                guard let o = ISOTime.offset(bytes, &at) else { return nil }
                offset = o
            case .literal(let text):
                guard at + text.count <= bytes.count else { return nil }
                for (index, byte) in text.enumerated() where bytes[at + index] != byte { return nil }
                at += text.count
            }
        }
        while at < bytes.count, bytes[at] == 0x20 { at += 1 }
        guard at == bytes.count, CivilDate.isValid(year: year, month: month, day: day) else { return nil }
        if let isAfternoon {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        let seconds = Int64((hour * 60 + minute) * 60 + second)
        let wall = Int64(ISOTime.days(year, month, day)) * 86_400_000 + seconds * 1000 + Int64(millis)
        return WrittenTime(wall: wall, hasOffset: offset != nil, offset: offset ?? 0)
    }

    private static func month(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Int? {
        let names = StaticString("janfebmaraprmayjunjulaugsepoctnovdec")
        for index in 0..<12 {
            let name = names.utf8Start + index * 3
            if a | 0x20 == name[0], b | 0x20 == name[1], c | 0x20 == name[2] { return index + 1 }
        }
        return nil
    }

    private static let halves: [(text: [UInt8], isAfternoon: Bool)] = [
        (Array("am".utf8), false), (Array("pm".utf8), true), (Array("上午".utf8), false), (Array("下午".utf8), true),
    ]

    private static func half(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Bool? {
        for (text, isAfternoon) in halves where at + text.count <= bytes.count {
            var isEqual = true
            for (index, byte) in text.enumerated() {
                let found = bytes[at + index]
                if found != byte && (found >= 0x80 || found | 0x20 != byte) { isEqual = false }
            }
            if isEqual {
                at += text.count
                return isAfternoon
            }
        }
        return nil
    }
}
