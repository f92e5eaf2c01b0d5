import Features
package import Models

/// Which model a forecast shall come from.
package struct SeriesModelRequest: Sendable, Equatable {
    package enum Kind: String, CaseIterable, Sendable {
        case auto
        case arima
        case ets
        case theta
        case mstl
        case seasonalNaive = "seasonal-naive"
    }

    package var kind = Kind.auto
    /// p, d, q; `nil` for an automatic choice.
    package var order: [Int]?
    /// P, D, Q.
    package var seasonalOrder: [Int]?
    /// Whether an undifferenced ARIMA model has a mean.
    package var includesMean = true
    /// Whether an ARIMA model has a linear trend.
    package var includesTrend = false
    package var method = ARIMAMethod.cssML

    package init() {}
}

/// The forecast of one series with what made it.
package struct SeriesForecast: Sendable {
    /// A candidate of the automatic choice.
    package struct Member: Encodable, Sendable {
        package let name: String
        package let weight: Double
        /// Mean error at the rolling origins; `nil` where there was none.
        package let error: Double?
    }

    package let id: String
    /// The model as practitioners write it; empty where nothing could be forecast.
    package var model = ""
    /// p, d, q, P, D, Q, m of an ARIMA model.
    package var order: [String: Int]?
    package var coefficients: [String: Double] = [:]
    package var sigma2: Double?
    package var logLikelihood: Double?
    package var aicc: Double?
    package var seconds = 0.0
    package var members: [Member] = []
    /// Rolling origins and fits that the automatic choice used.
    package var origins = 0
    package var fits = 0
    package var stamps: [String] = []
    package var forecast = Forecast(mean: [], intervals: [])
    package var notes: [String] = []

    init(id: String) { self.id = id }
}

/// Makes the forecast of one series.
struct SeriesForecaster: Sendable {
    let request: SeriesForecastJob.Request
    let budget: ForecastBudget

    /// - Parameter factors: the calendar's factors for the days of history and forecast.
    func forecast(_ series: LongSeries, _ grid: RegularSeries, factors: [Double]?) -> SeriesForecast {
        let clock = ContinuousClock()
        let began = clock.now
        var result = SeriesForecast(id: series.id)
        let count = grid.values.count
        result.stamps = (0..<request.horizon).map { grid.axis.text(at: count + $0) }
        let horizon = request.horizon
        let profile = SeriesProfile(grid.values)
        var values = grid.values
        if let factors {
            for t in values.indices { values[t] /= factors[t] }
        }
        note(grid, profile, &result)
        let seasons = request.seasons.isEmpty ? grid.axis.usualSeasons : request.seasons.filter { $0 > 1 }
        let levels = request.levels.map { $0 / 100 }
        let model = profile.observed == 0 ? nil : fit(values, seasons, profile, &result)
        if let model {
            var forecast = model.forecast(horizon: horizon, levels: levels)
            if let factors {
                for h in 0..<horizon {
                    let factor = factors[count + h]
                    forecast.mean[h] *= factor
                    for i in forecast.intervals.indices {
                        forecast.intervals[i].lower[h] *= factor
                        forecast.intervals[i].upper[h] *= factor
                    }
                }
            }
            result.model = model.name
            result.forecast = HonestIntervals.mended(forecast, profile: profile)
        } else {
            let unknown = [Double](repeating: .nan, count: horizon)
            result.forecast = Forecast(
                mean: unknown,
                intervals: levels.map { PredictionInterval(level: $0, lower: unknown, upper: unknown) })
        }
        let elapsed = began.duration(to: clock.now).components
        result.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        return result
    }

    private func note(_ grid: RegularSeries, _ profile: SeriesProfile, _ result: inout SeriesForecast) {
        if profile.observed == 0 { result.notes.append("no value; nothing to forecast from") }
        if grid.repeated > 0 { result.notes.append("\(grid.repeated) rows repeat a time; the last of each was taken") }
        if grid.offGrid > 0 {
            result.notes.append("\(grid.offGrid) rows lie beside the grid; moved to the nearest step")
        }
        if profile.observed > 0, profile.observed < 5, !profile.isConstant {
            result.notes.append("\(profile.observed) values; the last one is repeated, with a wide interval")
        }
    }

