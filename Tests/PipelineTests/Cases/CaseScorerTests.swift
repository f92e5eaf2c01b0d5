import Aggregates
import Models
import Operations
import Records
import Runtime
import Testing

@testable import Pipeline

@Suite("Case scorer")
struct CaseScorerTests {
    private static let texts = ["very good", "quite bad", "good good", "bad indeed", "", "neither", "very good"]

    private func classifier(_ task: String, _ names: [String], isRecurrent: Bool = true) throws -> TextClassifier {
        var trainer = TextClassifierTrainer(task: task, date: Timestamp(seconds: 0))
        var training = RecurrentTextTraining()
        (training.embedding, training.width, training.gramWeights, training.rate) = (8, 8, 256, 0.02)
        if isRecurrent { trainer.training = training }
        let rows = (0..<40).map { row in
            (label: names[row % names.count], text: row % 2 == 0 ? "very good n\(row)" : "quite bad n\(row)")
        }
        return try trainer.train(LabelledData(rows)).classifier
    }

    private func cases() -> [(timeline: CaseTimeline, item: ServiceCase)] {
        let measurer = CaseMeasurer(profile: .zendesk, schedule: nil)
        return CaseScorerTests.texts.indices.map { number in
            let at = Timestamp(seconds: 1_794_790_800)
            var line = CaseTimeline(source: "s", id: "\(number)", kind: .ticket, key: "\(number)", openedAt: at)
            var ticket = TicketFact(id: "\(number)", conversationID: "\(number)")
            ticket.createdAt = at
            ticket.subject = CaseScorerTests.texts[number]
            line.ticket = ticket
            line.messages = (0..<number % 3).map {
                let text = CaseScorerTests.texts[(number + $0) % CaseScorerTests.texts.count]
                return CaseTimeline.Message(id: "m\($0)", at: at, role: .customer, text: text)
            }
            return (line, measurer.measure(line))
        }
    }

    /// Texts predicted together get what each gets alone, whichever tasks have a model that works so.
    @Test(arguments: [true, false])
    func togetherAsAlone(isCategoryRecurrent: Bool) throws {
        var models = ModelSet()
        models.intent = try classifier("intent", ["praise", "complaint"], isRecurrent: false)
        models.sentiment = try classifier("sentiment", ["positive", "negative"])
        models.category = try classifier("category", ["a", "b"], isRecurrent: isCategoryRecurrent)
        models.ticket = [
            ("priority", try classifier("priority", ["high", "low"])),
            ("product", try classifier("product", ["p", "q", "r", "s"], isRecurrent: false)),
        ]
        let scorer = CaseScorer(models: models)
        var (one, many) = (scorer.makeScratch(), scorer.makeScratch())
        scorer.prepare(cases(), scratch: &many)
        for (timeline, item) in cases() {
            var (alone, together) = (item, item)
            let first = scorer.score(timeline, &alone, scratch: &one)
            let second = scorer.score(timeline, &together, scratch: &many)
            #expect(alone == together && alone.labels.category != nil)
            #expect(first.map(\.sentiment) == second.map(\.sentiment) && first.map(\.intent) == second.map(\.intent))
            for (left, right) in zip(first, second) {
                #expect(abs(left.sentimentConfidence - right.sentimentConfidence) < 1e-5)
            }
        }
        #expect(one.profiles["sentiment"]?.labels == many.profiles["sentiment"]?.labels)
        #expect(one.profiles["category"]?.texts == many.profiles["category"]?.texts)
    }
}
