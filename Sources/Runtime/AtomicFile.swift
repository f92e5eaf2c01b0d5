import Glibc

/// Writing files so that a reader sees the old one or the new one, never half of one.
package enum AtomicFile {
    /// Writes bytes under a temporary name in the same folder, flushes them to the disk, and renames.
    package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws(FileFault) {
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileFault(operation: "create", path: temporary, code: errno) }
        var failure: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let written = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                if written < 0 {
                    if errno == EINTR { continue }
                    failure = errno
                    return
                }
                offset += written
            }
            if fsync(descriptor) != 0 && errno != EINVAL { failure = errno }
        }
        close(descriptor)
        guard failure == 0 else {
            unlink(temporary)
            throw FileFault(operation: "write", path: path, code: failure)
        }
        guard rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw FileFault(operation: "rename into place", path: path, code: code)
        }
    }

    package static func write(_ text: String, to path: String, mode: UInt32 = 0o644) throws(FileFault) {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    /// Points the symbolic link at `path` to `destination` in one step.
    package static func link(_ path: String, to destination: String) throws(FileFault) {
        let temporary = "\(path).\(getpid()).tmp"
        unlink(temporary)
        guard symlink(destination, temporary) == 0 else {
            throw FileFault(operation: "link", path: path, code: errno)
        }
        guard rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw FileFault(operation: "rename into place", path: path, code: code)
        }
    }

    /// Puts the folder `new` where `path` is; what was there before is removed after the switch.
    package static func replaceFolder(_ path: String, with new: String) throws(FileFault) {
        let old = "\(path).\(getpid()).old"
        var info = stat()
        if lstat(path, &info) == 0 {
            // An exchange is one step for every reader; where the file system lacks it, two renames follow closely.
            if exchange(new, path) {
                removeTree(new)
                return
            }
            guard rename(path, old) == 0 else { throw FileFault(operation: "move aside", path: path, code: errno) }
        }
        guard rename(new, path) == 0 else {
            let code = errno
            rename(old, path)
            throw FileFault(operation: "rename into place", path: path, code: code)
        }
        removeTree(old)
    }

    /// Swaps two paths in one step by `renameat2(RENAME_EXCHANGE)`, which Swift's Glibc overlay does not declare.
    private static func exchange(_ a: String, _ b: String) -> Bool {
        typealias Renameat2 =
            @convention(c) (CInt, UnsafePointer<CChar>, CInt, UnsafePointer<CChar>, CUnsignedInt) -> CInt
        guard let symbol = dlsym(nil, "renameat2") else { return false }
        // unsafeBitCast: dlsym gives an untyped address; the signature is that of renameat2(2).
        return unsafeBitCast(symbol, to: Renameat2.self)(AT_FDCWD, a, AT_FDCWD, b, 2) == 0
    }

    /// Removes a folder with everything in it; what is not there is fine.
    package static func removeTree(_ path: String) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return }
        if info.st_mode & S_IFMT == S_IFDIR, let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != "." && name != ".." { removeTree("\(path)/\(name)") }
            }
            closedir(directory)
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    /// Makes a folder and those above it.
    package static func makeFolder(_ path: String) throws(FileFault) {
        if path.isEmpty || path == "/" { return }
        var info = stat()
        if stat(path, &info) == 0 {
            if info.st_mode & S_IFMT == S_IFDIR { return }
            throw FileFault(operation: "make folder", path: path, code: ENOTDIR)
        }
        if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
        if mkdir(path, 0o755) != 0 && errno != EEXIST {
            throw FileFault(operation: "make folder", path: path, code: errno)
        }
    }
}
