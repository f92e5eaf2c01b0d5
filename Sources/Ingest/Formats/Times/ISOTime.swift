import Runtime

/// ISO 8601 and its everyday relatives over bytes.
enum ISOTime {
    /// Reads `yyyy-MM-dd`, optionally followed by `T`, `t` or blanks and `HH:mm[:ss[.fff]]`, optionally an offset
    /// (`Z`, `+08:00`, `+0800`, `+08`, `UTC`). Dates may use `/` or `.` and one-digit months, days and hours.
    static func parse(_ bytes: UnsafeRawBufferPointer) -> WrittenTime? {
        var at = 0
        let end = bytes.count
        guard end >= 8, end <= 64 else { return nil }
        let year: Int
        let month: Int
        let day: Int
        if end >= 10, bytes[4] == bytes[7], bytes[4] == UInt8(ascii: "-") || bytes[4] == UInt8(ascii: "/"),
            let y = four(bytes, 0), let m = two(bytes, 5), let d = two(bytes, 8)
        {
            (year, month, day) = (y, m, d)
            at = 10
        } else {
            while at < end, bytes[at] == 0x20 { at += 1 }
            guard at + 4 < end, let y = four(bytes, at) else { return nil }
            at += 4
            let separator = bytes[at]
            guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/") || separator == UInt8(ascii: ".")
            else { return nil }
            at += 1
            guard let m = oneOrTwo(bytes, &at), at < end, bytes[at] == separator else { return nil }
            at += 1
            guard let d = oneOrTwo(bytes, &at) else { return nil }
            (year, month, day) = (y, m, d)
        }
        guard year >= 1, month &- 1 < 12, month > 0, day > 0,
            day <= 28 || day <= CivilDate.daysIn(month: month, year: year)
        else { return nil }
        let wallDays = Int64(days(year, month, day))
        guard at < end else { return WrittenTime(wall: wallDays &* 86_400_000) }
        guard bytes[at] | 0x20 == UInt8(ascii: "t") || bytes[at] == 0x20 else { return nil }
        at += 1
        while at < end, bytes[at] == 0x20 { at += 1 }
        guard at < end else { return WrittenTime(wall: wallDays &* 86_400_000) }
        guard let hour = oneOrTwo(bytes, &at), at < end, bytes[at] == UInt8(ascii: ":"), hour < 24 else { return nil }
        at += 1
        guard at + 2 <= end, let minute = two(bytes, at), minute < 60 else { return nil }
        at += 2
        var second = 0
        var millis = 0
        if at < end, bytes[at] == UInt8(ascii: ":") {
            guard at + 3 <= end, let s = two(bytes, at + 1), s <= 60 else { return nil }
            // A leap second is the last instant of its minute.
            second = min(s, 59)
            at += 3
            if at < end, bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: ",") {
                at += 1
                guard let fraction = milliseconds(bytes, &at) else { return nil }
                millis = fraction
            }
        }
        var time = WrittenTime(
            wall: wallDays &* 86_400_000 &+ Int64((hour &* 60 &+ minute) &* 60 &+ second) &* 1000 &+ Int64(millis))
        while at < end, bytes[at] == 0x20 { at += 1 }
        guard at < end else { return time }
        guard let offset = offset(bytes, &at) else { return nil }
        while at < end, bytes[at] == 0x20 { at += 1 }
        guard at == end else { return nil }
        time.hasOffset = true
        time.offset = offset
        return time
    }

    /// Milliseconds of an offset `Z`, `UTC`, `GMT`, `+08:00`, `+0800`, `+08`.
    static func offset(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Int64? {
        let end = bytes.count
        guard at < end else { return nil }
        let first = bytes[at]
        if first | 0x20 == UInt8(ascii: "z") {
            at += 1
            return 0
        }
        if at + 3 <= end {
            let word = (bytes[at], bytes[at + 1], bytes[at + 2])
            if word == (0x55, 0x54, 0x43) || word == (0x47, 0x4D, 0x54) {
                at += 3
                return 0
            }
        }
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), at + 3 <= end, let hours = two(bytes, at + 1),
            hours <= 18
        else { return nil }
        at += 3
        var minutes = 0
        if at < end, bytes[at] == UInt8(ascii: ":") {
            guard at + 3 <= end, let m = two(bytes, at + 1), m < 60 else { return nil }
            minutes = m
            at += 3
        } else if at + 2 <= end, let m = two(bytes, at) {
            guard m < 60 else { return nil }
            minutes = m
            at += 2
        }
        let total = Int64(hours * 60 + minutes) * 60_000
        return first == UInt8(ascii: "-") ? -total : total
    }

    /// The first three digits of a fraction as milliseconds; further digits are passed over.
    static func milliseconds(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Int? {
        var value = 0
        var digits = 0
        while at < bytes.count, bytes[at] &- 48 <= 9 {
            if digits < 3 { value = value &* 10 &+ Int(bytes[at] &- 48) }
            digits += 1
            at += 1
        }
        guard digits > 0 else { return nil }
        while digits < 3 {
            value *= 10
            digits += 1
        }
        return value
    }

    @inline(__always)
    static func two(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int? {
        let a = bytes[at] &- 48
        let b = bytes[at &+ 1] &- 48
        guard a <= 9, b <= 9 else { return nil }
        return Int(a) &* 10 &+ Int(b)
    }

    @inline(__always)
    static func four(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int? {
        guard let high = two(bytes, at), let low = two(bytes, at &+ 2) else { return nil }
        return high &* 100 &+ low
    }

    @inline(__always)
    static func oneOrTwo(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Int? {
        guard at < bytes.count else { return nil }
        let a = bytes[at] &- 48
        guard a <= 9 else { return nil }
        at &+= 1
        guard at < bytes.count else { return Int(a) }
        let b = bytes[at] &- 48
        guard b <= 9 else { return Int(a) }
        at &+= 1
        return Int(a) &* 10 &+ Int(b)
    }

    /// Days since 1970-01-01 of a checked date, after Hinnant's days_from_civil; years 1 to 9999.
    @inline(__always)
    static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let y = month <= 2 ? year &- 1 : year
        let era = y / 400
        let yearOfEra = y &- era &* 400
        let dayOfYear = (153 &* (month &+ (month > 2 ? -3 : 9)) &+ 2) / 5 &+ day &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return era &* 146_097 &+ dayOfEra &- 719_468
    }
}
