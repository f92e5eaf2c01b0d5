import Features
import FoundationEssentials
import LinearAlgebra
import Runtime
import Testing
import Text

@testable import Models

@Suite("Encoder and stacked models")
struct EncoderTextModelTests {
    private func trainer(_ folder: String, _ algorithm: TextAlgorithm, workers: Int = 1) throws -> TextClassifierTrainer
    {
        try TinyEncoder().write(to: "\(folder)/encoder")
        let encoder = try SentenceEncoder(folder: "\(folder)/encoder")
        var trainer = TextClassifierTrainer(task: "intent", workers: workers, date: Timestamp(seconds: 0))
        if algorithm == .encoder {
            trainer.training = EncoderTextTraining(encoder)
        } else {
            var stacked = StackedTextTraining(encoder)
            stacked.linear.scheme.bits = 14
            trainer.training = stacked
        }
        return trainer
    }

    @Test(arguments: [TextAlgorithm.encoder, .stacked])
    func learnsIsStoredAndReadAgain(algorithm: TextAlgorithm) throws {
        try Samples.withFolder { folder in
            let data = Samples.rows(160)
            let trained = try trainer(folder, algorithm).train(data)
            #expect(trained.evaluation.accuracy > 0.5)
            #expect(trained.card.algorithm == algorithm.rawValue)
            #expect(trained.card.encoder?.weightsSHA256.count == 64)
            #expect((trained.card.features != nil) == (algorithm == .stacked))
            #expect((trained.card.stackingWeight != nil) == (algorithm == .stacked))
            try trained.write(to: "\(folder)/model")
            let (read, card) = try ModelFolder.load("\(folder)/model")
            #expect(card == trained.card)
            let texts = Samples.rows(40, seed: 3).texts
            let predictions = read.predict(texts)
            #expect(predictions == trained.classifier.predict(texts, workers: 2))
            // One text at a time goes through the same products in another shape.
            var scratch = read.makeScratch()
            for row in 0..<texts.count {
                let single = texts.withText(row) { read.predict($0, scratch: &scratch) }
                #expect(single.label == predictions[row].label)
                #expect(abs(single.confidence - predictions[row].confidence) < 1e-4)
            }
            let tops = read.predict(texts, top: 2, workers: 1)
            #expect(tops.map(\.prediction) == predictions && tops[0].top.count == 2)
        }
    }

    @Test(arguments: [TextAlgorithm.encoder, .stacked])
    func theSameModelForEveryNumberOfWorkers(algorithm: TextAlgorithm) throws {
        try Samples.withFolder { folder in
            let data = Samples.rows(120)
            let one = TextClassifierFile.encode(try trainer(folder, algorithm).train(data).classifier)
            #expect(TextClassifierFile.encode(try trainer(folder, algorithm, workers: 3).train(data).classifier) == one)
        }
    }

