import Glibc
import Runtime

/// A file that the user's PATH arguments stand for.
package struct InputSource: Sendable, Hashable {
    /// The path as it is shown; `-` for standard input.
    package let path: String

    package init(path: String) { self.path = path }

    /// The files behind paths, folders (searched through, in sorted order), patterns and `-`.
    ///
    /// The order is that of the arguments, each file once. Hidden files of folders are left out, and so are mapping files,
    /// which describe data and are none.
    package static func discover(_ arguments: [String]) throws(IngestError) -> [InputSource] {
        var found: [InputSource] = []
        var seen: Set<String> = []
        func add(_ path: String) { if seen.insert(path).inserted { found.append(InputSource(path: path)) } }
        for argument in arguments {
            if argument == "-" {
                add("-")
                continue
            }
            var info = stat()
            if stat(argument, &info) == 0 {
                if info.st_mode & S_IFMT == S_IFDIR {
                    for path in try files(in: argument) { add(path) }
                } else {
                    add(argument)
                }
                continue
            }
            let matches = expand(argument)
            guard !matches.isEmpty else { throw .noSuchInput(path: argument) }
            for match in matches {
                if stat(match, &info) == 0, info.st_mode & S_IFMT == S_IFDIR {
                    for path in try files(in: match) { add(path) }
                } else {
                    add(match)
                }
            }
        }
        return found
    }

    /// What a pattern with `*`, `?` and `[…]` matches, sorted.
    private static func expand(_ pattern: String) -> [String] {
        guard pattern.contains(where: { $0 == "*" || $0 == "?" || $0 == "[" }) else { return [] }
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(pattern, 0, nil, &result) == 0 else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { index in
            result.gl_pathv[index].map { String(cString: $0) }
        }
    }

    /// Regular files below a folder, sorted by path; links to folders are not followed.
    static func files(in folder: String) throws(IngestError) -> [String] {
        guard let directory = opendir(folder) else {
            throw .unreadable(FileFault(operation: "list", path: folder, code: errno))
        }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        closedir(directory)
        var found: [String] = []
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            var info = stat()
            guard lstat(path, &info) == 0 else { continue }
            switch info.st_mode & S_IFMT {
            case S_IFDIR: found += try files(in: path)
            case S_IFREG where !isMapping(name): found.append(path)
            case S_IFLNK where stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG && !isMapping(name):
                found.append(path)
            default: continue
            }
        }
        return found
    }

    static func isMapping(_ name: String) -> Bool { name.hasSuffix(".mapping.yaml") || name.hasSuffix(".mapping.yml") }

    /// The bytes; standard input is spooled first.
    func open() throws(IngestError) -> InputBytes {
        guard path == "-" else { return try InputBytes.map(path: path) }
        var spool = try Spool()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            if count == 0 { return try spool.map() }
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadable(FileFault(operation: "read", path: "-", code: errno))
            }
            try spool.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
