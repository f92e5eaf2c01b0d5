import Runtime

/// The beginning of a raw item for a person to read: at most 200 characters, control characters shown.
///
/// Masking of private data is the business of the record filter that the pipeline injects.
enum Excerpt {
    static func shown(_ bytes: UnsafeRawBufferPointer) -> String {
        // 200 characters take at most 800 bytes; the rest of a long item is not looked at.
        let head = UnsafeRawBufferPointer(rebasing: bytes.prefix(800))
        return String(Escaping.terminal(String(decoding: head, as: UTF8.self)).prefix(200))
    }
}
