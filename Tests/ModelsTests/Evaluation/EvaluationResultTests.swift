import Testing

@testable import Models

@Suite("Evaluation")
struct EvaluationResultTests {
    private let result = EvaluationResult(
        predictions: [(0, 0.9), (0, 0.8), (1, 0.7), (1, 0.6), (2, 0.55)].map {
            Prediction(label: $0.0, confidence: $0.1, isUnknown: $0.1 < 0.6)
        },
        truth: ["a", "b", "b", "b", "z"], labels: ["a", "b", "c", "d"])

    @Test func figuresAreThoseByHand() {
        #expect(result.rows == 5)
        #expect(result.accuracy == 0.6)
        #expect(result.abstained == 1)
        #expect(result.rowsOfUnknownLabels == 1)
        #expect(result.labelsWithoutRows == 2)
        let byLabel = Dictionary(uniqueKeysWithValues: result.perLabel.map { ($0.label, $0) })
        #expect(byLabel["a"]?.precision == 0.5 && byLabel["a"]?.recall == 1 && byLabel["a"]?.support == 1)
        #expect(byLabel["b"]?.precision == 1 && byLabel["b"]?.recall == 2.0 / 3)
        #expect(byLabel["c"]?.precision == 0 && byLabel["c"]?.recall == nil && byLabel["c"]?.f1 == nil)
        #expect(byLabel["d"]?.precision == nil && byLabel["z"]?.f1 == 0)
        // F1: a 2/3, b 4/5, z 0; c and d have no rows.
        #expect(abs(result.macroF1 - (2.0 / 3 + 0.8) / 3) < 1e-12)
    }

    @Test func confusionAddsUp() {
        #expect(result.confusion.reduce(0) { $0 + $1.count } == 5)
        #expect(result.confusion.contains(.init(truth: "b", predicted: "a", count: 1)))
        #expect(result.confusion.contains(.init(truth: "z", predicted: "c", count: 1)))
    }

    @Test func noRowsGiveNoFigures() {
        let empty = EvaluationResult(predictions: [], truth: [], labels: ["a", "b"])
        #expect(empty.rows == 0 && empty.accuracy == 0 && empty.macroF1 == 0 && empty.labelsWithoutRows == 2)
        #expect(empty.calibration.ece == 0)
    }

    @Test func calibrationErrorIsTheMeanDistance() {
        let calibration = EvaluationResult.Calibration(
            confidences: [0.95, 0.95, 0.55, 1.0], isRight: [true, false, true, true], bins: 10)
        // Bin 0.9 … 1: three rows, confidence 2.9, two right. Bin 0.5 … 0.6: one row, 0.55, right.
        #expect(abs(calibration.ece - (0.9 + 0.45) / 4) < 1e-12)
        #expect(calibration.bins[9].count == 3 && calibration.bins[0].accuracy == nil)
        #expect(calibration.bins.reduce(0) { $0 + $1.count } == 4)
    }
}

@Suite("McNemar's test")
struct McNemarTestTests {
    /// Two-sided exact binomial probabilities, from an independent computation in rational numbers.
    @Test(arguments: [
        (0, 0, 1.0), (1, 0, 1.0), (5, 5, 1.0), (10, 0, 0.001953125), (8, 2, 0.109375), (15, 5, 0.041389465332),
        (120, 80, 0.005685155557),
    ])
    func pValues(first: Int, second: Int, expected: Double) {
        let test = McNemarTest(onlyFirst: first, onlySecond: second)
        #expect(abs(test.pValue - expected) < 1e-9)
        #expect(McNemarTest(onlyFirst: second, onlySecond: first).pValue == test.pValue)
    }

    @Test func countsTheRowsOnWhichTheyDiffer() {
        let test = McNemarTest(first: [true, true, false, false], second: [true, false, true, true])
        #expect(test.onlyFirst == 1 && test.onlySecond == 2)
    }
}
