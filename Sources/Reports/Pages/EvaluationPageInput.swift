/// What the page of a model's evaluation shows.
package struct EvaluationPageInput: Sendable {
    package struct Label: Sendable {
        package var name: String
        package var precision: Double?
        package var recall: Double?
        package var f1: Double?
        package var rows: Int
        package var predicted: Int

        package init(name: String, precision: Double?, recall: Double?, f1: Double?, rows: Int, predicted: Int) {
            self.name = name
            self.precision = precision
            self.recall = recall
            self.f1 = f1
            self.rows = rows
            self.predicted = predicted
        }
    }

    package struct Confusion: Sendable {
        package var truth: String
        package var predicted: String
        package var count: Int

        package init(truth: String, predicted: String, count: Int) {
            self.truth = truth
            self.predicted = predicted
            self.count = count
        }
    }

    package struct Bin: Sendable {
        package var lower: Double
        package var upper: Double
        package var count: Int
        package var confidence: Double?
        package var accuracy: Double?

        package init(lower: Double, upper: Double, count: Int, confidence: Double?, accuracy: Double?) {
            self.lower = lower
            self.upper = upper
            self.count = count
            self.confidence = confidence
            self.accuracy = accuracy
        }
    }

    /// A row that was labelled wrongly; its text is masked.
    package struct Mistake: Sendable {
        package var text: String
        package var truth: String
        package var predicted: String
        package var confidence: Double

        package init(text: String, truth: String, predicted: String, confidence: Double) {
            self.text = text
            self.truth = truth
            self.predicted = predicted
            self.confidence = confidence
        }
    }

    /// What a model reached that learnt from so many rows.
    package struct CurvePoint: Sendable {
        package var rows: Int
        package var accuracy: Double
        package var macroF1: Double

        package init(rows: Int, accuracy: Double, macroF1: Double) {
            self.rows = rows
            self.accuracy = accuracy
            self.macroF1 = macroF1
        }
    }

    package var task: String
    package var model = ""
    package var trainedAt = ""
    package var data = ""
    package var rows = 0
    package var accuracy = 0.0
    package var macroF1 = 0.0
    package var calibrationError = 0.0
    package var abstained = 0
    /// The share of texts out of scope that were told; `nil` without such rows.
    package var outOfScopeRecall: Double?
    /// The share of texts in scope that were called out of scope or unknown.
    package var falseAlarmRate: Double?
    package var rowsOfUnknownLabels = 0
    package var labels: [Label] = []
    package var confusion: [Confusion] = []
    package var calibration: [Bin] = []
    /// Rows by confidence in tenths, those that were right and those that were wrong.
    package var right: [Int] = []
    package var wrong: [Int] = []
    package var errors: [Mistake] = []
    package var curve: [CurvePoint] = []

    package init(task: String) { self.task = task }
}
