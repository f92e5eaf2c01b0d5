package import Text

/// What texts are like and what a model says of them, as shares that two sets of texts can be compared by.
///
/// The training's profile lies beside the model; that of a night's messages is made while they are scored.
package struct TextProfile: Sendable, Equatable, Codable {
    /// The number of texts.
    package var texts = 0
    /// Texts by how many words and Chinese characters they have: 0, 1–2, 3–5, 6–10, 11–20, 21–50, 51–100, more.
    package var lengths = [Int](repeating: 0, count: 8)
    /// Tokens by class: Latin words, Chinese characters, numbers, other words, symbols.
    package var tokens = [Int](repeating: 0, count: 5)
    /// Features of the texts, and those that the training has not seen.
    package var features = 0
    package var unknownFeatures = 0
    /// Texts by predicted label, by name.
    package var labels: [String: Int] = [:]
    /// Texts on which the model abstains.
    package var abstained = 0
    /// Texts by confidence, in tenths.
    package var confidences = [Int](repeating: 0, count: 10)

    enum CodingKeys: String, CodingKey {
        case texts, lengths, tokens, features, labels, abstained, confidences
        case unknownFeatures = "unknown_features"
    }

    package init() {}

    /// The names of the token classes, in the order of `tokens`.
    package static let tokenClasses = ["latin_words", "ideographs", "numbers", "other_words", "symbols"]

    /// The share of features that the training has not seen, 0 ... 1; `nil` without any.
    package var outOfVocabularyShare: Double? {
        features == 0 ? nil : Double(unknownFeatures) / Double(features)
    }

    /// The mean confidence, to a twentieth; `nil` without texts.
    package var meanConfidence: Double? {
        let total = confidences.reduce(0, +)
        guard total > 0 else { return nil }
        return confidences.enumerated().reduce(0) { $0 + (Double($1.offset) + 0.5) / 10 * Double($1.element) }
            / Double(total)
    }

    /// Counts one text's prediction.
    package mutating func add(_ prediction: Prediction, label: String) {
        texts += 1
        labels[prediction.isUnknown ? TextProfile.unknown : label, default: 0] += 1
        if prediction.isUnknown { abstained += 1 }
        confidences[min(9, max(0, Int(prediction.confidence * 10)))] += 1
    }

    /// Counts the tokens of one normalised text.
    package mutating func add(tokensOf bytes: UnsafeBufferPointer<UInt8>, _ found: ArraySlice<Token>) {
        var units = 0
        for token in found {
            let start = Int(token.start)
            let lead = bytes[start]
            switch token.kind {
            case .ideograph:
                units += 1
                tokens[1] += 1
            case .symbol: tokens[4] += 1
            case .word:
                units += 1
                tokens[lead == 0x30 ? 2 : lead < 0x80 ? 0 : 3] += 1
            }
        }
        let edges = [0, 2, 5, 10, 20, 50, 100]
        lengths[edges.firstIndex { units <= $0 } ?? 7] += 1
    }

    /// What stands for abstention among the labels.
    package static let unknown = "unknown"

    /// Adds the counts of another part of the same texts; the order does not matter.
    package static func + (a: TextProfile, b: TextProfile) -> TextProfile {
        var sum = a
        sum.texts += b.texts
        sum.features += b.features
        sum.unknownFeatures += b.unknownFeatures
        sum.abstained += b.abstained
        for index in sum.lengths.indices { sum.lengths[index] += b.lengths[index] }
        for index in sum.tokens.indices { sum.tokens[index] += b.tokens[index] }
        for index in sum.confidences.indices { sum.confidences[index] += b.confidences[index] }
        for (label, count) in b.labels { sum.labels[label, default: 0] += count }
        return sum
    }
}

/// The buffers by which texts are counted into a profile without a model.
struct ProfileScratch {
    private let normalizer = TextNormalizer()
    private let tokenizer = Tokenizer()
    private var text = NormalizedText()
    private var tokens: [Token] = []

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, to profile: inout TextProfile) {
        normalizer.normalize(bytes, into: &text)
        text.withBytes { bytes in
            let found = tokenizer.tokenize(bytes, into: &tokens)
            profile.add(tokensOf: bytes, tokens[..<found])
        }
    }
}
