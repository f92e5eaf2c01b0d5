internal import LinearAlgebra

/// Turning scores into probabilities that mean what they say, and choosing when to abstain.
package struct ConfidenceCalibration: Sendable, Hashable, Codable {
    /// What scores are divided by before the softmax (Guo et al., "On calibration of modern neural networks", 2017).
    package var temperature: Float
    /// Below this confidence a prediction counts as unknown; `nil` where the model never abstains.
    package var threshold: Float?

    package init(temperature: Float = 1, threshold: Float? = nil) {
        self.temperature = temperature
        self.threshold = threshold
    }

    /// The temperature that makes held-out truth likeliest.
    ///
    /// - Parameters:
    ///   - scores: a row of `labelCount` scores for each held-out text.
    ///   - truth: the label index of each; negative ones are left out.
    package static func fittedTemperature(scores: [Float], labelCount: Int, truth: [Int32]) -> Float {
        let rows = truth.indices.filter { truth[$0] >= 0 }
        guard rows.count >= 10 else { return 0.5 }
        func loss(_ logarithmOfTemperature: Double) -> Double {
            let temperature = Float(exponential(logarithmOfTemperature))
            var total = 0.0
            for row in rows {
                let base = row * labelCount
                var greatest = -Float.infinity
                for label in 0..<labelCount { greatest = max(greatest, scores[base + label]) }
                var sum: Float = 0
                for label in 0..<labelCount {
                    let distance = (scores[base + label] - greatest) / temperature
                    if distance > -20 { sum += exponential(distance) }
                }
                let own = (scores[base + Int(truth[row])] - greatest) / temperature
                total += Double(logarithm(sum) - max(own, -20))
            }
            return total
        }
        // Golden-section search; the loss has one minimum in the temperature.
        let ratio = 0.618_033_988_749_895
        var (low, high) = (logarithm(0.02), logarithm(20.0))
        var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        var (atLeft, atRight) = (loss(left), loss(right))
        for _ in 0..<24 {
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
        return Float(exponential((low + high) / 2))
    }

    /// The threshold that at most this share of in-scope texts falls below; `nil` with fewer than fifty texts.
    package static func threshold(confidences: [Float], falseAlarmRate: Double) -> Float? {
        guard confidences.count >= 50, falseAlarmRate > 0 else { return nil }
        let sorted = confidences.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * falseAlarmRate))]
    }
}
