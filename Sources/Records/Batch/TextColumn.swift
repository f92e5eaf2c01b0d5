/// Many texts in one UTF-8 buffer: value `i` is the bytes between its start and its end; absent is not empty.
package struct TextColumn: Sendable {
    package private(set) var bytes: [UInt8] = []
    /// End offset of each value; an absent value has its bits inverted, so that it is negative.
    private var ends: [Int32] = []

    package init() {}

    package var count: Int { ends.count }

    package mutating func reserveCapacity(values: Int, bytes byteCount: Int) {
        ends.reserveCapacity(values)
        bytes.reserveCapacity(byteCount)
    }

    package mutating func append(_ value: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: value)
        ends.append(Int32(truncatingIfNeeded: bytes.count))
    }

    package mutating func append(_ value: String) {
        bytes.append(contentsOf: value.utf8)
        ends.append(Int32(truncatingIfNeeded: bytes.count))
    }

    package mutating func appendAbsent() { ends.append(~Int32(truncatingIfNeeded: bytes.count)) }

    package mutating func removeAll(keepingCapacity: Bool = true) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
        ends.removeAll(keepingCapacity: keepingCapacity)
    }

    /// Takes back every value from `values` on.
    package mutating func truncate(to values: Int) {
        guard ends.count > values else { return }
        bytes.removeLast(bytes.count - start(values))
        ends.removeLast(ends.count - values)
    }

    /// Whether no value is present.
    package var isAllAbsent: Bool { bytes.isEmpty && ends.allSatisfy { $0 < 0 } }

    package func isPresent(_ index: Int) -> Bool { ends[index] >= 0 }

    /// The bytes of value `index` as a range of `bytes`, `nil` where it is absent.
    package func range(_ index: Int) -> Range<Int>? {
        let end = ends[index]
        guard end >= 0 else { return nil }
        return start(index)..<Int(end)
    }

    private func start(_ index: Int) -> Int {
        guard index > 0 else { return 0 }
        let previous = ends[index - 1]
        return Int(previous >= 0 ? previous : ~previous)
    }

    /// Calls `body` with the bytes of value `index`, `nil` where it is absent; the pointer must not leave `body`.
    package func withBytes<R>(_ index: Int, _ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
        guard let range = range(index) else { return try body(nil) }
        return try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    package subscript(_ index: Int) -> String? {
        guard let range = range(index) else { return nil }
        return String(decoding: bytes[range], as: UTF8.self)
    }

    /// A column with the same values, each present one passed through `transform`, which appends to the given buffer.
    package func map(_ transform: (UnsafeRawBufferPointer, inout [UInt8]) -> Void) -> TextColumn {
        var out = TextColumn()
        out.reserveCapacity(values: count, bytes: bytes.count)
        bytes.withUnsafeBytes { all in
            for index in 0..<count {
                if let range = range(index) {
                    transform(UnsafeRawBufferPointer(rebasing: all[range]), &out.bytes)
                    out.ends.append(Int32(truncatingIfNeeded: out.bytes.count))
                } else {
                    out.appendAbsent()
                }
            }
        }
        return out
    }
}
