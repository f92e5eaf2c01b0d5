import Runtime

/// Numbers, durations and dates as people of a language write them.
struct Formatter: Sendable {
    let locale: ReportLocale

    /// What stands for a value that does not exist; never a zero.
    static let absent = "—"
    private static let minus = "\u{2212}"

    // MARK: Numbers

    /// `1,234`.
    func count(_ value: Int64) -> String {
        let digits = Array(String(value.magnitude).utf8)
        var out = [UInt8]()
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { out.append(UInt8(ascii: ",")) }
            out.append(digit)
        }
        return (value < 0 ? Formatter.minus : "") + String(decoding: out, as: UTF8.self)
    }

    func count(_ value: Int64?) -> String { value.map(count) ?? Formatter.absent }

    /// A number with at most `digits` decimals, trailing zeros kept: `3.50`.
    func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite, value.magnitude < 9e15 else { return Formatter.absent }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((value.magnitude * scale).rounded())
        let whole = scaled / Int64(scale)
        var out = count(whole)
        if digits > 0 {
            let fraction = String(scaled % Int64(scale))
            out += "." + String(repeating: "0", count: digits - fraction.utf8.count) + fraction
        }
        return value < 0 && scaled != 0 ? Formatter.minus + out : out
    }

    /// An observed or expected figure: whole from ten upward, one decimal below.
    func figure(_ value: Double) -> String {
        value.magnitude < 10 && value != value.rounded() ? decimal(value, digits: 1) : decimal(value, digits: 0)
    }

    /// `12.3%` of a ratio.
    func percent(_ ratio: Double?, digits: Int = 1) -> String {
        guard let ratio else { return Formatter.absent }
        if ratio > 0 && ratio < 0.0005 && digits == 1 { return "<0.1%" }
        return decimal(ratio * 100, digits: digits) + "%"
    }

    /// A change as a signed percentage: `+12.3%`, `−4.0%`, `±0%`; beyond tenfold as a factor: `×12`.
    func change(_ ratio: Double) -> String {
        if ratio > 9 { return "×" + decimal(ratio + 1, digits: ratio > 98 ? 0 : 1) }
        let text = decimal(ratio.magnitude * 100, digits: ratio.magnitude < 0.0995 ? 1 : 0)
        if text == "0.0" { return "±0%" }
        return (ratio < 0 ? Formatter.minus : "+") + text + "%"
    }

    /// A difference of two ratios in percentage points: `+2.1 pp`.
    func points(_ difference: Double) -> String {
        let text = decimal(difference.magnitude * 100, digits: 1)
        let unit = locale == .en ? " pp" : " 个百分点"
        if text == "0.0" { return "±0" + unit }
        return (difference < 0 ? Formatter.minus : "+") + text + unit
    }

    // MARK: Durations

    /// A duration with its two greatest units: `42 s`, `2 min 14 s`, `2 h 14 min`, `3 d 4 h`.
    func duration(seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, seconds >= 0, seconds < 9e12 else { return Formatter.absent }
        if seconds < 9.95 && seconds != seconds.rounded() { return decimal(seconds, digits: 1) + unit(.second) }
        let whole = Int64(seconds.rounded())
        if whole < 60 { return "\(whole)" + unit(.second) }
        if whole < 3600 { return pair(whole / 60, .minute, whole % 60, .second) }
        let minutes = Int64((seconds / 60).rounded())
        if minutes < 48 * 60 { return pair(minutes / 60, .hour, minutes % 60, .minute) }
        let hours = Int64((seconds / 3600).rounded())
        return pair(hours / 24, .day, hours % 24, .hour)
    }

    /// A duration in a table, where figures are compared: from two days on decimal days (`40.858 d`).
    func tableDuration(seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, seconds >= 172_800, seconds < 9e12 else {
            return duration(seconds: seconds)
        }
        return decimal(seconds / 86_400, digits: 3) + unit(.day)
    }

    /// A round duration in its greatest unit, for axes and classes: `15 min`, `2 h`, `1.5 d`.
    func shortDuration(seconds: Double) -> String {
        let (size, name): (Double, TimeUnit) =
            seconds < 60
            ? (1, .second) : seconds < 3600 ? (60, .minute) : seconds < 2 * 86_400 ? (3600, .hour) : (86_400, .day)
        let value = seconds / size
        return decimal(value, digits: value == value.rounded() ? 0 : 1) + unit(name)
    }

    enum TimeUnit { case second, minute, hour, day }

    private func unit(_ unit: TimeUnit) -> String {
        switch (locale, unit) {
        case (.en, .second): "\u{A0}s"
        case (.en, .minute): "\u{A0}min"
        case (.en, .hour): "\u{A0}h"
        case (.en, .day): "\u{A0}d"
        case (.zhHans, .second): "\u{A0}秒"
        case (.zhHans, .minute): "\u{A0}分"
        case (.zhHans, .hour): "\u{A0}小时"
        case (.zhHans, .day): "\u{A0}天"
        }
    }

    private func pair(_ large: Int64, _ largeUnit: TimeUnit, _ small: Int64, _ smallUnit: TimeUnit) -> String {
        let head = count(large) + unit(largeUnit)
        return small == 0 ? head : "\(head) \(small)\(unit(smallUnit))"
    }

    // MARK: Dates

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let chineseWeekdays = ["一", "二", "三", "四", "五", "六", "日"]

    /// `Friday 20 November 2026` or `2026年11月20日 星期五`.
    func longDate(_ day: CivilDate) -> String {
        let (year, month, number) = day.components
        switch locale {
        case .en: return "\(Formatter.weekdays[day.weekday - 1]) \(number) \(Formatter.months[month - 1]) \(year)"
        case .zhHans: return "\(year)年\(month)月\(number)日 星期\(Formatter.chineseWeekdays[day.weekday - 1])"
        }
    }

    /// `20 Nov 2026` or `2026年11月20日`.
    func date(_ day: CivilDate) -> String {
        let (year, month, number) = day.components
        switch locale {
        case .en: return "\(number) \(Formatter.months[month - 1].prefix(3)) \(year)"
        case .zhHans: return "\(year)年\(month)月\(number)日"
        }
    }

    /// `Fri 20 Nov` or `11月20日 周五`.
    func dayWithWeekday(_ day: CivilDate) -> String {
        switch locale {
        case .en: "\(weekday(day.weekday)) \(shortDay(day))"
        case .zhHans: "\(shortDay(day)) \(weekday(day.weekday))"
        }
    }

    /// `20 Nov` or `11月20日`.
    func shortDay(_ day: CivilDate) -> String {
        let (_, month, number) = day.components
        switch locale {
        case .en: return "\(number) \(Formatter.months[month - 1].prefix(3))"
        case .zhHans: return "\(month)月\(number)日"
        }
    }

    /// `November 2026` or `2026年11月`.
    func month(_ day: CivilDate) -> String {
        let (year, month, _) = day.components
        switch locale {
        case .en: return "\(Formatter.months[month - 1]) \(year)"
        case .zhHans: return "\(year)年\(month)月"
        }
    }

    /// `Nov` or `11月`.
    func shortMonth(_ day: CivilDate) -> String {
        let month = day.components.month
        switch locale {
        case .en: return String(Formatter.months[month - 1].prefix(3))
        case .zhHans: return "\(month)月"
        }
    }

    /// `Mon` or `周一`; 1 is Monday.
    func weekday(_ number: Int) -> String {
        switch locale {
        case .en: String(Formatter.weekdays[number - 1].prefix(3))
        case .zhHans: "周" + Formatter.chineseWeekdays[number - 1]
        }
    }

    /// `09:00`.
    func hour(_ hour: Int) -> String { (hour < 10 ? "0" : "") + "\(hour):00" }

    /// An instant in UTC to the minute: `2026-11-21 02:31 UTC`.
    func instant(_ instant: Timestamp) -> String {
        let text = instant.iso8601
        return text.prefix(10) + " " + text.dropFirst(11).prefix(5) + " UTC"
    }

    /// The name of a period: a day in words, `Week 47, 16–22 November 2026`, a month, or first to last day.
    func period(_ kind: PeriodKind, _ days: ClosedRange<CivilDate>) -> String {
        switch kind {
        case .day: return longDate(days.lowerBound)
        case .month: return month(days.lowerBound)
        case .week:
            let (year, week) = days.lowerBound.isoWeek
            let span = range(days)
            return locale == .en ? "Week \(week) of \(year), \(span)" : "\(year)年第\(week)周（\(span)）"
        case .range: return range(days)
        }
    }

    enum PeriodKind { case day, week, month, range }

    /// `16 Nov – 22 Nov 2026` or `2026年11月16日至11月22日`.
    func range(_ days: ClosedRange<CivilDate>) -> String {
        if days.lowerBound == days.upperBound { return date(days.lowerBound) }
        let sameYear = days.lowerBound.components.year == days.upperBound.components.year
        switch locale {
        case .en:
            return "\(sameYear ? shortDay(days.lowerBound) : date(days.lowerBound)) – \(date(days.upperBound))"
        case .zhHans:
            return "\(date(days.lowerBound))至\(sameYear ? shortDay(days.upperBound) : date(days.upperBound))"
        }
    }
}
