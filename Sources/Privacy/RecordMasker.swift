package import Records

/// Applies a privacy policy to the records of a batch, before anything of them is written.
///
/// What happens to a field follows its `FieldPrivacy`. A masker is a value that any number of workers can share; each
/// call has buffers of its own. The same record gives the same result in every batch and on every worker.
package struct RecordMasker: Sendable {
    package let policy: PrivacyPolicy
    private let pseudonymizer: Pseudonymizer?

    /// Without a pseudonymizer, what would be a pseudonym becomes a placeholder.
    package init(policy: PrivacyPolicy = .standard, pseudonymizer: Pseudonymizer? = nil) {
        self.policy = policy
        self.pseudonymizer = pseudonymizer
    }

    package func mask(_ batch: inout RecordBatch) {
        guard !policy.isOff else { return }
        for kind in RecordKind.allCases where !batch[kind].isEmpty { mask(&batch[kind]) }
    }

    package func mask(_ table: inout RecordTable) {
        guard !policy.isOff else { return }
        var masker = TextMasker(policy: policy, pseudonymizer: pseudonymizer)
        var json = JSONMasker()
        for field in table.schema.fields {
            switch field.type {
            case .text, .json: break
            case .time, .integer, .flag, .real: continue
            }
            switch field.privacy {
            case .none: continue
            case .text:
                if field.type == .json {
                    table.texts[field.slot] = table.texts[field.slot].map { value, out in
                        json.mask(value, masker: &masker, into: &out) { identity($0, hint: nil, &$1) }
                    }
                } else {
                    table.texts[field.slot] = table.texts[field.slot].map { masker.mask($0, into: &$1) }
                }
            case .identifier:
                table.texts[field.slot] = table.texts[field.slot].map { identifier($0, &masker, &$1) }
            case .identity:
                table.texts[field.slot] = table.texts[field.slot].map { identity($0, hint: nil, &$1) }
            case .identities:
                table.texts[field.slot] = table.texts[field.slot].map { value, out in
                    json.maskIdentities(value, into: &out) { identity($0, hint: $1, &$2) }
                }
            }
        }
    }

    /// An identifier that is, or holds, a mail address, a telephone number or the like is treated as an identity.
    private func identifier(_ value: UnsafeRawBufferPointer, _ masker: inout TextMasker, _ out: inout [UInt8]) {
        if let name = PersonName.marked(value) {
            identity(policy.identities == .keep ? value : name, hint: .name, &out)
            return
        }
        guard policy.identities != .keep, let kind = masker.identifying(value) else {
            out.append(contentsOf: value)
            return
        }
        identity(value, hint: kind.isWhole ? kind.kind : nil, &out)
    }

    private func identity(
        _ value: UnsafeRawBufferPointer, hint: PrivacyKind?, _ out: inout [UInt8]
    ) {
        guard !value.isEmpty else { return }
        switch policy.identities {
        case .keep: out.append(contentsOf: value)
        case .pseudonym:
            if let pseudonymizer {
                pseudonymizer.append(value, hint: hint, to: &out)
            } else {
                out.append(contentsOf: (hint ?? .name).placeholder.utf8)
            }
        case .replace: out.append(contentsOf: (hint ?? .name).placeholder.utf8)
        case .mask:
            star(value, &out)
        }
    }

    /// The first character and three stars.
    private func star(_ value: UnsafeRawBufferPointer, _ out: inout [UInt8]) {
        var end = 1
        while end < value.count, value[end] & 0xC0 == 0x80 { end += 1 }
        out.append(contentsOf: UnsafeRawBufferPointer(rebasing: value[..<end]))
        out.append(contentsOf: "***".utf8)
    }
}
