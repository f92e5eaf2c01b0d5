import Features
import FoundationEssentials
import Runtime
import Testing
import Text

@testable import Models

@Suite("Model folder")
struct ModelFolderTests {
    private func trained() throws -> TrainedTextClassifier {
        var trainer = TextClassifierTrainer(task: "intent", date: Timestamp(seconds: 0))
        trainer.scheme.bits = 14
        return try trainer.train(Samples.rows(80))
    }

    @Test func loadsWhatItWrote() throws {
        try Samples.withFolder { folder in
            let trained = try trained()
            try trained.write(to: "\(folder)/model/")
            let (classifier, card) = try ModelFolder.load("\(folder)/model")
            #expect(card == trained.card)
            #expect(TextClassifierFile.encode(classifier) == TextClassifierFile.encode(trained.classifier))
            let texts = Samples.rows(50, seed: 6).texts
            #expect(classifier.predict(texts) == trained.classifier.predict(texts))
            #expect(try TextClassifier.load("\(folder)/model").labels == trained.card.labels)
            #expect(try ModelFolder.loadHeldOut("\(folder)/model") == trained.heldOut)
            try trained.write(to: "\(folder)/model")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model"])
        }
    }

    @Test func aDamagedTensorIsNamed() throws {
        let classifier = try trained().classifier
        let whole = try SafetensorsFile(decoding: TextClassifierFile.encode(classifier), path: "m")
        func error(_ change: (inout SafetensorsFile) -> Void) throws -> String {
            var file = whole
            change(&file)
            let error = try #require(throws: ModelError.self) {
                try TextClassifierFile.decode(file.encoded(), path: "m")
            }
            return error.description
        }
        let columns = try #require(classifier.linear).features.columns
        let notFinite = [Float](repeating: .nan, count: columns)
        #expect(try error { $0.tensors["features.idf"] = nil }.contains("tensor \"features.idf\": is missing"))
        #expect(
            try error { $0.tensors["features.idf"] = .init(notFinite) }.contains("\"features.idf\": holds a number"))
        #expect(try error { $0.tensors["features.idf"] = .init([1]) }.contains("expected \(columns)"))
        #expect(try error { $0.tensors["features.bucket"]?.bytes[3] = 0xff }.contains("tensor \"features.bucket\""))
        #expect(try error { $0.tensors["weights.offset"]?.bytes[0] = 9 }.contains("tensor \"weights.offset\""))
        #expect(try error { $0.tensors["weights.output"]?.bytes[1] = 9 }.contains("tensor \"weights.output\""))
        #expect(try error { $0.tensors["weights.bias"] = .init([1, 2]) }.contains("tensor \"weights.bias\""))
        #expect(
            try error {
                $0.tensors["weights.value"]?.bytes[0] = 0x80
                $0.tensors["weights.value"]?.bytes[1] = 0x7f
            }.contains("tensor \"weights.value\": holds a weight that is not finite"))
        #expect(try error { $0.tensors["weights.value"]?.type = .float16 }.contains("has type F16"))
        #expect(try error { $0.metadata["format"] = "other" }.contains("not a text classifier"))
        #expect(try error { $0.metadata["format_version"] = "9" }.contains("another version"))
        #expect(try error { $0.metadata["labels"] = "[\"a\"]" }.contains("labels"))
        #expect(try error { $0.metadata["labels"] = "nonsense" }.contains("\"labels\""))
        #expect(
            try error { $0.metadata["calibration"] = "{\"temperature\":0}" }.contains("temperature"))
        #expect(
            try error { $0.metadata["features"]?.replace("\"bits\":14", with: "\"bits\":60") }.contains("scheme"))
    }

    @Test func aTruncatedOrChangedFileIsAnError() throws {
        try Samples.withFolder { folder in
            try trained().write(to: "\(folder)/m")
            let path = "\(folder)/m/model.safetensors"
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            try Data(bytes.dropLast(100)).write(to: URL(fileURLWithPath: path))
            let cut = try #require(throws: ModelError.self) { try TextClassifier.load("\(folder)/m") }
            #expect(cut.description.contains("tensor \"weights.") && cut.description.contains(path))
            var changed = bytes
            changed[bytes.count - 1] ^= 1
            try Data(changed).write(to: URL(fileURLWithPath: path))
            let other = try #require(throws: ModelError.self) { try TextClassifier.load("\(folder)/m") }
            #expect(other.description.contains("weights.output") || other.description.contains("SHA-256"))
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            try Samples.write("{}", to: "\(folder)/m/card.json")
            let card = try #require(throws: ModelError.self) { try TextClassifier.load("\(folder)/m") }
            #expect(card.description.contains("card.json"))
            let none = try #require(throws: ModelError.self) { try TextClassifier.load("\(folder)/none") }
            #expect(none.description.contains("no such file"))
        }
    }

    @Test func aFolderThatCannotBeWrittenIsAnError() throws {
        let trained = try trained()
        #expect(throws: ModelError.self) { try trained.write(to: "/proc/no-such-folder/model") }
    }
}
