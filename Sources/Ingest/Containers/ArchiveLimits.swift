/// Bounds on what an archive may cost. Produced bytes are counted, never declared ones.
package struct ArchiveLimits: Sendable, Equatable {
    package var entries = 100_000
    package var totalBytes = 10 << 30
    package var entryBytes = 2 << 30
    /// Produced bytes to one byte of archive, looked at after the first `ratioFloor` bytes.
    package var ratio = 100
    package var ratioFloor = 1 << 20
    /// Archives inside archives.
    package var depth = 3
    /// Processor seconds of one archive's child process.
    package var cpuSeconds = 60
    /// Address space of the child process in bytes.
    package var addressSpace = 4 << 30

    package init() {}

    /// For the child's command line.
    var arguments: [String] {
        [entries, totalBytes, entryBytes, ratio, ratioFloor, cpuSeconds, addressSpace].map(String.init)
    }

    init?(arguments: some Collection<String>) {
        let numbers = arguments.compactMap(Int.init)
        guard numbers.count == 7, numbers.allSatisfy({ $0 > 0 }) else { return nil }
        self.init()
        entries = numbers[0]
        totalBytes = numbers[1]
        entryBytes = numbers[2]
        ratio = numbers[3]
        ratioFloor = numbers[4]
        cpuSeconds = numbers[5]
        addressSpace = numbers[6]
    }
}
