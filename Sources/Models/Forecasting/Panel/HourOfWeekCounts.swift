import Glibc

/// Arrivals too few to follow hour by hour: a rate for each of the 168 hours of the week.
///
/// Each rate is gamma distributed around the product of a weekday's and an hour's factor, with a shape in proportion to
/// that product; counts are Poisson given the rate. The posterior mean (κ·prior + Σ count) / (κ + weeks) follows an hour
/// where it was seen often and borrows from weekday and hour where not; κ maximises the marginal likelihood, a negative
/// binomial one (Robbins 1956, "An empirical Bayes approach to statistics"). The level is then that of the last four weeks.
/// Limits are negative binomial with the dispersion that the moments of the history give.
package struct HourOfWeekCounts: Sendable {
    package static let season = 168
    /// Weights of the prior that are tried, in weeks.
    static let strengths = [0.5, 1, 2, 4, 8, 16, 32, 1e5]
    /// Hours that the level is taken from.
    private static let recent = 4 * season
    /// Rounds in which hours and weekdays are fitted to each other.
    private static let rounds = 20
    /// Arrivals that the level of the whole history weighs as much as.
    private static let levelWeight = 30.0

    package init() {}

    /// Fits to hourly values that begin at midnight, `NaN` for missing; `nil` where nothing was observed.
    package func fit(_ values: [Double]) -> FittedHourOfWeekCounts? {
        let season = HourOfWeekCounts.season
        var sums = [Double](repeating: 0, count: season)
        var weeks = sums
        for (t, value) in values.enumerated() where !value.isNaN {
            sums[t % season] += max(0, value)
            weeks[t % season] += 1
        }
        let observed = weeks.reduce(0, +)
        guard observed > 0 else { return nil }
        let prior = HourOfWeekCounts.prior(sums, weeks)
        var best = (strength: HourOfWeekCounts.strengths[0], likelihood: -Double.infinity)
        for strength in HourOfWeekCounts.strengths {
            var likelihood = 0.0
            for c in 0..<season where weeks[c] > 0 && prior[c] > 0 {
                let shape = strength * prior[c]
                likelihood += lgamma(sums[c] + shape) - lgamma(shape)
                likelihood += shape * log(strength / (strength + weeks[c]))
                likelihood += sums[c] * log(weeks[c] / (strength + weeks[c]))
            }
            if likelihood > best.likelihood { best = (strength, likelihood) }
        }
        var rates = (0..<season).map { (best.strength * prior[$0] + sums[$0]) / (best.strength + weeks[$0]) }
        let level = HourOfWeekCounts.level(values, rates)
        var excess = 0.0
        var squares = 0.0
        for (t, value) in values.enumerated() where !value.isNaN {
            let mean = rates[t % season]
            excess += (value - mean) * (value - mean) - mean
            squares += mean * mean
        }
        for c in 0..<season { rates[c] *= level }
        return FittedHourOfWeekCounts(
            count: values.count, rates: rates, dispersion: squares > 0 ? min(max(0, excess / squares), 10) : 0,
            uncertainty: (0..<season).map { rates[$0] / (best.strength + weeks[$0]) }, strength: best.strength)
    }

    /// The product of an hour's rate and a weekday's factor that is likeliest for Poisson counts, found by fitting the one
    /// to the other in turn; a weekday that was never seen has the mean factor.
    private static func prior(_ sums: [Double], _ weeks: [Double]) -> [Double] {
        var days = [Double](repeating: 1, count: 7)
        var hours = [Double](repeating: 0, count: 24)
        for _ in 0..<rounds {
            for hour in 0..<24 {
                var sum = 0.0
                var exposure = 0.0
                for day in 0..<7 {
                    sum += sums[24 * day + hour]
                    exposure += weeks[24 * day + hour] * days[day]
                }
                hours[hour] = exposure > 0 ? sum / exposure : 0
            }
            var seen: [Double] = []
            var unseen: [Int] = []
            for day in 0..<7 {
                var sum = 0.0
                var exposure = 0.0
                for hour in 0..<24 {
                    sum += sums[24 * day + hour]
                    exposure += weeks[24 * day + hour] * hours[hour]
                }
                if exposure > 0 {
                    days[day] = sum / exposure
                    seen.append(days[day])
                } else {
                    unseen.append(day)
                }
            }
            for day in unseen where !seen.isEmpty { days[day] = seen.reduce(0, +) / Double(seen.count) }
        }
        return (0..<season).map { hours[$0 % 24] * days[$0 / 24] }
    }

    /// How the last weeks compare with the whole history.
    private static func level(_ values: [Double], _ rates: [Double]) -> Double {
        var seen = levelWeight
        var expected = levelWeight
        for t in max(0, values.count - recent)..<values.count where !values[t].isNaN {
            seen += max(0, values[t])
            expected += rates[t % season]
        }
        return seen / expected
    }
}

/// Rates of the hours of the week.
package struct FittedHourOfWeekCounts: ForecastingModel {
    /// Expected arrivals by position in the week, counted from the first value.
    package let rates: [Double]
    /// Negative-binomial dispersion: the variance of a count is mean + dispersion · mean².
    package let dispersion: Double
    package let fittedValues: [Double]
    /// Weight of the prior in weeks.
    let strength: Double
    /// Variance of each rate itself.
    private let uncertainty: [Double]

    package var name: String { "hour-of-week counts[168]" }

    init(count: Int, rates: [Double], dispersion: Double, uncertainty: [Double], strength: Double) {
        self.rates = rates
        self.dispersion = dispersion
        self.uncertainty = uncertainty
        self.strength = strength
        fittedValues = (0..<count).map { rates[$0 % rates.count] }
    }

    package func forecast(horizon: Int, levels: [Double]) -> Forecast {
        let positions = (0..<horizon).map { (fittedValues.count + $0) % rates.count }
        let mean = positions.map { rates[$0] }
        let variances = positions.map { rates[$0] + dispersion * rates[$0] * rates[$0] + uncertainty[$0] }
        return Forecast(
            mean: mean, intervals: levels.map { CountIntervals.around(mean, variances: variances, level: $0) })
    }
}
