internal import LinearAlgebra

/// Turning scores into probabilities that mean what they say, and choosing when to abstain.
///
/// Scores are divided by a temperature before the softmax (Guo et al., "On calibration of modern neural networks", 2017).
/// What is left between the greatest probability and the share of right answers is taken out by a rising curve (isotonic
/// regression by pooling adjacent violators, Zadrozny and Elkan 2002). Both are learnt from held-out rows.
package struct ConfidenceCalibration: Sendable, Hashable, Codable {
    /// A place on the curve from the greatest probability to the confidence.
    package struct Knot: Sendable, Hashable, Codable {
        package var probability: Float
        package var confidence: Float

        package init(probability: Float, confidence: Float) {
            self.probability = probability
            self.confidence = confidence
        }
    }

    /// What scores are divided by before the softmax.
    package var temperature: Float
    /// Below this greatest probability a prediction counts as unknown; `nil` where the model does not abstain so.
    package var threshold: Float?
    /// From this probability of `out_of_scope` on a prediction counts as unknown; `nil` without such a label.
    package var outOfScopeThreshold: Float?
    /// The curve from probability to confidence, rising in both; `nil` where they are one.
    package var curve: [Knot]?

    enum CodingKeys: String, CodingKey {
        case temperature
        case threshold
        case outOfScopeThreshold = "out_of_scope_threshold"
        case curve
    }

    package init(temperature: Float = 1, threshold: Float? = nil) {
        self.temperature = temperature
        self.threshold = threshold
    }

    /// Whether some predictions count as unknown.
    package var abstains: Bool { threshold != nil || outOfScopeThreshold != nil }

    /// Whether every number can be used; those from a file may not.
    package var isValid: Bool {
        guard temperature > 0, temperature.isFinite, threshold?.isFinite ?? true,
            outOfScopeThreshold?.isFinite ?? true
        else { return false }
        guard let curve else { return true }
        return !curve.isEmpty && curve.count <= 256
            && curve.allSatisfy { (0...1).contains($0.probability) && (0...1).contains($0.confidence) }
            && zip(curve, curve.dropFirst()).allSatisfy {
                $0.probability < $1.probability && $0.confidence <= $1.confidence
            }
    }

    /// What the scores of one text say: the label, its confidence, whether to abstain.
    ///
    /// The label is the best one (of equals the first); with a threshold for `outOfScope` it is that one from the
    /// threshold on, and else the best of the others.
    package func prediction(scores: UnsafeBufferPointer<Float>, outOfScope: Int32?) -> Prediction {
        let (label, probability) = chosen(scores, outOfScope)
        let isUnknown = threshold.map { probability < $0 } ?? false || outOfScope.map { Int($0) == label } ?? false
        return Prediction(label: Int32(label), confidence: confidence(of: probability), isUnknown: isUnknown)
    }

    /// The label that is chosen and its probability at the temperature.
    package func chosen(_ scores: UnsafeBufferPointer<Float>, _ outOfScope: Int32?) -> (label: Int, probability: Float)
    {
        var best = 0
        for label in 1..<scores.count where scores[label] > scores[best] { best = label }
        let probability = VectorKernels.greatestProbability(scores, greatest: scores[best], temperature: temperature)
        guard let outOfScope = outOfScope.map(Int.init), let limit = outOfScopeThreshold else {
            return (best, probability)
        }
        let outside = probability * share(of: scores[outOfScope], greatest: scores[best])
        if outside >= limit { return (outOfScope, outside) }
        guard best == outOfScope else { return (best, probability) }
        var second = outOfScope == 0 ? 1 : 0
        for label in scores.indices where label != outOfScope && scores[label] > scores[second] { second = label }
        return (second, probability * share(of: scores[second], greatest: scores[best]))
    }

    private func share(of score: Float, greatest: Float) -> Float {
        exponential(max((score - greatest) / temperature, -80))
    }

    /// The confidence that the probability of the chosen label stands for.
    package func confidence(of probability: Float) -> Float {
        guard let curve, let first = curve.first, let last = curve.last else { return probability }
        if probability <= first.probability { return first.confidence }
        if probability >= last.probability { return last.confidence }
        var place = 1
        while curve[place].probability < probability { place += 1 }
        let (low, high) = (curve[place - 1], curve[place])
        let share = (probability - low.probability) / (high.probability - low.probability)
        return low.confidence + share * (high.confidence - low.confidence)
    }

    /// All labels with their probabilities, the chosen one first with its confidence, the others in proportion.
    package func ranking(_ scores: [Float], outOfScope: Int32?) -> [LabelConfidence] {
        let (label, probability) = scores.withUnsafeBufferPointer { chosen($0, outOfScope) }
        var probabilities = scores
        VectorKernels.softmax(&probabilities, temperature: temperature)
        let confidence = confidence(of: probability)
        let scale = probability < 1 ? (1 - confidence) / (1 - probability) : 1
        let others = probabilities.indices.filter { $0 != label }
            .map { LabelConfidence(label: Int32($0), confidence: probabilities[$0] * scale) }
            .sorted { ($1.confidence, $0.label) < ($0.confidence, $1.label) }
        return [LabelConfidence(label: Int32(label), confidence: confidence)] + others
    }

    /// The temperature that makes held-out truth likeliest, and the mean loss at it (natural logarithm).
    ///
    /// - Parameters:
    ///   - scores: a row of `labelCount` scores for each held-out text.
    ///   - truth: the label index of each; negative ones are left out.
    package static func fitted(scores: [Float], labelCount: Int, truth: [Int32]) -> (temperature: Float, loss: Double) {
        let rows = truth.indices.filter { truth[$0] >= 0 }
        guard rows.count >= 10 else { return (0.5, 0) }
        func loss(_ logarithmOfTemperature: Double) -> Double {
            let temperature = Float(exponential(logarithmOfTemperature))
            var total = 0.0
            scores.withUnsafeBufferPointer { scores in
                for row in rows {
                    let base = row * labelCount
                    let own = scores[base + Int(truth[row])]
                    var greatest = -Float.infinity
                    for label in 0..<labelCount { greatest = max(greatest, scores[base + label]) }
                    let part = UnsafeBufferPointer(rebasing: scores[base..<(base + labelCount)])
                    let best = VectorKernels.greatestProbability(part, greatest: greatest, temperature: temperature)
                    total -= Double(logarithm(best) + max((own - greatest) / temperature, -20))
                }
            }
            return total
        }
        // Golden-section search; the loss has one minimum in the temperature.
        let ratio = 0.618_033_988_749_895
        var (low, high) = (logarithm(0.02), logarithm(20.0))
        var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        var (atLeft, atRight) = (loss(left), loss(right))
        for _ in 0..<20 {
            if atLeft <= atRight {
                (high, right, atRight) = (right, left, atLeft)
                left = high - ratio * (high - low)
                atLeft = loss(left)
            } else {
                (low, left, atLeft) = (left, right, atRight)
                right = low + ratio * (high - low)
                atRight = loss(right)
            }
        }
        return (Float(exponential((low + high) / 2)), min(atLeft, atRight) / Double(rows.count))
    }

    /// The temperature that makes held-out truth likeliest.
    package static func fittedTemperature(scores: [Float], labelCount: Int, truth: [Int32]) -> Float {
        fitted(scores: scores, labelCount: labelCount, truth: truth).temperature
    }

    /// The rising curve from greatest probabilities to shares of right answers; `nil` with fewer than 150 rows.
    ///
    /// Rows are taken in bins of equal count, bins that fall are pooled, and the curve runs straight between the means.
    package static func fittedCurve(probabilities: [Float], isRight: [Bool]) -> [Knot]? {
        let count = probabilities.count
        guard count >= 150, count == isRight.count else { return nil }
        let order = (0..<count).sorted { (probabilities[$0], $0) < (probabilities[$1], $1) }
        struct Pool {
            var probability = 0.0
            var right = 0.0
            var rows = 0.0
            var mean: Double { right / rows }
        }
        var pools: [Pool] = []
        let bins = min(12, max(3, count / 100))
        for bin in 0..<bins {
            var pool = Pool()
            for place in (count * bin / bins)..<(count * (bin + 1) / bins) {
                pool.probability += Double(probabilities[order[place]])
                pool.right += isRight[order[place]] ? 1 : 0
                pool.rows += 1
            }
            pools.append(pool)
            while pools.count >= 2, pools[pools.count - 2].mean >= pools[pools.count - 1].mean {
                let last = pools.removeLast()
                pools[pools.count - 1].probability += last.probability
                pools[pools.count - 1].right += last.right
                pools[pools.count - 1].rows += last.rows
            }
        }
        var knots: [Knot] = []
        for pool in pools {
            // Half a row of either kind keeps a bin without errors from certainty.
            let knot = Knot(
                probability: Float(pool.probability / pool.rows),
                confidence: Float((pool.right + 0.5) / (pool.rows + 1)))
            if let last = knots.last, last.probability >= knot.probability || last.confidence > knot.confidence {
                continue
            }
            knots.append(knot)
        }
        return knots.isEmpty ? nil : knots
    }

    /// The threshold that at most this share of in-scope texts falls below; `nil` with fewer than fifty texts.
    package static func threshold(confidences: [Float], falseAlarmRate: Double) -> Float? {
        guard confidences.count >= 50, falseAlarmRate > 0 else { return nil }
        let sorted = confidences.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * falseAlarmRate))]
    }

    /// The threshold that at most this share of in-scope texts reaches; `nil` with fewer than fifty texts.
    ///
    /// Two standard errors are taken off the rate, so that chance seldom lifts that of other texts above it.
    package static func outOfScopeThreshold(probabilities: [Float], falseAlarmRate: Double) -> Float? {
        guard probabilities.count >= 50, falseAlarmRate > 0 else { return nil }
        let sorted = probabilities.sorted(by: >)
        let error = (falseAlarmRate * (1 - falseAlarmRate) / Double(sorted.count)).squareRoot()
        let rate = max(falseAlarmRate / 2, falseAlarmRate - 2 * error)
        let last = sorted[min(sorted.count - 1, Int(Double(sorted.count) * rate))]
        return last.nextUp
    }
}
