internal import FoundationEssentials

/// The shape of a transformer encoder, from the `config.json` of its folder and the files beside it.
package struct EncoderConfiguration: Sendable, Hashable {
    /// How the tokens' vectors become one.
    package enum Pooling: String, Sendable, Codable, CaseIterable {
        case mean
        /// The vector of the first token, `[CLS]`.
        case first = "cls"
        case greatest = "max"
    }

    package var layers: Int
    /// Numbers per token.
    package var width: Int
    package var heads: Int
    /// Numbers per token between the two halves of the feed-forward part.
    package var innerWidth: Int
    package var vocabularySize: Int
    /// Tokens that have a position.
    package var positions: Int
    package var epsilon: Float
    package var pooling = Pooling.mean
    /// Whether sentence vectors are scaled to length one.
    package var isNormalized = false
    /// Tokens of a text that are looked at.
    package var longest = 256
    package var tokenizer = WordPieceTokenizer.Settings()

    /// Reads the folder's JSON files; only what this program computes exactly is accepted.
    package static func read(_ folder: String) throws(ModelError) -> EncoderConfiguration {
        let path = "\(folder)/config.json"
        let file = try json(path, Config.self)
        func unsupported(_ reason: String) -> ModelError { .unsupported(path: path, reason: reason) }
        guard file.model_type ?? "bert" == "bert" else {
            throw unsupported("a model of type \(file.model_type ?? ""); supported are encoders of the BERT family")
        }
        guard file.hidden_act ?? "gelu" == "gelu" else {
            throw unsupported("activation \(file.hidden_act ?? ""); supported is gelu")
        }
        guard file.position_embedding_type ?? "absolute" == "absolute", file.is_decoder != true else {
            throw unsupported("no absolute positions, or a decoder; supported are encoders with absolute positions")
        }
        var result = EncoderConfiguration(
            layers: file.num_hidden_layers, width: file.hidden_size, heads: file.num_attention_heads,
            innerWidth: file.intermediate_size, vocabularySize: file.vocab_size,
            positions: file.max_position_embeddings, epsilon: file.layer_norm_eps ?? 1e-12)
        guard (1...256).contains(result.layers), (1...16_384).contains(result.width), result.heads >= 1,
            result.width % result.heads == 0, (1...65_536).contains(result.innerWidth),
            (3...10_000_000).contains(result.vocabularySize), (2...65_536).contains(result.positions),
            result.epsilon >= 0, result.epsilon < 1
        else { throw unsupported("impossible sizes") }
        try result.readPooling(folder)
        try result.readTokenizer(folder)
        return result
    }

    private mutating func readPooling(_ folder: String) throws(ModelError) {
        if let modules = try optional("\(folder)/modules.json", [Module].self) {
            isNormalized = modules.contains { $0.type.hasSuffix(".Normalize") }
            let known = [".Transformer", ".Pooling", ".Normalize"]
            if let other = modules.first(where: { module in !known.contains { module.type.hasSuffix($0) } }) {
                throw .unsupported(path: "\(folder)/modules.json", reason: "a module \(other.type)")
            }
        }
        guard let file = try optional("\(folder)/1_Pooling/config.json", PoolingFile.self) else { return }
        let chosen = [
            (file.pooling_mode_mean_tokens, Pooling.mean), (file.pooling_mode_cls_token, .first),
            (file.pooling_mode_max_tokens, .greatest),
        ].filter { $0.0 == true }
        guard chosen.count == 1, file.pooling_mode_mean_sqrt_len_tokens != true else {
            throw .unsupported(
                path: "\(folder)/1_Pooling/config.json", reason: "not exactly one of the poolings mean, cls and max")
        }
        pooling = chosen[0].1
    }

    private mutating func readTokenizer(_ folder: String) throws(ModelError) {
        if let file = try optional("\(folder)/sentence_bert_config.json", SentenceFile.self),
            let most = file.max_seq_length
        {
            longest = most
        }
        longest = max(2, min(longest, positions))
        guard let file = try optional("\(folder)/tokenizer_config.json", TokenizerFile.self) else { return }
        if let name = file.tokenizer_class, !["BertTokenizer", "BertTokenizerFast"].contains(name) {
            throw .unsupported(
                path: "\(folder)/tokenizer_config.json", reason: "a tokenizer \(name); supported is WordPiece")
        }
        tokenizer.isLowerCasing = file.do_lower_case ?? true
        tokenizer.isStrippingAccents = file.strip_accents ?? tokenizer.isLowerCasing
        tokenizer.isSplittingIdeographs = file.tokenize_chinese_chars ?? true
    }

    private func optional<File: Decodable>(_ path: String, _ type: File.Type) throws(ModelError) -> File? {
        FileManager.default.fileExists(atPath: path) ? try EncoderConfiguration.json(path, type) : nil
    }

    private static func json<File: Decodable>(_ path: String, _: File.Type) throws(ModelError) -> File {
        let bytes = try FileBytes.read(path)
        do {
            return try JSONDecoder().decode(File.self, from: Data(bytes))
        } catch {
            throw ModelError.damaged(path: path, tensor: nil, reason: "not the JSON that belongs here: \(error)")
        }
    }

    // The names are those of Hugging Face's files.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Config: Decodable {
        var model_type: String?
        var hidden_act: String?
        var position_embedding_type: String?
        var is_decoder: Bool?
        var num_hidden_layers: Int
        var hidden_size: Int
        var num_attention_heads: Int
        var intermediate_size: Int
        var vocab_size: Int
        var max_position_embeddings: Int
        var layer_norm_eps: Float?
    }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct PoolingFile: Decodable {
        var pooling_mode_cls_token: Bool?
        var pooling_mode_mean_tokens: Bool?
        var pooling_mode_max_tokens: Bool?
        var pooling_mode_mean_sqrt_len_tokens: Bool?
    }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct TokenizerFile: Decodable {
        var do_lower_case: Bool?
        var strip_accents: Bool?
        var tokenize_chinese_chars: Bool?
        var tokenizer_class: String?
    }

    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct SentenceFile: Decodable { var max_seq_length: Int? }
    private struct Module: Decodable { var type: String }
}
