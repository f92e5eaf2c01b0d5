internal import Glibc

/// The stepwise search over p, q, P, Q and the constant, the differences being fixed.
struct ARIMASearch {
    /// A model that was fitted.
    struct Found {
        var order: ARIMAOrder
        var hasConstant: Bool
        var aicc: Double
        var parameters: [Double]
    }

    private struct Key: Hashable {
        var p: Int
        var q: Int
        var seasonalP: Int
        var seasonalQ: Int
        var hasConstant: Bool
    }

    private let plan: AutoARIMA.Plan
    private let budget: AutoARIMA.Budget
    private let plain: ARMAWorkspace
    private let withConstant: ARMAWorkspace?
    private let logScale: Double
    private let limits: (order: (p: Int, q: Int), seasonal: (p: Int, q: Int))
    private let isThorough: Bool
    private let deadline: ContinuousClock.Instant?
    private var seen: [Key: Double] = [:]
    private var found: [Found] = []
    private var best: Found?
    private(set) var candidates: [AutoARIMA.Selection.Candidate] = []
    private(set) var budgetReached = false
    private var search = LevenbergMarquardt()

    init(_ auto: AutoARIMA, plan: AutoARIMA.Plan, series: [Double], regressors: [ARIMARegressor]) {
        self.plan = plan
        budget = auto.budget
        deadline = auto.budget.wall.map { ContinuousClock.now + $0 }
        let (n, m) = (series.count, plan.period)
        isThorough = auto.effort == .automatic ? n <= 400 : auto.effort == .thorough
        var (order, seasonal) = (min(auto.maximumOrder, n / 3), min(auto.maximumSeasonalOrder, n / 3 / m))
        if m == 1 { seasonal = 0 }
        if seasonal > 0 { order = min(order, m - 1) }
        (order, seasonal) = (max(order, 0), max(seasonal, 0))
        limits = ((order, order), (seasonal, seasonal))
        let base = ARIMAOrder(0, plan.d, 0, seasonal: (0, plan.seasonalD, 0), period: m)
        let mean = series.reduce(0, +) / Double(n)
        let hasConstant = plan.span == 0 ? auto.allowsMean : plan.span == 1 && auto.allowsDrift
        let magnitude = series.reduce(0) { max($0, abs($1)) }
        // Without a constant an undifferenced model keeps the series' own level.
        let centre = plan.span > 0 ? mean : 0
        let scaled = ARIMAFit.ScaledColumns(series.map { $0 - centre }, regressors, base, magnitude: magnitude)
        let capacity = max(order, order + 1) + seasonal * m
        plain = ARMAWorkspace(columns: scaled.columns, capacity: capacity)
        logScale = log(scaled.scales[0])
        var columns = scaled.columns
        columns.insert(Array(repeating: 1, count: columns[0].count), at: 1)
        if plan.span == 0 { columns[0] = series.map { ($0 - mean) / scaled.scales[0] } }
        withConstant = hasConstant ? ARMAWorkspace(columns: columns, capacity: capacity) : nil
        search.tolerance = (isThorough ? 0.003 : 0.01) / Double(n)
        search.maximumSteps = 30
    }

    /// Models from the best AICc on.
    var ranking: [Found] { found.filter { $0.aicc.isFinite }.sorted { $0.aicc < $1.aicc } }

    mutating func run() {
        let constant = withConstant != nil
        let (p, q) = (min(2, limits.order.p), min(2, limits.order.q))
        let (seasonalP, seasonalQ) = (min(1, limits.seasonal.p), min(1, limits.seasonal.q))
        let starts = [
            Key(p: p, q: q, seasonalP: seasonalP, seasonalQ: seasonalQ, hasConstant: constant),
            Key(p: 0, q: 0, seasonalP: 0, seasonalQ: 0, hasConstant: constant),
            Key(p: min(1, p), q: 0, seasonalP: seasonalP, seasonalQ: 0, hasConstant: constant),
            Key(p: 0, q: min(1, q), seasonalP: 0, seasonalQ: seasonalQ, hasConstant: constant),
            Key(p: 0, q: 0, seasonalP: 0, seasonalQ: 0, hasConstant: false),
        ]
        for key in starts { attempt(key) }
        climb()
        refine()
    }

