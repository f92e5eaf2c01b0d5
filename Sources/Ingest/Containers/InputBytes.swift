import Glibc
import Runtime

/// Read-only bytes of a file or of a temporary spool, mapped into memory; unmapped when the last owner is gone.
///
/// A spool has no name in the file system, so nothing is left behind when the process ends, however it ends.
package final class InputBytes: @unchecked Sendable {
    // @unchecked: the mapping is read-only and lives as long as the object.
    private let mapping: UnsafeMutableRawPointer?
    package let bytes: UnsafeRawBufferPointer
    /// The mapping that a slice is part of.
    private let parent: InputBytes?

    /// The file that the whole of the bytes stands for.
    private let path: String?

    private init(mapping: UnsafeMutableRawPointer?, count: Int, path: String? = nil) {
        self.mapping = mapping
        self.path = path
        bytes = UnsafeRawBufferPointer(start: mapping, count: mapping == nil ? 0 : count)
        parent = nil
    }

    private init(slice: UnsafeRawBufferPointer, of parent: InputBytes) {
        mapping = nil
        path = nil
        bytes = slice
        self.parent = parent
    }

    deinit { if let mapping { munmap(mapping, bytes.count) } }

    package var count: Int { bytes.count }

    /// Maps a file.
    package static func map(path: String) throws(IngestError) -> InputBytes {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw .unreadable(FileFault(operation: "open", path: path, code: errno))
        }
        defer { close(descriptor) }
        return try map(descriptor: descriptor, path: path, isNamed: true)
    }

    /// An open descriptor at the start of these bytes; the caller closes it.
    func descriptor() throws(IngestError) -> Int32 {
        if let path {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw .unreadable(FileFault(operation: "open", path: path, code: errno))
            }
            return descriptor
        }
        var spool = try Spool()
        try spool.write(bytes)
        return try spool.duplicate()
    }

    /// Maps what an open descriptor stands for; the descriptor may be closed afterwards.
    static func map(descriptor: Int32, path: String, isNamed: Bool = false) throws(IngestError) -> InputBytes {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else {
            throw .unreadable(FileFault(operation: "look at", path: path, code: errno))
        }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(FileFault(operation: "read (no regular file)", path: path, code: EINVAL))
        }
        guard info.st_size > 0 else { return InputBytes(mapping: nil, count: 0) }
        let mapping = mmap(nil, Int(info.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let mapping, mapping != MAP_FAILED else {
            throw .unreadable(FileFault(operation: "map", path: path, code: errno))
        }
        madvise(mapping, Int(info.st_size), MADV_SEQUENTIAL)
        return InputBytes(mapping: mapping, count: Int(info.st_size), path: isNamed ? path : nil)
    }

    /// Part of the bytes; keeps the whole alive.
    func slice(_ range: Range<Int>) -> InputBytes {
        let bounded = range.clamped(to: 0..<bytes.count)
        return InputBytes(slice: UnsafeRawBufferPointer(rebasing: bytes[bounded]), of: self)
    }

    /// Tells the kernel that the pages up to `offset` will not be needed soon, so that a large file does not fill memory.
    func forget(upTo offset: Int, from start: Int = 0) {
        guard let base = bytes.baseAddress else { return }
        let page = 4096
        let first = (UInt(bitPattern: base) + UInt(max(0, start)) + UInt(page - 1)) / UInt(page) * UInt(page)
        let last = (UInt(bitPattern: base) + UInt(max(0, min(offset, bytes.count)))) / UInt(page) * UInt(page)
        guard last > first, let pointer = UnsafeMutableRawPointer(bitPattern: first) else { return }
        madvise(pointer, Int(last - first), MADV_DONTNEED)
    }
}

/// A nameless temporary file that is filled from front to back and then mapped.
struct Spool: ~Copyable {
    private let descriptor: Int32
    private(set) var count = 0
    private let folder: String

    init() throws(IngestError) {
        folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        // O_TMPFILE is __O_TMPFILE | O_DIRECTORY; Swift's overlay has no name for it.
        var descriptor = open(folder, O_RDWR | O_CLOEXEC | 0o20200000, 0o600)
        if descriptor < 0 {
            var template = Array("\(folder)/cs-analytics.XXXXXX".utf8CString)
            descriptor = mkstemp(&template)
            if descriptor >= 0 {
                unlink(template)
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            }
        }
        guard descriptor >= 0 else {
            throw .noTemporarySpace(FileFault(operation: "make a temporary file in", path: folder, code: errno))
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(IngestError) {
        var offset = 0
        while offset < bytes.count {
            let written = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
            if written < 0 {
                if errno == EINTR { continue }
                throw .noTemporarySpace(FileFault(operation: "write a temporary file in", path: folder, code: errno))
            }
            offset += written
        }
        count += bytes.count
    }

    mutating func write(_ bytes: [UInt8]) throws(IngestError) {
        let failure = bytes.withUnsafeBytes { buffer -> IngestError? in
            do throws(IngestError) {
                try write(buffer)
                return nil
            } catch { return error }
        }
        if let failure { throw failure }
    }

    /// Takes back what was written from `offset` on.
    mutating func rewind(to offset: Int) {
        if ftruncate(descriptor, off_t(offset)) == 0, lseek(descriptor, off_t(offset), SEEK_SET) >= 0 { count = offset }
    }

    /// A descriptor of its own for what was written, at the start of the file; the caller closes it.
    borrowing func duplicate() throws(IngestError) -> Int32 {
        lseek(descriptor, 0, SEEK_SET)
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else {
            throw .noTemporarySpace(FileFault(operation: "use a temporary file in", path: folder, code: errno))
        }
        return copy
    }

    func map() throws(IngestError) -> InputBytes { try InputBytes.map(descriptor: descriptor, path: folder) }
}
