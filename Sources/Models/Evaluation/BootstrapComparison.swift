internal import LinearAlgebra

/// Two classifiers on the same rows, with percentile intervals from resampled rows (Efron and Tibshirani, "An
/// introduction to the bootstrap", 1993).
package struct BootstrapComparison: Sendable, Equatable, Codable {
    /// A figure with its 95% interval.
    package struct Interval: Sendable, Equatable, Codable {
        package var value: Double
        package var low: Double
        package var high: Double
    }

    /// Accuracy of each, and that of the second less that of the first.
    package var accuracyFirst: Interval
    package var accuracySecond: Interval
    package var accuracyDifference: Interval
    /// Macro F1 of the second less that of the first, over the labels that a resample holds.
    package var macroF1Difference: Interval

    enum CodingKeys: String, CodingKey {
        case accuracyFirst = "accuracy_a"
        case accuracySecond = "accuracy_b"
        case accuracyDifference = "accuracy_difference"
        case macroF1Difference = "macro_f1_difference"
    }

    /// - Parameters:
    ///   - first, second, truth: label indices of the same rows, below `labelCount`; -1 for none.
    ///   - samples: the number of resamples.
    package init(
        first: [Int32], second: [Int32], truth: [Int32], labelCount: Int, samples: Int = 1_000, seed: UInt64 = 42
    ) {
        precondition(first.count == truth.count && second.count == truth.count && samples >= 1, "the same rows")
        var random = SeededRandom(seed: seed)
        let count = truth.count
        let all = Array(0..<count)
        var figures: [[Double]] = [[], [], [], []]
        func measure(_ rows: [Int]) -> [Double] {
            let a = BootstrapComparison.figures(first, truth, labelCount, rows)
            let b = BootstrapComparison.figures(second, truth, labelCount, rows)
            return [a.accuracy, b.accuracy, b.accuracy - a.accuracy, b.macroF1 - a.macroF1]
        }
        let values = measure(all)
        var rows = all
        for _ in 0..<(count == 0 ? 0 : samples) {
            for place in rows.indices { rows[place] = random.index(below: count) }
            for (index, value) in measure(rows).enumerated() { figures[index].append(value) }
        }
        func interval(_ index: Int) -> Interval {
            let sorted = figures[index].sorted()
            guard !sorted.isEmpty else { return Interval(value: values[index], low: 0, high: 0) }
            func quantile(_ share: Double) -> Double {
                sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
            }
            return Interval(value: values[index], low: quantile(0.025), high: quantile(0.975))
        }
        accuracyFirst = interval(0)
        accuracySecond = interval(1)
        accuracyDifference = interval(2)
        macroF1Difference = interval(3)
    }

    private static func figures(
        _ predicted: [Int32], _ truth: [Int32], _ labelCount: Int, _ rows: [Int]
    ) -> (accuracy: Double, macroF1: Double) {
        var hits = [Int](repeating: 0, count: labelCount)
        var support = hits
        var guesses = hits
        for row in rows {
            if truth[row] >= 0 { support[Int(truth[row])] += 1 }
            if predicted[row] >= 0 {
                guesses[Int(predicted[row])] += 1
                if predicted[row] == truth[row] { hits[Int(predicted[row])] += 1 }
            }
        }
        let right = hits.reduce(0, +)
        let present = support.indices.filter { support[$0] > 0 }
        let f1 = present.reduce(0.0) { $0 + 2 * Double(hits[$1]) / Double(support[$1] + guesses[$1]) }
        return (Double(right) / Double(max(1, rows.count)), f1 / Double(max(1, present.count)))
    }
}
