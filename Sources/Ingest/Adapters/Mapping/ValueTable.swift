import Glibc

/// A small table of words, found by their bytes without regard to ASCII letter case.
final class ValueTable: @unchecked Sendable {
    // @unchecked: filled by the initialiser, only read afterwards.
    private struct Entry {
        var key: UnsafeRawBufferPointer
        var value: UnsafeRawBufferPointer
    }

    private let bytes = PlanBytes()
    private let entries: UnsafeMutableBufferPointer<Entry>
    private let longest: Int

    init(_ pairs: [String: String]) {
        // Sorted, so that two keys that differ in case alone always give the same winner.
        let sorted = pairs.sorted { $0.key < $1.key }
        entries = .allocate(capacity: max(1, sorted.count))
        var longest = 0
        for (index, pair) in sorted.enumerated() {
            let key = pair.key.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
            longest = max(longest, key.count)
            entries.initializeElement(
                at: index, to: Entry(key: bytes.keep(key), value: bytes.keep(Array(pair.value.utf8))))
        }
        self.longest = longest
        count = sorted.count
    }

    private let count: Int

    convenience init(_ words: [String]) { self.init(Dictionary(words.map { ($0, $0) }) { first, _ in first }) }

    deinit { entries.deallocate() }

    /// The value that stands for a word; `nil` where it is not in the table. It lives as long as the table.
    func value(of word: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard word.count <= longest else { return nil }
        next: for index in 0..<count {
            let key = entries[index].key
            guard key.count == word.count else { continue }
            for at in 0..<word.count {
                let byte = word[at]
                if (byte &- 0x41 < 26 ? byte | 0x20 : byte) != key[at] { continue next }
            }
            return entries[index].value
        }
        return nil
    }

    func contains(_ word: UnsafeRawBufferPointer) -> Bool { value(of: word) != nil }
}
