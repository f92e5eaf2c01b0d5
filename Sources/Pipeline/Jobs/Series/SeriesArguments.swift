package import Models

/// Lists of numbers as the command line gives them.
package enum SeriesArguments {
    /// Three orders such as `0,1,1`.
    package static func order(_ text: String, option: String) throws -> [Int] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let orders = parts.compactMap { $0 }
        guard orders.count == 3, parts.count == 3, orders.allSatisfy({ (0...30).contains($0) }) else {
            throw JobFailure(.usage, "\(option) \(text): expected three numbers from 0 to 30, such as 0,1,1")
        }
        return orders
    }

    /// Interval levels in percent such as `80,95`.
    package static func levels(_ text: String) throws -> [Double] {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        let levels = parts.compactMap { $0 }
        guard levels.count == parts.count, levels.allSatisfy({ $0 > 0 && $0 < 100 }) else {
            throw JobFailure(.usage, "--level \(text): expected percentages between 0 and 100, such as 80,95")
        }
        return levels
    }

    /// An estimation method by its name.
    package static func method(_ text: String) throws -> ARIMAMethod {
        guard let method = ARIMAMethod(rawValue: text) else {
            let all = ARIMAMethod.allCases.map(\.rawValue).joined(separator: ", ")
            throw JobFailure(.usage, "--method \(text): expected one of \(all)")
        }
        return method
    }
}
