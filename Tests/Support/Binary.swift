import Foundation

/// The real program, run as a user runs it.
package enum Binary {
    package struct Result: Sendable {
        package let status: Int32
        package let output: String
        package let errors: String
    }

    /// The program that was built with the tests: beside the test bundle, or `CS_ANALYTICS_BINARY`.
    package static let path: String = {
        if let path = ProcessInfo.processInfo.environment["CS_ANALYTICS_BINARY"] { return path }
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("cs-analytics").path
            if FileManager.default.isExecutableFile(atPath: candidate),
                (try? FileManager.default.attributesOfItem(atPath: candidate)[.type] as? FileAttributeType)
                    == .typeRegular
            {
                return candidate
            }
        }
        return "\(FileManager.default.currentDirectoryPath)/.build/debug/cs-analytics"
    }()

    /// The checkout that the tests belong to.
    package static let checkout: String = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Runs the program in a folder and waits for it.
    ///
    /// - Parameter environment: what differs from the test's own environment; settings of the caller are taken out.
    package static func run(
        _ arguments: [String], in folder: String, environment: [String: String] = [:], input: String? = nil
    ) throws -> Result {
        var values = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("CS_ANALYTICS_") }
        values.merge(environment) { _, new in new }
        let marker = UInt64.random(in: 0...UInt64.max)
        let outPath = "\(folder)/.out-\(marker)"
        let errPath = "\(folder)/.err-\(marker)"
        let inPath = "\(folder)/.in-\(marker)"
        for file in [outPath, errPath, inPath] {
            let content = file == inPath ? Data((input ?? "").utf8) : nil
            guard FileManager.default.createFile(atPath: file, contents: content) else {
                throw SupportError("cannot write \(file)")
            }
        }
        defer { for file in [outPath, errPath, inPath] { try? FileManager.default.removeItem(atPath: file) } }
        let status = ChildProcess(
            [path] + arguments, in: folder, environment: values, input: inPath, output: outPath, errors: errPath
        ).wait()
        let text = { (path: String) in
            FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return Result(status: status, output: text(outPath), errors: text(errPath))
    }
}
