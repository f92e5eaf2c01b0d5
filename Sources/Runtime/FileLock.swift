import Glibc

/// An advisory lock on a file (flock), held until the value goes away or the process ends in whatever way.
package final class FileLock: Sendable {
    private let descriptor: CInt
    package let path: String

    private init(descriptor: CInt, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// The lock, or `nil` when another process or value holds it. Throws where the file cannot be opened.
    package static func tryLock(path: String) throws(FileFault) -> FileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileFault(operation: "open lock", path: path, code: errno) }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK { return nil }
            throw FileFault(operation: "lock", path: path, code: code)
        }
        return FileLock(descriptor: descriptor, path: path)
    }

    deinit { close(descriptor) }
}

/// A file operation that the system refused: what was tried, on what, and its reason.
package struct FileFault: Error, Equatable, CustomStringConvertible {
    package let operation: String
    package let path: String
    package let code: Int32

    package init(operation: String, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
    package var description: String { "cannot \(operation) \(path): \(String(cString: strerror(code)))" }
}
