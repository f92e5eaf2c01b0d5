import FoundationEssentials
import LinearAlgebra
import Testing
import Text

@testable import Models

@Suite("Sentence encoder")
struct SentenceEncoderTests {
    private static let texts = TextBatch([
        "hello world!", "", "my parcel is late, 中国", "unaffable unaffable cafés", "快递 tracking 退款",
        String(repeating: "please help my order ", count: 30), "zzz qqq", "Refund MY money today.",
    ])

    private func encoder(_ tiny: TinyEncoder) throws -> SentenceEncoder {
        try Samples.withFolder { folder in
            try tiny.write(to: folder + "/encoder")
            return try SentenceEncoder(folder: folder + "/encoder/")
        }
    }

    @Test(arguments: ["mean", "cls", "max"], [true, false])
    func equalsItsSlowTwin(pooling: String, isSentenceModel: Bool) throws {
        var tiny = TinyEncoder()
        tiny.pooling = pooling
        tiny.isSentenceModel = isSentenceModel
        let encoder = try encoder(tiny)
        // Without the files of a sentence model, the mean as it is.
        let found = encoder.embeddings(of: Self.texts)
        let tokens = encoder.tokenize(Self.texts)
        #expect(tokens.contains { $0.count > 96 } && tokens.contains { $0.count == 2 })
        for row in 0..<Self.texts.count {
            let expected = tiny.slow(
                tokens[row], pooling: isSentenceModel ? pooling : "mean", isNormalized: isSentenceModel)
            for (number, exact) in zip(found.row(row), expected) { #expect(abs(Double(number) - exact) < 1e-5) }
        }
    }

    @Test func viewsLookAtInnerLayers() throws {
        let tiny = TinyEncoder()
        let encoder = try encoder(tiny)
        let views: [SentenceEncoder.View] = [.init(.greatest), .init(.mean, layerFromEnd: 1)]
        let found = encoder.views(views, of: Self.texts, isNormalized: true)
        #expect(found.columns == 64)
        let ids = encoder.tokenizer.tokenize(Self.texts[2])
        let expected =
            tiny.slow(ids, pooling: "max", isNormalized: true)
            + tiny.slow(ids, layers: 1, pooling: "mean", isNormalized: true)
        for (number, exact) in zip(found.row(2), expected) { #expect(abs(Double(number) - exact) < 1e-5) }
    }

    @Test func theSameNumbersForEveryNumberOfWorkers() throws {
        let encoder = try encoder(TinyEncoder())
        let texts = Samples.rows(300).texts
        let one = encoder.embeddings(of: texts)
        #expect(encoder.embeddings(of: texts, workers: 2) == one)
        #expect(encoder.embeddings(of: texts, workers: 5) == one)
        #expect(encoder.embeddings(of: TextBatch()).rows == 0)
    }

    @Test(arguments: [SafetensorsFile.ElementType.bfloat16, .float16])
    func halfPrecisionIsWidened(type: SafetensorsFile.ElementType) throws {
        var tiny = TinyEncoder()
        let whole = try encoder(tiny).embeddings(of: Self.texts)
        tiny.type = type
        let half = try encoder(tiny).embeddings(of: Self.texts)
        for (a, b) in zip(whole.values, half.values) { #expect(abs(a - b) < 0.02) }
        #expect(MappedTensors.widened(0x3c00) == 1 && MappedTensors.widened(0xc000) == -2)
        #expect(MappedTensors.widened(0x0001) == 0x1p-24 && MappedTensors.widened(0x7c00) == .infinity)
    }

    @Test func weightsOfATaskModelAreFound() throws {
        var tiny = TinyEncoder()
        let plain = try encoder(tiny).embeddings(of: Self.texts)
        tiny.prefix = "bert."
        #expect(try encoder(tiny).embeddings(of: Self.texts) == plain)
    }

    @Test func aDamagedEncoderNamesTheTensor() throws {
        func error(
            _ configuration: [String: String] = [:], _ change: @escaping (inout SafetensorsFile) -> Void = { _ in }
        ) throws -> String {
            try Samples.withFolder { folder in
                try TinyEncoder().write(to: folder, change: change, configuration: configuration)
                let error = try #require(throws: ModelError.self) { try SentenceEncoder(folder: folder) }
                return error.description
            }
        }
        let name = "encoder.layer.1.attention.self.key.weight"
        #expect(try error { $0.tensors[name] = nil }.contains("tensor \"\(name)\": is missing"))
        #expect(try error { $0.tensors[name]?.shape = [16, 64] }.contains("\"\(name)\": has shape [16, 64]"))
        #expect(
            try error { $0.tensors[name]?.bytes.replaceSubrange(0..<4, with: [0, 0, 0xc0, 0x7f]) }
                .contains("\"\(name)\": holds a number that is not finite"))
        #expect(
            try error { $0.tensors[name]?.type = .int32 }.contains("has type I32; expected F32, F16 or BF16"))
        #expect(try error(["hidden_act": "\"relu\""]).contains("activation relu"))
        #expect(try error(["model_type": "\"gpt2\""]).contains("type gpt2"))
        #expect(try error(["position_embedding_type": "\"relative_key\""]).contains("absolute positions"))
        #expect(try error(["hidden_size": "33"]).contains("impossible sizes"))
        #expect(try error(["vocab_size": "10"]).contains("but the model has 10"))
        #expect(try error(["hidden_size": "\"wide\""]).contains("config.json"))
    }

    @Test func aFolderThatLacksAFileIsAnError() throws {
        try Samples.withFolder { folder in
            try TinyEncoder().write(to: folder)
            for (file, text) in [("model.safetensors", ""), ("vocab.txt", "a\nb\n"), ("config.json", "{")] {
                let path = "\(folder)/\(file)"
                let whole = try Data(contentsOf: URL(fileURLWithPath: path))
                try FileManager.default.removeItem(atPath: path)
                let gone = try #require(throws: ModelError.self) { try SentenceEncoder(folder: folder) }
                #expect(gone.description.contains("no such file") && gone.description.contains(file))
                try Samples.write(text, to: path)
                let bad = try #require(throws: ModelError.self) { try SentenceEncoder(folder: folder) }
                #expect(bad.description.contains(file))
                try whole.dropLast(8).write(to: URL(fileURLWithPath: path))
                if file == "model.safetensors" {
                    let cut = try #require(throws: ModelError.self) { try SentenceEncoder(folder: folder) }
                    #expect(cut.description.contains("cut off"))
                }
                try whole.write(to: URL(fileURLWithPath: path))
            }
            #expect(throws: Never.self) { try SentenceEncoder(folder: folder) }
        }
    }

    private static let real = ProcessInfo.processInfo.environment["CS_ANALYTICS_ENCODER"]

    /// Numbers that PyTorch gave for all-MiniLM-L6-v2.
    @Test(.enabled(if: real != nil, "CS_ANALYTICS_ENCODER names no folder"))
    func equalsTheReferenceOnMiniLM() throws {
        let encoder = try SentenceEncoder(folder: Self.real ?? "")
        let text = "Why hasn't my café card (no. 42) arrived? 我的快递"
        #expect(encoder.tokenizer.tokenize(text) == ReferenceNumbers.tokens)
        for (odd, tokens) in ReferenceNumbers.oddTexts { #expect(encoder.tokenizer.tokenize(odd) == tokens, "\(odd)") }
        let found = encoder.embeddings(of: TextBatch([text, "hello"]))
        for (number, exact) in zip(found.row(0), ReferenceNumbers.firstOfSentence) {
            #expect(abs(number - exact) < 1e-4)
        }
        for (number, exact) in zip(found.row(1), ReferenceNumbers.firstOfHello) { #expect(abs(number - exact) < 1e-4) }
    }
}
