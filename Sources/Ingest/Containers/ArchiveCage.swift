import Glibc
import Records
import Runtime

/// Reads archives in a child process: the program started again with limits on time, memory and files.
///
/// The archive comes to the child as standard input, what it produces goes out as frames on standard output: one byte of
/// kind, four of length (little end first), the payload. The child opens no file of its own and writes none.
package struct ArchiveCage: Sendable {
    /// First argument by which the program knows that it is the child.
    package static let argument = "__archive-cage"

    let executable: String?
    package let limits: ArchiveLimits

    /// - Parameter executable: the program whose hidden entry point calls `serve`; `nil` reads within this process.
    package init(executable: String?, limits: ArchiveLimits = ArchiveLimits()) {
        self.executable = executable
        self.limits = limits
    }

    enum Frame: UInt8 { case entry = 0x45, data = 0x44, endEntry = 0x46, reject = 0x52, done = 0x5A }

    /// Reads an archive and gives its events in order.
    func read(_ input: InputBytes, kind: ContainerKind, emit: (ArchiveEvent) throws -> Void) throws {
        guard let executable else {
            try ArchiveWalker(limits: limits).walk(input.bytes, kind: kind, emit: emit)
            return
        }
        try readInChild(executable, input, kind, emit)
    }

    private func readInChild(
        _ executable: String, _ input: InputBytes, _ kind: ContainerKind, _ emit: (ArchiveEvent) throws -> Void
    ) throws {
        // The bytes go over by descriptor, not by name, so that the child needs no path.
        let archive = try input.descriptor()
        defer { close(archive) }
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw IngestError.unreadable(FileFault(operation: "make a pipe for", path: "archive", code: errno))
        }
        _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        var child = pid_t()
        let arguments = [executable, ArchiveCage.argument, kind.rawValue] + limits.arguments
        let started = ArchiveCage.spawn(executable, arguments, input: archive, output: ends[1], &child)
        close(ends[1])
        guard started == 0 else {
            close(ends[0])
            throw IngestError.unreadable(FileFault(operation: "start", path: executable, code: started))
        }
        var current = ""
        var isDone = false
        defer {
            close(ends[0])
            if !isDone { kill(child, SIGKILL) }
            var status: Int32 = 0
            while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        }
        var frames = FrameReader(descriptor: ends[0])
        while let (tag, payload) = frames.next() {
            switch Frame(rawValue: tag) {
            case .entry:
                current = String(decoding: payload, as: UTF8.self)
                try emit(.entry(current))
            case .data: try payload.withUnsafeBytes { try emit(.data($0)) }
            case .endEntry:
                try emit(.endEntry)
                current = ""
            case .reject:
                let parts = payload.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
                    .map { String(decoding: $0, as: UTF8.self) }
                guard parts.count == 3 else { break }
                try emit(
                    .reject(
                        path: parts[1], reason: Reject.Reason(rawValue: parts[0]) ?? .unreadable, detail: parts[2]))
                current = ""
            case .done: isDone = true
            case nil: break
            }
            if isDone { return }
        }
        // The child ended without saying so: a limit of the system or a fault in the library.
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        isDone = true
        let signal = status & 0x7F
        let isLimit = signal == SIGXCPU || signal == SIGKILL
        try emit(
            .reject(
                path: current, reason: isLimit ? .limitExceeded : .unreadable,
                detail: isLimit
                    ? "took more than \(limits.cpuSeconds) s of processor time or its memory"
                    : "the archive reader ended early (signal \(signal), status \(status >> 8 & 0xFF))"))
    }

    private static func spawn(
        _ executable: String, _ arguments: [String], input: Int32, output: Int32, _ child: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        pointers.append(nil)
        // Nothing of the environment goes over but what the loader needs to find its libraries.
        var environment: [UnsafeMutablePointer<CChar>?] = []
        for name in ["LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"] {
            if let value = getenv(name) { environment.append(strdup("\(name)=\(String(cString: value))")) }
        }
        defer { environment.forEach { free($0) } }
        environment.append(nil)
        return posix_spawn(&child, executable, &actions, nil, pointers, environment)
    }

    /// The child's whole life: reads the archive on standard input, writes frames to standard output.
    ///
    /// - Parameter arguments: what follows `argument` on the command line: the container's kind and the limits.
    /// - Returns: the exit code.
    package static func serve(arguments: [String]) -> Int32 {
        guard let kind = arguments.first.flatMap(ContainerKind.init(rawValue:)),
            let limits = ArchiveLimits(arguments: arguments.dropFirst())
        else { return 64 }
        limit(__rlimit_resource_t(0), limits.cpuSeconds)  // RLIMIT_CPU
        limit(__rlimit_resource_t(1), 0)  // RLIMIT_FSIZE
        limit(__rlimit_resource_t(4), 0)  // RLIMIT_CORE
        limit(__rlimit_resource_t(9), limits.addressSpace)  // RLIMIT_AS
        return serve(kind: kind, limits: limits, input: STDIN_FILENO, output: STDOUT_FILENO)
    }

    static func serve(kind: ContainerKind, limits: ArchiveLimits, input: Int32, output: Int32) -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        guard let bytes = try? InputBytes.map(descriptor: input, path: "archive") else { return 66 }
        defer { withExtendedLifetime(bytes) {} }
        let writer = FrameWriter(descriptor: output)
        do {
            try ArchiveWalker(limits: limits).walk(bytes.bytes, kind: kind) { event in
                switch event {
                case .entry(let name): try writer.write(.entry, Array(name.utf8))
                case .data(let data): try writer.write(.data, data)
                case .endEntry: try writer.write(.endEntry, [])
                case .reject(let path, let reason, let detail):
                    let shown = path.utf8.map { $0 == 0 ? UInt8(ascii: "?") : $0 }
                    try writer.write(.reject, Array(reason.rawValue.utf8) + [0] + shown + [0] + Array(detail.utf8))
                }
            }
            try writer.write(.done, [])
            return 0
        } catch { return 74 }
    }

    private static func limit(_ resource: __rlimit_resource_t, _ value: Int) {
        var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
        setrlimit(resource, &limit)
    }
}

