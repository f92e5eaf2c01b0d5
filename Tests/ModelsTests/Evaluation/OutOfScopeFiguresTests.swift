import FoundationEssentials
import LinearAlgebra
import Runtime
import Testing

@testable import Models

@Suite("Out-of-scope figures")
struct OutOfScopeFiguresTests {
    private let labels = ["a", "b", "out_of_scope"]

    private func figures(_ rows: [(label: Int32, isUnknown: Bool, truth: String)]) -> OutOfScopeFigures? {
        OutOfScopeFigures(
            predictions: rows.map { Prediction(label: $0.label, confidence: 0.5, isUnknown: $0.isUnknown) },
            truth: rows.map(\.truth), labels: labels)
    }

    @Test func theLabelAndAbstentionBothCount() throws {
        let found = try #require(
            figures([
                (2, true, "out_of_scope"), (0, true, "out_of_scope"), (1, false, "out_of_scope"),
                (2, true, "a"), (1, true, "b"), (0, false, "a"), (0, false, "b"), (1, true, "never seen"),
            ]))
        #expect(found.rows == 3 && found.recognized == 2 && found.recall == 2.0 / 3)
        #expect(found.inScopeRows == 4 && found.falseAlarms == 2 && found.falseAlarmRate == 0.5)
        let twice = try #require(OutOfScopeFigures(adding: [found, found]))
        #expect(twice.rows == 6 && twice.falseAlarms == 4 && twice.recall == found.recall)
        #expect(OutOfScopeFigures(adding: []) == nil)
    }

    @Test func withoutSuchRowsThereAreNoShares() throws {
        let inScope = try #require(figures([(0, false, "a")]))
        #expect(inScope.recall == nil && inScope.falseAlarmRate == 0)
        #expect(try #require(figures([(2, true, "out_of_scope")])).falseAlarmRate == nil)
        let plain = EvaluationResult(
            predictions: [Prediction(label: 0, confidence: 1, isUnknown: true)], truth: ["a"], labels: ["a", "b"])
        #expect(plain.outOfScope == nil && plain.abstained == 1)
    }

    @Test func theFileHoldsCountsAndShares() throws {
        let found = try #require(figures([(2, true, "out_of_scope"), (0, false, "a")]))
        let bytes = try JSONEncoder().encode(found)
        #expect(try JSONDecoder().decode(OutOfScopeFigures.self, from: bytes) == found)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\"recall\":1") && text.contains("\"false_alarm_rate\":0"))
    }

    @Test func freshRowsBearOutTheCard() throws {
        // Texts out of scope share half their words with the others; a part of either kind cannot be told.
        func rows(_ count: Int, seed: UInt64) -> LabelledData {
            var random = SeededRandom(seed: seed)
            let themes = ["parcel courier late", "refund money back", "password login locked"]
            let other = ["weather", "poem", "song", "moon", "recipe", "football", "history", "stars"]
            return LabelledData(
                (0..<count).map { index in
                    let theme = index % 4
                    let pool =
                        theme < 3
                        ? themes[theme].split(separator: " ").map(String.init) + ["moon", "late"]
                        : other + ["parcel", "money", "login"]
                    let words = (0..<4).map { _ in pool[random.index(below: pool.count)] }
                    let label = theme < 3 ? "theme \(theme)" : "out_of_scope"
                    return (label, (words + ["n\(random.index(below: 4_000))"]).joined(separator: " "))
                })
        }
        let trainer = TextClassifierTrainer(task: "intent", date: Timestamp(seconds: 0))
        let trained = try trainer.train(rows(2_000, seed: 1))
        let card = try #require(trained.card.outOfScope)
        let fresh = trained.classifier.evaluate(rows(2_000, seed: 2))
        let found = try #require(fresh.outOfScope)
        // The standard error of a rate of 5% over 1,500 rows is 0.6%.
        #expect(try #require(found.falseAlarmRate) < 0.07 && (try #require(card.falseAlarmRate)) < 0.07)
        #expect(try #require(found.recall) > 0.8)
        #expect(abs(try #require(found.recall) - (try #require(card.recall))) < 0.08)
        #expect(fresh.calibration.ece < 0.04)
    }
}
