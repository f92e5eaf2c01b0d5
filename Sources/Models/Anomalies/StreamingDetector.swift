import Glibc

/// Unusual points of one metric that arrives every few minutes or hours, judged as they arrive.
///
/// Each point is compared with what is usual at its time of day and at its hour of the week (means that forget), both in
/// plain units and on a logarithm, because metrics differ in which of the two their noise is even. The four errors, each
/// in multiples of its own root mean square so far, become one distance. A point says something only when its distance
/// exceeds all of a trailing stretch, a fixed share of the points seen: one word for a burst, none for its echo.
///
/// Nothing looks ahead: the scores of a prefix are the prefix of the scores.
package struct StreamingDetector: Sendable {
    /// Share of the points seen so far that one alert silences.
    package var refractoryShare = 0.14
    /// Points that one alert silences at least.
    package var leastRefractory = 20
    /// Points before anything is said.
    package var warmUp = 100
    /// Distance from which a point is called.
    package var threshold = 7.25

    /// Means over slots of one cycle: how many slots, and how many visits a mean remembers.
    package struct Cycle: Sendable, Equatable {
        package var slots: Int
        package var memory: Double

        package init(slots: Int, memory: Double) {
            self.slots = slots
            self.memory = memory
        }

        /// The time of day in half hours.
        package static let day = Cycle(slots: 48, memory: 10)
        /// The hour of the week.
        package static let week = Cycle(slots: 168, memory: 4)
    }

    package init() {}

    /// What is said of one point.
    package struct Point: Sendable, Equatable {
        /// Usual value at this time; `NaN` before the warm-up is over.
        package var expected: Double
        /// Distance where the point raises an alert's claim, 0 where one is silenced or nothing is said.
        package var score: Double
        /// Share of the earlier points that were as far off.
        package var pValue: Double
        package var isAnomaly: Bool
    }

    /// Judges the points of a series in their order.
    ///
    /// - Parameters:
    ///   - values: a missing one is `NaN` and gets no word.
    ///   - fine: slot of each point in the shorter cycle, from 0 below `cycles.fine.slots`.
    ///   - coarse: slot of each point in the longer one.
    package func judge(
        _ values: [Double], fine: [Int], coarse: [Int], cycles: (fine: Cycle, coarse: Cycle) = (.day, .week)
    ) -> [Point] {
        var out = Array(
            repeating: Point(expected: .nan, score: 0, pValue: .nan, isAnomaly: false), count: values.count)
        let known = values.indices.filter { values[$0].isFinite }
        guard known.count > warmUp else { return out }
        // Units of the logarithm, from the warm-up alone.
        let size = known.prefix(warmUp).reduce(0) { $0 + abs(values[$1]) / Double(warmUp) }
        let unit = size > 0 ? size : 1
        var usual = [
            SlotMeans(cycles.coarse), SlotMeans(cycles.fine), SlotMeans(cycles.coarse), SlotMeans(cycles.fine),
        ]
        var recent = TrailingMaximum()
        var ranks = ScoreRanks()
        for (position, index) in known.enumerated() {
            let plain = values[index] / unit
            let logarithm = (plain < 0 ? -1.0 : 1.0) * log1p(16 * abs(plain))
            var square = 0.0
            var expected = 0.0
            for (place, slot) in [coarse[index], fine[index], coarse[index], fine[index]].enumerated() {
                let (mean, deviation) = usual[place].take(place < 2 ? plain : logarithm, slot: slot, at: position)
                if place < 2 { expected += mean * unit / 2 }
                square += deviation * deviation
            }
            let distance = position < warmUp ? 0 : square.squareRoot()
            let width = max(leastRefractory, Int(refractoryShare * Double(position)))
            let isGreatest = recent.take(distance, width: width)
            guard position >= warmUp else { continue }
            let score = isGreatest ? distance : 0
            out[index] = Point(
                expected: expected, score: score, pValue: ranks.take(distance), isAnomaly: score >= threshold)
        }
        return out
    }

    /// Slots of times in seconds on a clock without zone: half hours of the day, hours of the week (from Monday).
    package static func clockSlots(_ seconds: [Double]) -> (fine: [Int], coarse: [Int]) {
        var fine: [Int] = []
        var coarse: [Int] = []
        for time in seconds {
            let whole = Int64(time.rounded(.down))
            let (day, inDay) = (floorDivide(whole, 86_400), whole - floorDivide(whole, 86_400) * 86_400)
            fine.append(Int(inDay / 1_800))
            let weekday = ((day + 3) % 7 + 7) % 7
            coarse.append(Int(weekday * 24 + inDay / 3_600))
        }
        return (fine, coarse)
    }

    /// Slots by position for a series whose seasons are given in steps; the longer is seven of the shorter by default.
    package static func stepSlots(
        count: Int, season: Int, longer: Int? = nil
    ) -> (fine: [Int], coarse: [Int], cycles: (fine: Cycle, coarse: Cycle)) {
        let short = max(1, season)
        let long = max(1, longer ?? 7 * short)
        let slots = (fine: min(short, Cycle.day.slots), coarse: min(long, Cycle.week.slots))
        return (
            (0..<count).map { $0 % short * slots.fine / short }, (0..<count).map { $0 % long * slots.coarse / long },
            (Cycle(slots: slots.fine, memory: Cycle.day.memory), Cycle(slots: slots.coarse, memory: Cycle.week.memory))
        )
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : -((-a + b - 1) / b) }
}

