/// Applies a policy to free text: every match becomes its mask, its placeholder or its pseudonym.
///
/// Masking is a function of the text, the policy and the key, and masking twice changes nothing. A masker is a worker's
/// own: it keeps buffers between texts.
package struct TextMasker {
    private let policy: PrivacyPolicy
    private let pseudonymizer: Pseudonymizer?
    private var scanner = PrivacyScanner()
    private var current: [UInt8] = []
    private var next: [UInt8] = []
    private var value: [UInt8] = []

    /// Without a pseudonymizer, kinds that ask for a pseudonym are replaced by their placeholder.
    package init(policy: PrivacyPolicy, pseudonymizer: Pseudonymizer? = nil) {
        self.policy = policy
        self.pseudonymizer = pseudonymizer
    }

    /// Appends the text with its personal data treated; the answer is whether anything changed.
    @discardableResult
    package mutating func mask(_ text: UnsafeRawBufferPointer, into out: inout [UInt8]) -> Bool {
        guard !policy.isOff, scanner.scan(text) else {
            out.append(contentsOf: text)
            return false
        }
        guard rewrite(text) else {
            out.append(contentsOf: text)
            return false
        }
        // A mask can free what stood beside it, so the result is looked at again until nothing is found.
        for _ in 0..<8 {
            let buffer = next
            next = current
            current = buffer
            let changed = buffer.withUnsafeBytes { bytes in scanner.scan(bytes) && rewrite(bytes) }
            if !changed { break }
        }
        out.append(contentsOf: current)
        return true
    }

    package mutating func mask(_ text: String) -> String {
        var out: [UInt8] = []
        var text = text
        text.withUTF8 { _ = mask(UnsafeRawBufferPointer($0), into: &out) }
        return String(decoding: out, as: UTF8.self)
    }

    /// The first match in an identifier that tells who someone is, and whether it is the whole of the value.
    mutating func identifying(_ text: UnsafeRawBufferPointer) -> (kind: PrivacyKind, isWhole: Bool)? {
        guard text.count <= 4_096, scanner.scan(text),
            let match = scanner.matches.first(where: { $0.kind.identifies && $0.kind != .name })
        else { return nil }
        for index in text.indices where !match.range.contains(index) && text[index] > 0x20 {
            return (match.kind, false)
        }
        return (match.kind, true)
    }

    /// Writes the text with its matches treated into `next`; the answer is whether there was anything to treat.
    private mutating func rewrite(_ text: UnsafeRawBufferPointer) -> Bool {
        var out: [UInt8] = []
        swap(&out, &next)
        defer { swap(&out, &next) }
        out.removeAll(keepingCapacity: true)
        var position = 0
        var changed = false
        for match in scanner.matches {
            let action = policy[match.kind]
            if action == .keep { continue }
            out.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[position..<match.range.lowerBound]))
            position = match.range.upperBound
            value.removeAll(keepingCapacity: true)
            fold(UnsafeRawBufferPointer(rebasing: text[match.range]), into: &value)
            switch action {
            case .keep: break
            case .mask:
                value.withUnsafeBufferPointer {
                    if let base = $0.baseAddress {
                        Masks.append(match.kind, ByteText(base: base, count: $0.count), to: &out)
                    }
                }
            case .replace: out.append(contentsOf: match.kind.placeholder.utf8)
            case .pseudonym:
                if let pseudonymizer {
                    value.withUnsafeBytes { pseudonymizer.append($0, hint: match.kind, to: &out) }
                } else {
                    out.append(contentsOf: match.kind.placeholder.utf8)
                }
            }
            changed = true
        }
        guard changed else { return false }
        out.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[position...]))
        return true
    }

    private func fold(_ bytes: UnsafeRawBufferPointer, into out: inout [UInt8]) {
        guard let start = bytes.baseAddress else { return }
        let text = ByteText(base: start.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        var index = 0
        while index < text.count {
            if text.base[index] == 0xEF, FirstPass.isFolding(text.wide(index)) {
                out.append(UInt8(text.wide(index) - 0xFEE0))
                index += 3
            } else {
                out.append(text.base[index])
                index += 1
            }
        }
    }
}
