import Glibc

/// Why no key could be had.
package enum PrivacyError: Error, Equatable, CustomStringConvertible {
    case keyTooShort(origin: String)
    case keyReadableByOthers(path: String, mode: String)
    case keyOfAnotherUser(path: String)
    case keyNotAFile(path: String)
    case keyUnreadable(path: String, reason: String)
    case keyMalformed(path: String)
    case keyNotWritten(path: String, reason: String)

    package var description: String {
        switch self {
        case .keyTooShort(let origin):
            "the privacy key in \(origin) is too short: give 64 hexadecimal digits, or at least 16 characters"
        case .keyReadableByOthers(let path, let mode):
            "\(path): the privacy key can be read by others (mode \(mode)); run: chmod 600 \(path)"
        case .keyOfAnotherUser(let path): "\(path): the privacy key belongs to another user"
        case .keyNotAFile(let path): "\(path): the privacy key is not a plain file"
        case .keyUnreadable(let path, let reason): "\(path): cannot read the privacy key: \(reason)"
        case .keyMalformed(let path): "\(path): no privacy key in it: expected 64 hexadecimal digits in one line"
        case .keyNotWritten(let path, let reason): "\(path): cannot write a new privacy key: \(reason)"
        }
    }
}

/// The key of the pseudonyms: at least 16 bytes, from the environment or from a file that only its owner can read.
package struct PrivacyKey: Sendable {
    /// Where a key came from.
    package enum Origin: Sendable, Equatable {
        case environment(String)
        case file(String)
        /// Made by this run.
        case created(String)
    }

    package static let environmentName = "CS_ANALYTICS_PRIVACY_KEY"

    let bytes: [UInt8]
    package let origin: Origin

    /// A key of given bytes, at least 16.
    package init(bytes: [UInt8], origin: Origin = .environment("")) throws(PrivacyError) {
        guard bytes.count >= 16 else { throw .keyTooShort(origin: "memory") }
        self.bytes = bytes
        self.origin = origin
    }

    private init(checked bytes: [UInt8], _ origin: Origin) {
        self.bytes = bytes
        self.origin = origin
    }

    /// What a person should know about a key that was just made, `nil` otherwise.
    package var notice: String? {
        guard case .created(let path) = origin else { return nil }
        return
            "made a new privacy key at \(path) (mode 0600); back it up: without it pseudonyms cannot be joined to new data"
    }

    /// The key of the environment where it is set, else that of the file, which is made if it is not there.
    ///
    /// A file that others can read, that another user owns or that is a link is refused.
    package static func load(environment: [String: String], file: String) throws(PrivacyError) -> PrivacyKey {
        if let text = environment[environmentName], !text.isEmpty {
            if let bytes = hexadecimal(Array(text.utf8)) {
                return PrivacyKey(checked: bytes, .environment(environmentName))
            }
            let bytes = Array(text.utf8)
            guard bytes.count >= 16 else { throw .keyTooShort(origin: environmentName) }
            return PrivacyKey(checked: bytes, .environment(environmentName))
        }
        if let key = try read(file) { return key }
        let made = try create(file)
        // Another run may have been first: then its key holds.
        guard let key = try read(file) else { throw .keyUnreadable(path: file, reason: "it vanished") }
        return PrivacyKey(checked: key.bytes, made ? .created(file) : .file(file))
    }

    /// `nil` where there is no such file.
    private static func read(_ path: String) throws(PrivacyError) -> PrivacyKey? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            if errno == ELOOP { throw .keyNotAFile(path: path) }
            throw .keyUnreadable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else {
            throw .keyUnreadable(path: path, reason: String(cString: strerror(errno)))
        }
        guard info.st_mode & S_IFMT == S_IFREG else { throw .keyNotAFile(path: path) }
        guard info.st_mode & 0o077 == 0 else {
            throw .keyReadableByOthers(path: path, mode: "0" + String(info.st_mode & 0o777, radix: 8))
        }
        guard info.st_uid == geteuid() || info.st_uid == 0 else { throw .keyOfAnotherUser(path: path) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw .keyUnreadable(path: path, reason: String(cString: strerror(errno))) }
        guard let bytes = hexadecimal(Array(buffer[..<count])) else { throw .keyMalformed(path: path) }
        return PrivacyKey(checked: bytes, .file(path))
    }

    /// Writes a new key under a name of its own and links it into place; `false` where one stands there already.
    private static func create(_ path: String) throws(PrivacyError) -> Bool {
        makeFolder(of: path)
        let temporary = "\(path).\(getpid()).tmp"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .keyNotWritten(path: path, reason: String(cString: strerror(errno))) }
        defer { unlink(temporary) }
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for _ in 0..<4 {
            var word = generator.next()
            for _ in 0..<16 {
                text.append(digits[Int(word & 15)])
                word >>= 4
            }
        }
        text.append(UInt8(ascii: "\n"))
        let written = write(descriptor, text, text.count)
        let flushed = fsync(descriptor)
        let code = errno
        close(descriptor)
        guard written == text.count, flushed == 0 else {
            throw .keyNotWritten(path: path, reason: String(cString: strerror(code)))
        }
        if link(temporary, path) == 0 { return true }
        if errno == EEXIST { return false }
        throw .keyNotWritten(path: path, reason: String(cString: strerror(errno)))
    }

    /// Folders above the key are the owner's alone.
    private static func makeFolder(of path: String) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        if mkdir(folder, 0o700) != 0, errno == ENOENT {
            makeFolder(of: folder)
            mkdir(folder, 0o700)
        }
    }

    /// The bytes of at least 32 hexadecimal digits with white space round them.
    private static func hexadecimal(_ text: [UInt8]) -> [UInt8]? {
        var out: [UInt8] = []
        var high: UInt8?
        for byte in text where byte > 0x20 {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x61...0x66: digit = byte - 0x57
            case 0x41...0x46: digit = byte - 0x37
            default: return nil
            }
            if let first = high {
                out.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil && out.count >= 16 ? out : nil
    }
}