/// A forgetting mean for each slot of a cycle, and the root mean square of its errors so far.
private struct SlotMeans {
    private let memory: Double
    private var means: [Double]
    private var visits: [Double]
    private var overall = 0.0
    private var squares = 0.0
    /// Errors before one is measured in their multiples.
    private static let leastErrors = 50

    init(_ cycle: StreamingDetector.Cycle) {
        memory = cycle.memory
        means = Array(repeating: 0, count: cycle.slots)
        visits = means
    }

    mutating func take(_ value: Double, slot: Int, at position: Int) -> (mean: Double, deviation: Double) {
        // Half a visit of the overall mean steadies a young slot.
        let mean =
            visits[slot] > 0
            ? (means[slot] * visits[slot] + 0.5 * overall) / (visits[slot] + 0.5) : position == 0 ? value : overall
        let error = value - mean
        overall += (value - overall) / Double(min(position + 1, 500))
        visits[slot] = min(visits[slot] + 1, memory)
        means[slot] += (value - means[slot]) / visits[slot]
        var deviation = 0.0
        if position >= SlotMeans.leastErrors {
            let scale = (squares / Double(position)).squareRoot()
            // A metric that never moved until now: far off, but not without end.
            deviation = scale > 0 ? abs(error) / scale : error == 0 ? 0 : 10
        }
        squares += error * error
        return (mean, deviation)
    }
}

/// Whether a value exceeds all of a trailing stretch whose beginning only moves forward.
private struct TrailingMaximum {
    /// Positions and values, descending in value.
    private var queue: [(position: Int, value: Double)] = []
    private var head = 0
    private var position = 0

    mutating func take(_ value: Double, width: Int) -> Bool {
        while head < queue.count, queue[head].position < position - width { head += 1 }
        let isGreatest = head == queue.count || value > queue[head].value
        while queue.count > head, let last = queue.last, last.value <= value { queue.removeLast() }
        queue.append((position, value))
        position += 1
        if head > 4_096 {
            queue.removeFirst(head)
            head = 0
        }
        return isGreatest
    }
}

/// The share of earlier scores that were as great, from a histogram with steps of 2 per cent.
private struct ScoreRanks {
    private var counts = Array(repeating: 0, count: 1_024)
    private var total = 0

    mutating func take(_ score: Double) -> Double {
        let bucket = score > 0 ? min(max(Int((log(score) * 50).rounded(.down)) + 512, 1), 1_023) : 0
        let above = counts[bucket...].reduce(0, +)
        counts[bucket] += 1
        total += 1
        return Double(above + 1) / Double(total)
    }
}
