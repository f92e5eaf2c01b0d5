/// What a file is by its first bytes.
package enum ContainerKind: String, Sendable, Codable {
    case plain, zip, tar, gzip, zstd, xz, bzip2
    case sevenZip = "7z"
    /// Something that is known and not read (a spreadsheet, a PDF, an image).
    case unsupported

    /// A compressed stream that may hold a tar or a single file.
    var isStream: Bool { self == .gzip || self == .zstd || self == .xz || self == .bzip2 }
    var isArchive: Bool { self != .plain && self != .unsupported }

    /// The kind of a file's bytes; a name is not asked, since names lie.
    static func detect(_ bytes: UnsafeRawBufferPointer) -> ContainerKind {
        func starts(_ magic: [UInt8], at offset: Int = 0) -> Bool {
            bytes.count >= offset + magic.count && bytes[offset..<offset + magic.count].elementsEqual(magic)
        }
        if starts([0x50, 0x4B, 3, 4]) || starts([0x50, 0x4B, 5, 6]) || starts([0x50, 0x4B, 7, 8]) { return .zip }
        if starts([0x1F, 0x8B]) { return .gzip }
        if starts([0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
        if starts([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]) { return .xz }
        if starts(Array("BZh".utf8)), bytes.count > 10, starts([0x31, 0x41, 0x59, 0x26], at: 4) { return .bzip2 }
        if starts([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) { return .sevenZip }
        if starts(Array("ustar".utf8), at: 257) { return .tar }
        let foreign: [[UInt8]] = [
            Array("%PDF".utf8), [0xD0, 0xCF, 0x11, 0xE0], Array("Rar!".utf8), [0x89, 0x50, 0x4E, 0x47],
            [0xFF, 0xD8, 0xFF],
            Array("GIF8".utf8), Array("SQLite format 3".utf8), [0x7F, 0x45, 0x4C, 0x46], Array("PAR1".utf8),
        ]
        return foreign.contains { starts($0) } ? .unsupported : .plain
    }

    /// A name without the ending that its compression gave it.
    static func uncompressedName(_ name: String) -> String {
        for ending in [".gz", ".zst", ".xz", ".bz2"] where name.lowercased().hasSuffix(ending) {
            return String(name.dropLast(ending.count))
        }
        return name
    }
}
