import LinearAlgebra
import Testing

@testable import Models

@Suite("Confidence calibration")
struct ConfidenceCalibrationTests {
    @Test(arguments: [0.25, 1, 4] as [Float])
    func findsTheTemperatureThatMadeTheData(temperature: Float) {
        var random = SeededRandom(seed: 21)
        var scores: [Float] = []
        var truth: [Int32] = []
        for _ in 0..<4000 {
            let row = (0..<3).map { _ in Float(random.normal()) * 2 * temperature }
            var probabilities = row
            VectorKernels.softmax(&probabilities, temperature: temperature)
            let draw = Float(random.unit())
            truth.append(draw < probabilities[0] ? 0 : draw < probabilities[0] + probabilities[1] ? 1 : 2)
            scores += row
        }
        let found = ConfidenceCalibration.fittedTemperature(scores: scores, labelCount: 3, truth: truth)
        // The standard error over 4,000 rows is about two per cent.
        #expect(abs(found / temperature - 1) < 0.1)
    }

    @Test func fewRowsGiveTheDefault() {
        let few = ConfidenceCalibration.fittedTemperature(scores: [1, 2], labelCount: 2, truth: [0])
        let unknown = ConfidenceCalibration.fittedTemperature(
            scores: [Float](repeating: 0, count: 40), labelCount: 2, truth: [Int32](repeating: -1, count: 20))
        #expect(few == 0.5 && unknown == 0.5)
    }

    @Test func theThresholdKeepsTheFalseAlarmRate() throws {
        let confidences = (0..<1000).map { Float($0) / 1000 }
        let threshold = try #require(ConfidenceCalibration.threshold(confidences: confidences, falseAlarmRate: 0.05))
        #expect(confidences.count { $0 < threshold } == 50)
        #expect(ConfidenceCalibration.threshold(confidences: confidences, falseAlarmRate: 0) == nil)
        #expect(ConfidenceCalibration.threshold(confidences: [0.5], falseAlarmRate: 0.05) == nil)
    }

    @Test func theCurveFollowsTheShareOfRightAnswers() {
        var random = SeededRandom(seed: 5)
        let probabilities = (0..<5000).map { _ in Float(random.unit()) }
        // The model says p and is right with p squared.
        let isRight = probabilities.map { Float(random.unit()) < $0 * $0 }
        var calibration = ConfidenceCalibration()
        calibration.curve = ConfidenceCalibration.fittedCurve(probabilities: probabilities, isRight: isRight)
        #expect(calibration.curve != nil)
        #expect(calibration.isValid)
        for probability in stride(from: Float(0.1), through: 0.9, by: 0.1) {
            #expect(abs(calibration.confidence(of: probability) - probability * probability) < 0.06)
        }
        let confidences = stride(from: Float(0), through: 1, by: 0.01).map(calibration.confidence(of:))
        #expect(zip(confidences, confidences.dropFirst()).allSatisfy { $0 <= $1 })
        let before = EvaluationResult.Calibration(confidences: probabilities.map(Double.init), isRight: isRight).ece
        let after = EvaluationResult.Calibration(
            confidences: probabilities.map { Double(calibration.confidence(of: $0)) }, isRight: isRight
        ).ece
        #expect(before > 0.1 && after < 0.02)
    }

    @Test func fewRowsGiveNoCurve() {
        #expect(ConfidenceCalibration.fittedCurve(probabilities: [0.5], isRight: [true]) == nil)
        #expect(ConfidenceCalibration().confidence(of: 0.3) == 0.3)
        var damaged = ConfidenceCalibration()
        damaged.curve = [.init(probability: 0.5, confidence: 0.9), .init(probability: 0.4, confidence: 1)]
        #expect(!damaged.isValid)
        damaged.curve = []
        #expect(!damaged.isValid)
    }

    @Test func theOutOfScopeThresholdDecidesBothWays() throws {
        var calibration = ConfidenceCalibration()
        func label(_ scores: [Float]) -> Prediction {
            scores.withUnsafeBufferPointer { calibration.prediction(scores: $0, outOfScope: 2) }
        }
        #expect(label([0, 0.2, 0.3]).label == 2)
        calibration.outOfScopeThreshold = 0.9
        // The likeliest label is out of scope, but not likely enough: the best of the others it is.
        #expect(label([0, 0.2, 0.3]).label == 1 && !label([0, 0.2, 0.3]).isUnknown)
        calibration.outOfScopeThreshold = 0.2
        #expect(label([0, 1, 0.5]).label == 2 && label([0, 1, 0.5]).isUnknown)
        let ranking = calibration.ranking([0, 1, 0.5], outOfScope: 2)
        #expect(ranking.map(\.label) == [2, 1, 0])
        #expect(abs(ranking.reduce(0) { $0 + $1.confidence } - 1) < 1e-5)
        let probabilities = (0..<1000).map { Float($0) / 1000 }
        let limit = try #require(
            ConfidenceCalibration.outOfScopeThreshold(probabilities: probabilities, falseAlarmRate: 0.05))
        #expect((35...50).contains(probabilities.count { $0 >= limit }))
    }
}
