package import Aggregates

/// `--where dimension=value`.
package enum Conditions {
    package static func parse(_ texts: [String]) throws -> [DailyCube.Condition] {
        try texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let dimension = Dimension(rawValue: String(parts[0])) else {
                let names = Dimension.allCases.map(\.rawValue).joined(separator: ", ")
                throw JobFailure(.usage, "--where \(text): expected DIMENSION=VALUE with one of \(names)")
            }
            return DailyCube.Condition(dimension, parts[1].isEmpty ? nil : String(parts[1]))
        }
    }
}
