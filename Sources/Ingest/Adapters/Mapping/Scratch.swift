/// Bytes made while a row is mapped (unescaped, joined, replaced values); they live until the next row.
final class Scratch {
    @exclusivity(unchecked) private var chunks: [UnsafeMutableRawBufferPointer] = []
    @exclusivity(unchecked) private var current = 0
    @exclusivity(unchecked) private var used = 0

    deinit { chunks.forEach { $0.deallocate() } }

    /// Forgets everything that was made; the room is used again.
    @inline(__always)
    func reset() {
        if used == 0 && current == 0 { return }
        current = 0
        used = 0
        // One long value does not keep its room for ever.
        while chunks.count > 4 { chunks.removeLast().deallocate() }
    }

    /// Room for `count` bytes that stays where it is until `reset`.
    func room(_ count: Int) -> UnsafeMutableRawBufferPointer {
        while current < chunks.count {
            if chunks[current].count - used >= count {
                let room = UnsafeMutableRawBufferPointer(rebasing: chunks[current][used..<used + count])
                used += count
                return room
            }
            current += 1
            used = 0
        }
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: max(64 << 10, count), alignment: 8)
        chunks.append(chunk)
        current = chunks.count - 1
        used = count
        return UnsafeMutableRawBufferPointer(rebasing: chunk[..<count])
    }

    func keep(_ bytes: some Collection<UInt8>) -> UnsafeRawBufferPointer {
        let room = room(bytes.count)
        room.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(room)
    }
}

/// The fields of one input item by column position; bytes stay valid until the next item.
protocol RowFields {
    /// The bytes of a column; `nil` where the item has none there.
    func field(_ column: Int, _ scratch: Scratch) -> UnsafeRawBufferPointer?
    /// A hash of the whole item for `FieldSource.rowHash`.
    func hash(_ scratch: Scratch) -> UInt64
}
