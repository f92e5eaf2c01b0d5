import Foundation

/// What one run of a command cost, by the operating system's own accounting.
struct Measurement {
    var wallSeconds: Double
    var cpuSeconds: Double
    var peakMegabytes: Double

    static func of(_ program: String, _ arguments: [String]) throws -> Measurement {
        var pid = pid_t()
        let words = [program] + arguments
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { argv.forEach { free($0) } }
        let began = DispatchTime.now().uptimeNanoseconds
        guard posix_spawnp(&pid, program, nil, nil, &argv, environ) == 0 else { Bench.fail("cannot start \(program)") }
        var usage = rusage()
        var status: CInt = 0
        guard wait4(pid, &status, 0, &usage) == pid else { Bench.fail("lost \(program)") }
        let wall = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
        guard status == 0 else { Bench.fail("\(words.joined(separator: " ")) ended with status \(status)") }
        let seconds = { (t: timeval) in Double(t.tv_sec) + Double(t.tv_usec) / 1e6 }
        return Measurement(
            wallSeconds: wall, cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            peakMegabytes: Double(usage.ru_maxrss) / 1024)
    }

    /// The run whose CPU seconds are the middle ones.
    static func median(_ runs: [Measurement]) -> Measurement {
        runs.sorted { $0.cpuSeconds < $1.cpuSeconds }[runs.count / 2]
    }

    func report(_ task: String, rows: Int, workers: Int, path: String) {
        let megabytes = Double((try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0)
        let fields: [(String, String)] = [
            ("task", "\"\(task)\""), ("rows", "\(rows)"), ("workers", "\(workers)"),
            ("wall_seconds", String(format: "%.3f", wallSeconds)), ("cpu_seconds", String(format: "%.3f", cpuSeconds)),
            ("rows_per_cpu_second", String(format: "%.0f", Double(rows) / cpuSeconds)),
            ("megabytes_per_cpu_second", String(format: "%.1f", megabytes / 1e6 / cpuSeconds)),
            ("peak_rss_mb", String(format: "%.0f", peakMegabytes)),
        ]
        print("{" + fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}")
    }
}
