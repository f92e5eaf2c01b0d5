import Glibc

/// Where the level of a series changes: PELT (Killick, Fearnhead and Eckley 2012) with the squared-error cost.
///
/// Among all ways to cut a series into segments the one with the least Σ (x − segment mean)² + penalty · (number of
/// cuts), exactly; the pruning only saves time, which is linear in the length where changes keep coming.
package enum LevelShifts {
    /// One cut with the means on either side, up to the neighbouring cuts.
    package struct Shift: Sendable, Equatable {
        /// Position of the first value of the new level.
        package let index: Int
        package let before: Double
        package let after: Double
    }

    /// Positions at which a new segment begins, ascending; 0 and the length are not among them.
    ///
    /// - Parameters:
    ///   - values: finite; missing ones are left out by the caller.
    ///   - penalty: in squared units of the values; `usualPenalty` where it is not given.
    ///   - minimumLength: of a segment.
    package static func cuts(_ values: [Double], penalty: Double? = nil, minimumLength: Int = 2) -> [Int] {
        let count = values.count
        let least = max(1, minimumLength)
        guard count >= 2 * least else { return [] }
        let penalty = penalty ?? usualPenalty(values)
        guard penalty.isFinite, penalty >= 0 else { return [] }
        // Centred, so that squares of a distant level do not drown the differences.
        let centre = values.reduce(0) { $0 + $1 / Double(count) }
        var sums = Array(repeating: 0.0, count: count + 1)
        var squares = sums
        for (index, value) in values.enumerated() {
            let x = value - centre
            sums[index + 1] = sums[index] + x
            squares[index + 1] = squares[index] + x * x
        }
        // best[t]: least cost of the first t values, each segment charged the penalty.
        var best = Array(repeating: Double.infinity, count: count + 1)
        best[0] = -penalty
        var previous = Array(repeating: 0, count: count + 1)
        var candidates: [Int] = []
        candidates.reserveCapacity(count)
        // From which end on a start needs no further thought.
        var droppedAt = Array(repeating: Int.max, count: count + 1)
        var costs: [Double] = []
        costs.reserveCapacity(count)
        for end in least...count {
            if end - least == 0 || end - least >= least { candidates.append(end - least) }
            costs.removeAll(keepingCapacity: true)
            for start in candidates {
                let sum = sums[end] - sums[start]
                let cost = best[start] + (squares[end] - squares[start]) - sum * sum / Double(end - start)
                costs.append(cost)
                if cost + penalty < best[end] {
                    best[end] = cost + penalty
                    previous[end] = start
                }
            }
            // A start that is worse than cutting here never becomes best again, once a segment from here may end.
            var kept = 0
            for position in candidates.indices {
                let start = candidates[position]
                if costs[position] > best[end] { droppedAt[start] = min(droppedAt[start], end + least) }
                guard droppedAt[start] > end + 1 else { continue }
                candidates[kept] = start
                kept += 1
            }
            candidates.removeLast(candidates.count - kept)
        }
        var out: [Int] = []
        var end = count
        while previous[end] > 0 {
            end = previous[end]
            out.append(end)
        }
        return out.reversed()
    }

    /// 2 · log(n) · σ², σ² from the median absolute difference of neighbours, which shifts of level hardly touch.
    ///
    /// Where most neighbours are equal the plain variance of the differences takes its place; 0 for a constant.
    package static func usualPenalty(_ values: [Double]) -> Double {
        guard values.count > 2 else { return .infinity }
        var differences = zip(values.dropFirst(), values).map { abs($0 - $1) }
        let mean = differences.reduce(0) { $0 + $1 * $1 / Double(differences.count) }
        var scale = 1.4826 * (median(&differences) ?? 0) / 2.0.squareRoot()
        if scale == 0 { scale = (mean / 2).squareRoot() }
        return 2 * log(Double(values.count)) * scale * scale
    }

    /// The shifts of a series with missing values (`NaN`), its regular season taken out first where it has one.
    ///
    /// The season is the median of each phase; it is taken out when that lowers the robust variance of neighbours'
    /// differences by a fifth or more. `before` and `after` are means of the values as given.
    package static func shifts(_ values: [Double], period: Int = 1, penalty: Double? = nil) -> [Shift] {
        let known = values.indices.filter { values[$0].isFinite }
        let given = known.map { values[$0] }
        let flat = deseasonalised(given, phases: known.map { $0 % max(1, period) }, period: period)
        let inner = cuts(flat, penalty: penalty)
        let bounds = [0] + inner + [given.count]
        func mean(_ segment: Int) -> Double {
            let range = bounds[segment]..<bounds[segment + 1]
            return given[range].reduce(0, +) / Double(range.count)
        }
        return inner.indices.map { Shift(index: known[inner[$0]], before: mean($0), after: mean($0 + 1)) }
    }

    private static func deseasonalised(_ values: [Double], phases: [Int], period: Int) -> [Double] {
        guard period > 1, values.count >= 4 * period else { return values }
        var groups = Array(repeating: [Double](), count: period)
        for (value, phase) in zip(values, phases) { groups[phase].append(value) }
        var all = values
        let middle = median(&all) ?? 0
        let medians = groups.map { group -> Double in
            var group = group
            return median(&group) ?? middle
        }
        let flat = zip(values, phases).map { $0 - medians[$1] + middle }
        return usualPenalty(flat) < 0.8 * usualPenalty(values) ? flat : values
    }
}
