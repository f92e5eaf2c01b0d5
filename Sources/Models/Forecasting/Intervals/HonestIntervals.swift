/// What every interval owes to the data, whichever model it comes from.
package enum HonestIntervals {
    /// The forecast with limits no narrower than the rounding of the values, ordered, and not below zero for counts.
    package static func mended(_ forecast: Forecast, profile: SeriesProfile) -> Forecast {
        var forecast = forecast
        let floor = profile.unit / 12.0.squareRoot()
        for h in forecast.mean.indices {
            if profile.isCount && forecast.mean[h] < 0 { forecast.mean[h] = 0 }
            for i in forecast.intervals.indices {
                let reach = NormalQuantile.twoSided(forecast.intervals[i].level) * floor
                if forecast.intervals[i].upper[h] - forecast.intervals[i].lower[h] < reach {
                    forecast.intervals[i].lower[h] = min(forecast.intervals[i].lower[h], forecast.mean[h] - reach)
                    forecast.intervals[i].upper[h] = max(forecast.intervals[i].upper[h], forecast.mean[h] + reach)
                }
                if profile.isCount {
                    forecast.intervals[i].lower[h] = max(0, forecast.intervals[i].lower[h])
                    forecast.intervals[i].upper[h] = max(0, forecast.intervals[i].upper[h])
                }
            }
        }
        return forecast
    }
}