    /// Moves to the first better neighbour until there is none, second neighbours included in a thorough search.
    private mutating func climb() {
        var improved = true
        while improved, !budgetReached {
            improved = false
            for key in neighbours(Self.near) where attempt(key) {
                improved = true
                break
            }
            if improved || !isThorough { continue }
            for key in neighbours(Self.far) where attempt(key) {
                improved = true
                break
            }
        }
    }

    /// Searches the best models again from white noise and to a finer tolerance, as a likelihood may have several peaks.
    private mutating func refine() {
        search.tolerance = 1e-9
        search.maximumSteps = 60
        for index in found.indices.sorted(by: { found[$0].aicc < found[$1].aicc }).prefix(4) {
            let model = found[index]
            guard model.aicc.isFinite, model.order.coefficientCount > 0 else { continue }
            let origin = [Double](repeating: 0, count: model.parameters.count)
            for start in [model.parameters, origin] {
                guard !isOverBudget else { return }
                if let again = fit(model.order, model.hasConstant, from: start), again.aicc < found[index].aicc {
                    found[index] = again
                }
            }
        }
    }

    private static let near: [(Int, Int, Int, Int, Bool)] = [
        (0, 0, -1, 0, false), (0, 0, 0, -1, false), (0, 0, 1, 0, false), (0, 0, 0, 1, false), (0, 0, -1, -1, false),
        (0, 0, -1, 1, false), (0, 0, 1, -1, false), (0, 0, 1, 1, false), (-1, 0, 0, 0, false), (0, -1, 0, 0, false),
        (1, 0, 0, 0, false), (0, 1, 0, 0, false), (-1, -1, 0, 0, false), (-1, 1, 0, 0, false), (1, -1, 0, 0, false),
        (1, 1, 0, 0, false), (0, 0, 0, 0, true),
    ]

    private static let far: [(Int, Int, Int, Int, Bool)] = [
        (2, 0, 0, 0, false), (0, 2, 0, 0, false), (2, -1, 0, 0, false), (-1, 2, 0, 0, false), (2, -2, 0, 0, false),
        (-2, 2, 0, 0, false), (1, 0, 0, 0, true), (0, 1, 0, 0, true), (1, 0, 1, 0, false), (1, 0, 0, 1, false),
        (0, 1, 1, 0, false), (0, 1, 0, 1, false), (1, 0, 1, -1, false), (0, 1, 1, -1, false), (1, 0, -1, 1, false),
        (0, 1, -1, 1, false), (2, 1, 0, 0, false), (1, 2, 0, 0, false), (2, 2, 0, 0, false), (-1, 0, -1, 0, false),
        (0, -1, 0, -1, false), (0, 0, 2, -1, false), (0, 0, -1, 2, false),
    ]

    private func neighbours(_ steps: [(Int, Int, Int, Int, Bool)]) -> [Key] {
        guard let best else { return [] }
        let order = best.order
        return steps.map { step in
            Key(
                p: order.p + step.0, q: order.q + step.1, seasonalP: order.seasonalP + step.2,
                seasonalQ: order.seasonalQ + step.3, hasConstant: step.4 ? !best.hasConstant : best.hasConstant)
        }
    }

