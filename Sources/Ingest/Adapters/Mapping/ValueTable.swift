import Glibc

/// A small table of words, found by their bytes without regard to ASCII letter case.
struct ValueTable: Sendable {
    private let keys: [[UInt8]]
    private let values: [[UInt8]]
    /// Positions by length, so that a look-up compares only words of the same length.
    private let byLength: [[Int]]

    init(_ pairs: [String: String]) {
        // Sorted, so that two keys that differ in case alone always give the same winner.
        let sorted = pairs.sorted { $0.key < $1.key }
        keys = sorted.map { ValueTable.lowered(Array($0.key.utf8)) }
        values = sorted.map { Array($0.value.utf8) }
        var byLength: [[Int]] = []
        for (index, key) in keys.enumerated() {
            while byLength.count <= key.count { byLength.append([]) }
            byLength[key.count].append(index)
        }
        self.byLength = byLength
    }

    init(_ words: [String]) { self.init(Dictionary(words.map { ($0, $0) }) { first, _ in first }) }

    private static func lowered(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    }

    /// Position of a word; `nil` where it is not in the table.
    func index(of word: UnsafeRawBufferPointer) -> Int? {
        guard word.count < byLength.count else { return nil }
        let candidates = byLength[word.count]
        next: for index in candidates {
            let key = keys[index]
            for at in 0..<word.count {
                let byte = word[at]
                if (byte &- 0x41 < 26 ? byte | 0x20 : byte) != key[at] { continue next }
            }
            return index
        }
        return nil
    }

    func contains(_ word: UnsafeRawBufferPointer) -> Bool { index(of: word) != nil }

    /// Calls `body` with the value that stands for position `index`.
    func withValue<R>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try values[index].withUnsafeBytes(body)
    }
}
