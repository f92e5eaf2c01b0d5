import Glibc

/// Lines of bytes as ranges without their line breaks (LF or CRLF).
enum TextLines {
    /// Calls `body` with each line; `false` stops.
    static func forEach(_ text: UnsafeRawBufferPointer, _ body: (Range<Int>) -> Bool) {
        guard let base = text.baseAddress else { return }
        var at = 0
        while at < text.count {
            let found = memchr(base + at, 0x0A, text.count - at)
            let end = found.map { base.distance(to: UnsafeRawPointer($0)) } ?? text.count
            let stop = end > at && text[end - 1] == 0x0D ? end - 1 : end
            if !body(at..<stop) { return }
            at = end + 1
        }
    }

    /// The start of the first line at or behind a position.
    static func start(_ text: UnsafeRawBufferPointer, from position: Int) -> Int {
        guard position > 0, let base = text.baseAddress, position < text.count else { return min(position, text.count) }
        if text[position - 1] == 0x0A { return position }
        guard let found = memchr(base + position, 0x0A, text.count - position) else { return text.count }
        return base.distance(to: UnsafeRawPointer(found)) + 1
    }

    static func string(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: text[range]), as: UTF8.self)
    }
}
