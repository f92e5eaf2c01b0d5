/// Fills missing values for methods that need every value; the filled values are never reported as data.
package enum GapFilling {
    /// The values with gaps filled: linearly between neighbours, plus the mean seasonal pattern where at least two
    /// seasons were seen. Without any value all stay missing.
    package static func fill(_ values: [Double], season m: Int) -> [Double] {
        guard values.contains(where: \.isNaN) else { return values }
        guard m > 1, values.count >= 2 * m,
            let indices = SeasonalAdjustment.indices(values, season: m, multiplicative: false)
        else { return interpolate(values) }
        var adjusted = values
        for t in adjusted.indices { adjusted[t] -= indices[t % m] }
        adjusted = interpolate(adjusted)
        var filled = values
        for t in filled.indices where filled[t].isNaN { filled[t] = adjusted[t] + indices[t % m] }
        if values.allSatisfy({ !($0 < 0) }) {
            for t in filled.indices { filled[t] = max(0, filled[t]) }
        }
        return filled
    }

    /// Straight lines between observed neighbours, the nearest value at the ends.
    static func interpolate(_ values: [Double]) -> [Double] {
        var filled = values
        var previous = -1
        for t in values.indices where !values[t].isNaN {
            if previous < 0 {
                for k in 0..<t { filled[k] = values[t] }
            } else if t > previous + 1 {
                let step = (values[t] - values[previous]) / Double(t - previous)
                for k in previous + 1..<t { filled[k] = values[previous] + step * Double(k - previous) }
            }
            previous = t
        }
        if previous >= 0 { for k in previous + 1..<max(previous + 1, values.count) { filled[k] = values[previous] } }
        return filled
    }
}
