import Features
import Runtime
import Testing
import Text

@testable import Models

@Suite("Labelling candidates")
struct LabellingCandidatesTests {
    private func classifier() throws -> TextClassifier {
        var trainer = TextClassifierTrainer(task: "intent", seed: 7, date: Timestamp(seconds: 0))
        trainer.scheme.bits = 16
        return try trainer.train(Samples.rows(120)).classifier
    }

    @Test func theLeastCertainComeFirstAndEqualOnesOnce() throws {
        let texts = TextBatch([
            "my parcel tracking courier late", "refund or password, parcel or invoice?", "",
            "REFUND or password, parcel or invoice?",
            "money refund return paid back",
        ])
        let chosen = LabellingCandidates().choose(10, from: texts, with: try classifier())
        #expect(chosen.count == 3)
        #expect(chosen[0].row == 1)
        #expect(chosen.allSatisfy { (0...1).contains($0.uncertainty) })
        #expect(LabellingCandidates().choose(0, from: texts, with: try classifier()).isEmpty)
    }

    @Test func likeTextsAreNotTakenTogether() throws {
        // Two near copies and one of another kind, all as uncertain as can be.
        let texts = TextBatch([
            "qqqq wwww eeee rrrr tttt yyyy uuuu iiii oooo pppp aaaa",
            "qqqq wwww eeee rrrr tttt yyyy uuuu iiii oooo pppp aaab",
            "zzzz xxxx cccc vvvv bbbb nnnn mmmm llll kkkk jjjj hhhh",
        ])
        let chosen = LabellingCandidates().choose(2, from: texts, with: try classifier()).map(\.row)
        #expect(chosen.count == 2 && chosen.contains(2))
    }
}
