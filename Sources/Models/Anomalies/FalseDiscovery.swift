/// Benjamini and Hochberg's step-up rule (1995): which of many tests to call, with at most a share `q` of false calls.
package enum FalseDiscovery {
    /// For each p-value whether it is called; equal p-values are treated alike.
    package static func called(_ pValues: [Double], q: Double) -> [Bool] {
        let sorted = pValues.sorted()
        var threshold = -1.0
        for (rank, p) in sorted.enumerated() where p <= q * Double(rank + 1) / Double(sorted.count) { threshold = p }
        return pValues.map { $0 <= threshold }
    }
}
