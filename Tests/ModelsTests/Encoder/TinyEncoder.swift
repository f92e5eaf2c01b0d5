import FoundationEssentials
import Glibc
import LinearAlgebra

@testable import Models

/// A small encoder with random weights, as the folder that a user would bring, and its slow twin in plain loops.
struct TinyEncoder {
    var layers = 2
    var width = 32
    var heads = 4
    var innerWidth = 48
    var positions = 160
    var pooling = "mean"
    var isSentenceModel = true
    var type = SafetensorsFile.ElementType.float32
    var seed: UInt64 = 5
    var prefix = ""

    static let tokens =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        + ["un", "##aff", "##able", "hello", "world", "caf", "##e", "!", ",", ".", "'", "中", "国", "##国", "i", "##st"]
        + Samples.themes.flatMap { $0.words.flatMap { $0.split(separator: " ").map(String.init) } }
        + ["please", "my", "the", "order", "help", "today", "still", "you", "is", "快", "递", "退", "款", "密", "码", "税"]

    /// The tensors by name, with their shapes.
    func tensors() -> [String: (shape: [Int], numbers: [Float])] {
        var random = SeededRandom(seed: seed)
        var out: [String: (shape: [Int], numbers: [Float])] = [:]
        func add(_ name: String, _ shape: [Int], scale: Double, around: Double = 0) {
            let count = shape.reduce(1, *)
            // Multiples of a power of two, so that sixteen bits hold them exactly.
            out[prefix + name] = (
                shape, (0..<count).map { _ in Float(((random.normal() * scale + around) * 64).rounded() / 64) }
            )
        }
        add("embeddings.word_embeddings.weight", [Self.tokens.count, width], scale: 0.6)
        add("embeddings.position_embeddings.weight", [positions, width], scale: 0.2)
        add("embeddings.token_type_embeddings.weight", [2, width], scale: 0.2)
        var norms = ["embeddings.LayerNorm"]
        for layer in 0..<layers {
            let name = "encoder.layer.\(layer)"
            for part in [
                "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
            ] {
                add("\(name).\(part).weight", [width, width], scale: 0.25)
                add("\(name).\(part).bias", [width], scale: 0.2)
            }
            add("\(name).intermediate.dense.weight", [innerWidth, width], scale: 0.25)
            add("\(name).intermediate.dense.bias", [innerWidth], scale: 0.2)
            add("\(name).output.dense.weight", [width, innerWidth], scale: 0.25)
            add("\(name).output.dense.bias", [width], scale: 0.2)
            norms += ["\(name).attention.output.LayerNorm", "\(name).output.LayerNorm"]
        }
        for norm in norms {
            add("\(norm).weight", [width], scale: 0.2, around: 1)
            add("\(norm).bias", [width], scale: 0.2)
        }
        return out
    }

