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
}
