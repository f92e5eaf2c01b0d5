/// Rows to learn from and rows to be measured on.
struct RowSplit: Sendable {
    var used: [Int]
    var held: [Int]

    /// The rows of one part against all others.
    init(_ parts: [Int], held part: Int) {
        used = parts.indices.filter { parts[$0] != part }
        held = parts.indices.filter { parts[$0] == part }
    }
}

/// The scores of rows that the model did not see.
struct HeldOutScores: Sendable {
    var protocolName: String
    var rows: [Int] = []
    /// A number a label for each row.
    var scores: [Float] = []
    /// Label indices of the model; -1 for a label that it does not know.
    var truth: [Int32] = []

    static func += (left: inout HeldOutScores, right: HeldOutScores) {
        left.rows += right.rows
        left.scores += right.scores
        left.truth += right.truth
    }

    func predictions(_ calibration: ConfidenceCalibration, labels: [String]) -> [Prediction] {
        let outOfScope = labels.firstIndex(of: TextClassifier.outOfScope).map(Int32.init)
        return rows.indices.map { calibration.prediction(scores: $0, of: self, labels.count, outOfScope) }
    }

    /// Temperature, thresholds and curve learnt from all rows.
    func calibration(labels: [String], falseAlarmRate: Double) -> ConfidenceCalibration {
        var calibration = ConfidenceCalibration(
            temperature: ConfidenceCalibration.fittedTemperature(
                scores: scores, labelCount: labels.count, truth: truth))
        let outOfScope = labels.firstIndex(of: TextClassifier.outOfScope).map(Int32.init)
        if outOfScope != nil {
            calibration.outOfScopeThreshold = outOfScopeThreshold(
                calibration.temperature, labels, falseAlarmRate, rows: Array(rows.indices))
        } else {
            calibration.threshold = ConfidenceCalibration.threshold(
                confidences: predictions(calibration, labels: labels).map(\.confidence), falseAlarmRate: falseAlarmRate)
        }
        calibration.curve = curve(calibration, labels, rows: Array(rows.indices))
        return calibration
    }

    /// Predictions whose threshold for `out_of_scope` and whose confidences come from the other half of the rows.
    func crossCalibrated(
        _ calibration: ConfidenceCalibration, labels: [String], falseAlarmRate: Double
    ) -> [Prediction] {
        guard calibration.curve != nil else { return predictions(calibration, labels: labels) }
        let outOfScope = labels.firstIndex(of: TextClassifier.outOfScope).map(Int32.init)
        let halves = (0..<2).map { half in
            var other = calibration
            let opposite = rows.indices.filter { $0 % 2 != half }
            other.outOfScopeThreshold =
                outOfScopeThreshold(other.temperature, labels, falseAlarmRate, rows: opposite)
                ?? calibration.outOfScopeThreshold
            other.curve = curve(other, labels, rows: opposite) ?? calibration.curve
            return other
        }
        return rows.indices.map { halves[$0 % 2].prediction(scores: $0, of: self, labels.count, outOfScope) }
    }

    private func curve(
        _ calibration: ConfidenceCalibration, _ labels: [String], rows chosen: [Int]
    ) -> [ConfidenceCalibration.Knot]? {
        var plain = calibration
        plain.curve = nil
        let outOfScope = labels.firstIndex(of: TextClassifier.outOfScope).map(Int32.init)
        let predictions = chosen.map { plain.prediction(scores: $0, of: self, labels.count, outOfScope) }
        return ConfidenceCalibration.fittedCurve(
            probabilities: predictions.map(\.confidence),
            isRight: zip(predictions, chosen).map { $0.label == truth[$1] })
    }

    /// The threshold that the in-scope rows among those chosen reach at most at this rate.
    private func outOfScopeThreshold(
        _ temperature: Float, _ labels: [String], _ falseAlarmRate: Double, rows chosen: [Int]
    ) -> Float? {
        guard let outOfScope = labels.firstIndex(of: TextClassifier.outOfScope).map(Int32.init) else { return nil }
        let inScope = chosen.filter { truth[$0] >= 0 && truth[$0] != outOfScope }
        return ConfidenceCalibration.outOfScopeThreshold(
            probabilities: inScope.map { probability(of: outOfScope, row: $0, temperature, labels.count) },
            falseAlarmRate: falseAlarmRate)
    }

    private func probability(of label: Int32, row: Int, _ temperature: Float, _ labelCount: Int) -> Float {
        var plain = ConfidenceCalibration(temperature: temperature)
        // A threshold of zero always chooses this label.
        plain.outOfScopeThreshold = 0
        return plain.prediction(scores: row, of: self, labelCount, label).confidence
    }
}

extension ConfidenceCalibration {
    /// The prediction for one row of held-out scores.
    fileprivate func prediction(scores row: Int, of all: HeldOutScores, _ labelCount: Int, _ outOfScope: Int32?)
        -> Prediction
    {
        all.scores.withUnsafeBufferPointer { scores in
            prediction(
                scores: UnsafeBufferPointer(rebasing: scores[(row * labelCount)..<((row + 1) * labelCount)]),
                outOfScope: outOfScope)
        }
    }
}
