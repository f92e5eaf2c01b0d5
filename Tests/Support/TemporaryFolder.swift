import FoundationEssentials

/// A folder of its own for one test, removed when the value goes away.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path = FileManager.default.temporaryDirectory.path + "/cs-analytics-test-\(UInt64.random(in: 0...UInt64.max))"
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
            throw SupportFault(description: "cannot write \(file)")
        }
        return file
    }

    package func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }
}

/// A helper of the tests could not do its part.
package struct SupportFault: Error, CustomStringConvertible {
    package let description: String
    package init(description: String) { self.description = description }
}