    /// The model that was asked for; the automatic choice where it cannot be fitted.
    private func fit(
        _ values: [Double], _ seasons: [Int], _ profile: SeriesProfile, _ result: inout SeriesForecast
    ) -> (any ForecastingModel)? {
        let kind = request.model.kind
        if kind != .auto {
            let usable = seasons.filter { profile.observed > 2 * $0 }
            do {
                if let model = try special(kind, values, usable, seasons, &result) { return model }
                result.notes.append("\(kind.rawValue) asks for more values than \(profile.observed); auto was taken")
            } catch {
                result.notes.append("\(error); auto was taken")
            }
        }
        let forecaster = AutoForecaster(seasons: seasons, horizon: request.horizon, budget: budget)
        guard let model = forecaster.fit(values, profile: profile) else { return nil }
        result.origins = model.choice.origins
        result.fits = model.choice.fits
        result.members = model.choice.members.map {
            SeriesForecast.Member(name: $0.name, weight: $0.weight, error: $0.error.isFinite ? $0.error : nil)
        }
        return model
    }

    private func special(
        _ kind: SeriesModelRequest.Kind, _ values: [Double], _ usable: [Int], _ seasons: [Int],
        _ result: inout SeriesForecast
    ) throws(ARIMAError) -> (any ForecastingModel)? {
        switch kind {
        case .auto: return nil
        case .seasonalNaive:
            let longest = seasons.last { values.count >= $0 } ?? 1
            guard let model = SeasonalNaive(season: longest).fit(values) else { return nil }
            result.sigma2 = model.variance.isFinite ? model.variance : nil
            return model
        case .theta:
            guard let model = DynamicOptimizedTheta(season: usable.first ?? 1).fit(values) else { return nil }
            result.coefficients = ["alpha": model.alpha, "line_share": model.lineShare]
            result.sigma2 = model.variance
            return model
        case .mstl: return SeasonalDecompositionForecaster(seasons: seasons).fit(values)
        case .ets:
            let season = usable.first.map { $0 <= 24 ? $0 : 1 } ?? 1
            guard let model = AutoETS(season: season).fit(values) else { return nil }
            describe(model, &result)
            return model
        case .arima:
            let model = try arima(values, period: usable.first ?? seasons.first ?? 1)
            describe(model, &result)
            return model
        }
    }

    private func arima(_ values: [Double], period: Int) throws(ARIMAError) -> FittedARIMA {
        let wish = request.model
        guard let order = wish.order else {
            var search = AutoARIMA(period: period)
            search.allowsMean = wish.includesMean
            return try search.fit(values).model
        }
        let seasonal = wish.seasonalOrder ?? [0, 0, 0]
        let isSeasonal = seasonal.contains { $0 > 0 }
        let configuration = ARIMAConfiguration(
            order: ARIMAOrder(
                order[0], order[1], order[2], seasonal: (seasonal[0], seasonal[1], seasonal[2]),
                period: isSeasonal ? period : 1),
            includesMean: wish.includesMean, includesDrift: wish.includesTrend, method: wish.method,
            computesStandardErrors: false)
        return try configuration.fit(values)
    }

    private func describe(_ model: FittedARIMA, _ result: inout SeriesForecast) {
        let order = model.order
        result.order = [
            "p": order.p, "d": order.d, "q": order.q, "P": order.seasonalP, "D": order.seasonalD,
            "Q": order.seasonalQ, "m": order.period,
        ]
        for coefficient in model.coefficients { result.coefficients[coefficient.name] = coefficient.value }
        result.sigma2 = model.sigma2
        result.logLikelihood = model.logLikelihood.isFinite ? model.logLikelihood : nil
        result.aicc = model.aicc.isFinite ? model.aicc : nil
    }

    private func describe(_ model: FittedETS, _ result: inout SeriesForecast) {
        result.coefficients = ["alpha": model.alpha, "level": model.initialLevel]
        if model.form.trend != .none {
            result.coefficients["beta"] = model.beta
            result.coefficients["slope"] = model.initialSlope
        }
        if model.form.trend == .damped { result.coefficients["phi"] = model.phi }
        if model.form.season != .none { result.coefficients["gamma"] = model.gamma }
        result.sigma2 = model.variance
        result.logLikelihood = model.logLikelihood.isFinite ? model.logLikelihood : nil
        result.aicc = model.aicc.isFinite ? model.aicc : nil
    }
}
