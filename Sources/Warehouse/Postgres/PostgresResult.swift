import CLibPQ

/// A result of the server; freed with the value.
final class PostgresResult {
    let handle: OpaquePointer?
    init(_ handle: OpaquePointer?) { self.handle = handle }
    deinit { PQclear(handle) }
}

/// Rows of a binary result, and of the results that follow it when it belongs to a cursor.
final class PostgresReader: RowReader {
    private var result: PostgresResult
    private let more: (() throws -> PostgresResult)?
    private var row: Int32 = -1
    private var count: Int32

    init(_ result: PostgresResult, more: (() throws -> PostgresResult)?) {
        self.result = result
        self.more = more
        count = PQntuples(result.handle)
    }

    func next() throws -> Bool {
        row += 1
        if row < count { return true }
        guard let more, count > 0 else { return false }
        result = try more()
        count = PQntuples(result.handle)
        row = 0
        return count > 0
    }

    func isNull(_ column: Int) -> Bool { PQgetisnull(result.handle, row, Int32(column)) == 1 }

    func integer(_ column: Int) -> Int64 {
        withBytes(column) { bytes in
            switch bytes.count {
            case 8: Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
            case 4: Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
            case 2: Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
            case 1: Int64(bytes[0])
            default: 0
            }
        }
    }

    func real(_ column: Int) -> Double {
        withBytes(column) { bytes in
            switch bytes.count {
            case 8: Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)))
            case 4: Double(Float(bitPattern: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))))
            default: 0
            }
        }
    }

    func withBytes<R>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        let start = PQgetvalue(result.handle, row, Int32(column))
        let count = Int(PQgetlength(result.handle, row, Int32(column)))
        return try body(UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// Values in the server's binary form with what `PQexecParams` wants to know of them.
struct PostgresParameters {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var types: [Oid] = []
    private var lengths: [Int32] = []

    init(_ values: [SQLValue]) {
        for value in values {
            let start = bytes.count
            switch value {
            case .null: types.append(0)
            case .integer(let value):
                types.append(20)
                withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
            case .real(let value):
                types.append(701)
                withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes.append(contentsOf: $0) }
            case .text(let value):
                types.append(25)
                bytes.append(contentsOf: value.utf8.lazy.filter { $0 != 0 })
            case .blob(let value):
                types.append(17)
                bytes.append(contentsOf: value)
            }
            offsets.append(value == .null ? nil : start)
            lengths.append(Int32(bytes.count - start))
        }
        // An empty buffer has no address, and an empty text is not NULL.
        bytes.append(0)
    }

    func withPointers<R>(
        _ body: (
            UnsafePointer<Oid>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> R
    ) -> R {
        bytes.withUnsafeBytes { buffer in
            let pointers = offsets.map { offset in
                offset.flatMap { buffer.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            }
            let formats = [Int32](repeating: 1, count: offsets.count)
            return types.withUnsafeBufferPointer { types in
                pointers.withUnsafeBufferPointer { pointers in
                    lengths.withUnsafeBufferPointer { lengths in
                        formats.withUnsafeBufferPointer { formats in
                            body(types.baseAddress, pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                        }
                    }
                }
            }
        }
    }
}