    /// Writes the folder.
    func write(
        to folder: String, change: (inout SafetensorsFile) -> Void = { _ in }, configuration: [String: String] = [:]
    ) throws {
        try FileManager.default.createDirectory(atPath: folder + "/1_Pooling", withIntermediateDirectories: true)
        var file = SafetensorsFile()
        for (name, tensor) in tensors() {
            var bytes: [UInt8] = []
            for number in tensor.numbers {
                switch type {
                case .bfloat16:
                    withUnsafeBytes(of: UInt16(number.bitPattern >> 16).littleEndian) { bytes += $0 }
                case .float16: withUnsafeBytes(of: Self.half(number).littleEndian) { bytes += $0 }
                default: withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 }
                }
            }
            file.tensors[name] = .init(type: type, shape: tensor.shape, bytes: bytes)
        }
        change(&file)
        try Data(file.encoded()).write(to: URL(fileURLWithPath: folder + "/model.safetensors"))
        var settings = [
            "model_type": "\"bert\"", "hidden_act": "\"gelu\"", "num_hidden_layers": "\(layers)",
            "hidden_size": "\(width)", "num_attention_heads": "\(heads)", "intermediate_size": "\(innerWidth)",
            "vocab_size": "\(Self.tokens.count)", "max_position_embeddings": "\(positions)", "layer_norm_eps": "1e-6",
        ]
        settings.merge(configuration) { $1 }
        let pairs = settings.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ",")
        try Samples.write("{\(pairs)}", to: folder + "/config.json")
        try Samples.write(Self.tokens.joined(separator: "\n") + "\n", to: folder + "/vocab.txt")
        guard isSentenceModel else { return }
        try Samples.write(
            """
            [{"idx": 0, "type": "sentence_transformers.models.Transformer"},
             {"idx": 1, "type": "sentence_transformers.models.Pooling"},
             {"idx": 2, "type": "sentence_transformers.models.Normalize"}]
            """, to: folder + "/modules.json")
        try Samples.write(
            """
            {"pooling_mode_cls_token": \(pooling == "cls"), "pooling_mode_mean_tokens": \(pooling == "mean"),
             "pooling_mode_max_tokens": \(pooling == "max")}
            """, to: folder + "/1_Pooling/config.json")
        try Samples.write("{\"max_seq_length\": 150}", to: folder + "/sentence_bert_config.json")
    }

    /// Half precision of numbers that it holds exactly.
    private static func half(_ number: Float) -> UInt16 {
        if number == 0 { return 0 }
        let bits = number.bitPattern
        return UInt16(bits >> 16 & 0x8000) | UInt16((bits >> 23 & 0xff) - 112) << 10 | UInt16(bits >> 13 & 0x3ff)
    }

    /// The pooled vector of one sequence, computed in double precision as the papers write it.
    func slow(_ ids: [Int32], layers depth: Int? = nil, pooling: String, isNormalized: Bool) -> [Double] {
        let tensors = tensors()
        func get(_ name: String) -> [Double] { (tensors[prefix + name]?.numbers ?? []).map(Double.init) }
        func norm(_ x: [Double], _ name: String) -> [Double] {
            let (gain, shift) = (get(name + ".weight"), get(name + ".bias"))
            let mean = x.reduce(0, +) / Double(x.count)
            let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
            return x.indices.map { (x[$0] - mean) / (variance + 1e-6).squareRoot() * gain[$0] + shift[$0] }
        }
        func dense(_ x: [Double], _ name: String) -> [Double] {
            let (weight, bias) = (get(name + ".weight"), get(name + ".bias"))
            return bias.indices.map { o in
                bias[o] + x.indices.reduce(0.0) { $0 + weight[o * x.count + $1] * x[$1] }
            }
        }
        let (words, places) = (get("embeddings.word_embeddings.weight"), get("embeddings.position_embeddings.weight"))
        let types = get("embeddings.token_type_embeddings.weight")
        var hidden = ids.enumerated().map { position, id in
            norm(
                (0..<width).map { words[Int(id) * width + $0] + places[position * width + $0] + types[$0] },
                "embeddings.LayerNorm")
        }
        for layer in 0..<(depth ?? layers) {
            let name = "encoder.layer.\(layer)"
            let q = hidden.map { dense($0, name + ".attention.self.query") }
            let k = hidden.map { dense($0, name + ".attention.self.key") }
            let v = hidden.map { dense($0, name + ".attention.self.value") }
            let size = width / heads
            var context = hidden.map { _ in [Double](repeating: 0, count: width) }
            for head in 0..<heads {
                let range = head * size..<(head + 1) * size
                for i in hidden.indices {
                    let scores = hidden.indices.map { j in
                        exp(range.reduce(0.0) { $0 + q[i][$1] * k[j][$1] } / Double(size).squareRoot())
                    }
                    let total = scores.reduce(0, +)
                    for column in range {
                        context[i][column] = hidden.indices.reduce(0.0) { $0 + scores[$1] / total * v[$1][column] }
                    }
                }
            }
            hidden = hidden.indices.map { i in
                let attended = zip(hidden[i], dense(context[i], name + ".attention.output.dense")).map(+)
                let x = norm(attended, name + ".attention.output.LayerNorm")
                let inner = dense(x, name + ".intermediate.dense").map { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }
                return norm(zip(x, dense(inner, name + ".output.dense")).map(+), name + ".output.LayerNorm")
            }
        }
        var pooled = (0..<width).map { column -> Double in
            switch pooling {
            case "cls": hidden[0][column]
            case "max": hidden.map { $0[column] }.max() ?? 0
            default: hidden.reduce(0.0) { $0 + $1[column] } / Double(hidden.count)
            }
        }
        if isNormalized {
            let length = pooled.reduce(0) { $0 + $1 * $1 }.squareRoot()
            pooled = pooled.map { $0 / length }
        }
        return pooled
    }
}
