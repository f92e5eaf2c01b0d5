/// Many texts in one run of UTF-8 bytes.
package struct TextBatch: Sendable, Hashable {
    /// The bytes of all texts, one after another.
    package private(set) var bytes: [UInt8]
    /// Where each text ends in `bytes`.
    package private(set) var ends: [Int]

    package init() {
        bytes = []
        ends = []
    }

    /// A batch of strings.
    package init(_ texts: some Sequence<String>) {
        self.init()
        for text in texts { append(text) }
    }

    /// The number of texts.
    package var count: Int { ends.count }

    /// Appends a text; bytes that are not valid UTF-8 are allowed.
    package mutating func append(_ text: some Sequence<UInt8>) {
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
    }

    /// Appends a text.
    package mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        ends.append(bytes.count)
    }

    /// Appends a text.
    package mutating func append(_ text: Span<UInt8>) {
        text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        ends.append(bytes.count)
    }

    /// Where text `index` lies in `bytes`.
    package func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    /// Text `index` as a string, for people.
    package subscript(index: Int) -> String { String(decoding: bytes[range(of: index)], as: UTF8.self) }

    /// Calls `body` with the bytes of text `index`.
    @inline(__always)
    package func withText<Result>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows
        -> Result
    {
        let range = range(of: index)
        return try bytes.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// The texts at `selection`, in that order.
    package func selecting(_ selection: [Int]) -> TextBatch {
        var result = TextBatch()
        for index in selection { result.append(bytes[range(of: index)]) }
        return result
    }
}
