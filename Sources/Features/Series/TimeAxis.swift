import Runtime

/// How a series file writes its times.
package enum AxisForm: Sendable, Equatable {
    /// `2026-03-02`; coordinates are days since 1970-01-01.
    case date
    /// A date with a time of day; coordinates are seconds since 1970-01-01T00:00:00 on the file's own clock.
    ///
    /// `separator` stands between date and time (`T` or a blank), `suffix` behind the time (an offset, or nothing).
    case dateTime(separator: UInt8, hasSeconds: Bool, suffix: String)
    /// A step or a decimal year; coordinates are the numbers themselves.
    case number
}

/// The distance between neighbours of a regular series.
package enum TimeStep: Sendable, Equatable {
    case days(Int)
    case months(Int)
    case seconds(Double)
    case number(Double)
}

/// The regular grid that a series stands on: its first time, its step, and how its times are written.
package struct TimeAxis: Sendable, Equatable {
    package let form: AxisForm
    package let step: TimeStep
    /// Coordinate of the first point, in the unit of `form`.
    package let start: Double

    package init(form: AxisForm, step: TimeStep, start: Double) {
        self.form = form
        self.step = step
        self.start = start
    }

    /// The coordinate of the point at a position from the start.
    package func coordinate(at index: Int) -> Double {
        switch step {
        case .days(let days): start + Double(index * days)
        case .seconds(let seconds): start + Double(index) * seconds
        case .number(let number): start + Double(index) * number
        case .months(let months):
            switch form {
            case .date: Double(TimeAxis.adding(index * months, to: startDate).daysSinceEpoch)
            case .dateTime:
                Double(TimeAxis.adding(index * months, to: startDate).daysSinceEpoch) * 86_400
                    + (start - (start / 86_400).rounded(.down) * 86_400)
            case .number: start + Double(index * months) / 12
            }
        }
    }

    /// The position on the grid that lies nearest to a coordinate, and how far off it is as a share of the step.
    package func index(of coordinate: Double) -> (index: Int, offGrid: Double) {
        let guess: Double
        switch step {
        case .days(let days): guess = (coordinate - start) / Double(days)
        case .seconds(let seconds): guess = (coordinate - start) / seconds
        case .number(let number): guess = (coordinate - start) / number
        case .months(let months):
            let mean: Double
            switch form {
            case .date: mean = 30.436875
            case .dateTime: mean = 30.436875 * 86_400
            case .number: mean = 1.0 / 12
            }
            guess = (coordinate - start) / (mean * Double(months))
            guard abs(guess) < 1e7 else { return (0, .infinity) }
            let middle = Int(guess.rounded())
            let width = mean * Double(months)
            let best = (middle - 1...middle + 1).min {
                abs(self.coordinate(at: $0) - coordinate) < abs(self.coordinate(at: $1) - coordinate)
            }
            let index = best ?? middle
            return (index, abs(self.coordinate(at: index) - coordinate) / width)
        }
        guard abs(guess) < 1e15 else { return (0, .infinity) }
        return (Int(guess.rounded()), abs(guess - guess.rounded()))
    }

    /// The time at a position, written as the file writes its times.
    package func text(at index: Int) -> String {
        let coordinate = coordinate(at: index)
        switch form {
        case .date: return CivilDate(daysSinceEpoch: Int32(clamping: Int(coordinate))).description
        case .dateTime(let separator, let hasSeconds, let suffix):
            let seconds = Int64(coordinate.rounded(.down))
            let (days, inDay) = seconds.quotientAndRemainderFloored(dividingBy: 86_400)
            let date = CivilDate(daysSinceEpoch: Int32(clamping: days))
            func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
            let time = "\(two(inDay / 3600)):\(two(inDay / 60 % 60))" + (hasSeconds ? ":\(two(inDay % 60))" : "")
            return "\(date)\(Character(Unicode.Scalar(separator)))\(time)\(suffix)"
        case .number:
            // A grid of whole numbers stays one; decimal years keep the digits that tell them apart.
            if coordinate == coordinate.rounded(), abs(coordinate) < 1e15, isWhole { return "\(Int64(coordinate))" }
            return "\((coordinate * 1e9).rounded() / 1e9)"
        }
    }

    /// The seasonal periods that series of this step usually have, shortest first; empty where there is none.
    package var usualSeasons: [Int] {
        func cycles(_ seconds: Double) -> [Int] {
            let day = 86_400 / seconds
            guard day >= 1.5, abs(day - day.rounded()) < 1e-6 else {
                return abs(day - 1) < 1e-6 ? [7] : []
            }
            return [Int(day.rounded()), Int(day.rounded()) * 7]
        }
        switch step {
        case .days(1): return [7]
        case .days(7): return [52]
        case .days: return []
        case .months(let months): return 12 % months == 0 && months < 12 ? [12 / months] : []
        case .seconds(let seconds): return cycles(seconds)
        case .number(let number):
            guard number < 0.9, number > 1.0 / 400 else { return [] }
            let perYear = (1 / number).rounded()
            return abs(1 / number - perYear) < 0.02 ? [Int(perYear)] : []
        }
    }

    private var isWhole: Bool {
        guard case .number(let number) = step else { return false }
        return number == number.rounded() && start == start.rounded()
    }

    private var startDate: CivilDate {
        switch form {
        case .date, .number: CivilDate(daysSinceEpoch: Int32(clamping: Int(start)))
        case .dateTime: CivilDate(daysSinceEpoch: Int32(clamping: Int((start / 86_400).rounded(.down))))
        }
    }

    /// A date some months later: the same day of the month, the last day where the month is shorter or where the first
    /// date is a month's last.
    private static func adding(_ months: Int, to date: CivilDate) -> CivilDate {
        let (year, month, day) = date.components
        let total = year * 12 + (month - 1) + months
        let newYear = Int((Double(total) / 12).rounded(.down))
        let newMonth = total - newYear * 12 + 1
        let last = CivilDate.daysIn(month: newMonth, year: newYear)
        let isLast = day == CivilDate.daysIn(month: month, year: year) && day >= 28
        return CivilDate(year: newYear, month: newMonth, day: isLast ? last : min(day, last))
    }
}

