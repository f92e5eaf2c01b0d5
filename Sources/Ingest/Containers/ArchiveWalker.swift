internal import CLibArchive
import Glibc
import Records

/// What reading an archive gives, in its order.
enum ArchiveEvent {
    case entry(String)
    case data(UnsafeRawBufferPointer)
    /// The entry is whole.
    case endEntry
    /// The entry (or with an empty path the archive) is given up; data of an entry that was begun is void.
    case reject(path: String, reason: Reject.Reason, detail: String)
}

/// Reads one archive through libarchive, as a stream, without ever making a path from an entry's name.
///
/// Links, devices and unsafe names are rejected; limits end the reading. No passphrase is ever asked for.
struct ArchiveWalker {
    let limits: ArchiveLimits

    /// - Parameter emit: gets the events; data is valid during the call.
    func walk(_ bytes: UnsafeRawBufferPointer, kind: ContainerKind, emit: (ArchiveEvent) throws -> Void) throws {
        // 1 is LC_CTYPE_MASK, for which the overlay has no name.
        let locale = newlocale(1, "C.UTF-8", nil)
        let before = uselocale(locale)
        defer {
            uselocale(before)
            if let locale { freelocale(locale) }
        }
        guard let archive = archive_read_new() else {
            try emit(.reject(path: "", reason: .unreadable, detail: "no memory for the archive reader"))
            return
        }
        defer { archive_read_free(archive) }
        archive_read_support_filter_gzip(archive)
        archive_read_support_filter_bzip2(archive)
        archive_read_support_filter_xz(archive)
        archive_read_support_filter_zstd(archive)
        archive_read_support_format_tar(archive)
        archive_read_support_format_gnutar(archive)
        archive_read_support_format_zip(archive)
        archive_read_support_format_7zip(archive)
        if kind.isStream {
            archive_read_support_format_raw(archive)
            archive_read_support_format_empty(archive)
        }
        guard archive_read_open_memory(archive, bytes.baseAddress, bytes.count) == ARCHIVE_OK else {
            try emit(.reject(path: "", reason: reason(archive), detail: message(archive)))
            return
        }
        var names: [String: Int] = [:]
        var produced = 0
        var count = 0
        while true {
            var entry: OpaquePointer?
            let status = archive_read_next_header(archive, &entry)
            if status == ARCHIVE_EOF {
                if kind == .zip, !hasZipDirectory(bytes) {
                    try emit(.reject(path: "", reason: .truncated, detail: "the archive's directory is missing"))
                }
                return
            }
            if status == ARCHIVE_RETRY { continue }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else {
                try emit(.reject(path: "", reason: reason(archive), detail: message(archive)))
                return
            }
            count += 1
            if count > limits.entries {
                try emit(
                    .reject(path: "", reason: .limitExceeded, detail: "more than \(limits.entries) entries"))
                return
            }
            let raw = archive_entry_pathname(entry).map { UnsafeRawBufferPointer(start: $0, count: strlen($0)) }
            var name = raw.map(EntryName.decode) ?? ""
            if archive_format(archive) == Int32(ARCHIVE_FORMAT_RAW) { name = "" }
            if let kind = irregular(entry) {
                if kind != "folder" {
                    try emit(.reject(path: name, reason: .unsafeEntry, detail: "\(kind) in an archive"))
                }
                continue
            }
            if archive_format(archive) != Int32(ARCHIVE_FORMAT_RAW), let fault = EntryName.fault(name) {
                try emit(.reject(path: String(name.prefix(200)), reason: .unsafeEntry, detail: fault))
                continue
            }
            if EntryName.isClutter(name) { continue }
            if archive_entry_is_encrypted(entry) != 0 {
                try emit(
                    .reject(path: name, reason: .encrypted, detail: "encrypted entry; decrypt the archive first"))
                continue
            }
            let number = (names[name] ?? 0) + 1
            names[name] = number
            let unique = number == 1 ? name : "\(name)#\(number)"
            guard try data(archive, unique, bytes.count, &produced, emit) else { return }
        }
    }

    /// Reads an entry's data; `false` where reading the archive must end.
    private func data(
        _ archive: OpaquePointer, _ name: String, _ archiveSize: Int, _ produced: inout Int,
        _ emit: (ArchiveEvent) throws -> Void
    ) throws -> Bool {
        try emit(.entry(name))
        var inEntry = 0
        while true {
            var pointer: UnsafeRawPointer?
            var size = 0
            var offset: Int64 = 0
            let status = archive_read_data_block(archive, &pointer, &size, &offset)
            if status == ARCHIVE_EOF {
                try emit(.endEntry)
                return true
            }
            if status == ARCHIVE_RETRY { continue }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN else {
                try emit(.reject(path: name, reason: reason(archive), detail: message(archive)))
                return status != ARCHIVE_FATAL
            }
            // Holes of sparse files would be zeros without end; an export has none.
            guard offset == Int64(inEntry) else {
                try emit(.reject(path: name, reason: .unreadable, detail: "sparse entry"))
                return true
            }
            inEntry += size
            produced += size
            let detail: String? =
                inEntry > limits.entryBytes
                ? "entry of more than \(limits.entryBytes) bytes"
                : produced > limits.totalBytes
                    ? "more than \(limits.totalBytes) bytes in all"
                    : produced > limits.ratioFloor && produced / limits.ratio > archiveSize
                        ? "more than \(limits.ratio) bytes out of one byte of archive" : nil
            if let detail {
                try emit(.reject(path: name, reason: .limitExceeded, detail: detail))
                return false
            }
            if let pointer { try emit(.data(UnsafeRawBufferPointer(start: pointer, count: size))) }
        }
    }

    /// Whether a zip ends with its directory; one that was cut short does not.
    private func hasZipDirectory(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var at = bytes.count - 22
        let first = max(0, bytes.count - 22 - 65_535)
        while at >= first {
            if bytes[at] == 0x50, bytes[at + 1] == 0x4B, bytes[at + 2] == 5, bytes[at + 3] == 6 { return true }
            at -= 1
        }
        return false
    }

    private func irregular(_ entry: OpaquePointer) -> String? {
        if archive_entry_hardlink(entry) != nil { return "hard link" }
        if archive_entry_symlink(entry) != nil { return "symbolic link" }
        switch archive_entry_filetype(entry) & S_IFMT {
        case S_IFREG, 0: return nil
        case S_IFDIR: return "folder"
        case S_IFLNK: return "symbolic link"
        default: return "device or pipe"
        }
    }

    private func message(_ archive: OpaquePointer) -> String {
        archive_error_string(archive).map { String(cString: $0) } ?? "cannot be read"
    }

    private func reason(_ archive: OpaquePointer) -> Reject.Reason {
        let text = message(archive).lowercased()
        if text.contains("passphrase") || text.contains("encrypt") { return .encrypted }
        if text.contains("truncated") || text.contains("unexpected end") || text.contains("premature") {
            return .truncated
        }
        return .unreadable
    }
}
