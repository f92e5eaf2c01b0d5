import FoundationEssentials

/// A folder of its own for one test, removed when the value goes away.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        // Short: a socket's path holds at most 107 bytes.
        path = "/tmp/csatest\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file below the folder, making the folders on its way, and gives its whole path.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        if let slash = file.lastIndex(of: "/") {
            try FileManager.default.createDirectory(
                atPath: String(file[..<slash]), withIntermediateDirectories: true)
        }
        guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8)) else {
            throw SupportError("cannot write \(file)")
        }
        return file
    }

    package func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }
}