extension TimeAxis {
    /// Finds the grid of some coordinates: the step that most neighbours keep.
    ///
    /// - Parameter sorted: in ascending order, without repetitions; one alone gets a step of a day, an hour or one.
    package init(form: AxisForm, sorted: [Double]) {
        let start = sorted.first ?? 0
        guard sorted.count > 1 else {
            switch form {
            case .date: self.init(form: form, step: .days(1), start: start)
            case .dateTime: self.init(form: form, step: .seconds(3600), start: start)
            case .number: self.init(form: form, step: .number(1), start: start)
            }
            return
        }
        let steps = zip(sorted.dropFirst(), sorted).map { $0 - $1 }
        let unit: Double = if case .dateTime = form { 86_400 } else { 1 }
        if form != .number, let months = TimeAxis.months(steps, unit: unit) {
            self.init(form: form, step: .months(months), start: start)
            return
        }
        let usual = TimeAxis.step(steps)
        switch form {
        case .date: self.init(form: form, step: .days(max(1, Int(usual.rounded()))), start: start)
        case .dateTime: self.init(form: form, step: .seconds(usual), start: start)
        case .number:
            // Decimal years are rounded in the file; the whole length tells the step better than any two neighbours.
            let last = sorted[sorted.count - 1]
            let count = ((last - start) / usual).rounded()
            let mean = count > 0 ? (last - start) / count : usual
            let perYear = (1 / mean).rounded()
            let step = mean < 0.9 && abs(1 / mean - perYear) < 0.02 ? 1 / perYear : mean
            self.init(
                form: form, step: .number(abs(step - step.rounded()) < 1e-9 ? step.rounded() : step), start: start)
        }
    }

    /// Months between neighbours where all steps are as long as whole months are.
    private static func months(_ steps: [Double], unit: Double) -> Int? {
        let days = steps.map { $0 / unit }
        guard let shortest = days.min(), shortest >= 28 else { return nil }
        let months = Swift.max(1, Int((mode(days) / 30.436875).rounded()))
        let fits = days.allSatisfy { day in
            let count = (day / 30.436875).rounded()
            return count >= 1 && abs(day - count * 30.436875) <= 2.5
        }
        return fits ? months : nil
    }

    /// The step that most neighbours keep; a shorter one where all others are whole multiples of it.
    private static func step(_ steps: [Double]) -> Double {
        let usual = mode(steps)
        guard let shortest = steps.min(), shortest < 0.9 * usual else { return usual }
        let isCommon = steps.allSatisfy { abs($0 / shortest - ($0 / shortest).rounded()) < 0.05 }
        return isCommon ? shortest : usual
    }

    /// The most frequent value, the smaller one of two alike; values within a thousandth of each other are one.
    private static func mode(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        var best = (count: 0, value: sorted[0])
        var first = 0
        for index in sorted.indices {
            if sorted[index] - sorted[first] > 1e-3 * Swift.max(abs(sorted[first]), 1e-300) { first = index }
            if index - first + 1 > best.count { best = (index - first + 1, sorted[(first + index) / 2]) }
        }
        return best.value
    }
}
