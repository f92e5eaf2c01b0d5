import LinearAlgebra
import Runtime
import Testing
import Text

@testable import Models

@Suite("Recurrent text model")
struct RecurrentTextModelTests {
    private func trainer(workers: Int = 1) -> TextClassifierTrainer {
        var training = RecurrentTextTraining()
        (training.embedding, training.width, training.epochs, training.rate) = (8, 8, 2, 0.02)
        training.gramWeights = 1024
        var trainer = TextClassifierTrainer(task: "intent", workers: workers, date: Timestamp(seconds: 0))
        trainer.training = training
        trainer.foldsUpTo = 100
        return trainer
    }

    @Test func learnsIsStoredAndReadAgain() throws {
        try Samples.withFolder { folder in
            let trained = try trainer().train(Samples.rows(240))
            #expect(trained.evaluation.accuracy > 0.6)
            #expect(trained.card.algorithm == "recurrent" && trained.card.recurrent?.width == 8)
            #expect(trained.card.heldOutProtocol.contains("ended the training"))
            try trained.write(to: "\(folder)/model")
            let (read, card) = try ModelFolder.load("\(folder)/model")
            #expect(card == trained.card)
            let texts = Samples.rows(300, seed: 5).texts
            #expect(read.predict(texts, workers: 2) == trained.classifier.predict(texts))
            #expect(read.evaluate(Samples.rows(200, seed: 8)).accuracy > 0.6)
        }
    }

    @Test func theSameModelForEveryNumberOfWorkersAndEveryRun() throws {
        let data = Samples.rows(210)
        let one = TextClassifierFile.encode(try trainer().train(data).classifier)
        #expect(TextClassifierFile.encode(try trainer(workers: 2).train(data).classifier) == one)
        #expect(TextClassifierFile.encode(try trainer(workers: 5).train(data).classifier) == one)
    }

    @Test func fewRowsAndAnyTextAreAllowed() throws {
        let data = LabelledData(pairs: [("a", "apple"), ("b", "banana"), ("b", ""), ("a", "👍")])
        let classifier = try trainer().train(data).classifier
        for text in ["", "\u{0}", "👍👍", String(repeating: "长 long ", count: 5000), "ＡＰＰＬＥ"] {
            #expect(classifier.predict(text, top: 2).prediction.confidence.isFinite)
        }
    }

    @Test func aDamagedFileNamesTheTensor() throws {
        let classifier = try trainer().train(Samples.rows(40)).classifier
        let whole = try SafetensorsFile(decoding: TextClassifierFile.encode(classifier), path: "m")
        func error(_ change: (inout SafetensorsFile) -> Void) throws -> String {
            var file = whole
            change(&file)
            return try #require(throws: ModelError.self) { try TextClassifierFile.decode(file.encoded(), path: "m") }
                .description
        }
        #expect(try error { $0.tensors["forward.input"] = nil }.contains("\"forward.input\": is missing"))
        #expect(try error { $0.tensors["backward.bias"] = .init([1]) }.contains("\"backward.bias\": has 1 numbers"))
        let notFinite = [Float](repeating: .infinity, count: 4)
        #expect(try error { $0.tensors["output.bias"] = .init(notFinite) }.contains("\"output.bias\": holds"))
        #expect(try error { $0.tensors["grams.weight"] = .init([1]) }.contains("\"grams.weight\": has 1 numbers"))
        #expect(try error { $0.metadata["units"] = "[\"\"]" }.contains("impossible recurrent shape"))
        #expect(
            try error { $0.metadata["recurrent"]?.replace("\"width\":8", with: "\"width\":7") }
                .contains("impossible recurrent shape"))
    }

    @Test func unitsAreWordsIdeographsAndSpeltOutRareWords() {
        let texts = TextBatch(["the cat, the dog", "the 快递 cat", "快 dot"])
        let vocabulary = UnitVocabulary(texts)
        #expect(vocabulary.units.first == "")
        func units(_ text: String, limit: Int = 100) -> [String] {
            var buffer = NormalizedText()
            return vocabulary.encode(TextBatch([text]), 0, limit: limit, &buffer).map { vocabulary.units[Int($0)] }
        }
        #expect(units("The cat") == ["the", "cat"])
        #expect(units("快dot") == ["快", "d", "o", "t"] || units("快dot").first == "快")
        #expect(units("the the the", limit: 2) == ["the", "the"])
        #expect(units("") == [""] && units("😀") == [""])
        #expect(UnitVocabulary(units: vocabulary.units) == vocabulary)
    }
}