    @Test func aMissingOrExchangedEncoderSaysWhatToDo() throws {
        try Samples.withFolder { folder in
            try trainer(folder, .encoder).train(Samples.rows(60)).write(to: "\(folder)/model")
            var other = TinyEncoder()
            other.seed = 6
            try other.write(to: "\(folder)/encoder")
            let exchanged = try #require(throws: ModelError.self) { try ModelFolder.load("\(folder)/model") }
            #expect(
                exchanged.description.contains("another encoder") && exchanged.description.contains("--encoder DIR"))
            try FileManager.default.removeItem(atPath: "\(folder)/encoder")
            let gone = try #require(throws: ModelError.self) { try ModelFolder.load("\(folder)/model") }
            #expect(gone.description.contains("not here") && gone.description.contains("\(folder)/encoder"))
        }
    }

    @Test func aDamagedHeadNamesTheTensor() throws {
        try Samples.withFolder { folder in
            let classifier = try trainer(folder, .stacked).train(Samples.rows(60)).classifier
            let whole = try SafetensorsFile(decoding: TextClassifierFile.encode(classifier), path: "m")
            func error(_ change: (inout SafetensorsFile) -> Void) throws -> String {
                var file = whole
                change(&file)
                return try #require(throws: ModelError.self) {
                    try TextClassifierFile.decode(file.encoded(), path: "m")
                }
                .description
            }
            #expect(try error { $0.tensors["head.gamma"] = .init([.nan]) }.contains("\"head.gamma\": holds"))
            #expect(
                try error {
                    $0.tensors["head.support"]?.bytes[0] = 0x80
                    $0.tensors["head.support"]?.bytes[1] = 0x7f
                }.contains("\"head.support\": holds a number that is not finite"))
            #expect(try error { $0.metadata["head"] = "\"oracle\"" }.contains("\"oracle\""))
            #expect(try error { $0.tensors["head.weight"] = nil }.contains("\"head.weight\": is missing"))
            #expect(try error { $0.tensors["stacking.weight"] = .init([]) }.contains("\"stacking.weight\""))
            #expect(try error { $0.metadata["encoder"] = "{}" }.contains("\"encoder\""))
            #expect(
                try error { $0.metadata["encoder"]?.replace("\"layers\":2", with: "\"layers\":0") }
                    .contains("impossible encoder"))
            #expect(try error { $0.metadata["algorithm"] = "oracle" }.contains("\"oracle\""))
        }
    }

    @Test func manyRowsGetALogisticHead() throws {
        try Samples.withFolder { folder in
            var trainer = try trainer(folder, .encoder)
            var training = try #require(trainer.training as? EncoderTextTraining)
            #expect(training.candidates(rows: 12_001).count == 3 && training.candidates(rows: 12_000).count == 1)
            training.candidates = [.linear(DenseLogistic(c: 3)), .linear(DenseLogistic(c: 10)), .kernel(KernelRidge())]
            trainer.training = training
            let chosen = try trainer.train(Samples.rows(100))
            #expect(chosen.evaluation.accuracy > 0.4)
            training.candidates = [.linear(DenseLogistic(c: 3))]
            trainer.training = training
            let trained = try trainer.train(Samples.rows(100))
            try trained.write(to: "\(folder)/model")
            let texts = Samples.rows(30, seed: 3).texts
            #expect(
                try ModelFolder.load("\(folder)/model").classifier.predict(texts) == trained.classifier.predict(texts))
            let whole = try SafetensorsFile(decoding: TextClassifierFile.encode(trained.classifier), path: "m")
            var file = whole
            file.tensors["head.bias"] = .init([.nan, 0, 0, 0])
            let damaged = try #require(throws: ModelError.self) {
                try TextClassifierFile.decode(file.encoded(), path: "m")
            }
            #expect(damaged.description.contains("\"head.bias\": holds"))
        }
    }

    @Test func theMiddleOfAPlateauIsChosen() {
        let weights: [Float] = [0, 1, 2, 3, 4]
        let found = StackedTextTraining.middle(of: weights, [0.5, 0.89, 0.9, 0.895, 0.6], rows: 900)
        #expect(found.value == 2 && found.accuracy == 0.9)
        #expect(StackedTextTraining.middle(of: weights, [0.9, 0.8, 0.9, 0.8, 0.8], rows: 10_000).value == 0)
        #expect(StackedTextTraining.middle(of: [], [], rows: 0).value == 0)
    }

    @Test func fewRowsAreEnough() throws {
        try Samples.withFolder { folder in
            let rows = LabelledData(pairs: [("a", "hello world"), ("b", "my parcel"), ("b", "late parcel")])
            let trained = try trainer(folder, .stacked).train(rows)
            #expect(trained.classifier.labels == ["a", "b"])
        }
    }
}

@Suite("Dense logistic regression")
struct DenseLogisticTests {
    private func rows(_ count: Int, _ columns: Int, seed: UInt64) -> (Matrix<Float>, [Int32]) {
        var random = SeededRandom(seed: seed)
        let labels = (0..<count).map { Int32($0 % 3) }
        let values = labels.flatMap { label in
            (0..<columns).map { Float(random.normal() + ($0 == Int(label) ? 2.5 : 0)) }
        }
        return (Matrix(rows: count, columns: columns, values: values), labels)
    }

    @Test func slopesEqualFiniteDifferences() {
        let (matrix, labels) = rows(40, 5, seed: 1)
        let problem = DenseLogistic.Problem(rows: matrix, labels: labels, labelCount: 3, c: 2, workers: 2)
        var random = SeededRandom(seed: 2)
        let point = (0..<18).map { _ in Float(random.normal() * 0.3) }
        let slopes = problem.evaluate(point).gradient
        for index in point.indices {
            var (low, high) = (point, point)
            low[index] -= 0.01
            high[index] += 0.01
            let difference = (problem.evaluate(high).value - problem.evaluate(low).value) / 0.02
            #expect(abs(Double(slopes[index]) - difference) < 0.02 * max(1, abs(difference)))
        }
    }

    @Test func separatesWhatCanBeSeparated() {
        let (train, labels) = rows(600, 6, seed: 3)
        let head = DenseLogistic().fit(train, labels: labels, labelCount: 3)
        #expect(head == DenseLogistic().fit(train, labels: labels, labelCount: 3, workers: 4))
        let (test, truth) = rows(300, 6, seed: 4)
        #expect(LogSoftmax.outcome(of: head.scores(of: test), truth, 3).accuracy > 0.85)
    }

    @Test func aColumnThatNeverVariesCountsForNothing() {
        var (matrix, labels) = rows(90, 4, seed: 5)
        for row in 0..<90 { matrix[row, 3] = 7 }
        let head = DenseLogistic().fit(matrix, labels: labels, labelCount: 3)
        #expect((0..<3).allSatisfy { head.weights[$0 * 4 + 3] == 0 })
    }

    @Test func theSearchFindsTheFootOfAValley() {
        // Rosenbrock's function, whose lowest point is (1, 1).
        let found = LimitedMemoryBFGS(memory: 8, maximumIterations: 500, tolerance: 1e-7).minimize(from: [-1.2, 1]) {
            p in
            let (x, y) = (Double(p[0]), Double(p[1]))
            return (
                (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x),
                [Float(-2 * (1 - x) - 400 * x * (y - x * x)), Float(200 * (y - x * x))]
            )
        }
        #expect(abs(found[0] - 1) < 0.01 && abs(found[1] - 1) < 0.02)
    }
}
