/// The candidates for a kind of series, each fitted to all of it.
struct CandidateMembers {
    struct Candidate {
        let recipe: ForecastRecipe
        let model: any ForecastingModel
        /// The place among the candidates for this kind of series, also where others could not be fitted.
        let slot: Int
        /// Weight before any error was seen.
        let prior: Double
        /// The greatest error, in those of the best candidate, with which this one is still taken.
        let greatestError: Double
    }

    private(set) var candidates: [Candidate] = []
    /// The power of the inverse error by which candidates are weighed.
    let power: Double
    let calibration: IntervalCalibration
    /// Rolling origins at most.
    let origins: Int
    /// Whether squared errors are compared, so that the mean and not the median of a skewed count is found.
    let squared: Bool
    private(set) var fits = 0
    /// Candidates tried, fitted or not.
    private(set) var slots = 0

    /// Forms whose trend does not run away.
    private static let tame = ETSForm.admissible(seasonal: true, positive: true).filter { $0.trend != .additive }

    private let seasons: [Int]
    private let profile: SeriesProfile
    private let kind: Kind

    private enum Kind { case sparse, severalSeasons, long, short }

    /// The same candidates for an earlier part of the series.
    func rebuilt(_ values: [Double]) -> CandidateMembers {
        CandidateMembers(values, seasons: seasons, profile: profile, kind: kind)
    }

    /// - Parameter seasons: those that the series is long enough for, ascending.
    init(_ values: [Double], seasons: [Int], profile: SeriesProfile) {
        let season = seasons.first ?? 1
        let kind: Kind
        if profile.isSparse {
            kind = .sparse
        } else if seasons.count > 1 || season >= 24 {
            kind = .severalSeasons
        } else {
            kind = season > 1 && values.count >= max(300, 30 * season) ? .long : .short
        }
        self.init(values, seasons: seasons, profile: profile, kind: kind)
    }

    private init(_ values: [Double], seasons: [Int], profile: SeriesProfile, kind: Kind) {
        self.seasons = seasons
        self.profile = profile
        self.kind = kind
        let season = seasons.first ?? 1
        squared = kind == .sparse
        power = kind == .short ? 2 : 3
        origins = kind == .short ? 6 : 3
        calibration = kind == .long ? .long : kind == .severalSeasons ? .severalSeasons : .short
        switch kind {
        case .sparse:
            add(.seasonalMean(season: season), values)
            add(.seasonalMean(season: 1), values)
            add(.intermittent(.syntetosBoylan), values)
            add(.intermittent(.teunterSyntetosBabai), values)
            addSmoothing(values, season: 1, trend: .none, error: .additive)
            add(.seasonalNaive(season: season), values, prior: 0.25)
        case .severalSeasons:
            add(.seasonalNaive(season: seasons.last ?? 1), values, prior: 2)
            for robust in [false, true] {
                addDecomposition(values, MSTL(seasons: seasons, robust: robust))
                addDecomposition(values, MSTL(seasons: seasons, windows: [.periodic], robust: robust))
            }
        case .long:
            addSmoothing(values, season: season, trend: .none)
            addSmoothing(values, season: season, trend: .damped)
            addAdjusted(values, season: season)
            addDecomposition(values, MSTL(seasons: [season]))
            addDecomposition(values, MSTL(seasons: [season], windows: [.periodic]))
            add(.seasonalNaive(season: season), values, greatestError: 1.1)
        case .short:
            add(.theta(season: season, dynamic: true), values)
            add(.theta(season: season, dynamic: false), values)
            addSmoothing(values, season: season, trend: .none)
            addSmoothing(values, season: season, trend: .damped)
            addARIMA(values, season: season)
            add(.seasonalNaive(season: season), values)
        }
    }

    private mutating func add(
        _ recipe: ForecastRecipe, _ values: [Double], prior: Double = 1, greatestError: Double = .infinity
    ) {
        fits += 1
        slots += 1
        guard let model = recipe.fit(values) else { return }
        append(recipe, model, prior, greatestError)
    }

    /// The best exponential smoothing model with this trend.
    private mutating func addSmoothing(
        _ values: [Double], season: Int, trend: ETSForm.Trend, error: ETSForm.ErrorTerm? = nil
    ) {
        let forms = CandidateMembers.tame.filter { $0.trend == trend && (error == nil || $0.error == error) }
        fits += forms.count
        slots += 1
        guard let model = AutoETS(season: season, forms: forms).fit(values) else { return }
        append(.smoothing(model.form, season: season, alpha: model.alpha), model)
    }

    /// The ARIMA model of a short search.
    private mutating func addARIMA(_ values: [Double], season: Int) {
        slots += 1
        var search = AutoARIMA(period: season)
        search.effort = .quick
        search.computesStandardErrors = false
        search.budget = AutoARIMA.Budget(models: 30)
        guard let found = try? search.fit(GapFilling.fill(values, season: season)) else { return }
        fits += max(1, found.candidates.count)
        append(.arima(found.model.configuration, season: season), found.model)
    }

    private mutating func addAdjusted(_ values: [Double], season: Int) {
        fits += ShortMemory.orders.count
        slots += 1
        guard let model = AdjustedShortMemory(season: season).fit(values) else { return }
        let recipe = ForecastRecipe.adjustedShortMemory(season: season, order: model.model.order)
        append(recipe, model)
    }

    private mutating func addDecomposition(_ values: [Double], _ decomposition: MSTL) {
        fits += ShortMemory.orders.count
        slots += 1
        guard let model = SeasonalDecompositionForecaster(decomposition, rest: .shortMemory).fit(values),
            let order = (model.model as? FittedARIMA)?.order
        else { return }
        append(.decomposition(decomposition, order: order), model)
    }

    private mutating func append(
        _ recipe: ForecastRecipe, _ model: any ForecastingModel, _ prior: Double = 1,
        _ greatestError: Double = .infinity
    ) {
        candidates.append(
            Candidate(recipe: recipe, model: model, slot: slots - 1, prior: prior, greatestError: greatestError))
    }
}
