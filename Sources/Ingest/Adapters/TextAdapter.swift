/// An adapter for text that is neither table nor JSON: chat logs, transcripts, mailboxes.
///
/// The text is first prepared as a whole (the order of day and month, who is who), then cut into blocks at borders between
/// items, and the blocks are mapped side by side. So that a cut never shows in the result, an item starts where
/// `nextItem` says, whatever stood before.
package protocol TextAdapter: Adapter {
    /// Whether the adapter decodes character sets itself, part by part, and is given the bytes as they are.
    var readsRawBytes: Bool { get }
    /// 0 to 1 for the beginning of a text (its first 64 KB).
    func confidence(for head: UnsafeRawBufferPointer) -> Double
    /// What has to be known of the whole before any of it is mapped.
    ///
    /// - Throws: `ItemFault` where the text cannot be read at all; it becomes the refusal of the file.
    func prepare(_ text: UnsafeRawBufferPointer, context: AdapterContext) throws(ItemFault) -> any PreparedText
}

extension TextAdapter {
    package var readsRawBytes: Bool { false }
}

/// A text that is ready to be cut and mapped.
package protocol PreparedText: Sendable {
    /// Where the first item at or behind `position` starts; the end of the text where there is none.
    func nextItem(_ text: UnsafeRawBufferPointer, from position: Int) -> Int
    /// Maps a block that starts and ends between items; rejects and records go to `records`, each behind its `beginItem`.
    ///
    /// - Parameter offset: of the block in the text.
    func map(_ block: UnsafeRawBufferPointer, offset: Int, to records: inout RecordSink)
}

/// Cuts a prepared text into blocks of about a megabyte.
final class PreparedTextProducer: @unchecked Sendable {
    // @unchecked: the pipeline calls `next` from its one reader thread only.
    private let text: InputBytes
    private let prepared: any PreparedText
    private let blockSize: Int
    private var position = 0
    private var forgotten = 0

    init(_ text: InputBytes, _ prepared: any PreparedText, blockSize: Int = 1 << 20) {
        self.text = text
        self.prepared = prepared
        self.blockSize = blockSize
    }

    func next() -> Range<Int>? {
        guard position < text.count else { return nil }
        defer { text.forgetBehind(position, &forgotten) }
        let start = position
        let target = start + blockSize
        position = target >= text.count ? text.count : max(start + 1, prepared.nextItem(text.bytes, from: target))
        return start..<position
    }
}
