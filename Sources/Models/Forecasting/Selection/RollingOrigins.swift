import Glibc

/// Forecasts of the candidates from earlier ends of the series, compared with what followed.
struct RollingOrigins {
    /// Values left out at each origin, fewest first.
    let cuts: [Int]
    /// Forecasts by origin, candidate and step; empty where a candidate could not be fitted.
    private(set) var paths: [[[Double]]] = []
    /// What followed, by origin and step.
    private(set) var actuals: [[Double]] = []
    /// Mean error of each candidate over all origins and steps, absolute or root of squared.
    private(set) var errors: [Double]
    /// The share of each candidate.
    private(set) var weights: [Double]
    private(set) var fits = 0

    /// Values up to which the choice of forms is repeated at each origin.
    private static let shortSeries = 250

    init(_ values: [Double], members: CandidateMembers, horizon: Int, wanted: Int, season: Int) {
        let candidates = members.candidates
        let least = max(10, 2 * season + 4)
        // No horizon longer than half of the series: what a method does with much less data is another question.
        let span = min(horizon, max(1, values.count / 2))
        var cuts: [Int] = []
        for k in 1...max(1, wanted) where wanted > 0 {
            // Three origins within the last horizon; further ones before it.
            let cut = max(k, (k * span + 2) / 3)
            if values.count - cut >= least { cuts.append(cut) }
        }
        self.cuts = cuts
        let chooseAnew = values.count <= RollingOrigins.shortSeries
        errors = [Double](repeating: .nan, count: candidates.count)
        var sums = [Double](repeating: 0, count: candidates.count)
        var counts = [Double](repeating: 0, count: candidates.count)
        var failed = [Bool](repeating: false, count: candidates.count)
        for cut in cuts {
            let earlier = Array(values.dropLast(cut))
            let actual = Array(values.suffix(cut).prefix(horizon))
            var paths: [[Double]] = []
            // Where it costs little, forms and orders are chosen anew at each origin, as they would have been then.
            let anew = chooseAnew ? members.rebuilt(earlier) : nil
            fits += anew?.fits ?? candidates.count
            for (i, candidate) in candidates.enumerated() {
                let model =
                    anew.map { anew in anew.candidates.first { $0.slot == candidate.slot }?.model }
                    ?? candidate.recipe.fit(earlier)
                let path = model?.forecast(horizon: actual.count, levels: []).mean ?? []
                paths.append(path)
                if path.isEmpty || path.contains(where: { !$0.isFinite }) {
                    failed[i] = true
                    continue
                }
                for h in path.indices where !actual[h].isNaN {
                    let error = path[h] - actual[h]
                    sums[i] += members.squared ? error * error : abs(error)
                    counts[i] += 1
                }
            }
            self.paths.append(paths)
            actuals.append(actual)
        }
        for i in candidates.indices where counts[i] > 0 && !failed[i] {
            errors[i] = sums[i] / counts[i]
            if members.squared { errors[i] = errors[i].squareRoot() }
        }
        weights = RollingOrigins.weights(errors, members: members, failed: failed)
    }

    private static func weights(_ errors: [Double], members: CandidateMembers, failed: [Bool]) -> [Double] {
        let priors = members.candidates.map(\.prior)
        let known = errors.filter { !$0.isNaN }
        var weights = priors

        if let least = known.min(), let greatest = known.max(), greatest > 0 {
            let floor = max(least, 1e-9 * greatest)
            for i in weights.indices {
                let isTaken = errors[i] <= members.candidates[i].greatestError * floor
                weights[i] = isTaken ? priors[i] * pow(floor / max(errors[i], floor), members.power) : 0
            }
        } else {
            for i in weights.indices where failed[i] { weights[i] = 0 }
        }
        let sum = weights.reduce(0, +)
        guard sum > 0 else { return priors.map { _ in 1 / Double(max(1, priors.count)) } }
        return weights.map { $0 / sum }
    }

    /// The errors of the combination, forecast minus actual by origin and step.
    func combinedErrors(_ weights: [Double]) -> [[Double]] {
        actuals.indices.map { origin in
            actuals[origin].indices.map { h in
                var sum = 0.0
                for (i, weight) in weights.enumerated() where weight > 0 { sum += weight * paths[origin][i][h] }
                return sum - actuals[origin][h]
            }
        }
    }
}
