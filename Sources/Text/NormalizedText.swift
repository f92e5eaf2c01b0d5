/// A reusable buffer that holds one normalised text as valid UTF-8.
package struct NormalizedText: Sendable {
    /// The bytes; those from `count` on mean nothing.
    package private(set) var storage: [UInt8]
    /// The length of the text in bytes.
    package private(set) var count: Int

    /// Readable zero bytes that always follow the text, so that a kernel may load eight bytes at once.
    package static let padding = 16

    package init() {
        storage = [UInt8](repeating: 0, count: 1024)
        count = 0
    }

    /// Calls `body` with the text; at least `padding` zero bytes lie behind its end.
    @inline(__always)
    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try storage.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[..<count])) }
    }

    /// Lets `body` fill the buffer, which has room for `capacity` bytes, and say how many it wrote.
    mutating func fill(capacity: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        let needed = capacity + NormalizedText.padding
        if storage.count < needed { storage = [UInt8](repeating: 0, count: needed + needed / 2) }
        count = storage.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            let written = body(base)
            for offset in 0..<NormalizedText.padding { base[written + offset] = 0 }
            return written
        }
    }

    /// The text as a string, for people and tests.
    package var string: String { String(decoding: storage[..<count], as: UTF8.self) }
}
