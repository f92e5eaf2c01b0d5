import Glibc

/// Writes rows in the binary form of PostgreSQL's COPY (PostgreSQL manual, COPY, "Binary Format").
///
/// Values go straight from a column's bytes into one buffer, which is handed on whenever it holds 256 KiB.
final class BinaryCopyEncoder: RowWriter {
    private static let chunk = 256 << 10
    private let columns: Int16
    private let send: (UnsafeRawBufferPointer) throws -> Void
    private var buffer: UnsafeMutableRawPointer
    private var capacity: Int
    private var count = 0

    init(columns: Int, send: @escaping (UnsafeRawBufferPointer) throws -> Void) {
        self.columns = Int16(truncatingIfNeeded: columns)
        self.send = send
        capacity = BinaryCopyEncoder.chunk + 4096
        buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)
        header.withUnsafeBytes { append($0) }
    }

    deinit { buffer.deallocate() }

    @inline(__always)
    private func reserve(_ bytes: Int) {
        if count + bytes > capacity { grow(bytes) }
    }

    private func grow(_ bytes: Int) {
        let larger = max(capacity * 2, count + bytes)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        memcpy(moved, buffer, count)
        buffer.deallocate()
        buffer = moved
        capacity = larger
    }

    @inline(__always)
    private func append(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        if let start = bytes.baseAddress { memcpy(buffer + count, start, bytes.count) }
        count += bytes.count
    }

    @inline(__always)
    private func append<T: FixedWidthInteger>(_ value: T) {
        reserve(MemoryLayout<T>.size)
        buffer.storeBytes(of: value.bigEndian, toByteOffset: count, as: T.self)
        count += MemoryLayout<T>.size
    }

    func beginRow() { append(columns) }

    func bytes(_ value: UnsafeRawBufferPointer) {
        append(Int32(truncatingIfNeeded: value.count))
        append(value)
    }

    func text(_ value: String) {
        var value = value
        if value.utf8.contains(0) { value = String(decoding: value.utf8.filter { $0 != 0 }, as: UTF8.self) }
        value.withUTF8 { bytes(UnsafeRawBufferPointer($0)) }
    }

    func blob(_ value: [UInt8]) { value.withUnsafeBytes { bytes($0) } }

    func integer(_ value: Int64) {
        append(Int32(8))
        append(value)
    }

    func real(_ value: Double) {
        append(Int32(8))
        append(value.bitPattern)
    }

    func null() { append(Int32(-1)) }

    func endRow() throws {
        if count >= BinaryCopyEncoder.chunk { try flush() }
    }

    /// Writes the trailer and hands on what is left.
    func finish() throws {
        append(Int16(-1))
        try flush()
    }

    private func flush() throws {
        try send(UnsafeRawBufferPointer(start: buffer, count: count))
        count = 0
    }
}
