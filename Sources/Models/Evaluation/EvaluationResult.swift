/// How well predictions agree with the truth.
package struct EvaluationResult: Sendable, Equatable, Codable {
    /// Figures of one label.
    package struct Label: Sendable, Equatable, Codable {
        package var label: String
        /// Of the rows predicted as this label, the share that are; `nil` if there are none.
        package var precision: Double?
        /// Of the rows of this label, the share that were predicted so; `nil` if there are none.
        package var recall: Double?
        /// The harmonic mean of precision and recall; `nil` for a label without rows.
        package var f1: Double?
        /// The number of rows of this label.
        package var support: Int
        /// The number of rows predicted as this label.
        package var predicted: Int
    }

    /// How many rows of one label were predicted as a label.
    package struct ConfusionCell: Sendable, Equatable, Codable {
        package var truth: String
        package var predicted: String
        package var count: Int
    }

    /// Rows of similar confidence.
    package struct CalibrationBin: Sendable, Equatable, Codable {
        package var lower: Double
        package var upper: Double
        package var count: Int
        /// The mean confidence; `nil` for an empty bin.
        package var confidence: Double?
        /// The share of right predictions; `nil` for an empty bin.
        package var accuracy: Double?
    }

    /// How well confidences agree with the share of right predictions.
    package struct Calibration: Sendable, Equatable, Codable {
        /// Expected calibration error: the mean distance of confidence and accuracy over the bins, by rows.
        package var ece: Double
        package var bins: [CalibrationBin]
    }

    package var rows: Int
    package var accuracy: Double
    /// The mean F1 over the labels that have rows; the others are counted in `labelsWithoutRows`.
    package var macroF1: Double
    package var labelsWithoutRows: Int
    /// Rows whose label the model does not know; they count as wrong.
    package var rowsOfUnknownLabels: Int
    /// Rows on which the model abstains; `accuracy` takes its best guess for them all the same.
    package var abstained: Int
    /// How well texts out of scope were told; `nil` where neither model nor rows know of any.
    package var outOfScope: OutOfScopeFigures?
    package var perLabel: [Label]
    /// Cells that are not zero, by truth and prediction in the order of the labels.
    package var confusion: [ConfusionCell]
    package var calibration: Calibration

    enum CodingKeys: String, CodingKey {
        case rows
        case accuracy
        case macroF1 = "macro_f1"
        case labelsWithoutRows = "labels_without_rows"
        case rowsOfUnknownLabels = "rows_of_unknown_labels"
        case abstained
        case outOfScope = "out_of_scope"
        case perLabel = "per_label"
        case confusion
        case calibration
    }

    /// Compares predictions with the truth.
    /// - Parameters:
    ///   - predictions: label indices within the model's labels.
    ///   - truth: the label of each row by name.
    ///   - labels: the model's labels.
    package init(predictions: [Prediction], truth: [String], labels: [String], bins: Int = 10) {
        precondition(predictions.count == truth.count, "a truth for every prediction")
        var names = labels
        var indices = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        for name in Set(truth).subtracting(labels).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            indices[name] = names.count
            names.append(name)
        }
        var cells: [Int: Int] = [:]
        var support = [Int](repeating: 0, count: names.count)
        var predicted = support
        var hits = support
        var unknown = 0
        var isRight: [Bool] = []
        for (prediction, name) in zip(predictions, truth) {
            let expected = indices[name] ?? 0
            let guess = Int(prediction.label)
            support[expected] += 1
            predicted[guess] += 1
            isRight.append(expected == guess)
            if expected == guess { hits[expected] += 1 }
            if expected >= labels.count { unknown += 1 }
            cells[expected * names.count + guess, default: 0] += 1
        }
        rows = predictions.count
        let right = hits.reduce(0, +)
        accuracy = rows == 0 ? 0 : Double(right) / Double(rows)
        perLabel = names.indices.map { index in
            let precision = predicted[index] == 0 ? nil : Double(hits[index]) / Double(predicted[index])
            let recall = support[index] == 0 ? nil : Double(hits[index]) / Double(support[index])
            let f1 = support[index] == 0 ? nil : 2 * Double(hits[index]) / Double(support[index] + predicted[index])
            return Label(
                label: names[index], precision: precision, recall: recall, f1: f1, support: support[index],
                predicted: predicted[index])
        }
        let scores = perLabel.compactMap(\.f1)
        macroF1 = scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
        labelsWithoutRows = support.filter { $0 == 0 }.count
        rowsOfUnknownLabels = unknown
        abstained = predictions.filter(\.isUnknown).count
        outOfScope = OutOfScopeFigures(predictions: predictions, truth: truth, labels: labels)
        confusion = cells.sorted { $0.key < $1.key }.map {
            ConfusionCell(truth: names[$0.key / names.count], predicted: names[$0.key % names.count], count: $0.value)
        }
        calibration = Calibration(
            confidences: predictions.map { Double($0.confidence) }, isRight: isRight, bins: bins)
    }
}

extension EvaluationResult.Calibration {
    /// Calibration over bins of equal width.
    package init(confidences: [Double], isRight: [Bool], bins count: Int = 10) {
        precondition(confidences.count == isRight.count && count >= 1, "an outcome for every confidence")
        var sums = [Double](repeating: 0, count: count)
        var rights = [Int](repeating: 0, count: count)
        var counts = rights
        for (confidence, isRight) in zip(confidences, isRight) {
            let bin = min(count - 1, max(0, Int(confidence * Double(count))))
            sums[bin] += confidence
            counts[bin] += 1
            if isRight { rights[bin] += 1 }
        }
        let total = Double(max(1, confidences.count))
        ece = (0..<count).reduce(0) { $0 + abs(sums[$1] - Double(rights[$1])) / total }
        bins = (0..<count).map { bin in
            EvaluationResult.CalibrationBin(
                lower: Double(bin) / Double(count), upper: Double(bin + 1) / Double(count), count: counts[bin],
                confidence: counts[bin] == 0 ? nil : sums[bin] / Double(counts[bin]),
                accuracy: counts[bin] == 0 ? nil : Double(rights[bin]) / Double(counts[bin]))
        }
    }
}