    private var isOverBudget: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }

    /// Fits a model unless it was fitted before or lies outside the limits; true when it is the best so far.
    @discardableResult
    private mutating func attempt(_ key: Key) -> Bool {
        guard (0...limits.order.p).contains(key.p), (0...limits.order.q).contains(key.q),
            (0...limits.seasonal.p).contains(key.seasonalP), (0...limits.seasonal.q).contains(key.seasonalQ),
            !key.hasConstant || withConstant != nil, seen[key] == nil
        else { return false }
        guard candidates.count < budget.models, !isOverBudget || candidates.isEmpty else {
            budgetReached = true
            return false
        }
        let order = ARIMAOrder(
            key.p, plan.d, key.q, seasonal: (key.seasonalP, plan.seasonalD, key.seasonalQ), period: plan.period)
        let model = fitTwice(order, key.hasConstant)
        let aicc = model?.aicc ?? .infinity
        seen[key] = aicc
        candidates.append(.init(order: order, includesConstant: key.hasConstant, aicc: aicc))
        guard let model else { return false }
        found.append(model)
        guard aicc < best?.aicc ?? .infinity else { return false }
        best = model
        return true
    }

    /// The best model's parameters cut or extended with zeros to other orders.
    private func embedded(_ order: ARIMAOrder) -> [Double] {
        guard let best else { return Array(repeating: 0, count: order.coefficientCount) }
        let old = best.order
        var result: [Double] = []
        var start = 0
        for (had, wanted) in [
            (old.p, order.p), (old.q, order.q), (old.seasonalP, order.seasonalP), (old.seasonalQ, order.seasonalQ),
        ] {
            for index in 0..<wanted {
                // Away from the bound, where the likelihood has no slope.
                result.append(index < had ? max(-1.5, min(1.5, best.parameters[start + index])) : 0)
            }
            start += had
        }
        return result
    }

    /// Fits from the best model's neighbourhood, and again from the conditional-sum-of-squares estimate when the model is in
    /// the running: mixed models have several likelihood peaks, and a neighbour's estimate may lie on the wrong one.
    private func fitTwice(_ order: ARIMAOrder, _ hasConstant: Bool) -> Found? {
        let first = fit(order, hasConstant, from: embedded(order))
        guard isThorough, order.coefficientCount > 1, let workspace = hasConstant ? withConstant : plain else {
            return first
        }
        if let first, first.aicc.isFinite, let best, first.aicc > best.aicc + Self.running { return first }
        var z = [Double](repeating: 0, count: order.coefficientCount)
        let conditional = ARIMAObjective(.conditional, workspace: workspace, order: order)
        guard search.minimise(conditional, from: &z) != nil else { return first }
        for index in z.indices { z[index] = max(-2.5, min(2.5, z[index])) }
        if let first, zip(z, first.parameters).allSatisfy({ abs($0 - $1) < 0.1 }) { return first }
        guard let second = fit(order, hasConstant, from: z) else { return first }
        guard let first else { return second }
        return second.aicc < first.aicc ? second : first
    }

    /// A model within this distance of the best AICc may become the best by a better start.
    private static let running = 8.0

    private func fit(_ order: ARIMAOrder, _ hasConstant: Bool, from start: [Double]) -> Found? {
        guard let workspace = hasConstant ? withConstant : plain else { return nil }
        let n = Double(workspace.count)
        let k = Double(order.coefficientCount + workspace.columns)
        guard n - k - 1 > 0 else { return nil }
        let objective = ARIMAObjective(.exact, workspace: workspace, order: order)
        var z = start
        guard let sum = search.minimise(objective, from: &z) else { return nil }
        var coefficients = [Double](repeating: 0, count: z.count)
        coefficients.withUnsafeMutableBufferPointer { result in
            if let base = result.baseAddress { ARMAPolynomials.coefficients(of: z, order: order, into: base) }
        }
        let deviance = n * (log(sum / n) + 1 + log(2 * Double.pi) + 2 * logScale)
        let corrected = deviance + 2 * k * n / (n - k - 1)
        let admissible = ARMAPolynomials.rootsExceed(1.01, coefficients: coefficients, order: order)
        return Found(
            order: order, hasConstant: hasConstant, aicc: admissible ? corrected : .infinity, parameters: z)
    }
}
