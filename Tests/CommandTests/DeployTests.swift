import Foundation
import Support
import Testing

/// The files that an operator installs are checked by the programs that will read them.
@Suite struct DeployTests {
    private static let analyze = "/usr/bin/systemd-analyze"

    private func verify(_ service: String) throws -> String {
        let folder = try TemporaryFolder()
        // The program is not installed here; any executable stands in its place.
        try folder.write(
            "cs-analytics.service", service.replacingOccurrences(of: "/usr/local/bin/cs-analytics", with: "/bin/true"))
        let timer = FileManager.default.contents(atPath: "\(Binary.checkout)/deploy/systemd/cs-analytics.timer")
        try folder.write("cs-analytics.timer", String(decoding: try #require(timer), as: UTF8.self))
        let said = "\(folder.path)/said"
        _ = ChildProcess(
            [Self.analyze, "verify", "./cs-analytics.service", "./cs-analytics.timer"], in: folder.path, output: said
        ).wait()
        return folder.read("said") ?? ""
    }

    private var service: String {
        get throws {
            let data = FileManager.default.contents(atPath: "\(Binary.checkout)/deploy/systemd/cs-analytics.service")
            return String(decoding: try #require(data), as: UTF8.self)
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: analyze), "systemd-analyze is not installed"))
    func systemdHasNothingToSay() throws {
        // Its exit status is 0 even for unknown keys: any word is a finding.
        #expect(try verify(service).isEmpty)
        #expect(!(try verify(service.replacingOccurrences(of: "Nice=10", with: "Nicely=10")).isEmpty))
    }

    @Test func theCronLineIsOneLineOfAbsolutePaths() throws {
        let data = FileManager.default.contents(atPath: "\(Binary.checkout)/deploy/cron/cs-analytics.cron")
        let lines = String(decoding: try #require(data), as: UTF8.self).split(separator: "\n")
        let job = try #require(lines.last)
        let fields = job.split(separator: " ", maxSplits: 6)
        #expect(fields[..<5].joined(separator: " ") == "30 2 * * *")
        #expect(fields[5] == "cs-analytics")
        #expect(job.contains("--quiet") && job.contains("-E 75"))
        #expect(lines.contains { $0.hasPrefix("PATH=") })
    }
}
