import Foundation
import Runtime

/// Where a command's data go: standard output, or a file that appears whole or not at all.
package final class OutputFile {
    private let path: String?
    private let handle: FileHandle

    /// - Parameter path: `nil` or `-` for standard output.
    package init(_ path: String?) throws {
        self.path = path == "-" ? nil : path
        guard let path = self.path else {
            handle = .standardOutput
            return
        }
        guard FileManager.default.createFile(atPath: path + ".part", contents: nil),
            let handle = FileHandle(forWritingAtPath: path + ".part")
        else { throw FileFault(operation: "create", path: path, code: errno) }
        self.handle = handle
    }

    package func write(_ text: String) throws { try write(bytes: Data(text.utf8)) }

    package func write(_ bytes: ArraySlice<UInt8>) throws { try write(bytes: Data(bytes)) }

    private func write(bytes: Data) throws {
        do {
            try handle.write(contentsOf: bytes)
        } catch {
            throw FileFault(operation: "write", path: path ?? "standard output", code: errno == 0 ? EIO : errno)
        }
    }

    package func finish() throws {
        guard let path else { return }
        try handle.close()
        guard rename(path + ".part", path) == 0 else {
            throw FileFault(operation: "rename into place", path: path, code: errno)
        }
    }
}
