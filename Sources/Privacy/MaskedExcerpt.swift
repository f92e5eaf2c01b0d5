import Runtime

/// The beginning of a raw item for a person to read: personal data masked, control characters shown, at most `limit`
/// characters.
///
/// Escapes of JSON are taken away first, since personal data behind `\n` or `\u7535` would hide from the rules.
package func maskedExcerpt(_ bytes: UnsafeRawBufferPointer, limit: Int = 200) -> String {
    // Looked at is more than is shown, so that a number cut in two at the edge stays out of sight.
    let reach = limit * 8 + 512
    let head = UnsafeRawBufferPointer(rebasing: bytes.prefix(reach))
    var plain: [UInt8] = []
    if head.contains(UInt8(ascii: "\\")) {
        JSONMasker.unescape(head, into: &plain)
    } else {
        plain.append(contentsOf: head)
    }
    var masked: [UInt8] = []
    var masker = TextMasker(policy: .standard)
    let repaired = Array(String(decoding: plain, as: UTF8.self).utf8)
    _ = repaired.withUnsafeBytes { masker.mask($0, into: &masked) }
    if bytes.count > reach { masked.removeLast(min(masked.count, 64)) }
    let shown = Escaping.terminal(String(decoding: masked, as: UTF8.self))
    guard shown.unicodeScalars.count > limit else { return shown }
    var out = String.UnicodeScalarView()
    out.append(contentsOf: shown.unicodeScalars.prefix(limit - 1))
    return String(out) + "…"
}

/// `maskedExcerpt` of a text.
package func maskedExcerpt(_ text: String, limit: Int = 200) -> String {
    var text = text
    return text.withUTF8 { maskedExcerpt(UnsafeRawBufferPointer($0), limit: limit) }
}