/// Writes frames to a descriptor.
private struct FrameWriter {
    let descriptor: Int32

    func write(_ frame: ArchiveCage.Frame, _ payload: [UInt8]) throws {
        try payload.withUnsafeBytes { try write(frame, $0) }
    }

    func write(_ frame: ArchiveCage.Frame, _ payload: UnsafeRawBufferPointer) throws {
        // Data blocks of the library can be large; a frame carries at most a megabyte.
        var rest = payload
        repeat {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
            var header: [UInt8] = [frame.rawValue]
            withUnsafeBytes(of: UInt32(part.count).littleEndian) { header.append(contentsOf: $0) }
            try header.withUnsafeBytes { try all($0) }
            try all(part)
        } while rest.count > 0
    }

    private func all(_ bytes: UnsafeRawBufferPointer) throws {
        var offset = 0
        while offset < bytes.count {
            let written = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
            if written < 0 {
                if errno == EINTR { continue }
                throw FileFault(operation: "write", path: "pipe", code: errno)
            }
            offset += written
        }
    }
}

/// Reads frames from a descriptor; `nil` at the end or at a frame that is none.
private struct FrameReader {
    let descriptor: Int32

    mutating func next() -> (UInt8, [UInt8])? {
        guard let header = bytes(5) else { return nil }
        let length = header[1...].enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        guard length <= 1 << 20, let payload = bytes(length) else { return nil }
        return (header[0], payload)
    }

    private func bytes(_ count: Int) -> [UInt8]? {
        var isWhole = true
        let out = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = 0
            while initialized < count {
                let got = read(descriptor, buffer.baseAddress?.advanced(by: initialized), count - initialized)
                if got < 0 && errno == EINTR { continue }
                if got <= 0 {
                    isWhole = false
                    return
                }
                initialized += got
            }
        }
        return isWhole ? out : nil
    }
}
