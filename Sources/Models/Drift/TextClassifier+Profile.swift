internal import Features
package import Text

extension TextClassifier {
    /// Predicts one text and counts it into a profile, with its tokens and what the training has not seen of it.
    package func predict(
        _ text: UnsafeBufferPointer<UInt8>, scratch: inout TextClassifierScratch, profile: inout TextProfile
    ) -> Prediction {
        let prediction = predict(text, scratch: &scratch)
        profile.add(prediction, label: labels[Int(prediction.label)])
        if linear != nil {
            scratch.vector.withTokens { bytes, tokens in profile.add(tokensOf: bytes, tokens) }
            profile.features += scratch.vector.distinctCount
            profile.unknownFeatures += scratch.vector.distinctCount - scratch.vector.count
        }
        return prediction
    }

    /// The profile of texts.
    package func profile(of texts: TextBatch) -> TextProfile {
        var profile = TextProfile()
        guard linear != nil else {
            for prediction in predict(texts) { profile.add(prediction, label: labels[Int(prediction.label)]) }
            return profile
        }
        var scratch = makeScratch()
        for row in 0..<texts.count {
            _ = texts.withText(row) { predict($0, scratch: &scratch, profile: &profile) }
        }
        return profile
    }
}
