/// Names inside archives: their characters and whether they are harmless.
enum EntryName {
    /// UTF-8 where it is UTF-8, else GB18030 as Chinese Windows writes it, else windows-1252.
    static func decode(_ bytes: UnsafeRawBufferPointer) -> String {
        if UTF8Check.isValid(bytes) { return String(decoding: bytes, as: UTF8.self) }
        if let text = Iconv.strict(bytes, from: .gb18030) { return text }
        return Iconv.strict(bytes, from: .windows1252) ?? String(decoding: bytes, as: UTF8.self)
    }

    /// Why a name is not safe to show or keep as provenance; `nil` where it is.
    static func fault(_ name: String) -> String? {
        if name.isEmpty { return "entry without a name" }
        if name.hasPrefix("/") { return "absolute path" }
        if name.utf8.contains(UInt8(ascii: "\\")) { return "backslash in the path" }
        if name.utf8.contains(0) { return "NUL in the path" }
        let parts = name.split(separator: "/", omittingEmptySubsequences: true)
        if parts.contains("..") { return "path that leaves its folder" }
        if let first = parts.first?.utf8, first.count == 2, first.last == UInt8(ascii: ":") { return "drive letter" }
        if name.utf8.count > 1024 || parts.contains(where: { $0.utf8.count > 255 }) { return "name too long" }
        return nil
    }

    /// What systems put into archives beside the data.
    static func isClutter(_ name: String) -> Bool {
        let last = name.split(separator: "/").last ?? ""
        return name.hasPrefix("__MACOSX/") || last.hasPrefix("._") || last == ".DS_Store" || last == "Thumbs.db"
            || last == "desktop.ini"
    }
}
