/// How well a model tells texts that are none of its labels' from those that are.
///
/// A text counts as told when the model labels it `out_of_scope` or abstains: aggregates show both as unknown.
package struct OutOfScopeFigures: Sendable, Equatable, Codable {
    /// Rows whose truth is `out_of_scope`.
    package var rows: Int
    /// Those among them that were told.
    package var recognized: Int
    /// Rows of the model's other labels; rows of labels that it does not know are in neither count.
    package var inScopeRows: Int
    /// Those among them that were called out of scope or unknown.
    package var falseAlarms: Int

    enum CodingKeys: String, CodingKey {
        case rows
        case recognized
        case inScopeRows = "in_scope_rows"
        case falseAlarms = "false_alarms"
        case recall
        case falseAlarmRate = "false_alarm_rate"
    }

    /// The share of rows out of scope that were told; `nil` without such rows.
    package var recall: Double? { rows == 0 ? nil : Double(recognized) / Double(rows) }
    /// The share of rows in scope that were called out of scope or unknown; `nil` without such rows.
    package var falseAlarmRate: Double? { inScopeRows == 0 ? nil : Double(falseAlarms) / Double(inScopeRows) }

    /// Counts the rows; `nil` where neither model nor truth knows of texts out of scope.
    init?(predictions: [Prediction], truth: [String], labels: [String]) {
        let name = TextClassifier.outOfScope
        let known = Set(labels)
        guard known.contains(name) || truth.contains(name) else { return nil }
        (rows, recognized, inScopeRows, falseAlarms) = (0, 0, 0, 0)
        for (prediction, label) in zip(predictions, truth) {
            let isTold = prediction.isUnknown || labels[Int(prediction.label)] == name
            if label == name {
                rows += 1
                if isTold { recognized += 1 }
            } else if known.contains(label) {
                inScopeRows += 1
                if isTold { falseAlarms += 1 }
            }
        }
    }

    /// The counts of several sets of rows together; `nil` for none.
    package init?(adding parts: [OutOfScopeFigures]) {
        guard var sum = parts.first else { return nil }
        for part in parts.dropFirst() {
            sum.rows += part.rows
            sum.recognized += part.recognized
            sum.inScopeRows += part.inScopeRows
            sum.falseAlarms += part.falseAlarms
        }
        self = sum
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rows = try container.decode(Int.self, forKey: .rows)
        recognized = try container.decode(Int.self, forKey: .recognized)
        inScopeRows = try container.decode(Int.self, forKey: .inScopeRows)
        falseAlarms = try container.decode(Int.self, forKey: .falseAlarms)
    }

    /// The counts, and beside them the shares for whoever reads the file.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rows, forKey: .rows)
        try container.encode(recognized, forKey: .recognized)
        try container.encode(inScopeRows, forKey: .inScopeRows)
        try container.encode(falseAlarms, forKey: .falseAlarms)
        try container.encodeIfPresent(recall, forKey: .recall)
        try container.encodeIfPresent(falseAlarmRate, forKey: .falseAlarmRate)
    }
}
