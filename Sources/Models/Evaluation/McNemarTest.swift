internal import LinearAlgebra

/// McNemar's test of two classifiers on the same rows (1947): do they differ by more than chance?
package struct McNemarTest: Sendable, Equatable, Codable {
    /// Rows that only the first classifier has right.
    package let onlyFirst: Int
    /// Rows that only the second classifier has right.
    package let onlySecond: Int
    /// The probability of a difference at least this great if neither were better, two-sided, exact.
    package let pValue: Double

    /// The test over rows that each classifier has right or wrong.
    package init(first: [Bool], second: [Bool]) {
        precondition(first.count == second.count, "the same rows")
        self.init(
            onlyFirst: zip(first, second).count { $0 && !$1 }, onlySecond: zip(first, second).count { !$0 && $1 })
    }

    /// The test over the numbers of rows that only one classifier has right.
    package init(onlyFirst: Int, onlySecond: Int) {
        self.onlyFirst = onlyFirst
        self.onlySecond = onlySecond
        let trials = onlyFirst + onlySecond
        // Binomial tail with p = 1/2, summed in logarithms.
        var term = -Double(trials) * logarithm(2.0)
        var tail = exponential(term)
        for successes in stride(from: 1, through: min(onlyFirst, onlySecond), by: 1) {
            term += logarithm(Double(trials - successes + 1) / Double(successes))
            tail += exponential(term)
        }
        pValue = min(1, 2 * tail)
    }
}
