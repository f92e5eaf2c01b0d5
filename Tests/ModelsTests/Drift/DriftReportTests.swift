import Features
import Runtime
import Testing
import Text

@testable import Models

@Suite("Drift")
struct DriftReportTests {
    @Test func theIndicesAreZeroForEqualSharesAndKnownForOthers() {
        #expect(abs(DriftReport.stabilityIndex([500, 500], [50, 50])) < 1e-3)
        // (0.5 − 0.9) ln (0.5 / 0.9) + (0.5 − 0.1) ln (0.5 / 0.1) = 0.8789
        #expect(abs(DriftReport.stabilityIndex([50_000, 50_000], [90_000, 10_000]) - 0.8789) < 1e-3)
        #expect(DriftReport.jensenShannon([10, 0], [0, 7]) == 1)
        #expect(DriftReport.jensenShannon([10, 10], [3, 3]) == 0)
        #expect(DriftReport.jensenShannon([], []) == 0 && DriftReport.jensenShannon([0], [1]) == 0)
    }

    @Test func otherTextsMoveTheFigures() throws {
        var trainer = TextClassifierTrainer(task: "intent", seed: 7, date: Timestamp(seconds: 0))
        trainer.scheme.bits = 16
        let trained = try trainer.train(Samples.rows(400))
        let before = try #require(trained.card.profile)
        #expect(before.texts == 400 && before.labels.values.reduce(0, +) == 400)
        let classifier = trained.classifier
        let same = DriftReport(
            task: "intent", before: before, now: classifier.profile(of: Samples.rows(300, seed: 5).texts))
        #expect(same.figures.map(\.name) == ["lengths", "tokens", "labels", "confidence"])
        let others = TextBatch((0..<300).map { "完全不同的内容，没有见过的词 \($0) 号，例如天气与诗歌" })
        let moved = DriftReport(task: "intent", before: before, now: classifier.profile(of: others))
        #expect(moved.moved.contains { $0.name == "tokens" } && moved.moved.contains { $0.name == "lengths" })
        let (now, then) = (try #require(moved.vocabularyNow), try #require(moved.vocabularyBefore))
        #expect(now > 2 * then)
        #expect(try #require(same.vocabularyNow) < 2 * then)
        let few = classifier.profile(of: TextBatch(["几个字"]))
        #expect(DriftReport(task: "intent", before: before, now: few).moved.isEmpty)
    }

    @Test func profilesAddUpInAnyOrder() throws {
        let classifier = try TextClassifierTrainer(task: "x", date: Timestamp(seconds: 0)).train(Samples.rows(60))
            .classifier
        let texts = Samples.rows(90, seed: 3).texts
        let whole = classifier.profile(of: texts)
        let parts = [0..<20, 20..<55, 55..<90].map { classifier.profile(of: texts.selecting(Array($0))) }
        #expect(parts[0] + parts[1] + parts[2] == whole)
        #expect(parts[2] + (parts[1] + parts[0]) == whole)
        #expect(whole.lengths.reduce(0, +) == 90 && whole.confidences.reduce(0, +) == 90)
    }
}
