/// What is done with a piece of personal data; the raw value is the word in configuration.
package enum PrivacyAction: String, CaseIterable, Sendable, Codable {
    /// Left as it is.
    case keep
    /// Its middle is starred: `138****5678`.
    case mask
    /// A word for its kind takes its place: `<PHONE>`.
    case replace
    /// A keyed hash takes its place, the same for the same person in every source: `p_` and 16 characters.
    case pseudonym
}

/// What is done with each kind of personal data, in free text and in fields that name a person.
package struct PrivacyPolicy: Sendable, Equatable {
    private var actions: [PrivacyAction]
    /// For names, contact values and identifiers that are contact values.
    package var identities: PrivacyAction
    /// Nothing is looked at; for measuring readers, never for a warehouse.
    package private(set) var isOff = false

    /// Masks every kind in text and makes pseudonyms of identities.
    package init(text: PrivacyAction = .mask, identities: PrivacyAction = .pseudonym) {
        actions = Array(repeating: text, count: PrivacyKind.allCases.count)
        self.identities = identities
    }

    package static let standard = PrivacyPolicy()

    package static let off: PrivacyPolicy = {
        var policy = PrivacyPolicy(text: .keep, identities: .keep)
        policy.isOff = true
        return policy
    }()

    /// The action for a kind inside free text.
    package subscript(_ kind: PrivacyKind) -> PrivacyAction {
        get { actions[kind.index] }
        set { actions[kind.index] = newValue }
    }

    /// Whether any value can need a key.
    package var needsKey: Bool { identities == .pseudonym || actions.contains(.pseudonym) }
}
