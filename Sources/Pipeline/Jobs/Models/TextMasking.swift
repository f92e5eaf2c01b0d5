import Models
import Privacy

/// Masks labelled texts as the messages are masked that a model will see, so that both have the same placeholders.
enum TextMasking {
    /// The rows with private data in their texts masked after the setting `privacy.text`.
    ///
    /// A pseudonym says nothing to a model; where the setting asks for one, the placeholder of its kind stands instead.
    static func masked(_ data: LabelledData, _ session: Session) throws -> LabelledData {
        let action = PrivacyAction(rawValue: session.configuration["privacy.text"]) ?? .mask
        let policy = PrivacyPolicy(text: action == .pseudonym ? .replace : action, identities: .keep)
        var masker = TextMasker(policy: policy)
        return data.mappingTexts { bytes in
            var out: [UInt8] = []
            out.reserveCapacity(bytes.count)
            masker.mask(UnsafeRawBufferPointer(bytes), into: &out)
            return out
        }
    }

    /// One text with its private data masked, for people.
    static func masked(_ text: String) -> String {
        var masker = TextMasker(policy: PrivacyPolicy(text: .mask, identities: .keep))
        return masker.mask(text)
    }
}
